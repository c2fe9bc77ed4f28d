import type { From } from "../model/change.ts";
import { type Cidr, compareCidrs } from "../model/cidr.ts";
import { type Finding, type Refusal, SEVERITIES } from "../model/finding.ts";
import type { InstanceId } from "../model/instance.ts";
import { compareOptional, compareText } from "../model/order.ts";
import type { Rules } from "../model/rules.ts";
import type { Analysis } from "./analyse.ts";
import type { Verdict } from "./judge.ts";
import type { Node } from "./observation.ts";
import { countWanted, type Quota } from "./quota.ts";
import { describeKeeper, describeOverlap, refusalsOf } from "./refuse.ts";
import type { Reachable } from "./seniority.ts";
import type { Settlement } from "./settle.ts";

/** Everything that is not as it should be: one finding a cause, gravest first. For complete observations. */
export function findAll(analysis: Analysis): readonly Finding[] {
	const { rules, nodes, vetted, settlements, verdicts, checked, quota } = analysis;
	if (nodes.length === 0) return [noNodes, ...findingsOfQuotas(quota, verdicts, rules)];
	// Stryker disable next-line ConditionalExpression: no other verdict has a node.
	const told = new Set(verdicts.map((verdict) => (verdict.kind === "unclaimed" ? verdict.node : undefined)));
	const silent = nodes.filter((node) => vetted.get(node.instance.id)?.kind === "none" && !told.has(node));
	return [
		...[...vetted.values()].flatMap((claim) =>
			claim.kind === "refused" ? [findingOfRefusal(claim.refusal)] : [],
		),
		...findingsOfSettlements(settlements),
		...verdicts.filter((verdict) => verdict.kind !== "stale-read").map(findingOfVerdict),
		...checked.map((node) => findingOfCheck(node, rules.sourceDestCheck)),
		...findingsOfQuotas(quota, verdicts, rules),
		...silent.map(findingOfSilence),
	].sort(compareFindings);
}

function findingsOfQuotas(
	quotas: readonly Quota[],
	verdicts: readonly Verdict[],
	rules: Rules,
): readonly Finding[] {
	return quotas
		.map((quota) => findingOfQuota(quota, countWanted(quota, verdicts), rules.quotaWarnRatio))
		.filter((finding) => finding !== undefined);
}

const SEVERITY_ORDER = ["critical", "warning", "info"] as const;

/** Gravest first, then by table, address and instance. */
function compareFindings(a: Finding, b: Finding): number {
	return (
		SEVERITY_ORDER.indexOf(SEVERITIES[a.code]) - SEVERITY_ORDER.indexOf(SEVERITIES[b.code]) ||
		compareOptional(a.routeTableId, b.routeTableId, compareText) ||
		compareOptional(a.destination, b.destination, compareCidrs) ||
		compareOptional(a.instanceId, b.instanceId, compareText) ||
		compareText(a.code, b.code)
	);
}

/** A refused claim is told as the refusal is, by the same code and sentence. */
function findingOfRefusal({ reason, ...subject }: Refusal): Finding {
	return { code: reason, ...subject };
}

/**
 * What stands against the owners of blocks: one finding for a contested block however many claim it, one for
 * a pair of overlapping blocks of one VPC, one for a foreign route.
 */
function findingsOfSettlements(settlements: readonly Settlement[]): readonly Finding[] {
	const pairs = new Set<string>();
	return settlements.flatMap((settlement) => {
		const { block, overlap } = settlement;
		const refusals = refusalsOf(settlement);
		if (overlap === undefined) {
			const contested = contestOf(settlement, refusals);
			const conflicts = refusals.filter(({ reason }) => reason === "foreign-route-conflict");
			return [...contested, ...conflicts.map((refusal) => conflictOf(settlement, refusal))];
		}
		const pair = `${settlement.vpcId} ${[block.text, overlap.block.text].sort(compareText).join()}`;
		if (pairs.has(pair) || refusals.length === 0) return [];
		pairs.add(pair);
		const ids = refusals.map(({ instanceId }) => instanceId);
		const detail = `${claim(ids, block)}, ${describeOverlap(block, overlap, ids.join(", "))}`;
		return [{ code: "overlapping-claim", destination: block, detail }];
	});
}

function contestOf(settlement: Settlement, refusals: readonly Refusal[]): readonly Finding[] {
	const losers = refusals
		.filter(({ reason }) => reason === "contested-claim")
		.map(({ instanceId }) => instanceId);
	const { keeper, block } = settlement;
	// Stryker disable next-line ConditionalExpression: whoever lost a contest lost it to a keeper.
	if (losers.length === 0 || keeper === undefined) return [];
	const detail = `${claim(losers, block)}, ${describeKeeper(settlement, keeper)}`;
	return [{ code: "contested-claim", destination: block, detail }];
}

function conflictOf({ foreign }: Settlement, refusal: Refusal): Finding {
	return { ...findingOfRefusal(refusal), ...(foreign && { routeTableId: foreign.routeTableId }) };
}

function claim(ids: readonly InstanceId[], block: Cidr): string {
	return `${ids.join(", ")} ${ids.length === 1 ? "claims" : "claim"} ${block.text}`;
}

/** A route's verdict in words. Where two reads disagree there is none: the next reading settles it. */
function findingOfVerdict(verdict: Exclude<Verdict, { kind: "stale-read" }>): Finding {
	const { routeTableId, destination } = verdict;
	const at = { routeTableId, destination };
	const where = `in ${routeTableId}`;
	switch (verdict.kind) {
		case "missing": {
			const instanceId = verdict.owner.instance.id;
			const detail = `${destination.text} of ${instanceId} has no route ${where}: traffic to its pods is dropped; ${makeItSo}`;
			return { code: "missing-route", ...at, instanceId, detail };
		}
		case "misdirected": {
			const instanceId = verdict.owner.instance.id;
			const detail = `${destination.text} ${where} points to ${describe(verdict.from)}, but belongs to ${instanceId}: its pods get no traffic; ${makeItSo}`;
			return { code: "misdirected-route", ...at, instanceId, detail };
		}
		case "blackhole": {
			const instanceId = verdict.owner.instance.id;
			const detail = `${destination.text} ${where} is a blackhole at ${describe(verdict.from)}, but ${instanceId} serves it: its pods get no traffic; ${makeItSo}`;
			return { code: "blackhole-route", ...at, instanceId, detail };
		}
		case "stopped-owner": {
			const instanceId = verdict.owner.instance.id;
			const detail = `${destination.text} ${where} is a blackhole, and its owner ${instanceId} is stopped: kept until the node runs again or is terminated`;
			return { code: "stopped-owner", ...at, instanceId, detail };
		}
		case "unclaimed": {
			const instanceId = verdict.node.instance.id;
			const detail = `${destination.text} ${where} points to ${describe(verdict.from)}, which does not claim it, and nobody else does: kept; delete the route by hand if nothing uses it`;
			return { code: "unclaimed-route", ...at, instanceId, detail };
		}
		case "orphan": {
			const detail = `${destination.text} ${where} is a blackhole at ${describe(verdict.from)}, which no longer exists, and no node claims it: an audit with REPAIR=all deletes it`;
			return { code: "orphan-route", ...at, detail };
		}
	}
}

const makeItSo = "an audit with REPAIR=routes, or a backfill, puts it right";

function describe({ networkInterfaceId, instanceId }: From): string {
	return instanceId === undefined ? networkInterfaceId : `${networkInterfaceId} of ${instanceId}`;
}

/** The check of an owner's primary interface, in words. */
function findingOfCheck({ instance }: Reachable, mode: "disable" | "report"): Finding {
	const { id } = instance.primaryInterface;
	const remedy =
		mode === "disable"
			? makeItSo
			: "SOURCE_DEST_CHECK=report leaves it to you: turn the check off on that interface";
	return {
		code: "source-dest-check-on",
		instanceId: instance.id,
		detail: `${instance.id} owns a block, but its source/dest check is on at ${id}, which drops its pods' packets; ${remedy}`,
	};
}

/** The fill of one table and family: exhausted, near the limit, or neither. `wanted` are routes yet to be created. */
function findingOfQuota(quota: Quota, wanted: number, warnRatio: number): Finding | undefined {
	const { routeTableId, family, used, limit } = quota;
	const holds = `${routeTableId} holds ${used} of ${limit} ${family} routes`;
	const remedy = "raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes";
	if (wanted > 0 && used + wanted > limit) {
		const detail = `${holds} and ${wanted} more ${wanted === 1 ? "is" : "are"} wanted, which it cannot take: ${remedy}`;
		return { code: "quota-exhausted", routeTableId, detail };
	}
	if (used / limit < warnRatio) return undefined;
	return {
		code: "quota-near-limit",
		routeTableId,
		detail: `${holds}: ${remedy} before a node cannot be routed`,
	};
}

/** A node without a claim: normal for a control-plane instance. */
function findingOfSilence({ instance }: Node): Finding {
	return {
		code: "missing-claim",
		instanceId: instance.id,
		detail: `${instance.id} claims no block, by tag or user data: normal for a control-plane instance, a mistake for a worker`,
	};
}

/** No instance at all. A misspelt filter looks just like an empty cluster, so it is told, and nothing is deleted. */
const noNodes: Finding = {
	code: "no-nodes",
	detail: "NODE_FILTERS match no instance at all: check their spelling, and the region",
};
