import type { Cluster } from "./cluster.ts";

/** Among the 50 nodes `w0` to `w49`, at least one block in every state that a map can show. */
export async function everyTrouble(cluster: Cluster): Promise<void> {
	const { api, ec2, tableId: RouteTableId } = cluster;
	// blackholed: one that is claimed again, and one that nobody claims any more.
	await cluster.terminate("w3");
	await cluster.launch("heir", { claims: "10.200.3.0/24" });
	await cluster.terminate("w7");
	// missing: a route was deleted, and a launch's event was lost.
	await api.deleteRoute({ RouteTableId, DestinationCidrBlock: "10.200.12.0/24" });
	await cluster.launch("late", { claims: "10.200.60.0/24" });
	// misdirected.
	await api.replaceRoute({
		RouteTableId,
		DestinationCidrBlock: "10.200.21.0/24",
		NetworkInterfaceId: cluster.eni("w22"),
	});
	// contested: two want one block, and one wants a part of another's.
	await cluster.launch("rival", { claims: "10.200.30.0/24" });
	await cluster.launch("half", { claims: "10.200.41.128/25" });
	// conflict: a foreign route in a claimed block; foreign: some that nobody claims, one of them larger.
	ec2.seedRoute(RouteTableId, {
		destinationCidrBlock: "10.200.44.64/26",
		kind: "gateway",
		gatewayId: "vgw-0a0a0a0a0a0a0a0a0",
	});
	ec2.seedRoute(RouteTableId, {
		destinationCidrBlock: "10.200.200.0/22",
		kind: "vpc-peering",
		vpcPeeringConnectionId: "pcx-0a0a0a0a0a0a0a0a0",
	});
	// dropping: its interface checks source and destination.
	await api.modifyNetworkInterfaceAttribute({
		NetworkInterfaceId: cluster.eni("w33"),
		SourceDestCheck: { Value: true },
	});
	// refused: tag and user data differ.
	await cluster.retag("w26", { "pod-cidr": "10.200.99.0/24" });
	// unclaimed: routed by hand.
	await cluster.route("10.200.80.0/24", cluster.eni("w0"));
	// kept for a stopped node.
	await cluster.stop("w36");
	ec2.settle();
	ec2.clearCalls();
}
