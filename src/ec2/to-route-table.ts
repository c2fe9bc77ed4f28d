import type { Route as SdkRoute, RouteTable as SdkRouteTable } from "@aws-sdk/client-ec2";
import { type Cidr, parseCidr } from "../model/cidr.ts";
import type { InstanceId, NetworkInterfaceId, VpcId } from "../model/instance.ts";
import type { Route, RouteTable, RouteTableId, Target } from "../model/route.ts";

/** Whether the table routes what comes in through a gateway, rather than what leaves a subnet. */
export function isEdgeTable(table: SdkRouteTable): boolean {
	return (table.Associations ?? []).some(({ GatewayId }) => GatewayId !== undefined);
}

/** EC2's table in our words. Routes to a prefix list have no block and are left out. */
export function toRouteTable(table: SdkRouteTable): RouteTable {
	return {
		id: table.RouteTableId as RouteTableId,
		vpcId: table.VpcId as VpcId,
		routes: (table.Routes ?? []).flatMap((route) => {
			const text = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;
			return text === undefined
				? []
				: [toRoute(route, destinationOf(text, table.RouteTableId), table.OwnerId)];
		}),
	};
}

/** EC2 stores blocks in canonical form (aws-facts.md §2.2), so anything else is a fault worth stopping for. */
function destinationOf(text: string, tableId: string | undefined): Cidr {
	const parsed = parseCidr(text);
	if (parsed.ok) return parsed.cidr;
	throw new Error(`EC2 says that ${tableId} has a route to ${text}: ${parsed.why}`);
}

/** Known values by name; whatever else EC2 has, or will have, is `other` and therefore foreign. */
function toRoute(route: SdkRoute, destination: Cidr, ownerId: string | undefined): Route {
	return {
		destination,
		state: stateOf(route.State),
		origin: originOf(route.Origin),
		target: targetOf(route, ownerId),
	};
}

function stateOf(state: string | undefined): Route["state"] {
	return state === "active" || state === "blackhole" ? state : "other";
}

function originOf(origin: string | undefined): Route["origin"] {
	return origin === "CreateRoute" || origin === "CreateRouteTable" ? origin : "other";
}

/**
 * In a shared VPC a route may lead to an instance of another account. DescribeNetworkInterfaces need not show
 * its interface, so it must not be looked up: it would be taken for one that is gone.
 */
function targetOf(route: SdkRoute, ownerId: string | undefined): Target {
	if (route.NetworkInterfaceId !== undefined) {
		const { InstanceOwnerId: holderId = ownerId } = route;
		if (ownerId !== undefined && holderId !== ownerId) {
			return { kind: "other", description: `${route.NetworkInterfaceId} of account ${holderId}` };
		}
		const networkInterfaceId = route.NetworkInterfaceId as NetworkInterfaceId;
		return route.InstanceId === undefined
			? { kind: "interface", networkInterfaceId }
			: { kind: "interface", networkInterfaceId, instanceId: route.InstanceId as InstanceId };
	}
	const description =
		route.GatewayId ??
		route.NatGatewayId ??
		route.TransitGatewayId ??
		route.VpcPeeringConnectionId ??
		route.EgressOnlyInternetGatewayId ??
		route.CarrierGatewayId ??
		route.LocalGatewayId ??
		route.CoreNetworkArn ??
		route.InstanceId ??
		"of a kind that podroute does not know";
	return { kind: "other", description };
}
