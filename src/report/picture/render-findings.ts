import type { Severity } from "../../model/finding.ts";
import type { Report } from "../../model/report.ts";
import { html, type Markup } from "../html.ts";
import { remainingFindings } from "../remaining.ts";

/** Each severity has a shape of its own. */
const SHAPES = { critical: "\u25b2", warning: "\u25c6", info: "\u25cb" } as const satisfies Record<
	Severity,
	string
>;

/** More rows than these help nobody in a page, and an answer of Lambda's is at most 6 MB. */
const ROWS_MAX = 500;

/** What is not as it should be, the gravest first, each with what to do. Nothing where all is as it should be. */
export function renderFindings(report: Report): Markup | undefined {
	const { findings } = report;
	if (findings.length === 0) return undefined;
	const remaining = new Set(remainingFindings(report));
	// The roles are spelled out, since a narrow page lays the table out as blocks.
	const rows = findings.slice(0, ROWS_MAX).map((finding) => {
		const { severity, code, detail } = finding;
		const done = remaining.has(finding) ? undefined : html` <em>Put right by this audit.</em>`;
		return html`<tr role="row"><td role="cell" class="severity ${severity}"><span aria-hidden="true">${SHAPES[severity]}</span> ${severity}</td><th role="rowheader" scope="row">${code}</th><td role="cell">${detail}${done}</td></tr>`;
	});
	const more = findings.length - rows.length;
	return html`<table role="table" class="list findings"><caption>Findings</caption><thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col">What it is, and what to do</th></tr></thead><tbody role="rowgroup">${rows}</tbody></table>
${more === 0 ? undefined : html`<p class="meta">${more} more: podroute audit tells them all.</p>`}`;
}
