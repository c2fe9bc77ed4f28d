import { type Block, covers, parseBlock } from "./cidr.ts";
import type { Destination, Route, RouteTable, RouteTarget, Vpc } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue } from "./errors.ts";
import { checkId, KINDS, lookUp } from "./ids.ts";
import { type Ec2Request, optional, required } from "./query.ts";
import { type AskedTarget, askedTarget, resolveTarget } from "./route-targets.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** CreateRoute, refusing in this order: destination, number of targets, table, target, range, duplicate, quota (aws-facts.md §1.3, §2). */
export function createRoute(world: World, request: Ec2Request): XmlElement {
	const tableId = checkedTableId(request);
	const destination = askedDestination(request, true);
	const asked = askedTarget(request);
	const table = lookUp(KINDS.routeTable, world.routeTables, tableId);
	const target = resolveTarget(world, table, asked);
	const existing = staticRoute(table, destination);
	if (existing !== undefined) return onExisting(world, existing, target);
	checkRange(world, table, destination, asked);
	checkQuota(world, table, destination);
	table.routes.push({
		destination,
		target,
		origin: "CreateRoute",
		local: false,
		fixedState: undefined,
		severed: false,
		lastInstanceId: undefined,
	});
	return { return: true };
}

/** ReplaceRoute: in place, and only where a route of the table's own exists (aws-facts.md §2.4). */
export function replaceRoute(world: World, request: Ec2Request): XmlElement {
	const tableId = checkedTableId(request);
	const destination = askedDestination(request, world.settings.switches.replaceAndDeleteCanonicalise);
	const asked = askedTarget(request);
	const table = lookUp(KINDS.routeTable, world.routeTables, tableId);
	const target = resolveTarget(world, table, asked);
	const route = staticRoute(table, destination);
	if (route === undefined) {
		throw invalidValue(
			`There is no route defined for '${textOf(destination)}' in the route table. Use CreateRoute instead.`,
		);
	}
	if (target.kind === "local" && !route.local)
		throw invalidValue("LocalTarget can only be specified for a local route");
	if (target.kind !== "local") checkRange(world, table, destination, asked);
	const own = { fixedState: undefined, severed: false, lastInstanceId: undefined };
	Object.assign(route, { ...own, target });
	return { return: true };
}

/** DeleteRoute: never a local route (aws-facts.md §1.3, §2.6). */
export function deleteRoute(world: World, request: Ec2Request): XmlElement {
	const tableId = checkedTableId(request);
	const destination = askedDestination(request, world.settings.switches.replaceAndDeleteCanonicalise);
	const table = lookUp(KINDS.routeTable, world.routeTables, tableId);
	const route = staticRoute(table, destination);
	if (route === undefined) {
		throw new Ec2Error(
			"InvalidRoute.NotFound",
			`no route with destination-cidr-block ${textOf(destination)} in route table ${table.id}`,
		);
	}
	if (route.local)
		throw invalidValue(`cannot remove local route ${textOf(destination)} in route table ${table.id}`);
	table.routes.splice(table.routes.indexOf(route), 1);
	return { return: true };
}

function checkedTableId(request: Ec2Request): string {
	const id = required(request, "RouteTableId");
	checkId(KINDS.routeTable, id);
	return id;
}

/** A destination as asked: `exact` is what a request not canonicalised must match to the letter. */
type AskedDestination = Destination & { readonly exact: string };

function askedDestination(request: Ec2Request, canonicalise: boolean): AskedDestination {
	const ipv4 = optional(request, "DestinationCidrBlock");
	const ipv6 = optional(request, "DestinationIpv6CidrBlock");
	const prefixListId = optional(request, "DestinationPrefixListId");
	const given = [ipv4, ipv6, prefixListId].filter((text) => text !== undefined).length;
	const text = "The request must contain the parameter destinationCidrBlock or destinationIpv6CidrBlock";
	if (given === 0) throw new Ec2Error("MissingParameter", text);
	if (given > 1) {
		throw invalidCombination(
			"The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock or destinationPrefixListId",
		);
	}
	if (prefixListId !== undefined) return { kind: "prefix-list", prefixListId, exact: prefixListId };
	const [asked, family, name] =
		ipv4 === undefined
			? ([ipv6 ?? "", "ipv6", "destinationIpv6CidrBlock"] as const)
			: ([ipv4, "ipv4", "destinationCidrBlock"] as const);
	const block = parseBlock(asked, family);
	if (block === undefined)
		throw invalidValue(`Value (${asked}) for parameter ${name} is invalid. This is not a valid CIDR block.`);
	return { kind: "block", block, exact: canonicalise ? block.cidr : asked };
}

/** A propagated or advertised route is not the table's own: it can be neither replaced nor deleted, and hinders no static one (aws-facts.md §2.4). */
function staticRoute(table: RouteTable, destination: AskedDestination): Route | undefined {
	return table.routes.find((route) => isStatic(route) && textOf(route.destination) === destination.exact);
}

function isStatic({ origin }: Route): boolean {
	return origin === "CreateRoute" || origin === "CreateRouteTable";
}

function textOf(destination: Destination | AskedDestination): string {
	if ("exact" in destination) return destination.exact;
	return destination.kind === "block" ? destination.block.cidr : destination.prefixListId;
}

function onExisting(world: World, existing: Route, target: RouteTarget): XmlElement {
	const identical = JSON.stringify(existing.target) === JSON.stringify(target);
	if (identical && world.settings.switches.identicalCreateRoute === "succeeds") return { return: true };
	throw new Ec2Error(
		"RouteAlreadyExists",
		`The route identified by ${textOf(existing.destination)} already exists.`,
	);
}

/** Links no route may name (Amazon VPC User Guide, "Subnet route tables", rules and considerations). */
const RESERVED = ["169.254.168.0/22", "fd00:ec2::/32"];

function checkRange(world: World, table: RouteTable, destination: Destination, asked: AskedTarget): void {
	if (destination.kind === "prefix-list") {
		checkPrefixList(world, destination.prefixListId);
		return;
	}
	const { block } = destination;
	if (RESERVED.some((text) => isWithin(block, text))) {
		throw invalidValue(`The destination CIDR block ${block.cidr} is reserved for use by AWS services.`);
	}
	const vpc = lookUp(KINDS.vpc, world.vpcs, table.vpcId);
	checkFamily(world, vpc, block);
	const outer = vpc.blocks.find((association) => covers(association.block, block));
	if (outer === undefined) return;
	if (!["InstanceId", "NetworkInterfaceId", "NatGatewayId", "VpcEndpointId"].includes(asked.parameter)) {
		throw invalidValue(
			`The destination CIDR block ${block.cidr} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
		);
	}
	if (outer.block.cidr !== block.cidr && !isWholeSubnet(world, vpc, block)) {
		throw invalidValue(
			"This route table is used by a subnet, and doesn't support route destination which are more specific than VPC local CIDR.",
		);
	}
}

function checkFamily(world: World, vpc: Vpc, block: Block): void {
	if (block.family === "ipv4" || world.settings.switches.ipv4OnlyVpcAcceptsIpv6Route) return;
	if (vpc.blocks.some((association) => association.block.family === "ipv6")) return;
	throw invalidValue(`The VPC ${vpc.id} has no IPv6 CIDR block: route ${block.cidr} is not supported.`);
}

function checkPrefixList(world: World, prefixListId: string): void {
	if (world.seededIds.has(prefixListId)) return;
	throw new Ec2Error("InvalidPrefixListID.NotFound", `The prefix list ID '${prefixListId}' does not exist`);
}

function isWithin(block: Block, text: string): boolean {
	const range = parseBlock(text, block.family);
	return range !== undefined && covers(range, block);
}

function isWholeSubnet(world: World, vpc: Vpc, block: Block): boolean {
	return [...world.subnets.values()].some(
		(subnet) => subnet.vpcId === vpc.id && [subnet.block.cidr, subnet.ipv6?.block.cidr].includes(block.cidr),
	);
}

/** Families count apart, propagated routes not at all (aws-facts.md §2.7). */
function checkQuota(world: World, table: RouteTable, destination: Destination): void {
	const counted = table.routes.filter(
		(route) =>
			isStatic(route) &&
			familyOf(route.destination) === familyOf(destination) &&
			(!route.local || world.settings.switches.localRoutesCount),
	);
	if (counted.length >= world.routeLimit) {
		throw new Ec2Error(
			"RouteLimitExceeded",
			`The maximum number of routes (${world.routeLimit}) has been reached for ${table.id}.`,
		);
	}
}

function familyOf(destination: Destination): string {
	return destination.kind === "block" ? destination.block.family : "prefix-list";
}
