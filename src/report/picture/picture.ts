import type { Report } from "../../model/report.ts";
import type { Rules } from "../../model/rules.ts";
import { html, type Markup } from "../html.ts";
import { remainingFindings } from "../remaining.ts";
import { leftAlone } from "../sentences.ts";
import { type Unread, withoutGuesses } from "./known.ts";
import { mapsOf } from "./maps.ts";
import { renderFindings } from "./render-findings.ts";
import { renderLegend } from "./render-legend.ts";
import { renderChanges, renderQuota, renderRoutes } from "./render-lists.ts";
import { renderMap } from "./render-map.ts";
import { STYLE } from "./style.ts";

/** An audit to be shown, and what its report does not say. */
export interface Subject {
	readonly report: Report;
	readonly rules: Pick<Rules, "clusterCidrs" | "nodeCidrMaskSizes">;
	readonly unread: Unread;
	/** Epoch milliseconds. */
	readonly lookedAt: number;
}

/** How it is shown. */
export interface Frame {
	readonly theme: "light" | "dark" | "auto";
	/** Pixels; absent where it may be any. */
	readonly width?: number;
	/** Whether every route is listed at once, or on request. */
	readonly routesOpen: boolean;
	/** Whether it lists what was done, or would be. */
	readonly changes: boolean;
	/** Beside the heading: what a person can do here. */
	readonly controls?: Markup;
}

/** The picture of a cluster's blocks: what is wrong, the maps, and everything as tables. No script, nothing fetched. */
export function renderPicture(subject: Subject, frame: Frame): Markup {
	const { unread } = subject;
	const { report, keptBack } = withoutGuesses(subject.report, unread);
	const maps = mapsOf(report, subject.rules);
	return html`<style>${STYLE}</style><div class="podroute is-${frame.theme} cwdb-no-default-styles">
<div class="head"><h2>podroute</h2><p class="status">${tellStatus(report, unread)}</p><p class="meta">as of ${tellTime(subject.lookedAt)}</p>${frame.controls}</div>
${tellUnread(unread, keptBack)}${tellDone(report)}${maps.map((map) => renderMap(map, frame.width))}${renderLegend(maps, unread.instanceIds.size === 0)}
${renderFindings(report)}${frame.changes ? renderChanges(report.changes) : undefined}${renderQuota(report.quota)}${renderRoutes(report, frame.routesOpen)}${report.ignored.map((entry) => html`<p class="meta">${leftAlone(entry)}</p>`)}
</div>`;
}

function tellStatus(report: Report, { instanceIds }: Unread): Markup {
	const counts = (["critical", "warning"] as const)
		.map((severity) => ({
			severity,
			number: remainingFindings(report).filter((finding) => finding.severity === severity).length,
		}))
		.filter(({ number }) => number > 0);
	if (counts.length > 0)
		return html`${counts.map(({ severity, number }) => html`<strong class="${severity}">${number} ${severity === "warning" && number > 1 ? "warnings" : severity}</strong> `)}`;
	return instanceIds.size > 0
		? html`<strong class="info">Nothing found so far</strong>`
		: html`<strong class="fine">\u2713 Nothing to act on</strong>`;
}

function tellTime(milliseconds: number): Markup {
	const text = new Date(milliseconds).toISOString();
	return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 16)} UTC</time>`;
}

function tellUnread({ instanceIds }: Unread, keptBack: number): Markup | undefined {
	if (instanceIds.size === 0) return undefined;
	const nodes = instanceIds.size === 1 ? "1 node" : `${instanceIds.size} nodes`;
	const findings = keptBack === 1 ? "1 finding that depends" : `${keptBack} findings that depend`;
	const kept = keptBack === 0 ? "" : ` Kept back until then: ${findings} on them.`;
	return html`<p class="note">The claims of ${nodes} are not read yet: routes and tables are shown as they are, owners as far as they are known. The next audit reads the rest.${kept}</p>
`;
}

function tellDone({ changes }: Report): Markup | undefined {
	const applied = changes.filter(({ outcome }) => outcome === "applied").length;
	if (applied === 0) return undefined;
	return html`<p class="note">This is what the audit found; ${applied} ${applied === 1 ? "change was" : "changes were"} made after that.</p>
`;
}
