import type { Block } from "./cidr.ts";
import { describeRouteTable } from "./describe-route-tables.ts";
import type { Route, RouteTable, RouteTableAssociation, Tags, Vpc } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import { KINDS, lookUp } from "./ids.ts";
import { type Ec2Request, optional, required } from "./query.ts";
import { tagsFor } from "./tags.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** CreateRouteTable: a table with one local route a block of its VPC. */
export function createRouteTable(world: World, request: Ec2Request): XmlElement {
	const vpc = lookUp(KINDS.vpc, world.vpcs, required(request, "VpcId"));
	const table = openRouteTable(world, vpc, tagsFor(request, "route-table"));
	return { routeTable: describeRouteTable(world, table) };
}

/** DeleteRouteTable: refused while the table serves anything. */
export function deleteRouteTable(world: World, request: Ec2Request): XmlElement {
	const table = lookUp(KINDS.routeTable, world.routeTables, required(request, "RouteTableId"));
	if (table.associations.length > 0) {
		throw new Ec2Error(
			"DependencyViolation",
			`The routeTable '${table.id}' has dependencies and cannot be deleted.`,
		);
	}
	world.routeTables.delete(table.id);
	return { return: true };
}

/** AssociateRouteTable: with a subnet, or with a gateway, which makes an edge table. */
export function associateRouteTable(world: World, request: Ec2Request): XmlElement {
	const table = lookUp(KINDS.routeTable, world.routeTables, required(request, "RouteTableId"));
	const subnetId = optional(request, "SubnetId");
	const gatewayId = optional(request, "GatewayId");
	if (subnetId !== undefined && gatewayId !== undefined) {
		throw invalidCombination("Only one of subnetId and gatewayId can be specified");
	}
	if (subnetId === undefined && gatewayId === undefined) throw missingParameter("SubnetId or gatewayId");
	const served =
		subnetId === undefined
			? gatewayServed(world, table, gatewayId ?? "")
			: subnetServed(world, table, subnetId);
	const association = { id: world.ids.next("rtbassoc"), ...served };
	table.associations.push(association);
	return { associationId: association.id, associationState: { state: "associated" } };
}

/** Makes a table for a VPC, its local routes in it. */
export function openRouteTable(world: World, vpc: Vpc, tags: Tags): RouteTable {
	const table: RouteTable = { id: world.ids.next("rtb"), vpcId: vpc.id, routes: [], associations: [], tags };
	for (const { block } of vpc.blocks) addLocalRoute(table, block);
	world.routeTables.set(table.id, table);
	return table;
}

/** Adds the route of a VPC block to itself. */
export function addLocalRoute(table: RouteTable, block: Block): void {
	const route: Route = {
		destination: { kind: "block", block },
		target: { kind: "local" },
		origin: "CreateRouteTable",
		local: true,
		fixedState: undefined,
		severed: false,
		lastInstanceId: undefined,
	};
	table.routes.push(route);
}

type Served =
	| { readonly kind: "subnet"; readonly subnetId: string }
	| { readonly kind: "gateway"; readonly gatewayId: string };

function subnetServed(world: World, table: RouteTable, subnetId: string): Served {
	const subnet = lookUp(KINDS.subnet, world.subnets, subnetId);
	if (subnet.vpcId !== table.vpcId) throw differentNetworks(table, "subnet", subnetId);
	checkFree(
		world,
		table,
		(association) => association.kind === "subnet" && association.subnetId === subnetId,
	);
	return { kind: "subnet", subnetId };
}

function gatewayServed(world: World, table: RouteTable, gatewayId: string): Served {
	const gateway = lookUp(KINDS.internetGateway, world.internetGateways, gatewayId);
	if (world.vpcs.get(table.vpcId)?.internetGatewayId !== gateway.id)
		throw differentNetworks(table, "gateway", gatewayId);
	checkFree(
		world,
		table,
		(association) => association.kind === "gateway" && association.gatewayId === gatewayId,
	);
	return { kind: "gateway", gatewayId };
}

function checkFree(
	world: World,
	table: RouteTable,
	taken: (association: RouteTableAssociation) => boolean,
): void {
	if ([...world.routeTables.values()].some(({ associations }) => associations.some(taken))) {
		throw new Ec2Error(
			"Resource.AlreadyAssociated",
			`the specified association for route table ${table.id} conflicts with an existing association`,
		);
	}
}

/** `InvalidParameterValue`: what is named lies in another VPC than the table. */
export function differentNetworks(table: RouteTable, noun: string, id: string): Ec2Error {
	return invalidValue(`route table ${table.id} and ${noun} ${id} belong to different networks`);
}
