import type { Report } from "../model/report.ts";
import { countChanges, renderChanges } from "./render-changes.ts";
import { leftAlone, wrapAll } from "./sentences.ts";
import { wrap } from "./wrap.ts";

/**
 * A backfill for a person: what is or would be changed, a table at a time; what was found, refused or left
 * alone, and why; and a last line that counts.
 */
export function renderBackfill(report: Report, columns: number): string {
	const found = report.findings.map(({ detail }) => detail);
	const refused = report.refusals.map(({ detail }) => `Refused: ${detail}`);
	const paragraphs = [
		...renderChanges(report.changes),
		...wrapAll(found, columns),
		...wrapAll(refused, columns),
		...wrapAll(report.ignored.map(leftAlone), columns),
		wrap(conclude(report), columns),
	];
	return paragraphs.join("\n\n");
}

function conclude({ changes, refusals, findings, planId }: Report): string {
	const isRight = changes.length + refusals.length + findings.length === 0;
	return [
		countChanges(changes, planId),
		...(refusals.length > 0 ? [`${refusals.length} refused.`] : []),
		...(isRight ? ["The routes match the cluster."] : []),
	].join(" ");
}
