import type { OpaqueTargetKind, RouteTable, RouteTarget } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue, multipleInterfaces } from "./errors.ts";
import { KINDS, lookUp } from "./ids.ts";
import { booleanOf, type Ec2Request, optional } from "./query.ts";
import { differentNetworks } from "./route-tables.ts";
import { interfacesOf, type World } from "./world.ts";

/** A target as a request names it, before anything is known to exist. */
export interface AskedTarget {
	readonly parameter: string;
	readonly id: string;
}

/** Targets this world holds nothing of: the kind they become, and EC2's code for an unknown one (EC2 API Reference, error codes). */
const OPAQUE: Readonly<Record<string, { readonly kind: OpaqueTargetKind; readonly notFound: string }>> = {
	CarrierGatewayId: { kind: "carrier-gateway", notFound: "InvalidCarrierGatewayID.NotFound" },
	CoreNetworkArn: { kind: "core-network", notFound: "InvalidCoreNetworkArn.NotFound" },
	EgressOnlyInternetGatewayId: {
		kind: "egress-only-internet-gateway",
		notFound: "InvalidEgressOnlyInternetGatewayId.NotFound",
	},
	LocalGatewayId: { kind: "local-gateway", notFound: "InvalidLocalGatewayID.NotFound" },
	NatGatewayId: { kind: "nat-gateway", notFound: "InvalidNatGatewayID.NotFound" },
	OdbNetworkArn: { kind: "odb-network", notFound: "InvalidOdbNetworkArn.NotFound" },
	TransitGatewayId: { kind: "transit-gateway", notFound: "InvalidTransitGatewayID.NotFound" },
	VpcEndpointId: { kind: "gateway", notFound: "InvalidVpcEndpointId.NotFound" },
	VpcPeeringConnectionId: {
		kind: "vpc-peering-connection",
		notFound: "InvalidVpcPeeringConnectionID.NotFound",
	},
};

const PARAMETERS = ["GatewayId", "InstanceId", "NetworkInterfaceId", ...Object.keys(OPAQUE)];

/**
 * The one target of a request; ReplaceRoute may reset to the local one instead. Throws `MissingParameter` for none and
 * `InvalidParameterCombination` for several (aws-facts.md §1.3).
 */
export function askedTarget(request: Ec2Request): AskedTarget {
	const asked = PARAMETERS.flatMap((parameter) => {
		const id = optional(request, parameter);
		return id === undefined ? [] : [{ parameter, id }];
	});
	if (request.action === "ReplaceRoute" && booleanOf(request, "LocalTarget"))
		asked.push({ parameter: "LocalTarget", id: "local" });
	const [only, second] = asked;
	const text =
		"The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, localGatewayId or instanceId";
	if (only === undefined) throw new Ec2Error("MissingParameter", text);
	if (second !== undefined) throw invalidCombination(text);
	return only;
}

/** Finds what is asked for; throws the kind's `.Malformed`, `.NotFound` or what else forbids it as a target of this table. */
export function resolveTarget(world: World, table: RouteTable, { parameter, id }: AskedTarget): RouteTarget {
	if (parameter === "LocalTarget") return { kind: "local" };
	if (parameter === "InstanceId") return instanceTarget(world, table, id);
	if (parameter === "NetworkInterfaceId") return interfaceTarget(world, table, id);
	if (parameter === "GatewayId") return gatewayTarget(world, table, id);
	const opaque = OPAQUE[parameter];
	if (opaque === undefined) throw invalidValue(`invalid value for parameter ${parameter}: ${id}`);
	if (!world.seededIds.has(id)) throw new Ec2Error(opaque.notFound, `The ID '${id}' does not exist`);
	return { kind: opaque.kind, id };
}

/** "Exactly one network interface" must be attached (aws-facts.md §2.1); a terminated instance has none left. */
function instanceTarget(world: World, table: RouteTable, id: string): RouteTarget {
	const instance = lookUp(KINDS.instance, world.instances, id);
	const [only, second] = interfacesOf(world, instance.id);
	if (second !== undefined) throw multipleInterfaces(id);
	if (only === undefined)
		throw new Ec2Error(KINDS.instance.notFound, `The instance ID '${id}' does not exist`);
	return interfaceTarget(world, table, only.id);
}

/** An unattached interface is accepted too (aws-facts.md §2.1). */
function interfaceTarget(world: World, table: RouteTable, id: string): RouteTarget {
	const networkInterface = lookUp(KINDS.networkInterface, world.networkInterfaces, id);
	if (networkInterface.vpcId !== table.vpcId) throw differentNetworks(table, "interface", id);
	return { kind: "interface", networkInterfaceId: id };
}

function gatewayTarget(world: World, table: RouteTable, id: string): RouteTarget {
	if (world.seededIds.has(id)) return { kind: "gateway", id };
	if (!world.internetGateways.has(id)) {
		throw new Ec2Error("InvalidGatewayID.NotFound", `The gateway ID '${id}' does not exist`);
	}
	if (world.vpcs.get(table.vpcId)?.internetGatewayId !== id)
		throw differentNetworks(table, "network gateway", id);
	return { kind: "gateway", id };
}
