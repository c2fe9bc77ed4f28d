import type { BackfillRequest } from "../reconcile/request.ts";
import { renderBackfill } from "../report/render-backfill.ts";
import { instanceId, parseOptions } from "./arguments.ts";
import { passFromHere, printResult } from "./pass.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/**
 * Routes every node, or those named, from this machine.
 *
 * `--dry-run`, `--plan-id ID`, `--instance i-…` (any number), `--json`.
 */
export async function backfill(args: string[], terminal: Terminal): Promise<ExitCode> {
	const options = parseOptions(args, {
		"dry-run": { type: "boolean", default: false },
		"plan-id": { type: "string" },
		instance: { type: "string", multiple: true },
		json: { type: "boolean", default: false },
	});
	const request: BackfillRequest = {
		operation: "backfill",
		dryRun: options["dry-run"],
		...(options["plan-id"] === undefined ? {} : { planId: options["plan-id"] }),
		...(options.instance === undefined
			? {}
			: { instanceIds: options.instance.map((id) => instanceId("--instance", id)) }),
	};
	const result = await passFromHere(() => request, terminal);
	return printResult(result, options.json, (report) => renderBackfill(report, terminal.columns), terminal);
}
