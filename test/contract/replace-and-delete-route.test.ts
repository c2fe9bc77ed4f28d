import { describe, expect, it } from "vitest";
import { refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import {
	aGateway,
	aNetwork,
	aNode,
	aSecondInterface,
	routesOf,
	routeTo,
} from "../support/contract-scenes.ts";

const POD = "10.200.1.0/24";

describe.each(TRANSPORTS)("ReplaceRoute ($name)", ({ open }) => {
	it("moves a route in place, a blackhole too, and never adds one [aws-facts §2.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const [first, second] = [await aNode(ground, network), await aNode(ground, network)];
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		await ground.api.createRoute({ ...route, InstanceId: first.instanceId });
		await ground.api.terminateInstances({ InstanceIds: [first.instanceId] });
		ground.ec2.settle();
		await ground.api.replaceRoute({ ...route, NetworkInterfaceId: second.interfaceId });
		expect(await routeTo(ground, network.tableId, POD)).toEqual({
			DestinationCidrBlock: POD,
			InstanceId: second.instanceId,
			InstanceOwnerId: "123456789012",
			NetworkInterfaceId: second.interfaceId,
			State: "active",
			Origin: "CreateRoute",
		});
		expect(await routesOf(ground, network.tableId)).toHaveLength(2);
	});

	it("refuses a destination the table has no route for, not as InvalidRoute.NotFound [aws-facts §1.3, §2.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const call = ground.api.replaceRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: "10.250.0.0/24",
			NetworkInterfaceId: interfaceId,
		});
		expect(await refusalOf(call)).toEqual({
			code: "InvalidParameterValue",
			message: "There is no route defined for '10.250.0.0/24' in the route table. Use CreateRoute instead.",
			status: 400,
		});
	});

	it("finds no propagated route to replace, beside which CreateRoute makes a static one [aws-facts §2.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		ground.ec2.seedRoute(network.tableId, {
			kind: "gateway",
			gatewayId: "vgw-0123456789abcdef0",
			destinationCidrBlock: POD,
		});
		const route = {
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
		};
		expect((await refusalOf(ground.api.replaceRoute(route))).code).toBe("InvalidParameterValue");
		expect((await ground.api.createRoute(route)).Return).toBe(true);
	});

	it("refuses an instance that has several interfaces [aws-facts §1.3, §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		await aSecondInterface(ground, network, node);
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		await ground.api.createRoute({ ...route, NetworkInterfaceId: node.interfaceId });
		expect((await refusalOf(ground.api.replaceRoute({ ...route, InstanceId: node.instanceId }))).code).toBe(
			"InvalidInstanceID",
		);
	});

	it("leads the local route to an interface, not to a gateway, and back by LocalTarget [aws-facts §2.6]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const gatewayId = await aGateway(ground, network);
		const { interfaceId } = await aNode(ground, network);
		const local = { RouteTableId: network.tableId, DestinationCidrBlock: "10.0.0.0/16" };
		expect((await refusalOf(ground.api.replaceRoute({ ...local, GatewayId: gatewayId }))).code).toBe(
			"InvalidParameterValue",
		);
		await ground.api.replaceRoute({ ...local, NetworkInterfaceId: interfaceId });
		expect(await routeTo(ground, network.tableId, "10.0.0.0/16")).toMatchObject({
			NetworkInterfaceId: interfaceId,
		});
		await ground.api.replaceRoute({ ...local, LocalTarget: true });
		expect(await routeTo(ground, network.tableId, "10.0.0.0/16")).toEqual({
			DestinationCidrBlock: "10.0.0.0/16",
			GatewayId: "local",
			State: "active",
			Origin: "CreateRouteTable",
		});
	});

	it("takes exactly one target [aws-facts §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network);
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		expect((await refusalOf(ground.api.replaceRoute(route))).code).toBe("MissingParameter");
		const both = { ...route, InstanceId: instanceId, NetworkInterfaceId: interfaceId };
		expect((await refusalOf(ground.api.replaceRoute(both))).code).toBe("InvalidParameterCombination");
	});

	it.each([
		[true, undefined],
		[false, "InvalidParameterValue"],
	])("clears host bits first: %s, by the switch [aws-facts §2.2]", async (canonicalises, code) => {
		const ground = await open({ switches: { replaceAndDeleteCanonicalise: canonicalises } });
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const route = { RouteTableId: network.tableId, NetworkInterfaceId: interfaceId };
		await ground.api.createRoute({ ...route, DestinationCidrBlock: POD });
		const outcome = await ground.api.replaceRoute({ ...route, DestinationCidrBlock: "10.200.1.9/24" }).then(
			() => undefined,
			(error: Error) => error.name,
		);
		expect(outcome).toBe(code);
	});
});

describe.each(TRANSPORTS)("DeleteRoute ($name)", ({ open }) => {
	it("removes the route [EC2 API Reference, DeleteRoute]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		await ground.api.createRoute({ ...route, InstanceId: instanceId });
		await ground.api.deleteRoute(route);
		expect(await routeTo(ground, network.tableId, POD)).toBeUndefined();
	});

	it("refuses a route the table has not [aws-facts §1.3]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const call = ground.api.deleteRoute({ RouteTableId: network.tableId, DestinationCidrBlock: POD });
		expect(await refusalOf(call)).toEqual({
			code: "InvalidRoute.NotFound",
			message: `no route with destination-cidr-block 10.200.1.0/24 in route table ${network.tableId}`,
			status: 400,
		});
	});

	it("refuses the local route [aws-facts §1.3, §2.6]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const call = ground.api.deleteRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: "10.0.0.0/16",
		});
		expect(await refusalOf(call)).toEqual({
			code: "InvalidParameterValue",
			message: `cannot remove local route 10.0.0.0/16 in route table ${network.tableId}`,
			status: 400,
		});
	});

	it("clears host bits only where the switch says so [aws-facts §2.2]", async () => {
		for (const [canonicalises, code] of [
			[true, undefined],
			[false, "InvalidRoute.NotFound"],
		] as const) {
			const ground = await open({ switches: { replaceAndDeleteCanonicalise: canonicalises } });
			const network = await aNetwork(ground);
			const { instanceId } = await aNode(ground, network);
			const route = { RouteTableId: network.tableId };
			await ground.api.createRoute({ ...route, DestinationCidrBlock: POD, InstanceId: instanceId });
			const outcome = await ground.api.deleteRoute({ ...route, DestinationCidrBlock: "10.200.1.9/24" }).then(
				() => undefined,
				(error: Error) => error.name,
			);
			expect(outcome).toBe(code);
		}
	});
});
