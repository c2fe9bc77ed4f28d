import type { Route, RouteTable, RouteTableAssociation } from "./entities.ts";
import { type FilterTable, filtersOf } from "./filters.ts";
import { KINDS, lookUpAll } from "./ids.ts";
import { pageOf } from "./pagination.ts";
import { type Ec2Request, listOf } from "./query.ts";
import { describeTarget } from "./route-state.ts";
import { tagSet } from "./tags.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** 5 to 100, with or without ids (aws-facts.md §1.4). */
const PAGE_RULES = { minimum: 5, maximum: 100 };

/** DescribeRouteTables: a route filter chooses whole tables, all their routes with them (aws-facts.md §1.4). */
export function describeRouteTables(world: World, request: Ec2Request): XmlElement {
	const ids = listOf(request, "RouteTableId");
	const all =
		ids.length > 0 ? lookUpAll(KINDS.routeTable, world.routeTables, ids) : [...world.routeTables.values()];
	const { items, nextToken } = pageOf(
		world,
		request,
		PAGE_RULES,
		all,
		filtersOf(request, filterTable(world)),
	);
	return { routeTableSet: items.map((table) => describeRouteTable(world, table)), nextToken };
}

/** A table as CreateRouteTable answers it and DescribeRouteTables lists it; implicit associations are not shown (aws-facts.md §1.4). */
export function describeRouteTable(world: World, table: RouteTable): XmlElement {
	return {
		routeTableId: table.id,
		vpcId: table.vpcId,
		ownerId: world.settings.accountId,
		routeSet: [...table.routes].sort(byPrefixLength).map((route) => describeRoute(world, route)),
		associationSet: table.associations.map((association) => describeAssociation(table, association)),
		propagatingVgwSet: [],
		tagSet: tagSet(table.tags),
	};
}

function describeRoute(world: World, route: Route): XmlElement {
	return { ...destinationFields(route), ...describeTarget(world, route), origin: route.origin };
}

function destinationFields({ destination }: Route): XmlElement {
	if (destination.kind === "prefix-list") return { destinationPrefixListId: destination.prefixListId };
	const { family, cidr } = destination.block;
	return family === "ipv4" ? { destinationCidrBlock: cidr } : { destinationIpv6CidrBlock: cidr };
}

function describeAssociation(table: RouteTable, association: RouteTableAssociation): XmlElement {
	return {
		routeTableAssociationId: association.id,
		routeTableId: table.id,
		subnetId: association.kind === "subnet" ? association.subnetId : undefined,
		gatewayId: association.kind === "gateway" ? association.gatewayId : undefined,
		main: association.kind === "main",
		associationState: { state: "associated" },
	};
}

/** The order real listings show: the more specific first, then by address. */
function byPrefixLength(a: Route, b: Route): number {
	if (a.destination.kind === "prefix-list") return b.destination.kind === "prefix-list" ? 0 : 1;
	if (b.destination.kind === "prefix-list") return -1;
	const [left, right] = [a.destination.block, b.destination.block];
	if (left.prefixLength !== right.prefixLength) return right.prefixLength - left.prefixLength;
	return left.first < right.first ? -1 : Number(left.first > right.first);
}

function filterTable(world: World): FilterTable<RouteTable> {
	const everyAssociation =
		(read: (association: RouteTableAssociation) => string | undefined) => (table: RouteTable) =>
			table.associations.map(read);
	return {
		"association.gateway-id": everyAssociation((it) => (it.kind === "gateway" ? it.gatewayId : undefined)),
		"association.main": everyAssociation(({ kind }) => String(kind === "main")),
		"association.route-table-association-id": everyAssociation(({ id }) => id),
		"association.route-table-id": ({ associations, id }) => associations.map(() => id),
		"association.subnet-id": everyAssociation((it) => (it.kind === "subnet" ? it.subnetId : undefined)),
		"owner-id": () => [world.settings.accountId],
		"route-table-id": ({ id }) => [id],
		"vpc-id": ({ vpcId }) => [vpcId],
		...routeFilters(world),
	};
}

/** Filter names of routes, and the element of a described route each one reads (aws-facts.md §1.4). */
const ROUTE_FILTERS: Readonly<Record<string, string>> = {
	"route.destination-cidr-block": "destinationCidrBlock",
	"route.destination-ipv6-cidr-block": "destinationIpv6CidrBlock",
	"route.destination-prefix-list-id": "destinationPrefixListId",
	"route.egress-only-internet-gateway-id": "egressOnlyInternetGatewayId",
	"route.gateway-id": "gatewayId",
	"route.instance-id": "instanceId",
	"route.nat-gateway-id": "natGatewayId",
	"route.origin": "origin",
	"route.state": "state",
	"route.transit-gateway-id": "transitGatewayId",
	"route.vpc-peering-connection-id": "vpcPeeringConnectionId",
};

function routeFilters(world: World): FilterTable<RouteTable> {
	const readers = Object.entries(ROUTE_FILTERS).map(([filter, name]) => {
		const read = ({ routes }: RouteTable) =>
			routes.map((route) => {
				const value = describeRoute(world, route)[name];
				return typeof value === "string" ? value : undefined;
			});
		return [filter, read] as const;
	});
	return Object.fromEntries(readers);
}
