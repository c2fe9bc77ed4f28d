import type { Cidr } from "../../model/cidr.ts";
import { compareText } from "../../model/order.ts";
import type { Report } from "../../model/report.ts";
import type { Rules } from "../../model/rules.ts";
import { type Mark, marksOf } from "./marks.ts";
import { type Run, runsOf } from "./runs.ts";
import { STATE_ORDER, type State } from "./states.ts";
import { unitOf } from "./unit.ts";

/** One entry of `CLUSTER_CIDRS` as cells of one size, for the tables in which it looks the same. */
export interface BlockMap {
	readonly within: Cidr;
	/** Prefix length of a cell. */
	readonly unit: number;
	readonly routeTableIds: readonly string[];
	readonly runs: readonly Run[];
	/** Blocks in each state; those that are absent have none. */
	readonly counts: ReadonlyMap<State, number>;
	/** Cells that nothing stands in. */
	readonly free: bigint;
}

/** The maps of a report: tables that look alike share one, and a table where nothing stands has none of its own. */
export function mapsOf(
	report: Report,
	{ clusterCidrs, nodeCidrMaskSizes }: Pick<Rules, "clusterCidrs" | "nodeCidrMaskSizes">,
): readonly BlockMap[] {
	const tables = tablesIn(report);
	return clusterCidrs.flatMap((within) => {
		const marked = tables.map((id) => ({ id, marks: marksOf(report, id, within) }));
		const unit = unitOf(
			within,
			nodeCidrMaskSizes,
			marked.flatMap(({ marks }) => marks),
		);
		const alike = [...Map.groupBy(marked, ({ marks }) => signatureOf(marks)).values()];
		const used = alike.filter((group) => group.some(({ marks }) => marks.length > 0));
		return (used.length > 0 ? used : [marked]).map((group) => {
			const marks = group[0]?.marks ?? [];
			const runs = runsOf(within, unit, marks);
			return { within, unit, routeTableIds: group.map(({ id }) => id), runs, ...count(marks, runs) };
		});
	});
}

function tablesIn({ routes, quota, findings }: Report): readonly string[] {
	const ids = [...routes, ...quota, ...findings].map(({ routeTableId }) => routeTableId);
	return [...new Set(ids.filter((id) => id !== undefined))].sort(compareText);
}

function signatureOf(marks: readonly Mark[]): string {
	return JSON.stringify(marks.map(({ block, state, node, says }) => [block.text, state, node, says]));
}

function count(marks: readonly Mark[], runs: readonly Run[]): Pick<BlockMap, "counts" | "free"> {
	const states = Map.groupBy(marks, ({ state }) => state);
	const counts = STATE_ORDER.map((state) => [state, states.get(state)?.length ?? 0] as const);
	const free = runs.filter((run) => run.marks.length === 0);
	return {
		counts: new Map(counts.filter(([, number]) => number > 0)),
		free: free.reduce((sum, run) => sum + run.count, 0n),
	};
}
