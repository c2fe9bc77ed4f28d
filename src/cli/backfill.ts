import { countingClient } from "../ec2/client.ts";
import { ec2Ports } from "../ec2/ports.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import type { BackfillRequest } from "../reconcile/request.ts";
import { renderPass } from "../report/render-pass.ts";
import { parseSettings } from "../settings.ts";
import { instanceId, parseOptions } from "./arguments.ts";
import { exitCodeOf } from "./exit-code.ts";
import { withProgress } from "./progress.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/**
 * Routes every node, or those named, from this machine. Interrupted, it stops cleanly and tells what is left.
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
	const settings = parseSettings(terminal.environment);
	const { ports, clear } = withProgress(ec2Ports(countingClient(), settings), terminal);
	const result = await reconcile(request, {
		ports,
		settings,
		now: Date.now,
		deadline: { stopStarting: terminal.interrupted, abandon: new AbortController().signal },
	}).finally(clear);
	terminal.print(
		options.json ? JSON.stringify(result.report, undefined, 2) : renderPass(result.report, terminal.columns),
	);
	return exitCodeOf(result);
}
