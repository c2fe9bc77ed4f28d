import type { ReportedChange } from "../model/report.ts";

const SYMBOLS = { create: "+", replace: "~", delete: "-", "disable-source-dest-check": "!" } as const;

/**
 * A change on one line: a symbol for its kind, what it touches, from where to where. What kept it from being
 * made stands on a line of its own.
 */
export function renderChange(change: ReportedChange): string {
	const line = `  ${SYMBOLS[change.kind]} ${describe(change)}`;
	return change.error === undefined ? line : `${line}\n      ${change.outcome}: ${change.error}`;
}

function describe({ kind, destination, from, instanceId }: ReportedChange): string {
	if (kind === "disable-source-dest-check") return `${instanceId}  source/dest check off`;
	const old = from === null ? undefined : `${from.instanceId ?? from.networkInterfaceId} (${from.state})`;
	return `${destination}  ${[old, instanceId].filter((end) => end !== undefined).join(" -> ")}`;
}

/** Changes, a table at a time. */
export function renderChanges(changes: readonly ReportedChange[]): readonly string[] {
	const byTable = Map.groupBy(changes, ({ routeTableId }) => routeTableId ?? "Network interfaces");
	return [...byTable].map(([heading, group]) => [heading, ...group.map(renderChange)].join("\n"));
}

/** What is or was to be done, in numbers, and what was not. */
export function countChanges(changes: readonly ReportedChange[], planId: string): string {
	if (changes.length === 0) return "No changes.";
	const isPlan = changes.every(({ outcome }) => outcome === "planned");
	const counted = isPlan ? changes : changes.filter(({ outcome }) => outcome === "applied");
	const undone = changes.length - counted.length;
	const done = `${isPlan ? `Plan ${planId}` : "Done"}: ${countKinds(counted, isPlan)}.`;
	return undone === 0 ? done : `${done} ${undone} not done.`;
}

function countKinds(changes: readonly ReportedChange[], isPlan: boolean): string {
	const count = (kind: ReportedChange["kind"]) => changes.filter((change) => change.kind === kind).length;
	const checks = count("disable-source-dest-check");
	const noun = `source/dest check${checks === 1 ? "" : "s"}`;
	return [
		`${count("create")} ${isPlan ? "to create" : "created"}`,
		`${count("replace")} ${isPlan ? "to replace" : "replaced"}`,
		`${count("delete")} ${isPlan ? "to delete" : "deleted"}`,
		...(checks === 0 ? [] : [`${checks} ${noun} ${isPlan ? "to turn off" : "turned off"}`]),
	].join(", ");
}
