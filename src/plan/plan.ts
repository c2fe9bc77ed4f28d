import { type Change, compareChanges } from "../model/change.ts";
import type { Refusal } from "../model/finding.ts";
import type { InstanceId } from "../model/instance.ts";
import type { RouteTableId } from "../model/route.ts";
import type { Analysis } from "./analyse.ts";
import { guardDeletes } from "./guard.ts";
import type { Node } from "./observation.ts";
import { planIdOf } from "./plan-id.ts";
import { compareRefusals, refusalsOf } from "./refuse.ts";
import type { Vetted } from "./vet.ts";

/** What a pass is asked to see to. */
export interface Policy {
	/** Whose routes are made right. */
	readonly scope: "all" | ReadonlySet<InstanceId>;
	/** Whether proven orphans are deleted, and of which share of a table's managed routes at most: 0 to 1. */
	readonly deletes: "none" | { readonly shareMax: number };
}

export interface PlannedChange {
	readonly change: Change;
	/** Why the guard keeps this change back, for a person. */
	readonly withheld?: string;
}

/** Something looked at and left alone. */
export interface Ignored {
	readonly instanceId?: InstanceId;
	readonly why: string;
}

/** A value: sorted, printable, countable, refusable. Same analysis, same policy: same plan. */
export interface Plan {
	readonly id: string;
	readonly changes: readonly PlannedChange[];
	readonly refusals: readonly Refusal[];
	/** Nodes in scope with nothing to route. */
	readonly ignored: readonly Ignored[];
	/** Nodes that are not visible yet, and routes that two reads disagree about: to be looked at again soon. */
	readonly unsettled: readonly Ignored[];
}

export function makePlan(analysis: Analysis, policy: Policy): Plan {
	const inScope = (id: InstanceId) => policy.scope === "all" || policy.scope.has(id);
	const changes = wantedChanges(analysis, policy, inScope);
	const managed = countManaged(analysis);
	// Stryker disable next-line ConditionalExpression,StringLiteral: without deletes nothing is withheld.
	const shareMax = policy.deletes === "none" ? 0 : policy.deletes.shareMax;
	const withheld = guardDeletes(changes, managed, shareMax);
	const nodes = analysis.nodes.filter(({ instance }) => inScope(instance.id));
	return {
		id: planIdOf(changes),
		changes: changes.map((change) => {
			const why = change.kind === "delete" ? withheld.get(change.routeTableId) : undefined;
			return why === undefined ? { change } : { change, withheld: why };
		}),
		refusals: allRefusals(analysis).filter(({ instanceId }) => inScope(instanceId)),
		ignored: nodes.flatMap((node) => whyNothingToRoute(node, analysis.vetted.get(node.instance.id))),
		unsettled: [...nodes.flatMap(whyNotVisible), ...staleReads(analysis, inScope)],
	};
}

function wantedChanges(
	{ verdicts, checked, rules }: Analysis,
	policy: Policy,
	inScope: (id: InstanceId) => boolean,
): readonly Change[] {
	const routeChanges = verdicts
		.flatMap((verdict) => ("change" in verdict ? [verdict.change] : []))
		.filter((change) => (change.kind === "delete" ? policy.deletes !== "none" : inScope(change.instanceId)));
	const checks = rules.sourceDestCheck === "disable" ? checked : [];
	const checkChanges: readonly Change[] = checks
		.filter(({ instance }) => inScope(instance.id))
		.map(({ instance }) => ({
			kind: "disable-source-dest-check",
			instanceId: instance.id,
			networkInterfaceId: instance.primaryInterface.id,
		}));
	return [...routeChanges, ...checkChanges].sort(compareChanges);
}

function countManaged({ placed }: Analysis): ReadonlyMap<RouteTableId, number> {
	const managed = placed.filter(({ holder }) => holder.kind !== "foreign");
	return new Map(
		[...Map.groupBy(managed, ({ routeTableId }) => routeTableId)].map(([id, routes]) => [id, routes.length]),
	);
}

/** Every refusal: of a claim as a whole, then of its blocks. */
function allRefusals({ vetted, settlements }: Analysis): readonly Refusal[] {
	const ofClaims = [...vetted.values()].flatMap((claim) => (claim.kind === "refused" ? [claim.refusal] : []));
	return [...ofClaims, ...settlements.flatMap(refusalsOf)].sort(compareRefusals);
}

function whyNothingToRoute({ instance }: Node, claim: Vetted | undefined): readonly Ignored[] {
	const instanceId = instance.id;
	if (claim === undefined) return [{ instanceId, why: "it is shutting down or terminated" }];
	if (claim.kind === "none") return [{ instanceId, why: "it claims no block, by tag or user data" }];
	if (claim.kind === "unread") return [{ instanceId, why: `its claim could not be read: ${claim.why}` }];
	if (instance.life === "resting")
		return [{ instanceId, why: "it is stopping or stopped: it keeps what it has" }];
	return [];
}

function whyNotVisible({ instance }: Node): readonly Ignored[] {
	if (instance.life !== "serving" || instance.primaryInterface !== undefined) return [];
	return [{ instanceId: instance.id, why: "its primary network interface is not visible yet" }];
}

function staleReads({ verdicts }: Analysis, inScope: (id: InstanceId) => boolean): readonly Ignored[] {
	return verdicts.flatMap((verdict) => {
		if (verdict.kind !== "stale-read") return [];
		const { destination, from, owner, routeTableId } = verdict;
		const why = `the route to ${destination.text} in ${routeTableId} is active, though its target ${from.networkInterfaceId} was not found: one of the two reads is stale, so nothing is done until they agree`;
		if (owner === undefined) return [{ why }];
		return inScope(owner.instance.id) ? [{ instanceId: owner.instance.id, why }] : [];
	});
}
