import { styleText } from "node:util";
import type { Severity } from "../model/finding.ts";
import type { Report, ReportedFinding } from "../model/report.ts";
import { remainingFindings } from "./remaining.ts";
import { countChanges, renderChanges } from "./render-changes.ts";
import { renderRoutes } from "./render-routes.ts";
import { leftAlone, wrapAll } from "./sentences.ts";
import { wrap } from "./wrap.ts";

const STYLES = { critical: "red", warning: "yellow", info: "dim" } as const satisfies Record<
	Severity,
	string
>;
const SEVERITIES = ["critical", "warning", "info"] as const;

export interface Page {
	/** Characters in a line. */
	readonly columns: number;
	readonly colour: boolean;
}

/**
 * An audit for a person: the tables with each route's owner and state; what is wrong, by severity, each with what
 * to do; what was done about it; and a last line that counts.
 */
export function renderAudit(report: Report, { columns, colour }: Page): string {
	const routes = renderRoutes(report.routes, report);
	const paragraphs = [
		...(routes === "" ? [] : [routes]),
		...SEVERITIES.flatMap((severity) => {
			const found = report.findings.filter((finding) => finding.severity === severity);
			if (found.length === 0) return [];
			const heading = colour ? styleText(STYLES[severity], severity, { validateStream: false }) : severity;
			return [[heading, ...found.map((finding) => renderFinding(finding, columns))].join("\n")];
		}),
		...renderChanges(report.changes),
		...wrapAll(report.ignored.map(leftAlone), columns),
		wrap(conclude(report), columns),
	];
	return paragraphs.join("\n\n");
}

function renderFinding({ code, detail }: ReportedFinding, columns: number): string {
	return wrap(`${code}: ${detail}`, columns);
}

function conclude(report: Report): string {
	const { findings, routes, changes, planId } = report;
	const managed = routes.filter((route) => route.managed).length;
	const seen = `${managed} of ${routes.length} routes are ours.`;
	if (findings.length === 0) return `${seen} Nothing is wrong.`;
	const counts = SEVERITIES.map((severity) => [
		severity,
		findings.filter((finding) => finding.severity === severity).length,
	])
		.filter(([, count]) => count !== 0)
		.map(([severity, count]) => `${count} ${severity}`);
	const remaining = remainingFindings(report).filter(({ severity }) => severity !== "info").length;
	const left = remaining === 0 ? "Nothing is left to act on." : `${remaining} to act on.`;
	return [
		seen,
		`Found ${counts.join(", ")}.`,
		...(changes.length === 0 ? [] : [countChanges(changes, planId)]),
		left,
	].join(" ");
}
