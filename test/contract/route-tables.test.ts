import { describe, expect, it } from "vitest";
import { given, refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import { aGateway, aNetwork, routesOf } from "../support/contract-scenes.ts";

describe.each(TRANSPORTS)("Route tables and VPCs ($name)", ({ open }) => {
	it("a VPC has a main table from the start, whose only route is local [Amazon VPC User Guide, Route table concepts]", async () => {
		const { api } = await open();
		const { Vpc } = await api.createVpc({ CidrBlock: "10.0.0.0/16" });
		const vpcId = given(Vpc?.VpcId);
		const { RouteTables } = await api.describeRouteTables({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
		expect(RouteTables).toMatchObject([
			{
				VpcId: vpcId,
				OwnerId: "123456789012",
				Associations: [{ Main: true, AssociationState: { State: "associated" } }],
				Routes: [
					{
						DestinationCidrBlock: "10.0.0.0/16",
						GatewayId: "local",
						Origin: "CreateRouteTable",
						State: "active",
					},
				],
			},
		]);
	});

	it("a further block of the VPC adds a local route to every table of it, IPv4 or IPv6 [Amazon VPC User Guide, VPC CIDR blocks]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const other = await aNetwork(ground, "10.9.0.0/16", "10.9.1.0/24");
		await ground.api.associateVpcCidrBlock({ VpcId: network.vpcId, CidrBlock: "10.1.0.0/16" });
		await ground.api.associateVpcCidrBlock({ VpcId: network.vpcId, AmazonProvidedIpv6CidrBlock: true });
		const { Vpcs } = await ground.api.describeVpcs({ VpcIds: [network.vpcId] });
		expect(Vpcs?.[0]?.CidrBlockAssociationSet?.map(({ CidrBlock }) => CidrBlock)).toEqual([
			"10.0.0.0/16",
			"10.1.0.0/16",
		]);
		const ipv6 = given(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
		expect(ipv6).toMatch(/^2001:db8:.*::\/56$/);
		expect(await routesOf(ground, network.tableId)).toEqual([
			{ DestinationIpv6CidrBlock: ipv6, GatewayId: "local", Origin: "CreateRouteTable", State: "active" },
			{
				DestinationCidrBlock: "10.0.0.0/16",
				GatewayId: "local",
				Origin: "CreateRouteTable",
				State: "active",
			},
			{
				DestinationCidrBlock: "10.1.0.0/16",
				GatewayId: "local",
				Origin: "CreateRouteTable",
				State: "active",
			},
		]);
		expect(await routesOf(ground, other.tableId)).toHaveLength(1);
	});

	it("a block that overlaps one the VPC has is refused [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const { vpcId } = await aNetwork(ground);
		const call = ground.api.associateVpcCidrBlock({ VpcId: vpcId, CidrBlock: "10.0.128.0/17" });
		expect((await refusalOf(call)).code).toBe("InvalidVpc.Range");
	});

	it("a subnet lies in its VPC and beside its neighbours [EC2 API Reference, error codes]", async () => {
		const { api, ...ground } = await open();
		const { vpcId } = await aNetwork({ api, ...ground });
		const code = async (CidrBlock: string) =>
			(await refusalOf(api.createSubnet({ VpcId: vpcId, CidrBlock }))).code;
		expect(await code("10.1.0.0/24")).toBe("InvalidSubnet.Range");
		expect(await code("10.0.1.128/25")).toBe("InvalidSubnet.Conflict");
	});

	it("an association with a subnet names it, an implicit one is not shown [aws-facts §1.2, §1.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		await ground.api.createSubnet({ VpcId: network.vpcId, CidrBlock: "10.0.2.0/24" });
		const { RouteTables } = await ground.api.describeRouteTables({ RouteTableIds: [network.tableId] });
		expect(RouteTables?.[0]?.Associations).toEqual([
			{
				RouteTableAssociationId: network.associationId,
				RouteTableId: network.tableId,
				SubnetId: network.subnetId,
				Main: false,
				AssociationState: { State: "associated" },
			},
		]);
	});

	it("an association with a gateway makes an edge table [EC2 API Reference, AssociateRouteTable]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const gatewayId = await aGateway(ground, network);
		const { RouteTable } = await ground.api.createRouteTable({ VpcId: network.vpcId });
		const edge = given(RouteTable?.RouteTableId);
		await ground.api.associateRouteTable({ RouteTableId: edge, GatewayId: gatewayId });
		const { RouteTables } = await ground.api.describeRouteTables({
			Filters: [{ Name: "association.gateway-id", Values: [gatewayId] }],
		});
		expect(RouteTables).toMatchObject([
			{ RouteTableId: edge, Associations: [{ GatewayId: gatewayId, Main: false }] },
		]);
		expect(RouteTables?.[0]?.Associations?.[0]?.SubnetId).toBeUndefined();
	});

	it("a subnet has one table, and a table that serves something stays [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { RouteTable } = await ground.api.createRouteTable({ VpcId: network.vpcId });
		const spare = given(RouteTable?.RouteTableId);
		const taken = ground.api.associateRouteTable({ RouteTableId: spare, SubnetId: network.subnetId });
		expect((await refusalOf(taken)).code).toBe("Resource.AlreadyAssociated");
		const held = ground.api.deleteRouteTable({ RouteTableId: network.tableId });
		expect((await refusalOf(held)).code).toBe("DependencyViolation");
		await ground.api.deleteRouteTable({ RouteTableId: spare });
		const gone = ground.api.describeRouteTables({ RouteTableIds: [spare] });
		expect((await refusalOf(gone)).code).toBe("InvalidRouteTableID.NotFound");
	});

	it("a route filter chooses whole tables with all their routes [aws-facts §1.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const gatewayId = await aGateway(ground, network);
		await ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: "0.0.0.0/0",
			GatewayId: gatewayId,
		});
		const { RouteTables } = await ground.api.describeRouteTables({
			Filters: [{ Name: "route.gateway-id", Values: [gatewayId] }],
		});
		expect(RouteTables?.map(({ RouteTableId, Routes }) => [RouteTableId, Routes?.length])).toEqual([
			[network.tableId, 2],
		]);
	});
});
