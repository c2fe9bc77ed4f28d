import type { From, RouteChange } from "../model/change.ts";
import type { Cidr } from "../model/cidr.ts";
import type { InstanceId } from "../model/instance.ts";
import type { RouteTableId } from "../model/route.ts";
import type { Claimants } from "./claimants.ts";
import { isAmong, mayLose } from "./contest.ts";
import type { Held } from "./holder.ts";
import type { Node } from "./observation.ts";
import type { Placed } from "./placed.ts";
import type { Reachable } from "./seniority.ts";
import type { Owned } from "./settle.ts";
import type { Claims } from "./vet.ts";

/**
 * What one destination of one table is, by the contract's table of routes.
 *
 * - `missing`, `misdirected`, `blackhole`: an owner's route, to be made right by `change`.
 * - `stopped-owner`: kept for a resting owner.
 * - `unclaimed`: points to a node that claims something else, or nothing; kept.
 * - `orphan`: proven dead and unclaimed; `change` would delete it.
 * - `stale-read`: active, though its interface was not found: two reads disagree, so nothing is done.
 *
 * A route has no verdict that is right, is foreign, or is accounted for by a claim that was refused, could not
 * be read, or whose node is not visible yet.
 */
export type Verdict = {
	readonly routeTableId: RouteTableId;
	readonly destination: Cidr;
} & (
	| { readonly kind: "missing"; readonly owner: Node; readonly change: RouteChange }
	| {
			readonly kind: "misdirected" | "blackhole";
			readonly owner: Node;
			readonly from: From;
			readonly change: RouteChange;
	  }
	| { readonly kind: "stopped-owner"; readonly owner: Node }
	| { readonly kind: "unclaimed"; readonly node: Node; readonly from: From }
	| { readonly kind: "orphan"; readonly from: From; readonly change: RouteChange }
	| { readonly kind: "stale-read"; readonly owner: Node | undefined; readonly from: From }
);

/** What an owner's block is in one table of its VPC. */
export function judgeOwned(owned: Owned, routeTableId: RouteTableId, vetted: Claims): Verdict | undefined {
	const { owner, block, held } = owned;
	const at = { routeTableId, destination: block };
	const holder = held.find((route) => route.routeTableId === routeTableId)?.holder;
	const isServing = owner.instance.life === "serving";
	if (holder === undefined) {
		const change = { kind: "create", ...at, ...targetOf(owner) } as const;
		return isServing ? { ...at, kind: "missing", owner, change } : undefined;
	}
	const { from } = holder;
	if (holder.kind === "nobody" && from.state === "active") return { ...at, kind: "stale-read", owner, from };
	if (isServing) return judgeServing(owned, routeTableId, holder, vetted);
	return from.state === "blackhole" ? { ...at, kind: "stopped-owner", owner } : undefined;
}

function judgeServing(
	owned: Owned,
	routeTableId: RouteTableId,
	holder: Held,
	vetted: Claims,
): Verdict | undefined {
	const { owner, block } = owned;
	const { from } = holder;
	if (isRight(from, owner) || holdsAgainst(holder, owned, vetted)) return undefined;
	const at = { routeTableId, destination: block };
	const kind = from.state === "active" || pointsAside(holder, owned, vetted) ? "misdirected" : "blackhole";
	return { ...at, kind, owner, from, change: { kind: "replace", ...at, ...targetOf(owner), from } };
}

function targetOf({ instance }: Reachable): Pick<From, "networkInterfaceId"> & { instanceId: InstanceId } {
	return { instanceId: instance.id, networkInterfaceId: instance.primaryInterface.id };
}

function isRight({ state, networkInterfaceId }: From, owner: Reachable): boolean {
	return state === "active" && networkInterfaceId === owner.instance.primaryInterface.id;
}

/** Whether another claimant of the block, routed in this table, keeps what it has here. */
function holdsAgainst(holder: Held, { owner, block }: Owned, vetted: Claims): boolean {
	return holder.kind === "node" && holder.node !== owner && !mayLose(holder, block, vetted);
}

/** Whether the target lives on elsewhere: the owner's other interface, or a node that claims something else. */
function pointsAside(holder: Held, { owner, claimants }: Owned, vetted: Claims): boolean {
	if (holder.kind !== "node") return false;
	const { node, from } = holder;
	if (node === owner) return from.networkInterfaceId !== owner.instance.primaryInterface.id;
	return vetted.get(node.instance.id)?.kind === "valid" && !isAmong(claimants, node);
}

/**
 * What a managed route is whose destination has no settlement. `isClaimed` and `mayBeOrphan` tell of claims
 * that have none either. For complete observations only.
 */
export function judgeUnclaimed(
	{ routeTableId, holder, route: { destination } }: Placed,
	vetted: Claims,
	{ isClaimed, mayBeOrphan }: Claimants,
): Verdict | undefined {
	if (holder.kind === "foreign") return undefined;
	const at = { routeTableId, destination };
	const { from } = holder;
	if (holder.kind === "nobody" && from.state === "active")
		return { ...at, kind: "stale-read", owner: undefined, from };
	if (isClaimed(destination)) return undefined;
	if (holder.kind === "node") {
		const claim = vetted.get(holder.node.instance.id)?.kind;
		const saysOtherwise = claim === "valid" || claim === "none";
		return saysOtherwise ? { ...at, kind: "unclaimed", node: holder.node, from } : undefined;
	}
	if (!mayBeOrphan) return undefined;
	return { ...at, kind: "orphan", from, change: { kind: "delete", ...at, from } };
}
