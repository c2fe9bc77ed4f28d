import type { PassResult } from "../reconcile/reconcile.ts";
import { remainingFindings } from "../report/remaining.ts";
import type { ExitCode } from "./terminal.ts";

/** 1 where a change failed or is stale; 2 where there is something to act on; 0 also where the pass has put it right. */
export function exitCodeOf({ report, planRefused }: PassResult): ExitCode {
	const outcomes = new Set(report.changes.map(({ outcome }) => outcome));
	if (outcomes.has("failed") || outcomes.has("stale")) return 1;
	if (outcomes.has("planned") || outcomes.has("withheld")) return 2;
	const remain = remainingFindings(report).some(({ severity }) => severity !== "info");
	return planRefused || remain || report.refusals.length > 0 ? 2 : 0;
}
