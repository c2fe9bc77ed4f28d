import type { Change } from "../model/change.ts";
import type { RouteTableId } from "../model/route.ts";

/** Deleting two routes of a small table is housekeeping, whatever their share. */
const DELETES_ALWAYS_ALLOWED = 2;

/**
 * Judges whether a plan deletes too much of a table to do so unasked. Returns, for each table whose deletes
 * are to be withheld, the sentence that says why and names the way out; creates and replaces go on.
 */
export function guardDeletes(
	changes: readonly Change[],
	managedRoutes: ReadonlyMap<RouteTableId, number>,
	deleteShareMax: number,
): ReadonlyMap<RouteTableId, string> {
	const deletes = changes.filter((change) => change.kind === "delete");
	const withheld = new Map<RouteTableId, string>();
	for (const [tableId, inTable] of Map.groupBy(deletes, ({ routeTableId }) => routeTableId)) {
		// Divided, not multiplied: 100 * 0.29 is a little less than 29, and would withhold a share that is allowed.
		const managed = managedRoutes.get(tableId) ?? 0;
		if (inTable.length <= DELETES_ALWAYS_ALLOWED || inTable.length / managed <= deleteShareMax) continue;
		withheld.set(
			tableId,
			`TooManyDeletes: ${inTable.length} of ${managed} managed routes of ${tableId} would be deleted, more than DELETE_SHARE_MAX (${deleteShareMax}) allows. If that is right, run: REPAIR=all DELETE_SHARE_MAX=1 podroute audit`,
		);
	}
	return withheld;
}
