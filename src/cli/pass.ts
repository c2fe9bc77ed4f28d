import { countingClient } from "../ec2/client.ts";
import { ec2Ports } from "../ec2/ports.ts";
import type { Report } from "../model/report.ts";
import { type PassResult, reconcile } from "../reconcile/reconcile.ts";
import type { Request } from "../reconcile/request.ts";
import { parseSettings, type Settings } from "../settings.ts";
import { exitCodeOf } from "./exit-code.ts";
import { withProgress } from "./progress.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/**
 * One pass from this machine, with its settings. Interrupted, it stops cleanly and tells what is left; there is no
 * other deadline.
 */
export function passFromHere(
	requestFor: (settings: Settings) => Request,
	terminal: Terminal,
): Promise<PassResult> {
	const settings = parseSettings(terminal.environment);
	const { ports, clear } = withProgress(ec2Ports(countingClient(), settings), terminal);
	return reconcile(requestFor(settings), {
		ports,
		settings,
		now: Date.now,
		deadline: { stopStarting: terminal.interrupted, abandon: new AbortController().signal },
	}).finally(clear);
}

/** Prints a pass's report, for a person or as JSON alone, and gives the exit code. */
export function printResult(
	result: PassResult,
	json: boolean,
	render: (report: Report) => string,
	terminal: Terminal,
): ExitCode {
	terminal.print(json ? JSON.stringify(result.report, undefined, 2) : render(result.report));
	return exitCodeOf(result);
}
