import { renderAudit } from "../report/render-audit.ts";
import { parseOptions } from "./arguments.ts";
import { passFromHere, printResult } from "./pass.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/**
 * The audit, from this machine: it looks at everything, and puts right what `REPAIR` allows.
 *
 * `--json`.
 */
export async function audit(args: string[], terminal: Terminal): Promise<ExitCode> {
	const { json } = parseOptions(args, { json: { type: "boolean", default: false } });
	const result = await passFromHere(({ repair }) => ({ operation: "audit", repair }), terminal);
	return printResult(result, json, (report) => renderAudit(report, terminal), terminal);
}
