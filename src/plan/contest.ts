import { type Cidr, contains } from "../model/cidr.ts";
import type { Held, HeldByNode } from "./holder.ts";
import type { Node } from "./observation.ts";
import type { Reachable } from "./seniority.ts";
import type { Claims } from "./vet.ts";

/** One block and the nodes of one VPC that validly claim exactly it, the most senior first. */
export interface Bid {
	readonly block: Cidr;
	readonly claimants: readonly Reachable[];
}

/**
 * Who gets a block among equal claims.
 *
 * - `owner`: absent where nobody may have it.
 * - `incumbent`: whether the owner is already routed, or only the first to claim.
 * - `holdout`: a node that does not validly claim the block, but whose route there may not be moved.
 */
export interface Settled {
	readonly owner: Reachable | undefined;
	readonly incumbent: boolean;
	readonly holdout: Node | undefined;
}

/** Rules 3 and 5 of the contract's "Who owns a block", for equal blocks. */
export function settleEqual({ block, claimants }: Bid, held: readonly Held[], vetted: Claims): Settled {
	const serving = claimants.find(isServing);
	if (held.length === 0) return { owner: serving, incumbent: false, holdout: undefined };
	const byNodes = held.filter((holder) => holder.kind === "node");
	const kept = byNodes.filter((holder) => !mayLose(holder, block, vetted));
	const holdout = kept.find(({ node }) => !isAmong(claimants, node))?.node;
	if (holdout !== undefined) return { owner: undefined, incumbent: false, holdout };

	const incumbent = incumbentOf(claimants, kept);
	if (incumbent !== undefined) return { owner: incumbent, incumbent: true, holdout };
	if (serving !== undefined) return { owner: serving, incumbent: false, holdout };
	const pointedAt = claimants.find((node) => byNodes.some((holder) => holder.node === node));
	return { owner: pointedAt ?? claimants[0], incumbent: true, holdout };
}

/**
 * The claimant that keeps a route it has: while it serves, or while it rests and the route is not yet a
 * blackhole. Tables may differ: a serving one is preferred, since only such a one is routed in the others;
 * then one at its primary interface. A route to another interface counts too, since it cannot be moved to
 * anybody else.
 */
function incumbentOf(claimants: readonly Reachable[], kept: readonly HeldByNode[]): Reachable | undefined {
	const routed = claimants.filter((node) => kept.some((holder) => holder.node === node));
	const serving = routed.filter(isServing);
	const candidates = serving.length > 0 ? serving : routed;
	const byPrimary = candidates.find(({ instance }) =>
		kept.some(({ from }) => from.networkInterfaceId === instance.primaryInterface.id),
	);
	return byPrimary ?? candidates[0];
}

/**
 * Whether a node may lose a route to a block's owner: it is gone; it rests and the route is a blackhole; or
 * its claim was read, is valid and says something else. A claim that turned malformed or was removed says
 * nothing of where the node's pods are, so their route stays.
 */
export function mayLose({ node: { instance }, from }: HeldByNode, block: Cidr, vetted: Claims): boolean {
	if (instance.life === "gone") return true;
	if (instance.life === "resting" && from.state === "blackhole") return true;
	const claim = vetted.get(instance.id);
	// Stryker disable next-line OptionalChaining: every living node is vetted.
	return claim?.kind === "valid" && !claim.blocks.some((claimed) => contains(claimed, block));
}

function isServing({ instance }: Node): boolean {
	return instance.life === "serving";
}

/** By identity: an observation has each node once. */
export function isAmong(nodes: readonly Node[], node: Node): boolean {
	return nodes.includes(node);
}
