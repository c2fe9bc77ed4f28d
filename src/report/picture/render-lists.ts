import type { Report, ReportedChange, ReportedQuota, ReportedRoute } from "../../model/report.ts";
import { html, type Markup } from "../html.ts";

/** More rows than these help nobody in a page, and an answer of Lambda's is at most 6 MB. */
const ROWS_MAX = 4_000;

/** How full each table is, by family. */
export function renderQuota(quota: readonly ReportedQuota[]): Markup | undefined {
	if (quota.length === 0) return undefined;
	return html`<table class="list quota"><caption>Routes per table and family, of the quota</caption><thead><tr><th scope="col">Route table</th><th scope="col">Family</th><th scope="col">Used</th></tr></thead><tbody>${quota.map(renderFill)}</tbody></table>
`;
}

function renderFill({ routeTableId, family, used, limit }: ReportedQuota): Markup {
	const share = Math.min(100, Math.round((used / limit) * 100));
	return html`<tr><th scope="row"><code>${routeTableId}</code></th><td>${family === "ipv4" ? "IPv4" : "IPv6"}</td><td><span class="bar" aria-hidden="true"><span style="width:${share}%"></span></span> ${used} of ${limit}</td></tr>`;
}

/** Every route, a table each, folded up unless `open`. */
export function renderRoutes({ routes, findings }: Report, open: boolean): Markup | undefined {
	if (routes.length === 0) return undefined;
	const found = new Map(
		findings.map(({ routeTableId, destination, code }) => [`${routeTableId} ${destination}`, code]),
	);
	const shown = routes.slice(0, ROWS_MAX);
	const tables = [...Map.groupBy(shown, ({ routeTableId }) => routeTableId)].map(
		([routeTableId, inTable]) =>
			html`<table class="list routes"><caption>Routes in <code>${routeTableId}</code></caption><thead><tr><th scope="col">Destination</th><th scope="col">Owner or target</th><th scope="col">State</th><th scope="col">What is wrong</th></tr></thead><tbody>${inTable.map((route) => renderRoute(route, found.get(`${routeTableId} ${route.destination}`)))}</tbody></table>
`,
	);
	const more = routes.length - shown.length;
	return html`<details${open ? html` open=""` : undefined}><summary>${routes.length} routes</summary>
${tables}${more === 0 ? undefined : html`<p class="meta">${more} more: podroute audit tells them all.</p>`}</details>
`;
}

function renderRoute(route: ReportedRoute, wrong: string | undefined): Markup {
	const { destination, owner, instanceId, networkInterfaceId, target, state, managed } = route;
	const holder = owner ?? instanceId ?? networkInterfaceId ?? target;
	return html`<tr><th scope="row"><code>${destination}</code></th><td><code>${holder}</code></td><td>${state}</td><td>${wrong ?? (managed ? undefined : "not ours")}</td></tr>`;
}

/** What was done, or would be. */
export function renderChanges(changes: readonly ReportedChange[]): Markup | undefined {
	if (changes.length === 0) return undefined;
	return html`<table class="list changes"><caption>Changes</caption><thead><tr><th scope="col">Change</th><th scope="col">Of</th><th scope="col">To</th><th scope="col">Outcome</th></tr></thead><tbody>${changes.slice(0, ROWS_MAX).map(renderChange)}</tbody></table>
`;
}

function renderChange({
	kind,
	destination,
	instanceId,
	routeTableId,
	outcome,
	error,
}: ReportedChange): Markup {
	const where = routeTableId === undefined ? undefined : html` in <code>${routeTableId}</code>`;
	const why = error === undefined ? undefined : `: ${error}`;
	return html`<tr><th scope="row">${kind}</th><td><code>${destination}</code>${where}</td><td><code>${instanceId}</code></td><td>${outcome}${why}</td></tr>`;
}
