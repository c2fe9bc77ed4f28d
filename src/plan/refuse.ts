import { type Cidr, compareCidrs, contains } from "../model/cidr.ts";
import type { Refusal, RefusalReason } from "../model/finding.ts";
import { compareOptional, compareText } from "../model/order.ts";
import type { Node } from "./observation.ts";
import type { Overlap, Settlement } from "./settle.ts";

const GROUP_TAG = "aws:autoscaling:groupName";

/** Every serving claimant that does not get its block, with the first reason that holds and both sides named. */
export function refusalsOf(settlement: Settlement): readonly Refusal[] {
	return settlement.claimants
		.filter((node) => node.instance.life === "serving" && node !== settlement.owner)
		.map((node) => {
			const { reason, detail } = whyNot(settlement, node);
			return { reason, instanceId: node.instance.id, destination: settlement.block, detail };
		});
}

function whyNot(
	settlement: Settlement,
	node: Node,
): { readonly reason: RefusalReason; readonly detail: string } {
	const { block, overlap, keeper, foreign } = settlement;
	const claims = `${node.instance.id} claims ${block.text}`;
	if (overlap !== undefined) {
		return {
			reason: "overlapping-claim",
			detail: `${claims}, ${describeOverlap(block, overlap, node.instance.id)}`,
		};
	}
	// Stryker disable next-line ConditionalExpression: a serving claimant makes a keeper.
	if (keeper !== undefined && keeper !== node) {
		return { reason: "contested-claim", detail: `${claims}, ${describeKeeper(settlement, keeper)}` };
	}
	// Stryker disable next-line ConditionalExpression: nothing else keeps a block from its keeper.
	if (foreign !== undefined) {
		const { route, routeTableId, holder } = foreign;
		const where =
			route.destination.text === block.text ? "holds it" : `to ${route.destination.text} lies inside it`;
		return {
			reason: "foreign-route-conflict",
			detail: `${claims}, but a foreign route in ${routeTableId} ${where} (foreign because ${holder.why}): remove that route, or claim another block`,
		};
	}
	// Stryker disable next-line all: never reached, as the properties of a plan show.
	throw new Error(`${claims} and neither gets it nor is refused: this is a fault in podroute`);
}

/** Rule 3's order, in words. */
const SENIORITY = "by attach time of the primary interface, then instance id";

/** Who has a contested block, why that node keeps it, and what to do. */
export function describeKeeper({ claimants, heldOut, incumbent }: Settlement, keeper: Node): string {
	const { id, life } = keeper.instance;
	if (heldOut) {
		return `but its route points to ${id}, and nothing that ${id} claims says that it gave the block up, so the route is not moved: correct the claim of ${id}, or claim another block`;
	}
	const shared = sharedGroup(claimants);
	const remedy =
		shared === undefined
			? "give each node a block of its own"
			: `all are in auto scaling group ${shared}, whose launch template gives every instance the same user data: let each node write its own claim`;
	if (!incumbent) return `which ${id} claims too and comes first, ${SENIORITY}: ${remedy}`;
	const resting = life === "resting" ? ` (${id} rests, but its route is not a blackhole yet)` : "";
	return `which is routed to ${id} already and stays there${resting}: ${remedy}`;
}

const WHY_KEPT = {
	routed: "is routed already and keeps",
	senior: `comes first, ${SENIORITY}`,
} as const;

/** What overlaps a block that `claimant` claims, which of the two keeps and why, and whom EC2 favours. */
export function describeOverlap(block: Cidr, overlap: Overlap, claimant: string): string {
	const { block: other, node, right } = overlap;
	const theirs = node === undefined ? other.text : `${other.text} of ${node.instance.id}`;
	const outcome =
		right === "both-routed"
			? "both are routed already, so neither route is touched"
			: `${other.text} ${WHY_KEPT[right]}`;
	const favoured = contains(block, other) ? theirs : `${block.text} of ${claimant}`;
	return `which overlaps ${theirs}: ${outcome}; longest-prefix match favours ${favoured}; give each node a block of its own`;
}

function sharedGroup(nodes: readonly Node[]): string | undefined {
	const groups = new Set(nodes.map(({ instance }) => instance.tags.get(GROUP_TAG)));
	return groups.size === 1 ? [...groups][0] : undefined;
}

/** Whole claims first, then in address order, then by instance. */
export function compareRefusals(a: Refusal, b: Refusal): number {
	return (
		compareOptional(a.destination, b.destination, compareCidrs) || compareText(a.instanceId, b.instanceId)
	);
}
