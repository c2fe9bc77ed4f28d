import type { Change, Outcome } from "../model/change.ts";
import type { PlannedChange } from "../plan/plan.ts";
import { mapBounded } from "./bounded.ts";
import type { Deadline } from "./deadline.ts";
import { type FreshTables, whyStale } from "./fresh-tables.ts";
import type { Ports, WriteResult } from "./ports.ts";
import { tellError } from "./tell-error.ts";

/** Writes under way at once: a launch's all go together; EC2 allows a burst of 50 (aws-facts.md §5). */
const WRITES_AT_ONCE = 10;

/** A change and what became of it. */
export interface Applied {
	readonly change: Change;
	readonly outcome: Outcome;
	/** Whether the table was not as planned, so that deciding again may help. */
	readonly moved: boolean;
}

/**
 * Writes a plan's changes, each on a fresh reading. Never rejects for what EC2 answers: once something is
 * written, the report must be told. Deletes go first, because a full table takes new routes
 * only once its orphans are gone. After the deadline nothing is started, and what is left stays `planned`.
 */
export async function applyChanges(
	planned: readonly PlannedChange[],
	ports: Ports,
	fresh: FreshTables,
	deadline: Deadline,
): Promise<readonly Applied[]> {
	const deletes = planned.filter(
		({ change, withheld }) => change.kind === "delete" && withheld === undefined,
	);
	if (deletes.length > 0) fresh.expire();
	const apply = (item: PlannedChange) => applyOne(item, ports, fresh, deadline);
	const deleted = await mapBounded(deletes, WRITES_AT_ONCE, apply);
	const rest = await mapBounded(
		planned.filter((item) => !deletes.includes(item)),
		WRITES_AT_ONCE,
		apply,
	);
	return [...deleted, ...rest];
}

async function applyOne(
	{ change, withheld }: PlannedChange,
	ports: Ports,
	fresh: FreshTables,
	deadline: Deadline,
): Promise<Applied> {
	if (withheld !== undefined) return { change, outcome: { kind: "withheld", error: withheld }, moved: false };
	if (deadline.stopStarting.aborted) return { change, outcome: { kind: "planned" }, moved: false };
	const tables = await fresh.get().catch(tellError);
	if (typeof tables === "string") {
		return { change, outcome: { kind: "failed", error: `TablesUnread: ${tables}` }, moved: false };
	}
	const stale = whyStale(change, tables);
	if (stale !== undefined) return { change, outcome: { kind: "stale", error: stale }, moved: true };
	const result = await write(change, ports, deadline.abandon);
	return result.kind === "moved"
		? { change, outcome: { kind: "stale", error: result.error }, moved: true }
		: { change, outcome: result, moved: false };
}

function write(change: Change, ports: Ports, signal: AbortSignal): Promise<WriteResult> {
	return change.kind === "disable-source-dest-check"
		? ports.interfaces.disableSourceDestCheck(change, signal)
		: ports.tables.write(change, signal);
}
