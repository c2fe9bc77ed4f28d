import { describe, expect, it } from "vitest";
import { type Ground, TRANSPORTS } from "../support/contract-clients.ts";
import {
	aNetwork,
	aNode,
	aSecondInterface,
	type Network,
	type Node,
	routeTo,
} from "../support/contract-scenes.ts";

const POD = "10.200.1.0/24";

async function aRoutedNode(ground: Ground): Promise<{ network: Network; node: Node }> {
	const network = await aNetwork(ground);
	const node = await aNode(ground, network);
	await ground.api.createRoute({
		RouteTableId: network.tableId,
		DestinationCidrBlock: POD,
		NetworkInterfaceId: node.interfaceId,
	});
	return { network, node };
}

async function routeState(ground: Ground, network: Network): Promise<string | undefined> {
	return (await routeTo(ground, network.tableId, POD))?.State;
}

describe.each(TRANSPORTS)("The state of a route ($name)", ({ open }) => {
	it.each([
		[false, "active"],
		[true, "blackhole"],
	])(
		"is a blackhole while the instance stops: %s, by the switch, so it is %s; stopped, it is one [aws-facts §2.5]",
		async (early, during) => {
			const ground = await open({ switches: { stoppingBlackholes: early } });
			const { network, node } = await aRoutedNode(ground);
			await ground.api.stopInstances({ InstanceIds: [node.instanceId] });
			expect(await routeState(ground, network)).toBe(during);
			ground.ec2.settle();
			expect(await routeTo(ground, network.tableId, POD)).toEqual({
				DestinationCidrBlock: POD,
				InstanceId: node.instanceId,
				InstanceOwnerId: "123456789012",
				NetworkInterfaceId: node.interfaceId,
				State: "blackhole",
				Origin: "CreateRoute",
			});
		},
	);

	it.each([
		[false, "active"],
		[true, "blackhole"],
	])(
		"is a blackhole while the instance shuts down: %s, by the switch, so it is %s [aws-facts §2.5]",
		async (early, during) => {
			const ground = await open({ switches: { stoppingBlackholes: early } });
			const { network, node } = await aRoutedNode(ground);
			await ground.api.terminateInstances({ InstanceIds: [node.instanceId] });
			expect(await routeState(ground, network)).toBe(during);
		},
	);

	it("stays a blackhole while a stopped instance shuts down [aws-facts §2.5]", async () => {
		const ground = await open();
		const { network, node } = await aRoutedNode(ground);
		await ground.api.stopInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		await ground.api.terminateInstances({ InstanceIds: [node.instanceId] });
		expect(await routeState(ground, network)).toBe("blackhole");
	});

	it("survives the termination of its instance, naming the interface alone [aws-facts §2.5]", async () => {
		const ground = await open();
		const { network, node } = await aRoutedNode(ground);
		await ground.api.terminateInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		expect(await routeTo(ground, network.tableId, POD)).toEqual({
			DestinationCidrBlock: POD,
			NetworkInterfaceId: node.interfaceId,
			State: "blackhole",
			Origin: "CreateRoute",
		});
	});

	it("survives it naming the instance too where the switch says so [aws-facts §2.5]", async () => {
		const ground = await open({ switches: { deadRouteKeepsInstanceId: true } });
		const { network, node } = await aRoutedNode(ground);
		await ground.api.terminateInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		expect(await routeTo(ground, network.tableId, POD)).toMatchObject({
			InstanceId: node.instanceId,
			NetworkInterfaceId: node.interfaceId,
			State: "blackhole",
		});
	});

	it.each([
		["pending", ["active", "active"]],
		["running", ["blackhole", "active"]],
		["never", ["blackhole", "blackhole"]],
	] as const)("after a start revives at %s, by the switch [aws-facts §2.5]", async (startRevives, states) => {
		const ground = await open({ switches: { startRevives } });
		const { network, node } = await aRoutedNode(ground);
		await ground.api.stopInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		await ground.api.startInstances({ InstanceIds: [node.instanceId] });
		const pending = await routeState(ground, network);
		ground.ec2.settle();
		expect([pending, await routeState(ground, network)]).toEqual(states);
	});

	it("where a start never revives it, is active again once replaced [aws-facts §2.4, §2.5]", async () => {
		const ground = await open({ switches: { startRevives: "never" } });
		const { network, node } = await aRoutedNode(ground);
		await ground.api.stopInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		await ground.api.startInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		await ground.api.replaceRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: node.interfaceId,
		});
		expect(await routeState(ground, network)).toBe("active");
	});

	it("is a blackhole without an instance once its interface is detached [aws-facts §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		const { interfaceId, attachmentId } = await aSecondInterface(ground, network, node);
		await ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
		});
		expect(await routeState(ground, network)).toBe("active");
		await ground.api.detachNetworkInterface({ AttachmentId: attachmentId });
		expect(await routeTo(ground, network.tableId, POD)).toEqual({
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
			State: "blackhole",
			Origin: "CreateRoute",
		});
	});

	it("takes the forms no action here makes, as seeded [aws-facts §1.2]", async () => {
		const ground = await open();
		const { tableId } = await aNetwork(ground);
		ground.ec2.seedRoute(tableId, {
			kind: "vpc-peering",
			vpcPeeringConnectionId: "pcx-0123456789abcdef0",
			destinationCidrBlock: "172.16.0.0/16",
		});
		ground.ec2.seedRoute(tableId, {
			kind: "gateway",
			gatewayId: "vgw-0123456789abcdef0",
			destinationCidrBlock: "172.17.0.0/16",
		});
		ground.ec2.seedRoute(tableId, {
			kind: "nat-gateway",
			natGatewayId: "nat-0123456789abcdef0",
			destinationCidrBlock: "0.0.0.0/0",
			state: "blackhole",
		});
		ground.ec2.seedRoute(tableId, {
			kind: "transit-gateway",
			transitGatewayId: "tgw-0123456789abcdef0",
			destinationPrefixListId: "pl-0123456789abcdef0",
			origin: "Advertisement",
			state: "filtered",
		});
		ground.ec2.seedRoute(tableId, {
			kind: "foreign-interface",
			networkInterfaceId: "eni-0123456789abcdef0",
			ownerId: "210987654321",
			destinationCidrBlock: "172.18.0.0/16",
		});
		const { RouteTables } = await ground.api.describeRouteTables({ RouteTableIds: [tableId] });
		expect(RouteTables?.[0]?.Routes).toEqual([
			{
				DestinationCidrBlock: "10.0.0.0/16",
				GatewayId: "local",
				State: "active",
				Origin: "CreateRouteTable",
			},
			{
				DestinationCidrBlock: "172.16.0.0/16",
				VpcPeeringConnectionId: "pcx-0123456789abcdef0",
				State: "active",
				Origin: "CreateRoute",
			},
			{
				DestinationCidrBlock: "172.17.0.0/16",
				GatewayId: "vgw-0123456789abcdef0",
				State: "active",
				Origin: "EnableVgwRoutePropagation",
			},
			{
				DestinationCidrBlock: "172.18.0.0/16",
				InstanceOwnerId: "210987654321",
				NetworkInterfaceId: "eni-0123456789abcdef0",
				State: "active",
				Origin: "CreateRoute",
			},
			{
				DestinationCidrBlock: "0.0.0.0/0",
				NatGatewayId: "nat-0123456789abcdef0",
				State: "blackhole",
				Origin: "CreateRoute",
			},
			{
				DestinationPrefixListId: "pl-0123456789abcdef0",
				TransitGatewayId: "tgw-0123456789abcdef0",
				State: "filtered",
				Origin: "Advertisement",
			},
		]);
	});
});
