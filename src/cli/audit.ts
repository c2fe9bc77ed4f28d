import { NOTHING_UNREAD } from "../report/picture/known.ts";
import { renderAudit } from "../report/render-audit.ts";
import { parseSettings } from "../settings.ts";
import { parseOptions } from "./arguments.ts";
import { writePage } from "./html-file.ts";
import { passFromHere, printResult } from "./pass.ts";
import { type ExitCode, type Terminal, UsageError } from "./terminal.ts";

/**
 * The audit, from this machine: it looks at everything, and puts right what `REPAIR` allows.
 *
 * `--json`, `--html FILE`.
 */
export async function audit(args: string[], terminal: Terminal): Promise<ExitCode> {
	const { json, html } = parseOptions(args, {
		json: { type: "boolean", default: false },
		html: { type: "string" },
	});
	if (html === "") throw new UsageError("--html needs the name of a file.");
	const result = await passFromHere(({ repair }) => ({ operation: "audit", repair }), terminal);
	// The report first: a page that cannot be written must not take it away.
	const code = printResult(result, json, (report) => renderAudit(report, terminal), terminal);
	if (html === undefined) return code;
	const rules = parseSettings(terminal.environment);
	await writePage(html, { report: result.report, rules, unread: NOTHING_UNREAD, lookedAt: Date.now() });
	terminal.warn(`The map is in ${html}`);
	return code;
}
