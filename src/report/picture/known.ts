import { type Cidr, overlaps, parseCidr } from "../../model/cidr.ts";
import type { Report, ReportedFinding, ReportedRoute } from "../../model/report.ts";

/** Nodes whose claims nobody has read yet. They may claim anything. */
export interface Unread {
	readonly instanceIds: ReadonlySet<string>;
	/** Every interface of theirs: EC2 shows a dead target by its interface alone. */
	readonly interfaceIds: ReadonlySet<string>;
}

export const NOTHING_UNREAD: Unread = { instanceIds: new Set(), interfaceIds: new Set() };

/** These say that nobody else claims a block, which takes every claim to know. */
const ABOUT_EVERYBODY: ReadonlySet<string> = new Set(["unclaimed-route", "orphan-route"]);

/** What a report says for certain while some claims are unread, and how many findings are kept back until then. */
export interface Known {
	readonly report: Report;
	readonly keptBack: number;
}

/**
 * Leaves out what an unread claim may turn around: that nobody claims a block, and anything about a block whose
 * route, or one that overlaps it, leads to a node whose claim is unread. Such a route has no known owner.
 */
export function withoutGuesses(report: Report, unread: Unread): Known {
	if (unread.instanceIds.size === 0) return { report, keptBack: 0 };
	const leadsToUnread = ({ instanceId, networkInterfaceId }: ReportedRoute) =>
		unread.instanceIds.has(instanceId ?? "") || unread.interfaceIds.has(networkInterfaceId ?? "");
	const doubtful = report.routes
		.filter((route) => route.managed && leadsToUnread(route))
		.flatMap(({ destination }) => blocksOf(destination));
	const findings = report.findings.filter((finding) => !isGuess(finding, doubtful));
	const ignored = report.ignored.filter(({ instanceId }) => !unread.instanceIds.has(instanceId ?? ""));
	const routes = report.routes.map((route) => (leadsToUnread(route) ? withoutOwner(route) : route));
	return {
		report: { ...report, findings, routes, ignored, changes: [] },
		keptBack: report.findings.length - findings.length,
	};
}

function isGuess({ code, destination }: ReportedFinding, doubtful: readonly Cidr[]): boolean {
	if (ABOUT_EVERYBODY.has(code)) return true;
	return blocksOf(destination).some((block) => doubtful.some((other) => overlaps(block, other)));
}

function blocksOf(text: string | undefined): readonly Cidr[] {
	const parsed = parseCidr(text ?? "");
	return parsed.ok ? [parsed.cidr] : [];
}

function withoutOwner({ owner: _, ...route }: ReportedRoute): ReportedRoute {
	return route;
}
