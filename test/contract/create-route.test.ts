import { describe, expect, it } from "vitest";
import { given, refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import {
	aGateway,
	aNetwork,
	aNode,
	aPendingNode,
	aSecondInterface,
	routesOf,
	routeTo,
} from "../support/contract-scenes.ts";

const POD = "10.200.1.0/24";

describe.each(TRANSPORTS)("CreateRoute ($name)", ({ open }) => {
	it("by instance id names instance, owner and primary interface [aws-facts §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network);
		const answer = await ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			InstanceId: instanceId,
		});
		expect(answer.Return).toBe(true);
		expect(await routeTo(ground, network.tableId, POD)).toEqual({
			DestinationCidrBlock: POD,
			InstanceId: instanceId,
			InstanceOwnerId: "123456789012",
			NetworkInterfaceId: interfaceId,
			State: "active",
			Origin: "CreateRoute",
		});
	});

	it("by attached interface names the instance too [aws-facts §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network);
		await ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
		});
		expect(await routeTo(ground, network.tableId, POD)).toEqual({
			DestinationCidrBlock: POD,
			InstanceId: instanceId,
			InstanceOwnerId: "123456789012",
			NetworkInterfaceId: interfaceId,
			State: "active",
			Origin: "CreateRoute",
		});
	});

	it("takes an unattached interface and makes a blackhole without an instance [aws-facts §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { NetworkInterface } = await ground.api.createNetworkInterface({ SubnetId: network.subnetId });
		const interfaceId = given(NetworkInterface?.NetworkInterfaceId);
		await ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
		});
		expect(await routeTo(ground, network.tableId, POD)).toEqual({
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
			State: "blackhole",
			Origin: "CreateRoute",
		});
	});

	it("accepts an instance that is still pending, and a stopped one: no source says otherwise [aws-facts §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aPendingNode(ground, network);
		const route = { RouteTableId: network.tableId, InstanceId: instanceId };
		expect((await ground.api.createRoute({ ...route, DestinationCidrBlock: POD })).Return).toBe(true);
		ground.ec2.settle();
		await ground.api.stopInstances({ InstanceIds: [instanceId] });
		ground.ec2.settle();
		expect((await ground.api.createRoute({ ...route, DestinationCidrBlock: "10.200.2.0/24" })).Return).toBe(
			true,
		);
	});

	it.each([
		["DestinationCidrBlock", "100.68.0.18/18", "100.68.0.0/18"],
		["DestinationCidrBlock", "10.200.1.5/24", "10.200.1.0/24"],
		["DestinationIpv6CidrBlock", "FD00:0:0:1::5/64", "fd00:0:0:1::/64"],
	] as const)(
		"clears the host bits of a %s: %s becomes %s [aws-facts §2.2]",
		async (parameter, asked, stored) => {
			const ground = await open();
			const network = await aNetwork(ground);
			const { interfaceId } = await aNode(ground, network);
			await ground.api.createRoute({
				RouteTableId: network.tableId,
				[parameter]: asked,
				NetworkInterfaceId: interfaceId,
			});
			expect(await routeTo(ground, network.tableId, stored)).toMatchObject({
				NetworkInterfaceId: interfaceId,
			});
		},
	);

	it("refuses an existing destination with another target, host bits or not, blackhole or not [aws-facts §1.3, §2.5]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const [first, second] = [await aNode(ground, network), await aNode(ground, network)];
		await ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			InstanceId: first.instanceId,
		});
		await ground.api.terminateInstances({ InstanceIds: [first.instanceId] });
		ground.ec2.settle();
		const refusal = await refusalOf(
			ground.api.createRoute({
				RouteTableId: network.tableId,
				DestinationCidrBlock: "10.200.1.9/24",
				NetworkInterfaceId: second.interfaceId,
			}),
		);
		expect(refusal).toEqual({
			code: "RouteAlreadyExists",
			message: "The route identified by 10.200.1.0/24 already exists.",
			status: 400,
		});
	});

	it("repeated identically is refused where the switch says `exists` [aws-facts §2.3]", async () => {
		const ground = await open({ switches: { identicalCreateRoute: "exists" } });
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network);
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		await ground.api.createRoute({ ...route, InstanceId: instanceId });
		const refusal = await refusalOf(ground.api.createRoute({ ...route, NetworkInterfaceId: interfaceId }));
		expect(refusal.code).toBe("RouteAlreadyExists");
	});

	it("repeated identically succeeds, with another target not, where the switch says `succeeds` [aws-facts §2.3]", async () => {
		const ground = await open({ switches: { identicalCreateRoute: "succeeds" } });
		const network = await aNetwork(ground);
		const [first, second] = [await aNode(ground, network), await aNode(ground, network)];
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		await ground.api.createRoute({ ...route, InstanceId: first.instanceId });
		expect((await ground.api.createRoute({ ...route, NetworkInterfaceId: first.interfaceId })).Return).toBe(
			true,
		);
		const refusal = await refusalOf(ground.api.createRoute({ ...route, InstanceId: second.instanceId }));
		expect(refusal.code).toBe("RouteAlreadyExists");
		expect(await routesOf(ground, network.tableId)).toHaveLength(2);
	});

	it("refuses an instance that has several interfaces [aws-facts §1.3, §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		await aSecondInterface(ground, network, node);
		const route = { RouteTableId: network.tableId, DestinationCidrBlock: POD };
		expect(await refusalOf(ground.api.createRoute({ ...route, InstanceId: node.instanceId }))).toEqual({
			code: "InvalidInstanceID",
			message: `There are multiple interfaces attached to instance '${node.instanceId}'. Please specify an interface ID for the operation instead.`,
			status: 400,
		});
		expect((await ground.api.createRoute({ ...route, NetworkInterfaceId: node.interfaceId })).Return).toBe(
			true,
		);
	});

	it("refuses a terminated instance: it has no interface left [aws-facts §2.5, §8]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		await ground.api.terminateInstances({ InstanceIds: [instanceId] });
		ground.ec2.settle();
		const refusal = await refusalOf(
			ground.api.createRoute({
				RouteTableId: network.tableId,
				DestinationCidrBlock: POD,
				InstanceId: instanceId,
			}),
		);
		expect(refusal.code).toBe("InvalidInstanceID.NotFound");
	});

	it.each([
		["hello", "destinationCidrBlock"],
		["10.205.0.0", "destinationCidrBlock"],
		["10.205.0.0/33", "destinationCidrBlock"],
		["010.205.0.0/24", "destinationCidrBlock"],
		["fd00::/64", "destinationCidrBlock"],
	])("refuses %s as a block [aws-facts §1.3]", async (text, parameter) => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: text,
			NetworkInterfaceId: interfaceId,
		});
		expect(await refusalOf(call)).toEqual({
			code: "InvalidParameterValue",
			message: `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
			status: 400,
		});
	});

	it("needs a destination, exactly one, and exactly one target [aws-facts §1.3, §2.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network);
		const RouteTableId = network.tableId;
		const code = async (input: object) =>
			(await refusalOf(ground.api.createRoute({ RouteTableId, ...input }))).code;
		expect(await code({ InstanceId: instanceId })).toBe("MissingParameter");
		expect(await code({ DestinationCidrBlock: POD })).toBe("MissingParameter");
		expect(
			await code({ DestinationCidrBlock: POD, InstanceId: instanceId, NetworkInterfaceId: interfaceId }),
		).toBe("InvalidParameterCombination");
		expect(
			await code({
				DestinationCidrBlock: POD,
				DestinationIpv6CidrBlock: "fd00::/64",
				InstanceId: instanceId,
			}),
		).toBe("InvalidParameterCombination");
	});

	it("refuses an empty table id as missing [aws-facts §1.3]", async () => {
		const { api } = await open();
		const call = api.createRoute({ RouteTableId: "", DestinationCidrBlock: POD, InstanceId: "i-12345678" });
		expect(await refusalOf(call)).toEqual({
			code: "MissingParameter",
			message: "The request must contain the parameter routeTableId",
			status: 400,
		});
	});

	it.each([
		[
			{ RouteTableId: "rtb-0123456789abcdef0" },
			"InvalidRouteTableID.NotFound",
			"The routeTable ID 'rtb-0123456789abcdef0' does not exist",
		],
		[{ RouteTableId: "foo" }, "InvalidRouteTableId.Malformed", 'Invalid id: "foo"'],
		[
			{ InstanceId: "i-0123456789abcdef0" },
			"InvalidInstanceID.NotFound",
			"The instance ID 'i-0123456789abcdef0' does not exist",
		],
		[{ InstanceId: "foo" }, "InvalidInstanceID.Malformed", 'Invalid id: "foo"'],
		[
			{ NetworkInterfaceId: "eni-0123456789abcdef0" },
			"InvalidNetworkInterfaceID.NotFound",
			"The networkInterface ID 'eni-0123456789abcdef0' does not exist",
		],
		[{ NetworkInterfaceId: "eni-xyz" }, "InvalidNetworkInterfaceId.Malformed", 'Invalid id: "eni-xyz"'],
		[
			{ GatewayId: "igw-0123456789abcdef0" },
			"InvalidGatewayID.NotFound",
			"The gateway ID 'igw-0123456789abcdef0' does not exist",
		],
	])("refuses %o: %s [aws-facts §1.3]", async (wrong, code, message) => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const target = "RouteTableId" in wrong ? { NetworkInterfaceId: interfaceId } : {};
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			...target,
			...wrong,
		});
		expect(await refusalOf(call)).toEqual({ code, message, status: 400 });
	});

	it("refuses what lies in another VPC [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const other = await aNetwork(ground, "10.1.0.0/16", "10.1.1.0/24");
		const { interfaceId } = await aNode(ground, other);
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
		});
		expect((await refusalOf(call)).code).toBe("InvalidParameterValue");
	});

	it("refuses a destination equal to the local route as existing [aws-facts §2.3]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: "10.0.0.0/16",
			NetworkInterfaceId: interfaceId,
		});
		expect(await refusalOf(call)).toEqual({
			code: "RouteAlreadyExists",
			message: "The route identified by 10.0.0.0/16 already exists.",
			status: 400,
		});
	});

	it("takes a destination inside the VPC for a whole subnet and an interface only [aws-facts §1.3, §2.6]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const gatewayId = await aGateway(ground, network);
		const { interfaceId } = await aNode(ground, network);
		const RouteTableId = network.tableId;
		const toGateway = { RouteTableId, DestinationCidrBlock: "10.0.1.0/24", GatewayId: gatewayId };
		expect(await refusalOf(ground.api.createRoute(toGateway))).toEqual({
			code: "InvalidParameterValue",
			message:
				"The destination CIDR block 10.0.1.0/24 is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.",
			status: 400,
		});
		const partOfSubnet = {
			RouteTableId,
			DestinationCidrBlock: "10.0.1.0/25",
			NetworkInterfaceId: interfaceId,
		};
		expect(await refusalOf(ground.api.createRoute(partOfSubnet))).toEqual({
			code: "InvalidParameterValue",
			message:
				"This route table is used by a subnet, and doesn't support route destination which are more specific than VPC local CIDR.",
			status: 400,
		});
		const wholeSubnet = {
			RouteTableId,
			DestinationCidrBlock: "10.0.1.0/24",
			NetworkInterfaceId: interfaceId,
		};
		expect((await ground.api.createRoute(wholeSubnet)).Return).toBe(true);
	});

	it("guards a secondary block of the VPC like the first [aws-facts §2.6]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		await ground.api.associateVpcCidrBlock({ VpcId: network.vpcId, CidrBlock: "10.200.0.0/16" });
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			NetworkInterfaceId: interfaceId,
		});
		expect((await refusalOf(call)).code).toBe("InvalidParameterValue");
	});

	it("takes a destination wider than the VPC [aws-facts §2.6]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const route = { RouteTableId: network.tableId, NetworkInterfaceId: interfaceId };
		expect((await ground.api.createRoute({ ...route, DestinationCidrBlock: "10.0.0.0/8" })).Return).toBe(
			true,
		);
	});

	it.each(["169.254.168.0/22", "169.254.169.254/32"])(
		"refuses %s, of the links AWS keeps to itself [Amazon VPC User Guide, Subnet route tables]",
		async (destination) => {
			const ground = await open();
			const network = await aNetwork(ground);
			const { interfaceId } = await aNode(ground, network);
			const call = ground.api.createRoute({
				RouteTableId: network.tableId,
				DestinationCidrBlock: destination,
				NetworkInterfaceId: interfaceId,
			});
			expect((await refusalOf(call)).code).toBe("InvalidParameterValue");
		},
	);

	it.each([
		[true, undefined],
		[false, "InvalidParameterValue"],
	])("an IPv4-only VPC takes an IPv6 route: %s, by the switch [aws-facts §10]", async (accepts, code) => {
		const ground = await open({ switches: { ipv4OnlyVpcAcceptsIpv6Route: accepts } });
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationIpv6CidrBlock: "fd00:1::/64",
			NetworkInterfaceId: interfaceId,
		});
		const outcome = await call.then(
			() => undefined,
			(error: Error) => error.name,
		);
		expect(outcome).toBe(code);
	});

	it("as a dry run is answered before the table is looked for, and makes nothing [aws-facts §1.3]", async () => {
		const { api, ec2 } = await open();
		const call = api.createRoute({
			RouteTableId: "rtb-0123456789abcdef0",
			DestinationCidrBlock: POD,
			InstanceId: "i-0123456789abcdef0",
			DryRun: true,
		});
		expect(await refusalOf(call)).toEqual({
			code: "DryRunOperation",
			message: "Request would have succeeded, but DryRun flag is set.",
			status: 412,
		});
		expect(ec2.countCalls()).toEqual({ CreateRoute: 1 });
	});
});

describe.each(TRANSPORTS)("The quota of routes ($name)", ({ open }) => {
	it.each([
		[true, 2],
		[false, 3],
	])(
		"counts local routes: %s, by the switch, so a limit of 3 leaves %i [aws-facts §2.7]",
		async (counts, room) => {
			const ground = await open({ routeLimit: 3, switches: { localRoutesCount: counts } });
			const network = await aNetwork(ground);
			const { interfaceId } = await aNode(ground, network);
			const add = (index: number) =>
				ground.api.createRoute({
					RouteTableId: network.tableId,
					DestinationCidrBlock: `10.200.${index}.0/24`,
					NetworkInterfaceId: interfaceId,
				});
			for (let index = 0; index < room; index += 1) await add(index);
			expect(await refusalOf(add(room))).toMatchObject({ code: "RouteLimitExceeded", status: 400 });
		},
	);

	it("counts IPv4 and IPv6 apart, and propagated routes not at all [aws-facts §2.4, §2.7]", async () => {
		const ground = await open({ routeLimit: 2 });
		const network = await aNetwork(ground);
		const { interfaceId } = await aNode(ground, network);
		ground.ec2.seedRoute(network.tableId, {
			kind: "gateway",
			gatewayId: "vgw-0123456789abcdef0",
			destinationCidrBlock: "192.168.0.0/16",
		});
		const route = { RouteTableId: network.tableId, NetworkInterfaceId: interfaceId };
		await ground.api.createRoute({ ...route, DestinationCidrBlock: POD });
		await ground.api.createRoute({ ...route, DestinationIpv6CidrBlock: "fd00:1::/64" });
		const refusal = await refusalOf(
			ground.api.createRoute({ ...route, DestinationCidrBlock: "10.200.2.0/24" }),
		);
		expect(refusal.code).toBe("RouteLimitExceeded");
		ground.ec2.setRouteLimit(3);
		expect((await ground.api.createRoute({ ...route, DestinationCidrBlock: "10.200.2.0/24" })).Return).toBe(
			true,
		);
	});
});
