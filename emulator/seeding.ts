import { type Block, parseBlock } from "./cidr.ts";
import type { Destination, OpaqueTargetKind, Route, RouteOrigin, RouteTarget } from "./entities.ts";
import { KINDS, lookUp } from "./ids.ts";
import type { World } from "./world.ts";

/** A route no action of this world makes, put into a table as AWS, another account or another tool would have. */
export type SeededRoute = SeededDestination &
	SeededTarget & { readonly state?: "active" | "blackhole" | "filtered" };

type SeededDestination =
	| { readonly destinationCidrBlock: string }
	| { readonly destinationIpv6CidrBlock: string }
	| { readonly destinationPrefixListId: string };

type SeededTarget =
	| { readonly kind: "vpc-peering"; readonly vpcPeeringConnectionId: string }
	| { readonly kind: "transit-gateway"; readonly transitGatewayId: string; readonly origin?: RouteOrigin }
	| { readonly kind: "nat-gateway"; readonly natGatewayId: string }
	| { readonly kind: "egress-only-internet-gateway"; readonly egressOnlyInternetGatewayId: string }
	| { readonly kind: "local-gateway"; readonly localGatewayId: string }
	| { readonly kind: "carrier-gateway"; readonly carrierGatewayId: string }
	| { readonly kind: "core-network"; readonly coreNetworkArn: string }
	/** A virtual private gateway or an endpoint; propagated unless `origin` says otherwise. */
	| { readonly kind: "gateway"; readonly gatewayId: string; readonly origin?: RouteOrigin }
	/** An interface of this world, put there by someone else: another tool's route, or an advertised one. */
	| { readonly kind: "interface"; readonly networkInterfaceId: string; readonly origin?: RouteOrigin }
	/** An interface another account owns. */
	| {
			readonly kind: "foreign-interface";
			readonly networkInterfaceId: string;
			readonly ownerId: string;
			readonly instanceId?: string;
	  };

/** Puts the route into the table; throws for a table that does not exist, `RangeError` for a destination that is no block. */
export function seedRoute(world: World, routeTableId: string, seeded: SeededRoute): void {
	const table = lookUp(KINDS.routeTable, world.routeTables, routeTableId);
	const target = targetOf(seeded);
	const destination = destinationOf(seeded);
	if (destination.kind === "prefix-list") world.seededIds.add(destination.prefixListId);
	if ("id" in target) world.seededIds.add(target.id);
	const route: Route = {
		destination,
		target,
		origin: originOf(seeded),
		local: false,
		fixedState: seeded.state,
		severed: false,
		lastInstanceId: undefined,
	};
	table.routes.push(route);
}

function originOf(seeded: SeededRoute): RouteOrigin {
	if ("origin" in seeded && seeded.origin !== undefined) return seeded.origin;
	return seeded.kind === "gateway" ? "EnableVgwRoutePropagation" : "CreateRoute";
}

function destinationOf(seeded: SeededRoute): Destination {
	if ("destinationPrefixListId" in seeded)
		return { kind: "prefix-list", prefixListId: seeded.destinationPrefixListId };
	const block =
		"destinationCidrBlock" in seeded
			? requireBlock(seeded.destinationCidrBlock, "ipv4")
			: requireBlock(seeded.destinationIpv6CidrBlock, "ipv6");
	return { kind: "block", block };
}

function requireBlock(text: string, family: Block["family"]): Block {
	const block = parseBlock(text, family);
	if (block === undefined) throw new RangeError(`${text} is not an ${family} block`);
	return block;
}

function targetOf(seeded: SeededRoute): RouteTarget {
	switch (seeded.kind) {
		case "vpc-peering":
			return opaque("vpc-peering-connection", seeded.vpcPeeringConnectionId);
		case "transit-gateway":
			return opaque("transit-gateway", seeded.transitGatewayId);
		case "nat-gateway":
			return opaque("nat-gateway", seeded.natGatewayId);
		case "egress-only-internet-gateway":
			return opaque("egress-only-internet-gateway", seeded.egressOnlyInternetGatewayId);
		case "local-gateway":
			return opaque("local-gateway", seeded.localGatewayId);
		case "carrier-gateway":
			return opaque("carrier-gateway", seeded.carrierGatewayId);
		case "core-network":
			return opaque("core-network", seeded.coreNetworkArn);
		case "gateway":
			return opaque("gateway", seeded.gatewayId);
		case "interface":
			return { kind: "interface", networkInterfaceId: seeded.networkInterfaceId };
		case "foreign-interface":
			return {
				kind: "foreign-interface",
				networkInterfaceId: seeded.networkInterfaceId,
				ownerId: seeded.ownerId,
				instanceId: seeded.instanceId,
			};
	}
}

function opaque(kind: OpaqueTargetKind, id: string): RouteTarget {
	return { kind, id };
}
