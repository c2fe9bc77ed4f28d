import type { Change, Outcome } from "../model/change.ts";
import type { PlannedChange } from "../plan/plan.ts";
import { mapBounded } from "./bounded.ts";
import type { Deadline } from "./deadline.ts";
import { type FreshTables, whyStale } from "./fresh-tables.ts";
import type { BeforeSending, Ports, WriteResult } from "./ports.ts";
import { tellError } from "./tell-error.ts";

/** Route writes, and checks, under way at once: a launch's all go together; EC2 allows a burst of 50 (aws-facts.md §5). */
const WRITES_AT_ONCE = 10;

/** A change and what became of it. */
export interface Applied {
	readonly change: Change;
	readonly outcome: Outcome;
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
	const rest = planned.filter((item) => !deletes.includes(item));
	// Beside each other: routes and checks have rate limits of their own.
	const lanes = [rest.filter((item) => !isCheck(item)), rest.filter(isCheck)];
	const written = await Promise.all(lanes.map((lane) => mapBounded(lane, WRITES_AT_ONCE, apply)));
	return [...deleted, ...written.flat()];
}

function isCheck({ change }: PlannedChange): boolean {
	return change.kind === "disable-source-dest-check";
}

async function applyOne(
	{ change, withheld }: PlannedChange,
	ports: Ports,
	fresh: FreshTables,
	deadline: Deadline,
): Promise<Applied> {
	if (withheld !== undefined) return { change, outcome: { kind: "withheld", error: withheld } };
	const result = await write(change, ports, deadline, lookAgain(change, fresh, deadline));
	if (result.kind === "unsent") return { change, outcome: { kind: "planned" } };
	return result.kind === "moved"
		? { change, outcome: { kind: "stale", error: result.error } }
		: { change, outcome: result };
}

function write(
	change: Change,
	ports: Ports,
	{ stopStarting, abandon }: Deadline,
	beforeSending: BeforeSending,
): Promise<WriteResult> {
	if (stopStarting.aborted) return Promise.resolve({ kind: "unsent" });
	return change.kind === "disable-source-dest-check"
		? ports.interfaces.disableSourceDestCheck(change, abandon, beforeSending)
		: ports.tables.write(change, abandon, beforeSending);
}

/** Whether the change still fits a fresh reading of the tables, and may still be started. */
function lookAgain(change: Change, fresh: FreshTables, { stopStarting }: Deadline): BeforeSending {
	let isUnderWay = false;
	return async () => {
		if (stopStarting.aborted && !isUnderWay) return { kind: "unsent" };
		isUnderWay = true;
		if (change.kind === "disable-source-dest-check") return undefined;
		const tables = await fresh.get().catch(tellError);
		if (typeof tables === "string") return { kind: "failed", error: `TablesUnread: ${tables}` };
		const stale = whyStale(change, tables);
		return stale === undefined ? undefined : { kind: "moved", error: stale };
	};
}
