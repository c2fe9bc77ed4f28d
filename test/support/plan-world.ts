import type { Change } from "../../src/model/change.ts";
import { type Cidr, contains, parseCidr } from "../../src/model/cidr.ts";
import type { Claim } from "../../src/model/claim.ts";
import type { Finding, Refusal } from "../../src/model/finding.ts";
import type { Instance, InterfaceLookup, Life, NetworkInterfaceId, VpcId } from "../../src/model/instance.ts";
import type { Route, RouteTable, RouteTableId } from "../../src/model/route.ts";
import type { Rules } from "../../src/model/rules.ts";
import { type Analysis, analyse } from "../../src/plan/analyse.ts";
import { findAll } from "../../src/plan/findings.ts";
import type { Node, Observation } from "../../src/plan/observation.ts";
import { makePlan, type Plan, type PlannedChange, type Policy } from "../../src/plan/plan.ts";

/** Reads a block, or throws: a test that misspells one should not pass. */
export function cidr(text: string): Cidr {
	const parsed = parseCidr(text);
	if (!parsed.ok) throw new Error(`${text}: ${parsed.why}`);
	return parsed.cidr;
}

export const RULES: Rules = {
	clusterCidrs: [cidr("10.200.0.0/16"), cidr("fd00:10:200::/48")],
	nodeCidrMaskSizes: "any",
	sourceDestCheck: "disable",
	routeLimit: 500,
	quotaWarnRatio: 0.8,
};

/** Every node's routes made right; nothing deleted. */
const REPAIR: Policy = { scope: "all", deletes: "none" };

/** As REPAIR, and a table may lose up to three tenths of its managed routes. */
export const CLEAN: Policy = { scope: "all", deletes: { shareMax: 0.3 } };

export interface NodeOptions {
	/** Blocks with commas between, as in a tag; or another kind of claim. Absent: it claims nothing. */
	readonly claims?: string | Exclude<Claim, { kind: "blocks" }>;
	readonly life?: Life;
	/** `null`: EC2 does not say, as of a terminated instance. */
	readonly vpc?: VpcId | null;
	/** Epoch milliseconds; the same for all unless given, so that ids decide. */
	readonly attachedAt?: number;
	/** Whether the source/dest check is still on. */
	readonly checked?: boolean;
	/** Interfaces beside the primary one. */
	readonly others?: readonly NetworkInterfaceId[];
	/** Whether the primary interface is not visible yet. */
	readonly invisible?: boolean;
	/** Its auto scaling group. */
	readonly group?: string;
}

export interface RouteOptions {
	readonly state?: Route["state"];
	readonly origin?: Route["origin"];
}

/**
 * A world to plan for, told piece by piece. `i-a` has the primary interface `eni-a`. What EC2 could not show
 * throws: two instances with one id, an interface at two instances, two CreateRoute routes to one
 * destination in one table, a route to an instance of another VPC, one that a complete observation would have
 * looked up and did not.
 */
export class PlanWorld {
	readonly rules: Rules;
	readonly #nodes = new Map<string, Node>();
	readonly #tables = new Map<RouteTableId, { readonly vpcId: VpcId; readonly routes: Route[] }>();
	readonly #lookups = new Map<NetworkInterfaceId, InterfaceLookup>();
	#complete = true;

	constructor(rules: Partial<Rules> = {}) {
		this.rules = { ...RULES, ...rules };
	}

	/** Only what was asked for was read. */
	partial(): this {
		this.#complete = false;
		return this;
	}

	table(id: RouteTableId, vpcId: VpcId = "vpc-1", vpcBlocks: readonly string[] = ["10.0.0.0/16"]): this {
		if (this.#tables.has(id)) throw new Error(`${id} is there already`);
		this.#tables.set(id, { vpcId, routes: [] });
		for (const block of vpcBlocks) {
			this.#addRoute(id, {
				destination: cidr(block),
				state: "active",
				origin: "CreateRouteTable",
				target: { kind: "other", description: "local" },
			});
		}
		return this;
	}

	node(id: `i-${string}`, options: NodeOptions = {}): this {
		if (this.#nodes.has(id)) throw new Error(`${id} is there already`);
		const instance = instanceOf(id, options);
		for (const interfaceId of instance.interfaceIds) this.#assertFree(interfaceId);
		this.#nodes.set(id, { instance, claim: claimOf(options.claims) });
		return this;
	}

	/** A route to an interface, or to something else, in words. */
	route(table: RouteTableId, destination: string, target: string, options: RouteOptions = {}): this {
		const { state = "active", origin = "CreateRoute" } = options;
		const holder = this.#holderOf(target)?.instance;
		const vpcId = this.#tables.get(table)?.vpcId;
		if (holder?.vpcId !== undefined && holder.vpcId !== vpcId) {
			throw new Error(`${table} is of ${vpcId}, ${target} of ${holder.vpcId}`);
		}
		this.#addRoute(table, {
			destination: cidr(destination),
			state,
			origin,
			target: isInterfaceId(target)
				? {
						kind: "interface",
						networkInterfaceId: target,
						...(holder === undefined || state === "blackhole" ? {} : { instanceId: holder.id }),
					}
				: { kind: "other", description: target },
		});
		return this;
	}

	blackhole(table: RouteTableId, destination: string, target: string): this {
		return this.route(table, destination, target, { state: "blackhole" });
	}

	/** What DescribeNetworkInterfaces says of an interface that no listed node has. */
	lookup(id: NetworkInterfaceId, found: InterfaceLookup): this {
		this.#assertFree(id);
		this.#lookups.set(id, found);
		return this;
	}

	gone(...ids: readonly NetworkInterfaceId[]): this {
		for (const id of ids) this.lookup(id, { kind: "gone" });
		return this;
	}

	observe(): Observation {
		if (this.#complete) this.#assertAllLookedUp();
		return {
			nodes: [...this.#nodes.values()],
			complete: this.#complete,
			tables: [...this.#tables].map(([id, table]) => ({ id, ...table })),
			interfaces: this.#lookups,
		};
	}

	analyse(): Analysis {
		return analyse(this.observe(), this.rules);
	}

	plan(policy: Policy = REPAIR): Plan {
		return makePlan(this.analyse(), policy);
	}

	/** `create rtb-1 10.200.0.0/24 -> i-a eni-a`, in the plan's order. */
	changes(policy: Policy = REPAIR): readonly string[] {
		return this.plan(policy).changes.map(describeChange);
	}

	/** `contested-claim i-a 10.200.0.0/24`, in the plan's order. */
	refusals(policy: Policy = REPAIR): readonly string[] {
		return this.plan(policy).refusals.map(describeRefusal);
	}

	/** `missing-route rtb-1 10.200.0.0/24 i-a`, what is absent left out. */
	findings(): readonly string[] {
		return findAll(this.analyse()).map(describeFinding);
	}

	/** The sentences of the findings of one code. */
	sentences(code: Finding["code"]): readonly string[] {
		return findAll(this.analyse())
			.filter((finding) => finding.code === code)
			.map(({ detail }) => detail);
	}

	#addRoute(tableId: RouteTableId, route: Route): void {
		const table = this.#tables.get(tableId);
		if (table === undefined) throw new Error(`there is no ${tableId}`);
		const same = table.routes.filter(({ destination }) => destination.text === route.destination.text);
		if (same.some(({ origin }) => origin !== "other") && route.origin !== "other") {
			throw new Error(`${tableId} has a route to ${route.destination.text} already`);
		}
		if (route.origin === "CreateRouteTable" && route.state !== "active") {
			throw new Error("a local route is always active");
		}
		table.routes.push(route);
	}

	#holderOf(interfaceId: string): Node | undefined {
		return [...this.#nodes.values()].find(({ instance }) =>
			instance.interfaceIds.some((id) => id === interfaceId),
		);
	}

	#assertFree(id: NetworkInterfaceId): void {
		const holder = this.#holderOf(id);
		if (holder !== undefined) throw new Error(`${id} is attached to ${holder.instance.id}`);
		if (this.#lookups.has(id)) throw new Error(`${id} was looked up, so no listed node has it`);
	}

	#assertAllLookedUp(): void {
		const mayBeOurs = [...this.#tables.values()]
			.flatMap(({ routes }) => routes)
			.filter(({ origin, destination }) => origin === "CreateRoute" && this.#isOfCluster(destination));
		for (const { target } of mayBeOurs) {
			if (target.kind !== "interface") continue;
			const { networkInterfaceId: id } = target;
			if (this.#holderOf(id) !== undefined || this.#lookups.has(id)) continue;
			throw new Error(`${id} has neither a node nor a lookup`);
		}
	}

	#isOfCluster(destination: Cidr): boolean {
		return this.rules.clusterCidrs.some((cluster) => contains(cluster, destination));
	}
}

function isInterfaceId(text: string): text is NetworkInterfaceId {
	return text.startsWith("eni-");
}

function instanceOf(id: `i-${string}`, options: NodeOptions): Instance {
	const { life = "serving", vpc = "vpc-1", invisible = false, others = [], group } = options;
	const primary: NetworkInterfaceId = `eni-${id.slice(2)}`;
	const hasPrimary = life !== "gone" && !invisible;
	return {
		id,
		life,
		vpcId: vpc ?? undefined,
		primaryInterface: hasPrimary
			? { id: primary, attachedAt: options.attachedAt ?? 1_000, sourceDestCheck: options.checked ?? false }
			: undefined,
		interfaceIds: [...(hasPrimary ? [primary] : []), ...others],
		launchedAt: 0,
		tags: new Map(group === undefined ? [] : [["aws:autoscaling:groupName", group]]),
	};
}

function claimOf(claims: NodeOptions["claims"]): Claim {
	if (claims === undefined) return { kind: "none" };
	if (typeof claims !== "string") return claims;
	const blocks = claims.split(",").map(cidr);
	if (new Set(blocks.map(({ family }) => family)).size !== blocks.length) {
		throw new Error(`${claims}: a node serves one block of each family`);
	}
	return { kind: "blocks", blocks, place: "tag pod-cidr" };
}

export function describeChange({ change, withheld }: PlannedChange): string {
	const suffix = withheld === undefined ? "" : " withheld";
	if (change.kind === "disable-source-dest-check") {
		return `check ${change.instanceId} ${change.networkInterfaceId}${suffix}`;
	}
	const where = `${change.kind} ${change.routeTableId} ${change.destination.text}`;
	const from = change.kind === "create" ? "" : ` ${change.from.state} ${change.from.networkInterfaceId}`;
	const to = change.kind === "delete" ? "" : ` -> ${change.instanceId} ${change.networkInterfaceId}`;
	return `${where}${from}${to}${suffix}`;
}

function describeRefusal({ reason, instanceId, destination }: Refusal): string {
	return [reason, instanceId, destination?.text].filter((part) => part !== undefined).join(" ");
}

function describeFinding({ code, routeTableId, destination, instanceId }: Finding): string {
	return [code, routeTableId, destination?.text, instanceId].filter((part) => part !== undefined).join(" ");
}

/**
 * The world after a plan's changes, as EC2 would take them. It throws where EC2 would refuse, and where a
 * route is not what the plan took it for.
 */
export function applyTo(observation: Observation, changes: readonly Change[]): Observation {
	return changes.reduce(applyOne, observation);
}

function applyOne(observation: Observation, change: Change): Observation {
	if (change.kind === "disable-source-dest-check")
		return disableCheck(observation, change.networkInterfaceId);
	const tables = observation.tables.map((table) =>
		table.id === change.routeTableId ? { ...table, routes: writeRoute(table, change) } : table,
	);
	return { ...observation, tables };
}

function writeRoute(
	table: RouteTable,
	change: Exclude<Change, { kind: "disable-source-dest-check" }>,
): readonly Route[] {
	const { text } = change.destination;
	const old = table.routes.find((route) => route.origin !== "other" && route.destination.text === text);
	const rest = table.routes.filter((route) => route !== old);
	if (change.kind === "create") {
		if (old !== undefined) throw new Error(`RouteAlreadyExists: ${table.id} ${text}`);
	} else {
		if (
			old?.target.kind !== "interface" ||
			old.target.networkInterfaceId !== change.from.networkInterfaceId
		) {
			throw new Error(`${table.id} ${text} is not at ${change.from.networkInterfaceId}`);
		}
		if (old.state !== change.from.state) throw new Error(`${table.id} ${text} is ${old.state}`);
		if (change.kind === "delete") return rest;
	}
	const { instanceId, networkInterfaceId } = change;
	return [
		...rest,
		{
			destination: change.destination,
			state: "active",
			origin: "CreateRoute",
			target: { kind: "interface", networkInterfaceId, instanceId },
		},
	];
}

function disableCheck(observation: Observation, id: NetworkInterfaceId): Observation {
	const nodes = observation.nodes.map((node): Node => {
		const { primaryInterface } = node.instance;
		if (primaryInterface?.id !== id) return node;
		if (!primaryInterface.sourceDestCheck) throw new Error(`the check of ${id} is off already`);
		const instance = { ...node.instance, primaryInterface: { ...primaryInterface, sourceDestCheck: false } };
		return { ...node, instance };
	});
	return { ...observation, nodes };
}
