import type { Instance, NetworkInterface, Route, RouteTarget } from "./entities.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/**
 * A route's target and state as DescribeRouteTables shows them. They are worked out from what the target is now: an
 * interface that is gone, unattached, or whose instance is stopped makes a blackhole; an attached one adds its
 * instance's id (aws-facts.md §2.1, §2.5).
 */
export function describeTarget(world: World, route: Route): XmlElement {
	const fields = targetFields(world, route);
	return { ...fields, state: route.fixedState ?? stateOf(world, route) };
}

function stateOf(world: World, route: Route): "active" | "blackhole" {
	if (route.target.kind !== "interface") return "active";
	const instance = instanceBehind(world, route.target.networkInterfaceId);
	return instance?.reachable && !route.severed ? "active" : "blackhole";
}

function targetFields(world: World, route: Route): XmlElement {
	const { target } = route;
	switch (target.kind) {
		case "local":
			return { gatewayId: "local" };
		case "interface":
			return interfaceFields(world, route, target.networkInterfaceId);
		case "foreign-interface":
			return {
				instanceId: target.instanceId,
				instanceOwnerId: target.ownerId,
				networkInterfaceId: target.networkInterfaceId,
			};
		default:
			return { [ELEMENTS[target.kind]]: target.id };
	}
}

/** The element that holds each kind of target (aws-facts.md §1.2; EC2 API Reference, Route). */
const ELEMENTS: Readonly<
	Record<Exclude<RouteTarget["kind"], "local" | "interface" | "foreign-interface">, string>
> = {
	"carrier-gateway": "carrierGatewayId",
	"core-network": "coreNetworkArn",
	"egress-only-internet-gateway": "egressOnlyInternetGatewayId",
	gateway: "gatewayId",
	"local-gateway": "localGatewayId",
	"nat-gateway": "natGatewayId",
	"odb-network": "odbNetworkArn",
	"transit-gateway": "transitGatewayId",
	"vpc-peering-connection": "vpcPeeringConnectionId",
};

/** The instance a route shows: the one behind its interface now or, under the switch, the last one that was. */
function instanceIdOf(world: World, route: Route): string | undefined {
	if (route.target.kind === "foreign-interface") return route.target.instanceId;
	if (route.target.kind !== "interface") return undefined;
	const { networkInterfaceId } = route.target;
	const live = instanceBehind(world, networkInterfaceId)?.id;
	return live ?? (world.settings.switches.deadRouteKeepsInstanceId ? route.lastInstanceId : undefined);
}

function interfaceFields(world: World, route: Route, networkInterfaceId: string): XmlElement {
	const instanceId = instanceIdOf(world, route);
	if (instanceId === undefined) return { networkInterfaceId };
	return { instanceId, instanceOwnerId: world.settings.accountId, networkInterfaceId };
}

function instanceBehind(world: World, networkInterfaceId: string): Instance | undefined {
	const networkInterface: NetworkInterface | undefined = world.networkInterfaces.get(networkInterfaceId);
	const instanceId = networkInterface?.attachment?.instanceId;
	return instanceId === undefined ? undefined : world.instances.get(instanceId);
}
