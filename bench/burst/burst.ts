import { BUCKETS, floorSeconds } from "../buckets.ts";
import type { Figure } from "../figure.ts";
import type { WorldOptions } from "../simulated-world.ts";
import { ALTERNATIVES, type Candidate, CHOSEN, SWEEP } from "./designs.ts";
import { type BurstOutcome, simulateBurst } from "./simulate.ts";

const NODES = 500;
/** How near to the floor the last route must come. */
const GOAL = 1.2;

/** 500 nodes launch within 10 seconds, with two events each: the chosen way of delivery, and the others beside it. */
export async function benchBurst(): Promise<readonly Figure[]> {
	const chosen = await simulateBurst({ nodes: NODES }, CHOSEN.design);
	const figures = [
		{ name: "last route, floors", value: nearness(chosen, {}), unit: "ratio", goal: GOAL },
		{ name: "not routed", value: NODES - chosen.routed, unit: "count", goal: 0 },
		{ name: "in the failure queue", value: chosen.deadLetters, unit: "count", goal: 0 },
		...tell(CHOSEN, chosen),
	] satisfies readonly Figure[];
	return [
		...figures,
		...(await compare(ALTERNATIVES)),
		...(await stress()),
		...(await single([CHOSEN, ...ALTERNATIVES.slice(0, 1)])),
	];
}

/** Every setting that was tried. */
export function benchSweep(): Promise<readonly Figure[]> {
	return compare(SWEEP);
}

/** One after another: each has the simulated time of this process to itself. */
async function compare(candidates: readonly Candidate[]): Promise<readonly Figure[]> {
	const figures: Figure[] = [];
	for (const candidate of candidates) {
		figures.push(...tell(candidate, await simulateBurst({ nodes: NODES }, candidate.design)));
	}
	return figures;
}

/** The chosen one where the account is not ours alone, and where every node needs three routes. */
async function stress(): Promise<readonly Figure[]> {
	const cases = [
		{ name: "half of the buckets taken", world: { shared: true } },
		{ name: "three tables", world: { tables: 3 } },
	];
	const figures: Figure[] = [];
	for (const { name, world } of cases) {
		const outcome = await simulateBurst({ nodes: NODES, ...world }, CHOSEN.design);
		figures.push(
			{ name: `${name}: last route, floors`, value: nearness(outcome, world), unit: "ratio", goal: GOAL },
			{ name: `${name}: failed events`, value: outcome.deadLetters, unit: "count", goal: 0 },
		);
	}
	return figures;
}

/** What a way of delivery costs where nothing else happens: a single node, by a function that has just started. */
async function single(candidates: readonly Candidate[]): Promise<readonly Figure[]> {
	const figures: Figure[] = [];
	for (const { name, design } of candidates) {
		const { lastAfter } = await simulateBurst({ nodes: 1 }, design);
		figures.push({ name: `one node by ${name}`, value: lastAfter, unit: "s" });
	}
	return figures;
}

/** When the last node was routed, in multiples of the least time that the bucket of CreateRoute allows. */
function nearness(
	{ lastAfter }: BurstOutcome,
	{ tables = 1, shared = false }: Partial<WorldOptions>,
): number {
	const { capacity, perSecond } = BUCKETS.CreateRoute;
	return (
		lastAfter / floorSeconds(NODES * tables, { capacity, perSecond: shared ? perSecond / 2 : perSecond })
	);
}

function tell({ name }: Candidate, outcome: BurstOutcome): readonly Figure[] {
	const { nodes, routed, lastAfter, calls, refused, deadLetters, lambdaSeconds } = outcome;
	const note = routed < nodes ? `${nodes - routed} nodes are never routed` : undefined;
	return [
		{ name: `${name}: last route`, value: lastAfter, unit: "s", ...(note === undefined ? {} : { note }) },
		{ name: `${name}: calls`, value: calls, unit: "calls" },
		{ name: `${name}: refused`, value: refused, unit: "calls" },
		{ name: `${name}: failed events`, value: deadLetters, unit: "count" },
		{ name: `${name}: Lambda`, value: lambdaSeconds, unit: "s" },
	];
}
