import type { Report, ReportedChange } from "../model/report.ts";
import { renderChange } from "./render-changes.ts";
import { wrap } from "./wrap.ts";

/**
 * A backfill for a person: what is or would be changed, a table at a time; what was found, refused or left
 * alone, and why; and a last line that counts.
 */
export function renderPass(report: Report, columns: number): string {
	const paragraphs = [
		...renderChanges(report.changes),
		...tellAll(
			report.findings.map(({ detail }) => detail),
			columns,
		),
		...tellAll(
			report.refusals.map(({ detail }) => `Refused: ${detail}`),
			columns,
		),
		...tellAll(report.ignored.map(leftAlone), columns),
		wrap(countChanges(report), columns),
	];
	return paragraphs.join("\n\n");
}

function renderChanges(changes: readonly ReportedChange[]): readonly string[] {
	const byTable = Map.groupBy(changes, ({ routeTableId }) => routeTableId ?? "Network interfaces");
	return [...byTable].map(([heading, group]) => [heading, ...group.map(renderChange)].join("\n"));
}

/** One paragraph, or none. */
function tellAll(sentences: readonly string[], columns: number): readonly string[] {
	return sentences.length === 0 ? [] : [sentences.map((sentence) => wrap(sentence, columns)).join("\n")];
}

function leftAlone({ instanceId, why }: Report["ignored"][number]): string {
	return `Left alone: ${instanceId === undefined ? "" : `${instanceId}: `}${why}`;
}

function countChanges({ changes, refusals, findings, planId }: Report): string {
	const isPlan = changes.length > 0 && changes.every(({ outcome }) => outcome === "planned");
	const counted = isPlan ? changes : changes.filter(({ outcome }) => outcome === "applied");
	const sentences = [
		changes.length === 0
			? "No changes."
			: `${isPlan ? `Plan ${planId}` : "Done"}: ${countKinds(counted, isPlan)}.`,
		...(changes.length > counted.length ? [`${changes.length - counted.length} not done.`] : []),
		...(refusals.length > 0 ? [`${refusals.length} refused.`] : []),
		...(changes.length + refusals.length + findings.length === 0 ? ["The routes match the cluster."] : []),
	];
	return sentences.join(" ");
}

function countKinds(changes: readonly ReportedChange[], isPlan: boolean): string {
	const count = (kind: ReportedChange["kind"]) => changes.filter((change) => change.kind === kind).length;
	const checks = count("disable-source-dest-check");
	const noun = `source/dest check${checks === 1 ? "" : "s"}`;
	return [
		`${count("create")} ${isPlan ? "to create" : "created"}`,
		`${count("replace")} ${isPlan ? "to replace" : "replaced"}`,
		`${count("delete")} ${isPlan ? "to delete" : "deleted"}`,
		...(checks === 0 ? [] : [`${checks} ${noun} ${isPlan ? "to turn off" : "turned off"}`]),
	].join(", ");
}
