import type { Change, From } from "../model/change.ts";
import { compareCidrs } from "../model/cidr.ts";
import { type Finding, type Refusal, SEVERITIES } from "../model/finding.ts";
import { compareText } from "../model/order.ts";
import type {
	Operation,
	Report,
	ReportedChange,
	ReportedFinding,
	ReportedRefusal,
	ReportedRoute,
} from "../model/report.ts";
import type { ObservedRoute } from "../plan/analyse.ts";
import type { Ignored } from "../plan/plan.ts";
import type { Quota } from "../plan/quota.ts";
import type { Applied } from "./apply.ts";

/** What a pass saw and did, in the model's terms. */
export interface PassFacts {
	readonly operation: Operation;
	readonly dryRun: boolean;
	readonly planId: string;
	readonly changes: readonly Applied[];
	readonly refusals: readonly Refusal[];
	readonly findings: readonly Finding[];
	readonly routes: readonly ObservedRoute[];
	readonly quota: readonly Quota[];
	readonly ignored: readonly Ignored[];
	readonly apiCalls: Readonly<Record<string, number>>;
}

/** The public form of a pass: plain JSON, blocks as text, nothing absent spelled `undefined`. */
export function compileReport(facts: PassFacts): Report {
	return {
		formatVersion: 1,
		operation: facts.operation,
		dryRun: facts.dryRun,
		planId: facts.planId,
		changes: facts.changes.map(reportChange),
		refusals: facts.refusals.map(reportRefusal),
		findings: facts.findings.map(reportFinding),
		routes: facts.routes.toSorted(comparePlaced).map(reportRoute),
		quota: facts.quota,
		ignored: facts.ignored,
		apiCalls: facts.apiCalls,
	};
}

/** By table, then address order. */
function comparePlaced(a: ObservedRoute, b: ObservedRoute): number {
	return (
		compareText(a.routeTableId, b.routeTableId) || compareCidrs(a.route.destination, b.route.destination)
	);
}

function reportChange({ change, outcome }: Applied): ReportedChange {
	return {
		kind: change.kind,
		...placeOf(change),
		...("networkInterfaceId" in change
			? { instanceId: change.instanceId, networkInterfaceId: change.networkInterfaceId }
			: {}),
		from: "from" in change ? reportFrom(change.from) : null,
		outcome: outcome.kind,
		...("error" in outcome ? { error: outcome.error } : {}),
	};
}

function placeOf(change: Change): { routeTableId?: string; destination?: string } {
	if (change.kind === "disable-source-dest-check") return {};
	return { routeTableId: change.routeTableId, destination: change.destination.text };
}

function reportFrom({ state, instanceId, networkInterfaceId }: From): ReportedChange["from"] {
	return { state, ...(instanceId === undefined ? {} : { instanceId }), networkInterfaceId };
}

function reportRefusal({ reason, instanceId, destination, detail }: Refusal): ReportedRefusal {
	return {
		reason,
		instanceId,
		...(destination === undefined ? {} : { destination: destination.text }),
		detail,
	};
}

function reportFinding({ code, routeTableId, destination, instanceId, detail }: Finding): ReportedFinding {
	return {
		code,
		severity: SEVERITIES[code],
		...(routeTableId === undefined ? {} : { routeTableId }),
		...(destination === undefined ? {} : { destination: destination.text }),
		...(instanceId === undefined ? {} : { instanceId }),
		detail,
	};
}

function reportRoute({ routeTableId, route, holder, owner }: ObservedRoute): ReportedRoute {
	const { destination, state, target } = route;
	const at = {
		routeTableId,
		destination: destination.text,
		state,
		...(owner === undefined ? {} : { owner }),
	};
	const managed = holder.kind !== "foreign";
	if (target.kind !== "interface") return { ...at, target: target.description, managed };
	const { instanceId, networkInterfaceId } = target;
	return { ...at, ...(instanceId === undefined ? {} : { instanceId }), networkInterfaceId, managed };
}
