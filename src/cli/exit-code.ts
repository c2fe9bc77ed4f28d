import type { PassResult } from "../reconcile/reconcile.ts";
import type { ExitCode } from "./terminal.ts";

/** 1 where a change failed or is stale; 2 where there is something to act on; else 0. */
export function exitCodeOf({ report, planRefused }: PassResult): ExitCode {
	const outcomes = new Set(report.changes.map(({ outcome }) => outcome));
	if (outcomes.has("failed") || outcomes.has("stale")) return 1;
	if (outcomes.has("planned") || outcomes.has("withheld")) return 2;
	const found = report.findings.some(({ severity }) => severity !== "info");
	return planRefused || found || report.refusals.length > 0 ? 2 : 0;
}
