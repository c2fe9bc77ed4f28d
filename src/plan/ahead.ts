import { type Cidr, contains } from "../model/cidr.ts";
import type { RouteTable } from "../model/route.ts";
import type { Rules } from "../model/rules.ts";
import { analyse } from "./analyse.ts";
import { BlockIndex } from "./block-index.ts";
import type { Node } from "./observation.ts";
import { makePlan, type PlannedChange } from "./plan.ts";

/** What is known of a cluster while claims are still being read, the most senior nodes' first. */
export interface Heard {
	/** Every node more senior than those to plan for. */
	readonly seniors: readonly Node[];
	readonly tables: readonly RouteTable[];
}

/**
 * Changes for `next`, the next nodes by seniority, that stand whatever the nodes after them claim: those of
 * nodes whose blocks overlap no route, no senior's block and none of each other's. With no route there is no
 * incumbent, so the first by seniority owns (docs/adr/0004-who-owns-a-block.md), and that is one of these.
 */
export function planAhead(
	next: readonly Node[],
	{ seniors, tables }: Heard,
	rules: Rules,
): readonly PlannedChange[] {
	const taken = [...routedBlocks(tables, rules), ...[...seniors, ...next].flatMap(blocksOf)];
	const index = new BlockIndex(taken);
	const times = Map.groupBy(taken, ({ text }) => text);
	const isFree = (block: Cidr) =>
		// Stryker disable next-line OptionalChaining: every block of theirs is among those taken.
		times.get(block.text)?.length === 1 && index.overlapping(block).length === 0;
	const nodes = next.filter((node) => blocksOf(node).every(isFree));
	// Stryker disable next-line BooleanLiteral: deletes and overlapped blocks depend on it, and there are none.
	const analysis = analyse({ nodes, complete: false, tables, interfaces: new Map() }, rules);
	return makePlan(analysis, {
		scope: "all",
		// Stryker disable next-line StringLiteral: where not all nodes are known, nothing is an orphan.
		deletes: "none",
	}).changes;
}

/** Claims that will be refused count too: it costs a little time and no proof. */
function blocksOf({ claim }: Node): readonly Cidr[] {
	return claim.kind === "blocks" ? claim.blocks : [];
}

/** Wider routes, the default one among them, stand against no claim. */
function routedBlocks(tables: readonly RouteTable[], { clusterCidrs }: Rules): readonly Cidr[] {
	return tables
		.flatMap(({ routes }) => routes.map(({ destination }) => destination))
		.filter((destination) => clusterCidrs.some((cluster) => contains(cluster, destination)));
}
