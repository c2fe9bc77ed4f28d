import { type Cidr, compareCidrs, contains, parseCidr } from "../../model/cidr.ts";
import type { Report, ReportedFinding, ReportedRoute } from "../../model/report.ts";
import { STATE_OF, STATE_ORDER, type State } from "./states.ts";

/** What stands at one block of one table. */
export interface Mark {
	readonly block: Cidr;
	readonly state: State;
	/** The node that owns the block, or the one it is about. */
	readonly node?: string;
	/** A clause for a person, after the block's name: `routed to i-…`. */
	readonly says: string;
	/** Whether podroute's own routes and claims are the reason for it. */
	readonly managed: boolean;
}

/** The marks of a table inside `within`, one a block, in address order. */
export function marksOf(report: Report, routeTableId: string, within: Cidr): readonly Mark[] {
	const nodes = nodesIn(report);
	const routes = report.routes
		.filter((route) => route.routeTableId === routeTableId)
		.flatMap((route) => markOfRoute(route, nodes))
		.filter(({ block }) => contains(within, block));
	const found = report.findings
		.filter((finding) => concerns(finding, routeTableId, report))
		.flatMap(markOfFinding)
		.filter(({ block }) => contains(within, block));
	const routesAt = Map.groupBy(routes, ({ block }) => block.text);
	const foundAt = Map.groupBy(found, ({ block }) => block.text);
	return [...new Set([...routesAt.keys(), ...foundAt.keys()])]
		.map((block) => together(routesAt.get(block) ?? [], foundAt.get(block) ?? []))
		.filter((mark) => mark !== undefined)
		.sort((a, b) => compareCidrs(a.block, b.block));
}

/**
 * One for all that stands at a block. What was found of it says more than its route; but a claim that was refused
 * changes nothing for an owner who has the block.
 */
function together(routes: readonly Mark[], found: readonly Mark[]): Mark | undefined {
	const isOwned = routes.some(({ state }) => state === "routed" || state === "dropping");
	const telling = found.filter(({ state }) => !(isOwned && state === "refused"));
	const [gravest] = (telling.length > 0 ? telling : routes).toSorted(byGravity);
	if (gravest === undefined || gravest.node !== undefined) return gravest;
	const holder = routes.find(({ node }) => node !== undefined);
	if (holder?.node === undefined) return gravest;
	return { ...gravest, node: holder.node, says: `${gravest.says}; ${holder.says}` };
}

export function byGravity(a: Mark, b: Mark): number {
	return STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state);
}

/**
 * Whether a finding shows on a table's map. One that names no table, such as a contest, is about a VPC: it shows
 * where its block is routed or has other findings, and everywhere if that is nowhere.
 */
function concerns({ routeTableId, destination }: ReportedFinding, table: string, report: Report): boolean {
	if (destination === undefined) return false;
	if (routeTableId !== undefined) return routeTableId === table;
	const others = [...report.routes, ...report.findings].filter(
		(other) => other.destination === destination && other.routeTableId !== undefined,
	);
	return others.length === 0 || others.some((other) => other.routeTableId === table);
}

/** What findings say of nodes, for the routes that lead to them. */
interface Nodes {
	/** Owners whose interface drops what is not addressed to it. */
	readonly dropping: ReadonlySet<string | undefined>;
	/** Why a node's claim is refused. */
	readonly refused: ReadonlyMap<string | undefined, string>;
}

function nodesIn({ findings }: Report): Nodes {
	return {
		dropping: new Set(
			findings.flatMap(({ code, instanceId }) => (code === "source-dest-check-on" ? [instanceId] : [])),
		),
		refused: new Map(
			findings.flatMap(({ code, instanceId }) =>
				STATE_OF[code] === "refused" ? [[instanceId, code] as const] : [],
			),
		),
	};
}

function markOfRoute(route: ReportedRoute, nodes: Nodes): readonly Mark[] {
	const block = blockOf(route.destination);
	if (block === undefined) return [];
	const target = route.instanceId ?? route.networkInterfaceId ?? route.target ?? "an unknown target";
	if (!route.managed) return [{ block, managed: false, state: "foreign", says: `foreign, to ${target}` }];
	const node = route.owner ?? route.instanceId;
	const about = node === undefined ? {} : { node };
	return [{ block, managed: true, ...about, ...stateOfManaged(route, target, nodes) }];
}

/** What a managed route is as far as the route itself tells: a finding of its block says more. */
function stateOfManaged(
	{ state, owner, instanceId }: ReportedRoute,
	target: string,
	{ dropping, refused }: Nodes,
): Pick<Mark, "state" | "says"> {
	if (state !== "active") return { state: "blackholed", says: `a blackhole at ${target}` };
	if (owner === undefined) {
		const why = refused.get(instanceId);
		if (why !== undefined) return { state: "refused", says: `routed to ${target}: ${why}` };
		return { state: "unknown", says: `routed to ${target}, owner not known` };
	}
	if (!dropping.has(owner)) return { state: "routed", says: `routed to ${owner}` };
	return { state: "dropping", says: `routed to ${owner}, which drops its pods' packets` };
}

function markOfFinding({ code, destination, instanceId }: ReportedFinding): readonly Mark[] {
	const block = destination === undefined ? undefined : blockOf(destination);
	const state = STATE_OF[code];
	if (block === undefined || state === undefined) return [];
	const node = instanceId === undefined ? {} : { node: instanceId };
	return [{ block, state, ...node, says: clauseOf(code, instanceId), managed: true }];
}

function clauseOf(code: ReportedFinding["code"], instanceId: string | undefined): string {
	return instanceId === undefined ? code : `${code}, ${instanceId}`;
}

function blockOf(destination: string): Cidr | undefined {
	const parsed = parseCidr(destination);
	return parsed.ok ? parsed.cidr : undefined;
}
