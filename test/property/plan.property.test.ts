import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../src/model/change.ts";
import { type Cidr, contains, overlaps } from "../../src/model/cidr.ts";
import type { Claim } from "../../src/model/claim.ts";
import type { InstanceId, VpcId } from "../../src/model/instance.ts";
import type { Route, RouteTableId } from "../../src/model/route.ts";
import { planAhead } from "../../src/plan/ahead.ts";
import { analyse } from "../../src/plan/analyse.ts";
import { findAll } from "../../src/plan/findings.ts";
import type { Node, Observation } from "../../src/plan/observation.ts";
import { makePlan, type Plan, type Policy } from "../../src/plan/plan.ts";
import { compareSeniority } from "../../src/plan/seniority.ts";
import { applyTo, cidr, describeChange, PlanWorld, RULES } from "../support/plan-world.ts";

/** Few, so that claims and routes meet; the first ones the most. */
const BLOCKS = [
	"10.200.0.0/24",
	"10.200.0.0/24",
	"10.200.0.0/24",
	"10.200.1.0/24",
	"10.200.1.0/24",
	"10.200.0.0/23",
	"10.200.0.0/25",
	"10.200.2.0/24",
];
const BLOCKS_V6 = ["fd00:10:200::/63", "fd00:10:200::/64", "fd00:10:200:1::/64"];
const BAD_BLOCKS = ["10.9.0.0/24", "10.200.0.0/16", "10.200.240.0/24"];
const FOREIGN_BLOCKS = ["0.0.0.0/0", "10.200.0.0/15", "10.9.0.0/24", "10.200.0.7/32", "10.200.0.0/20"];
const VPCS = [...Array<"vpc-1">(9).fill("vpc-1"), "vpc-2", "vpc-9"] as const;
const LATE = "eni-late";

const SHARE_MAX = 0.3;

/** Weighted so that most claims are good and often meet. */
const claims: fc.Arbitrary<string | Exclude<Claim, { kind: "blocks" }>> = fc.oneof(
	{ weight: 9, arbitrary: fc.constantFrom(...BLOCKS) },
	{ weight: 2, arbitrary: fc.constantFrom(...BLOCKS_V6) },
	{
		weight: 2,
		arbitrary: fc
			.tuple(fc.constantFrom(...BLOCKS), fc.constantFrom(...BLOCKS_V6))
			.map((blocks) => blocks.join()),
	},
	{ weight: 1, arbitrary: fc.constantFrom(...BAD_BLOCKS) },
	{
		weight: 1,
		arbitrary: fc.constantFrom("malformed-claim" as const, "contradictory-claim" as const).map((reason) => ({
			kind: "refused" as const,
			reason,
			detail: "tag pod-cidr: it is empty",
		})),
	},
	{ weight: 1, arbitrary: fc.constant({ kind: "none" as const }) },
	{ weight: 1, arbitrary: fc.constant({ kind: "unread" as const, why: "AccessDenied" }) },
);

const node = fc.record({
	claims,
	life: fc.constantFrom("serving" as const, "serving" as const, "resting" as const, "gone" as const),
	vpc: fc.constantFrom(...VPCS),
	attachedAt: fc.nat({ max: 2 }),
	checked: fc.boolean(),
	invisible: fc.nat({ max: 9 }).map((die) => die === 0),
	grouped: fc.boolean(),
});

/** A target by number: a node's interface, or one of the other kinds of target. */
const target = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({ node: fc.nat({ max: 5 }), suffix: fc.constantFrom("", "", "x") }),
	},
	{ weight: 2, arbitrary: fc.constantFrom("eni-dead1", "eni-dead2", "eni-dead3") },
	{ weight: 1, arbitrary: fc.constantFrom(LATE, LATE, "eni-detached", "eni-other", "eni-account", "pcx-1") },
);

const route = fc.record({
	table: fc.nat({ max: 2 }),
	destination: fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom(...BLOCKS, ...BLOCKS_V6) },
		{ weight: 1, arbitrary: fc.constantFrom(...FOREIGN_BLOCKS) },
	),
	target,
	state: fc.oneof(
		{ weight: 5, arbitrary: fc.constant("active" as const) },
		{ weight: 4, arbitrary: fc.constant("blackhole" as const) },
		{ weight: 1, arbitrary: fc.constant("other" as const) },
	),
	origin: fc.nat({ max: 9 }).map((die) => (die === 0 ? ("other" as const) : ("CreateRoute" as const))),
});

const seed = fc.record({
	nodes: fc.oneof(
		{ weight: 19, arbitrary: fc.array(node, { minLength: 3, maxLength: 6, size: "max" }) },
		{ weight: 1, arbitrary: fc.constant([]) },
	),
	tables: fc.constantFrom<VpcId[][]>(["vpc-1"], ["vpc-1", "vpc-1"], ["vpc-1", "vpc-2", "vpc-1"]),
	routes: fc.uniqueArray(route, {
		maxLength: 16,
		size: "max",
		selector: ({ table, destination, origin }) => `${table} ${destination} ${origin}`,
	}),
	isComplete: fc.nat({ max: 4 }).map((die) => die > 0),
});

type Seed = typeof seed extends fc.Arbitrary<infer T> ? T : never;

/** Builds a seed's world. A route from a table to an instance of another VPC cannot be, and is left out. */
function observationOf({ nodes, tables, routes, isComplete }: Seed): Observation {
	const world = new PlanWorld();
	for (const [index, vpcId] of tables.entries()) {
		world.table(`rtb-${index}`, vpcId, ["10.0.0.0/16", "10.200.240.0/20"]);
	}
	for (const [index, { grouped, ...options }] of nodes.entries()) {
		world.node(`i-${index}`, {
			...options,
			others: [`eni-${index}x`],
			...(grouped ? { group: "workers" } : {}),
		});
	}
	world
		.gone("eni-dead1", "eni-dead2", "eni-dead3")
		.lookup("eni-detached", { kind: "detached" })
		.lookup("eni-other", { kind: "attached", instanceId: "i-other" })
		.lookup("eni-account", { kind: "unusable", why: "eni-account belongs to another account" })
		.lookup(LATE, { kind: "attached", instanceId: "i-0" });
	for (const { table, destination, target: aim, state, origin } of routes) {
		const vpcId = tables[table];
		const eni = interfaceOf(aim, vpcId, nodes);
		if (eni !== undefined) world.route(`rtb-${table}`, destination, eni, { state, origin });
	}
	return (isComplete ? world : world.partial()).observe();
}

/** `undefined` where a table of that VPC, or the target itself, is not there. */
function interfaceOf(
	aim: Seed["routes"][number]["target"],
	vpcId: VpcId | undefined,
	nodes: Seed["nodes"],
): string | undefined {
	if (vpcId === undefined) return undefined;
	if (aim === LATE) return nodes[0]?.vpc === vpcId ? aim : undefined;
	if (typeof aim === "string") return aim;
	const holder = nodes[aim.node];
	return holder?.vpc === vpcId && isAttached(holder, aim.suffix) ? `eni-${aim.node}${aim.suffix}` : undefined;
}

function isAttached({ life, invisible }: Seed["nodes"][number], suffix: string): boolean {
	return suffix !== "" || (life !== "gone" && !invisible);
}

const worlds = seed.map(observationOf);

const CLEAN: Policy = { scope: "all", deletes: { shareMax: SHARE_MAX } };

function planFor(observation: Observation, policy: Policy = CLEAN): Plan {
	return makePlan(analyse(observation, RULES), policy);
}

function wanted(plan: Plan): readonly Change[] {
	return plan.changes.flatMap(({ change, withheld }) => (withheld === undefined ? [change] : []));
}

/** Worlds enough to meet the rare ones, yet all laws in a few seconds. */
function always(law: (observation: Observation) => void): void {
	fc.assert(fc.property(worlds, law), { numRuns: 600 });
}

/** The world as the laws see it: written apart from the code under test. */
class View {
	readonly observation: Observation;
	constructor(observation: Observation) {
		this.observation = observation;
	}

	node(id: InstanceId): Node {
		const found = this.observation.nodes.find(({ instance }) => instance.id === id);
		if (found === undefined) throw new Error(`${id} is not listed`);
		return found;
	}

	vpcOf(tableId: RouteTableId): VpcId | undefined {
		return this.observation.tables.find(({ id }) => id === tableId)?.vpcId;
	}

	/** The one route that a change of a table's destination would touch. */
	route(tableId: RouteTableId, destination: Cidr): Route | undefined {
		return this.observation.tables
			.find(({ id }) => id === tableId)
			?.routes.find((each) => each.origin !== "other" && each.destination.text === destination.text);
	}

	holder({ target: { networkInterfaceId } }: Managed): Node | "gone" | undefined {
		const { nodes, interfaces } = this.observation;
		const listed = nodes.find(({ instance }) => instance.interfaceIds.includes(networkInterfaceId));
		if (listed !== undefined) return listed;
		const lookup = interfaces.get(networkInterfaceId);
		if (lookup?.kind === "gone") return "gone";
		return nodes.find(({ instance }) => lookup?.kind === "attached" && instance.id === lookup.instanceId);
	}

	isManaged(each: Route): each is Managed {
		return (
			each.origin === "CreateRoute" &&
			each.state !== "other" &&
			each.target.kind === "interface" &&
			RULES.clusterCidrs.some((cluster) => contains(cluster, each.destination)) &&
			this.holder(each as Managed) !== undefined
		);
	}

	/** Blocks of a claim that stands by itself: of a living node in a VPC with a table. */
	validBlocks({ claim, instance }: Node): readonly Cidr[] {
		if (claim.kind !== "blocks" || instance.life === "gone") return [];
		const isHere = this.observation.tables.some(({ vpcId }) => vpcId === instance.vpcId);
		const isBad = claim.blocks.some(({ text }) => BAD_BLOCKS.includes(text));
		return isHere && !isBad ? claim.blocks : [];
	}

	/** Whether no living node may mean the block: those whose claim is valid in another VPC cannot. */
	isProvenUnclaimed(tableId: RouteTableId, block: Cidr): boolean {
		const { nodes } = this.observation;
		const alive = nodes.filter(({ instance }) => instance.life !== "gone");
		const near = alive.filter(
			(each) => this.validBlocks(each).length === 0 || each.instance.vpcId === this.vpcOf(tableId),
		);
		const named = near.flatMap(({ claim }) => (claim.kind === "blocks" ? claim.blocks : []));
		const isRead = alive.every(({ claim }) => claim.kind !== "unread");
		return nodes.length > 0 && isRead && !named.some(({ text }) => text === block.text);
	}

	claimsExactly(each: Node, block: Cidr): boolean {
		return this.validBlocks(each).some(({ text }) => text === block.text);
	}
}

type Managed = Route & { readonly target: Extract<Route["target"], { kind: "interface" }> };

interface Touched {
	readonly view: View;
	readonly change: Exclude<Change, { kind: "disable-source-dest-check" }>;
	/** The route of the table's to the change's destination, propagated ones aside. */
	readonly old: Route | undefined;
	/** Who has it, where that is a node. */
	readonly holder: Node | undefined;
}

/** Each wanted change of a route, with the route that it touches. */
function* touched(observation: Observation): Generator<Touched> {
	const view = new View(observation);
	for (const change of wanted(planFor(observation))) {
		if (change.kind === "disable-source-dest-check") continue;
		const old = view.route(change.routeTableId, change.destination);
		const holder = old && view.isManaged(old) ? view.holder(old) : undefined;
		yield { view, change, old, holder: holder === "gone" ? undefined : holder };
	}
}

/** Each route that a plan takes from a node, to give it to another interface or to nobody. */
function* taken(observation: Observation) {
	for (const { view, change, old, holder } of touched(observation)) {
		if (old !== undefined && holder !== undefined) yield { view, change, old, holder };
	}
}

describe("a plan", () => {
	it("once applied, leaves nothing to do but deletes that were withheld", () => {
		always((observation) => {
			const plan = planFor(observation);
			const later = planFor(applyTo(observation, wanted(plan)));
			const withheld = plan.changes.filter((change) => change.withheld !== undefined);
			expect(later.changes.map(({ change }) => describeChange({ change }))).toEqual(
				withheld.map(({ change }) => describeChange({ change })),
			);
		});
	});

	it("for one node, once applied, leaves that node nothing to do", () => {
		always((observation) => {
			for (const { instance } of observation.nodes) {
				const policy: Policy = { scope: new Set([instance.id]), deletes: "none" };
				const plan = planFor(observation, policy);
				expect(planFor(applyTo(observation, wanted(plan)), policy).changes).toEqual([]);
			}
		});
	});

	it("takes nothing from what it accepted once it is applied", () => {
		always((observation) => {
			const plan = planFor(observation);
			const later = planFor(applyTo(observation, wanted(plan)));
			expect(later.refusals.map(({ instanceId, destination }) => [instanceId, destination?.text])).toEqual(
				plan.refusals.map(({ instanceId, destination }) => [instanceId, destination?.text]),
			);
		});
	});

	it("and its analysis and findings do not depend on the order of nodes, tables or routes", () => {
		const shuffled = worlds.chain((observation) =>
			fc
				.tuple(
					shuffle(observation.nodes),
					shuffle(observation.tables),
					fc.tuple(...observation.tables.map(({ routes }) => shuffle(routes))),
				)
				.map(([nodes, tables, routes]) => {
					const mixed = tables.map((table) => ({
						...table,
						routes: routes[observation.tables.indexOf(table)] ?? [],
					}));
					return [observation, { ...observation, nodes, tables: mixed }] as const;
				}),
		);
		fc.assert(
			fc.property(shuffled, ([observation, mixed]) => {
				expect(analyse(mixed, RULES)).toEqual(analyse(observation, RULES));
				expect(planFor(mixed)).toEqual(planFor(observation));
				expect(findAll(analyse(mixed, RULES))).toEqual(findAll(analyse(observation, RULES)));
			}),
			{ numRuns: 300 },
		);
	});

	it("for the most senior nodes alone, made ahead, is a part of the plan for all", () => {
		let ahead = 0;
		const cuts = fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }));
		fc.assert(
			fc.property(worlds, cuts, (observation, [a, b]) => {
				const { nodes, tables } = observation;
				if (!observation.complete) return;
				const inOrder = nodes.toSorted((one, other) => compareSeniority(one.instance, other.instance));
				const [seniors, next] = [
					inOrder.slice(0, Math.min(a, b)),
					inOrder.slice(Math.min(a, b), Math.max(a, b)),
				];
				const changes = planAhead(next, { seniors, tables }, RULES).map(describeChange);
				ahead += changes.length;
				const all = planFor(observation).changes.map(describeChange);
				expect(all).toEqual(expect.arrayContaining(changes));
			}),
			{ numRuns: 2_000 },
		);
		expect(ahead).toBeGreaterThan(200);
	});

	it("is sorted by table, then address; checks last", () => {
		always((observation) => {
			const keys = planFor(observation).changes.map(({ change }) => {
				if (change.kind === "disable-source-dest-check") return `z ${change.networkInterfaceId}`;
				const { family, first, prefixLength } = change.destination;
				const address = first.toString(16).padStart(32, "0");
				return `${change.routeTableId} ${family} ${address} ${String(prefixLength).padStart(3, "0")}`;
			});
			expect(keys).toEqual(keys.toSorted());
		});
	});
});

function shuffle<T>(items: readonly T[]): fc.Arbitrary<T[]> {
	return fc.shuffledSubarray([...items], { minLength: items.length });
}

describe("a route", () => {
	it("that is foreign is in no plan", () => {
		always((observation) => {
			for (const { view, change, old } of touched(observation)) {
				if (change.kind === "create") expect(old).toBeUndefined();
				else expect(old && view.isManaged(old)).toBe(true);
			}
		});
	});

	it("is made only to the primary interface of a serving node that validly claims exactly its block", () => {
		always((observation) => {
			for (const { view, change } of touched(observation)) {
				if (change.kind === "delete") continue;
				const owner = view.node(change.instanceId);
				expect(owner.instance.life).toBe("serving");
				expect(owner.instance.vpcId).toBe(view.vpcOf(change.routeTableId));
				expect(owner.instance.primaryInterface?.id).toBe(change.networkInterfaceId);
				expect(view.claimsExactly(owner, change.destination)).toBe(true);
			}
		});
	});

	it("is taken only from a node whose claim frees it, that is gone, or that rests with a blackhole", () => {
		always((observation) => {
			for (const { view, change, old, holder } of taken(observation)) {
				const { id, life } = holder.instance;
				const isItsOwn = change.kind === "replace" && change.instanceId === id;
				const isDown = life === "gone" || (life === "resting" && old.state === "blackhole");
				const blocks = view.validBlocks(holder);
				const isFreed = blocks.length > 0 && !blocks.some((block) => contains(block, change.destination));
				expect([isItsOwn, isDown, isFreed]).toContain(true);
			}
		});
	});

	it("that is active and right for a claimant is never replaced or deleted", () => {
		always((observation) => {
			for (const { view, change, old, holder } of taken(observation)) {
				const primary = holder.instance.primaryInterface?.id;
				const isRight =
					old.state === "active" &&
					old.target.kind === "interface" &&
					old.target.networkInterfaceId === primary &&
					view.claimsExactly(holder, change.destination);
				expect(isRight).toBe(false);
			}
		});
	});

	it("whose two reads disagree is left alone", () => {
		always((observation) => {
			for (const { change, old, holder } of touched(observation)) {
				if (change.kind !== "create" && holder === undefined) expect(old?.state).toBe("blackhole");
			}
		});
	});

	it("is deleted only as a proven orphan", () => {
		always((observation) => {
			for (const { view, change, old } of touched(observation)) {
				if (change.kind !== "delete") continue;
				expect(observation.complete).toBe(true);
				expect(old?.state).toBe("blackhole");
				expect(old && view.isManaged(old) && view.holder(old)).toBe("gone");
				expect(view.isProvenUnclaimed(change.routeTableId, change.destination)).toBe(true);
			}
		});
	});

	it("is deleted only within the share of its table", () => {
		always((observation) => {
			const view = new View(observation);
			const deletes = wanted(planFor(observation)).filter(({ kind }) => kind === "delete");
			for (const { id, routes } of observation.tables) {
				const count = deletes.filter(
					(change) => "routeTableId" in change && change.routeTableId === id,
				).length;
				const managed = routes.filter((each) => view.isManaged(each)).length;
				expect(count <= 2 || count / managed <= SHARE_MAX).toBe(true);
			}
		});
	});
});

function isReachable({ instance }: Node): boolean {
	return instance.life === "serving" && instance.primaryInterface !== undefined;
}

describe("a block", () => {
	it("has one owner at most in a VPC, and no two owners' blocks overlap", () => {
		always((observation) => {
			const owned = analyse(observation, RULES).settlements.filter(({ owner }) => owner !== undefined);
			for (const [index, a] of owned.entries()) {
				for (const b of owned.slice(index + 1)) {
					expect(a.vpcId === b.vpcId && overlaps(a.block, b.block)).toBe(false);
				}
			}
		});
	});

	it("makes each serving claimant its owner or refuses it: never both, never neither", () => {
		always((observation) => {
			const view = new View(observation);
			const { settlements } = analyse(observation, RULES);
			const answers = [
				...settlements.map(({ owner, block }) => `${owner?.instance.id} ${block.text}`),
				...planFor(observation).refusals.map((each) => `${each.instanceId} ${each.destination?.text}`),
			];
			for (const each of observation.nodes.filter(isReachable)) {
				for (const { text } of view.validBlocks(each)) {
					const answer = `${each.instance.id} ${text}`;
					expect(answers.filter((other) => other === answer)).toEqual([answer]);
				}
			}
		});
	});

	it("makes no claimant its owner, nor refuses it, whose interface is not visible: it is unsettled", () => {
		always((observation) => {
			const view = new View(observation);
			const { refusals, unsettled } = planFor(observation);
			const invisible = observation.nodes.filter(
				(each) => each.instance.life === "serving" && !isReachable(each) && view.validBlocks(each).length > 0,
			);
			for (const { instance } of invisible) {
				expect(refusals.filter(({ instanceId }) => instanceId === instance.id)).toEqual([]);
				expect(unsettled.filter(({ instanceId }) => instanceId === instance.id)).toHaveLength(1);
			}
		});
	});

	it("is routed to its serving owner somewhere once the plan is applied, unless two reads disagree", () => {
		always((observation) => {
			const later = applyTo(observation, wanted(planFor(observation)));
			const { settlements, verdicts } = analyse(later, RULES);
			const stale = verdicts
				.filter(({ kind }) => kind === "stale-read")
				.map(({ destination }) => destination.text);
			for (const { owner, block, held } of settlements) {
				if (owner?.instance.life !== "serving" || stale.includes(block.text)) continue;
				const { id } = owner.instance.primaryInterface;
				const targets = held.map(({ holder: { from } }) => `${from.state} ${from.networkInterfaceId}`);
				expect(targets).toContain(`active ${id}`);
			}
		});
	});

	it("refuses nobody that rests or is gone, but for what its claim says by itself", () => {
		always((observation) => {
			const view = new View(observation);
			for (const { reason, instanceId } of planFor(observation).refusals) {
				const isOfContest = ["overlapping-claim", "contested-claim", "foreign-route-conflict"].includes(
					reason,
				);
				if (isOfContest) expect(view.node(instanceId).instance.life).toBe("serving");
			}
		});
	});
});

const ROUTE_CODES = [
	"missing-route",
	"misdirected-route",
	"blackhole-route",
	"orphan-route",
	"unclaimed-route",
	"stopped-owner",
];

describe("findings", () => {
	it("tell of a route once at most", () => {
		always((observation) => {
			const routes = findAll(analyse(observation, RULES))
				.filter(({ code }) => ROUTE_CODES.includes(code))
				.map(({ routeTableId, destination }) => `${routeTableId} ${destination?.text}`);
			expect(routes).toEqual([...new Set(routes)]);
		});
	});

	it("tell every refusal of a complete observation, by its code and its block or node", () => {
		always((observation) => {
			if (!observation.complete) return;
			const findings = findAll(analyse(observation, RULES));
			for (const { reason, instanceId, destination } of planFor(observation).refusals) {
				const told = findings.some(
					({ code, detail }) => code === reason && detail.includes(destination?.text ?? instanceId),
				);
				expect(told).toBe(true);
			}
		});
	});

	it("tell every wanted change of a complete observation", () => {
		always((observation) => {
			if (!observation.complete) return;
			const findings = findAll(analyse(observation, RULES));
			for (const { change } of touched(observation)) {
				const about = findings.filter(
					({ routeTableId, destination }) =>
						routeTableId === change.routeTableId && destination?.text === change.destination.text,
				);
				expect(about).toHaveLength(1);
			}
		});
	});

	it("and refusals, and what is ignored, are whole sentences that leave nothing undefined", () => {
		const rules = fc.record({
			sourceDestCheck: fc.constantFrom("disable" as const, "report" as const),
			routeLimit: fc.integer({ min: 1, max: 8 }),
		});
		fc.assert(
			fc.property(worlds, rules, (observation, changed) => {
				const analysis = analyse(observation, { ...RULES, ...changed });
				const plan = makePlan(analysis, CLEAN);
				const texts = [
					...[...findAll(analysis), ...plan.refusals].map(({ detail }) => detail),
					...[...plan.ignored, ...plan.unsettled].map(({ why }) => why),
					...plan.changes.map(({ withheld }) => withheld ?? ""),
				];
				expect(texts.filter((text) => /undefined|null|NaN|\[object|\(\)| {2}/.test(text))).toEqual([]);
			}),
			{ numRuns: 600 },
		);
	});
});

describe("the work of a plan", () => {
	/** `size` nodes, all routed but for each tenth, and how often a block was looked at to plan for them. */
	function looksFor(size: number): number {
		let looks = 0;
		const watched = (text: string): Cidr => {
			const block = cidr(text);
			const look = <T>(value: T) => ({
				get: () => {
					looks++;
					return value;
				},
			});
			return Object.defineProperties({ ...block }, { text: look(block.text), first: look(block.first) });
		};
		const world = new PlanWorld().table("rtb-1");
		const blockOf = (index: number) => `10.200.${index >> 5}.${(index & 31) << 3}/29`;
		for (let index = 0; index < size; index++) {
			world.node(`i-${index}`, { claims: blockOf(index) });
			if (index % 10 > 0) world.route("rtb-1", blockOf(index), `eni-${index}`);
		}
		const observation = world.observe();
		const nodes = observation.nodes.map((each): Node => {
			if (each.claim.kind !== "blocks") return each;
			return {
				...each,
				claim: { ...each.claim, blocks: each.claim.blocks.map(({ text }) => watched(text)) },
			};
		});
		const tables = observation.tables.map((table) => ({
			...table,
			routes: table.routes.map((each) => ({ ...each, destination: watched(each.destination.text) })),
		}));
		const analysis = analyse({ ...observation, nodes, tables }, RULES);
		makePlan(analysis, CLEAN);
		findAll(analysis);
		return looks;
	}

	it("grows with the cluster, not with its square", () => {
		expect(looksFor(2_000) / looksFor(500)).toBeLessThan(6);
	});
});
