import type { InstanceId, VpcId } from "../model/instance.ts";
import { compareText } from "../model/order.ts";
import type { RouteTable } from "../model/route.ts";
import type { Rules } from "../model/rules.ts";
import { claimantsIn } from "./claimants.ts";
import { Holders } from "./holder.ts";
import { judgeOwned, judgeUnclaimed, type Verdict } from "./judge.ts";
import type { Node, Observation } from "./observation.ts";
import { type Placed, PlacedRoutes } from "./placed.ts";
import { measureQuota, type Quota } from "./quota.ts";
import type { Reachable } from "./seniority.ts";
import { isOwned, type Settlement, settle } from "./settle.ts";
import { type Claims, type Vetted, Vetting } from "./vet.ts";

/** What is the case, before anybody asks what to do about it: independent of scope, policy and input order. */
export interface Analysis {
	readonly rules: Rules;
	/** By instance id. */
	readonly nodes: readonly Node[];
	readonly vetted: Claims;
	/** Every claimed block of every VPC that has a configured table. */
	readonly settlements: readonly Settlement[];
	readonly verdicts: readonly Verdict[];
	/** Every route, with whoever holds it and whoever owns its block. */
	readonly placed: readonly ObservedRoute[];
	/** Serving owners whose primary interface still checks source and destination. */
	readonly checked: readonly Reachable[];
	readonly quota: readonly Quota[];
}

/** A route beside the owner of exactly its destination, where there is one. */
export interface ObservedRoute extends Placed {
	readonly owner: InstanceId | undefined;
}

export function analyse(observation: Observation, rules: Rules): Analysis {
	const nodes = observation.nodes.toSorted((a, b) => compareText(a.instance.id, b.instance.id));
	const tables = observation.tables.toSorted((a, b) => compareText(a.id, b.id));
	const vetting = new Vetting(tables, rules);
	const vetted = new Map<InstanceId, Vetted>();
	for (const node of nodes) {
		if (node.instance.life !== "gone") vetted.set(node.instance.id, vetting.vet(node));
	}
	const holders = new Holders(observation, rules);
	const vpcs = [...Map.groupBy(tables, ({ vpcId }) => vpcId)].map(([vpcId, vpcTables]) => {
		const placed = new PlacedRoutes(vpcTables, holders);
		const settlements = settle(vpcId, nodes, vetted, placed, observation.complete);
		const owned = judgeAllOwned(settlements, vpcTables, vetted);
		const { observed, unclaimed } = findOwners(placed.all, settlements);
		const judged = observation.complete ? judgeAllUnclaimed(vpcId, unclaimed, nodes, vetted) : [];
		return { settlements, verdicts: [...owned, ...judged], placed: observed };
	});
	const settlements = vpcs.flatMap((vpc) => vpc.settlements);
	const verdicts = vpcs.flatMap((vpc) => vpc.verdicts);
	return {
		rules,
		nodes,
		vetted,
		settlements,
		verdicts,
		placed: vpcs.flatMap((vpc) => vpc.placed),
		checked: checkedOwners(settlements),
		quota: measureQuota(tables, verdicts, rules.routeLimit),
	};
}

/** Every route with its owner; and those apart to whose destination nobody has a valid claim. */
function findOwners(routes: readonly Placed[], settlements: readonly Settlement[]) {
	const byBlock = new Map<string, Settlement>();
	for (const settlement of settlements) byBlock.set(settlement.block.text, settlement);
	const observed: ObservedRoute[] = [];
	const unclaimed: Placed[] = [];
	for (const placed of routes) {
		const { routeTableId, route, holder } = placed;
		const settlement = byBlock.get(route.destination.text);
		if (settlement === undefined) unclaimed.push(placed);
		observed.push({ routeTableId, route, holder, owner: settlement?.owner?.instance.id });
	}
	return { observed, unclaimed };
}

function judgeAllOwned(
	settlements: readonly Settlement[],
	tables: readonly RouteTable[],
	vetted: Claims,
): readonly Verdict[] {
	const verdicts: Verdict[] = [];
	for (const settlement of settlements.filter(isOwned)) {
		for (const { id } of tables) {
			const verdict = judgeOwned(settlement, id, vetted);
			if (verdict !== undefined) verdicts.push(verdict);
		}
	}
	return verdicts;
}

function judgeAllUnclaimed(
	vpcId: VpcId,
	unclaimed: readonly Placed[],
	nodes: readonly Node[],
	vetted: Claims,
): readonly Verdict[] {
	// Stryker disable next-line ConditionalExpression: it saves looking for claimants that nobody asks about.
	if (unclaimed.length === 0) return [];
	const claimants = claimantsIn(vpcId, nodes, vetted);
	return unclaimed
		.map((placed) => judgeUnclaimed(placed, vetted, claimants))
		.filter((verdict) => verdict !== undefined);
}

function checkedOwners(settlements: readonly Settlement[]): readonly Reachable[] {
	const owners = new Set(settlements.filter(isOwned).map(({ owner }) => owner));
	return [...owners].filter(
		({ instance }) => instance.life === "serving" && instance.primaryInterface.sourceDestCheck,
	);
}
