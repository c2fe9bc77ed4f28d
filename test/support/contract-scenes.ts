import type { _InstanceType, Route, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { type Ground, given } from "./contract-clients.ts";

/** The tutorial's network: a VPC of 10.0.0.0/16, a subnet of 10.0.1.0/24, a table of its own for that subnet. */
export interface Network {
	readonly vpcId: string;
	readonly subnetId: string;
	readonly tableId: string;
	readonly associationId: string;
}

/** A launched instance and its primary interface. */
export interface Node {
	readonly instanceId: string;
	readonly interfaceId: string;
}

/** Any well-formed image id will do. */
export const IMAGE_ID = "ami-0a1b2c3d4e5f60718";
const INSTANCE_TYPE: _InstanceType = "t3.micro";

/** Makes the tutorial's network. */
export async function aNetwork(
	{ api }: Ground,
	cidr = "10.0.0.0/16",
	subnetCidr = "10.0.1.0/24",
): Promise<Network> {
	const { Vpc } = await api.createVpc({ CidrBlock: cidr });
	const vpcId = given(Vpc?.VpcId);
	const { Subnet } = await api.createSubnet({ VpcId: vpcId, CidrBlock: subnetCidr });
	const subnetId = given(Subnet?.SubnetId);
	const { RouteTable } = await api.createRouteTable({ VpcId: vpcId });
	const tableId = given(RouteTable?.RouteTableId);
	const { AssociationId } = await api.associateRouteTable({ RouteTableId: tableId, SubnetId: subnetId });
	return { vpcId, subnetId, tableId, associationId: given(AssociationId) };
}

/** Launches one instance, still pending. */
export async function aPendingNode(
	{ api }: Ground,
	{ subnetId }: Pick<Network, "subnetId">,
	launch: Partial<RunInstancesCommandInput> = {},
): Promise<Node> {
	const { Instances } = await api.runInstances({
		ImageId: IMAGE_ID,
		InstanceType: INSTANCE_TYPE,
		MinCount: 1,
		MaxCount: 1,
		...(launch.NetworkInterfaces === undefined ? { SubnetId: subnetId } : {}),
		...launch,
	});
	const instance = given(Instances?.[0]);
	return {
		instanceId: given(instance.InstanceId),
		interfaceId: given(instance.NetworkInterfaces?.[0]?.NetworkInterfaceId),
	};
}

/** Launches one instance and waits until it runs. */
export async function aNode(
	ground: Ground,
	network: Pick<Network, "subnetId">,
	launch: Partial<RunInstancesCommandInput> = {},
): Promise<Node> {
	const node = await aPendingNode(ground, network, launch);
	ground.ec2.settle();
	return node;
}

/** A second interface for a node, attached at index 1. */
export async function aSecondInterface({ api }: Ground, { subnetId }: Network, { instanceId }: Node) {
	const { NetworkInterface } = await api.createNetworkInterface({ SubnetId: subnetId });
	const interfaceId = given(NetworkInterface?.NetworkInterfaceId);
	const { AttachmentId } = await api.attachNetworkInterface({
		NetworkInterfaceId: interfaceId,
		InstanceId: instanceId,
		DeviceIndex: 1,
	});
	return { interfaceId, attachmentId: given(AttachmentId) };
}

/** An internet gateway, attached. */
export async function aGateway({ api }: Ground, { vpcId }: Network): Promise<string> {
	const { InternetGateway } = await api.createInternetGateway({});
	const gatewayId = given(InternetGateway?.InternetGatewayId);
	await api.attachInternetGateway({ InternetGatewayId: gatewayId, VpcId: vpcId });
	return gatewayId;
}

/** The routes of a table, as listed. */
export async function routesOf({ api }: Ground, tableId: string): Promise<readonly Route[]> {
	const { RouteTables } = await api.describeRouteTables({ RouteTableIds: [tableId] });
	return given(RouteTables?.[0]?.Routes);
}

/** The route of one destination, IPv4 or IPv6; `undefined` where the table has none. */
export async function routeTo(
	ground: Ground,
	tableId: string,
	destination: string,
): Promise<Route | undefined> {
	const routes = await routesOf(ground, tableId);
	return routes.find((route) =>
		[route.DestinationCidrBlock, route.DestinationIpv6CidrBlock].includes(destination),
	);
}

/** The state of one instance; `undefined` once it is listed no more. */
export async function stateOf({ api }: Ground, instanceId: string): Promise<string | undefined> {
	const { Reservations } = await api.describeInstances({
		Filters: [{ Name: "instance-id", Values: [instanceId] }],
	});
	return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

/** Text as RunInstances takes it. */
export function base64(text: string): string {
	return Buffer.from(text).toString("base64");
}
