import type { Family } from "../model/address.ts";
import type { RouteTable, RouteTableId } from "../model/route.ts";
import type { Verdict } from "./judge.ts";

/** Routes in a table that count towards the quota of one address family (L-93826ACB, aws-facts.md §2.7). */
export interface Quota {
	readonly routeTableId: RouteTableId;
	readonly family: Family;
	readonly used: number;
	readonly limit: number;
}

/**
 * Usage of every table and family that has routes or is to get some. Propagated and advertised routes do not
 * count; local routes are counted, since no source says they are not: the warning comes a route early rather
 * than late.
 */
export function measureQuota(
	tables: readonly RouteTable[],
	verdicts: readonly Verdict[],
	limit: number,
): readonly Quota[] {
	return tables.flatMap((table) =>
		(["ipv4", "ipv6"] as const)
			.map((family) => ({ routeTableId: table.id, family, used: countUsed(table, family), limit }))
			.filter((quota) => quota.used > 0 || countWanted(quota, verdicts) > 0),
	);
}

function countUsed(table: RouteTable, family: Family): number {
	return table.routes.filter((route) => route.destination.family === family && route.origin !== "other")
		.length;
}

/** Routes that a table has yet to get. */
export function countWanted(
	{ routeTableId, family }: Pick<Quota, "routeTableId" | "family">,
	verdicts: readonly Verdict[],
): number {
	return verdicts.filter(
		(verdict) =>
			verdict.kind === "missing" &&
			verdict.routeTableId === routeTableId &&
			verdict.destination.family === family,
	).length;
}
