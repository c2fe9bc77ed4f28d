import { type Cidr, compareCidrs } from "../model/cidr.ts";
import type { VpcId } from "../model/instance.ts";
import { BlockIndex } from "./block-index.ts";
import { type Bid, settleEqual } from "./contest.ts";
import type { Held, Holder } from "./holder.ts";
import type { Node } from "./observation.ts";
import type { Placed, PlacedRoutes } from "./placed.ts";
import { bySeniority, isReachable, type Reachable } from "./seniority.ts";
import type { Claims } from "./vet.ts";

/** A route that may be ours, in its table. */
type Managed = Placed & { readonly holder: Held };

/** Who owns a block, and everything that stands against it. */
export interface Settlement extends Bid {
	readonly vpcId: VpcId;
	/** The node whose claim is accepted. */
	readonly owner: Reachable | undefined;
	/** Who owns the block, or has it, or would own it but for what follows. */
	readonly keeper: Node | undefined;
	readonly incumbent: boolean;
	/** Another block in the way: claimed, or routed without a claim. */
	readonly overlap: Overlap | undefined;
	/** A foreign route at the block or inside it. */
	readonly foreign: (Placed & { readonly holder: Extract<Holder, { kind: "foreign" }> }) | undefined;
	/** The managed routes to the block, one a table at most. */
	readonly held: readonly Managed[];
	/** Whether the keeper does not validly claim the block, but has a route there that may not be moved. */
	readonly heldOut: boolean;
}

/** A settlement that somebody came out of as owner. */
export type Owned<T extends Settlement = Settlement> = T & { readonly owner: Reachable };

export function isOwned<T extends Settlement>(settlement: T): settlement is Owned<T> {
	return settlement.owner !== undefined;
}

export interface Overlap {
	readonly block: Cidr;
	/** Absent where the route there is held by no node. */
	readonly node: Node | undefined;
	/** Why that block keeps: it is routed, or both are and neither is touched, or its node came first. */
	readonly right: "routed" | "both-routed" | "senior";
}

interface Contender extends Settlement {
	readonly routed: boolean;
}

/**
 * One owner a block, for the claims of one VPC, by the contract's "Who owns a block". The result is in
 * address order and does not depend on the order of nodes or routes.
 */
export function settle(
	vpcId: VpcId,
	nodes: readonly Node[],
	vetted: Claims,
	placed: PlacedRoutes,
	complete: boolean,
): readonly Settlement[] {
	const bids = gatherBids(
		nodes.filter(({ instance }) => instance.vpcId === vpcId),
		vetted,
	);
	const destinations = new BlockIndex(placed.all.map(({ route }) => route.destination));
	const contenders = bids.map((bid) => contend(vpcId, bid, vetted, placed, destinations));
	return settleOverlaps(contenders, placed, complete);
}

function gatherBids(nodes: readonly Node[], vetted: Claims): readonly Bid[] {
	const byBlock = new Map<string, { block: Cidr; claimants: Reachable[] }>();
	for (const node of nodes) {
		const claim = vetted.get(node.instance.id);
		if (claim?.kind !== "valid" || !isReachable(node)) continue;
		for (const block of claim.blocks) {
			const bid = byBlock.get(block.text) ?? { block, claimants: [] };
			bid.claimants.push(node);
			byBlock.set(block.text, bid);
		}
	}
	for (const { claimants } of byBlock.values()) claimants.sort(bySeniority);
	return [...byBlock.values()].sort((a, b) => compareCidrs(a.block, b.block));
}

function contend(
	vpcId: VpcId,
	bid: Bid,
	vetted: Claims,
	placed: PlacedRoutes,
	destinations: BlockIndex,
): Contender {
	const { block, claimants } = bid;
	const there = placed.at(block);
	const held = there.filter(isManaged);
	const holders = held.map(({ holder }) => holder);
	const { owner, incumbent, holdout } = settleEqual(bid, holders, vetted);
	const foreign =
		there.find(isForeign) ??
		destinations
			.inside(block)
			.flatMap((inside) => placed.at(inside))
			.find(isForeign);
	return {
		vpcId,
		block,
		claimants,
		owner: foreign === undefined ? owner : undefined,
		keeper: holdout ?? owner,
		incumbent,
		overlap: undefined,
		foreign,
		heldOut: holdout !== undefined,
		held,
		routed: held.length > 0,
	};
}

function isManaged(placed: Placed): placed is Managed {
	return placed.holder.kind !== "foreign";
}

function isForeign(
	placed: Placed,
): placed is Placed & { readonly holder: Extract<Holder, { kind: "foreign" }> } {
	return placed.holder.kind === "foreign";
}

/**
 * Rule 4, for unequal blocks: the routed one keeps; of two routed ones neither is touched; of two unrouted
 * ones the more senior owner's is accepted.
 */
function settleOverlaps(
	contenders: readonly Contender[],
	placed: PlacedRoutes,
	complete: boolean,
): readonly Settlement[] {
	const standingRoutes = placed.all.filter(isManaged).filter(({ holder }) => !(complete && isDead(holder)));
	const index = new BlockIndex([
		...contenders.map(({ block }) => block),
		...standingRoutes.map(({ route }) => route.destination),
	]);
	// Stryker disable next-line MethodExpression,ConditionalExpression,EqualityOperator: the others change nothing.
	const crowded = contenders.filter(({ block }) => index.overlapping(block).length > 0);
	// Stryker disable next-line ConditionalExpression: as a rule; what follows would find the same, and take its time.
	if (crowded.length === 0) return contenders;
	const standing = Map.groupBy(standingRoutes, ({ route }) => route.destination.text);
	const accepted = new Map(
		crowded.filter(({ routed }) => routed).map((contender) => [contender.block.text, contender]),
	);
	const overlaps = new Map<string, Overlap>();

	for (const contender of inOrderOfRight(crowded)) {
		const overlap = overlapOf(contender, index.overlapping(contender.block), { standing, accepted });
		if (overlap !== undefined) overlaps.set(contender.block.text, overlap);
		else if (contender.owner !== undefined) accepted.set(contender.block.text, contender);
	}
	return contenders.map((contender) => {
		const overlap = overlaps.get(contender.block.text);
		return overlap === undefined ? contender : { ...contender, owner: undefined, overlap };
	});
}

/** The most senior owner's first. Those that nobody may have come last: they take nothing from anybody. */
function inOrderOfRight(contenders: readonly Contender[]): readonly Contender[] {
	const owned = contenders.filter(isOwned).sort((a, b) => bySeniority(a.owner, b.owner));
	// Stryker disable next-line all: to look at an owned one twice gives the same answer twice.
	return [...owned, ...contenders.filter(({ owner }) => owner === undefined)];
}

interface InTheWay {
	/**
	 * Managed routes that are not proven dead, claimed or not. They may carry a node's traffic, so a new
	 * overlapping route would take part of it. In a complete observation a blackhole whose
	 * interface is gone is proven dead; in a partial one its claimant may be a node that was not asked for.
	 */
	readonly standing: ReadonlyMap<string, readonly Managed[]>;
	/** The routed, and the unrouted that were accepted so far. */
	readonly accepted: ReadonlyMap<string, Contender>;
}

function overlapOf(
	contender: Contender,
	blocks: readonly Cidr[],
	{ standing, accepted }: InTheWay,
): Overlap | undefined {
	for (const block of blocks) {
		const other = accepted.get(block.text);
		if (other !== undefined) return { block, node: other.keeper, right: rightOf(other, contender) };
		if (contender.routed) continue;
		const ofAnother = standing.get(block.text)?.find(({ holder }) => holder.node !== contender.keeper);
		if (ofAnother !== undefined) return { block, node: ofAnother.holder.node, right: "routed" };
	}
	return undefined;
}

function rightOf(keeping: Contender, other: Contender): Overlap["right"] {
	if (!keeping.routed) return "senior";
	return other.routed ? "both-routed" : "routed";
}

function isDead({ kind, node, from }: Held): boolean {
	return kind === "nobody" ? from.state === "blackhole" : node.instance.life === "gone";
}
