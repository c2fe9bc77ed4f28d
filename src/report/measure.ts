import type { Severity } from "../model/finding.ts";
import type { Report, ReportedChange, ReportedQuota } from "../model/report.ts";
import type { MetricName } from "./metric-names.ts";

/** What a report does not say of its pass. */
export interface Beside {
	/** Requests that EC2 refused for want of rate. */
	readonly throttles: number;
	/** Seconds from event to route, of each instance that the pass routed. */
	readonly secondsToRoute: readonly number[];
}

/** Values that share one dimension beside the stack's, or have none. */
export interface Measured {
	readonly dimension?: readonly [name: "reason" | "severity" | "table", value: string];
	readonly values: readonly (readonly [metric: MetricName, value: number])[];
}

/**
 * Tables that a pass measures one by one: each is a metric of its own in CloudWatch, and is paid for. The fullest,
 * so that none that matters is left out.
 */
const TABLES_MAX = 20;

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/**
 * What a pass comes to in numbers; src/report/metric-names.ts says what each means. Zeros are told where their absence
 * would leave an alarm without an answer.
 */
export function measure(report: Report, { throttles, secondsToRoute }: Beside): readonly Measured[] {
	const tables = fullestFirst(report.quota);
	const worst = tables.slice(0, 1).map(([, ratio]) => ["WorstQuotaRatio", ratio] as const);
	return [
		{
			values: [
				["RoutesCreated", countApplied(report, "create")],
				["RoutesReplaced", countApplied(report, "replace")],
				["RoutesDeleted", countApplied(report, "delete")],
				["RoutesWithheld", report.changes.filter(({ outcome }) => outcome === "withheld").length],
				["Ec2Calls", Object.values(report.apiCalls).reduce((sum, calls) => sum + calls, 0)],
				["Ec2Throttles", throttles],
				...worst,
				...secondsToRoute.map((seconds) => ["TimeToRoute", seconds] as const),
			],
		},
		...(report.operation === "audit" ? SEVERITIES.map((severity) => countFindings(report, severity)) : []),
		...countRefusals(report),
		...tables.slice(0, TABLES_MAX).map(([table, ratio]) => ({
			dimension: ["table", table] as const,
			values: [["QuotaRatio", ratio] as const],
		})),
	];
}

function countApplied({ changes }: Report, wanted: ReportedChange["kind"]): number {
	return changes.filter(({ kind, outcome }) => kind === wanted && outcome === "applied").length;
}

function countFindings({ findings }: Report, wanted: Severity): Measured {
	const count = findings.filter(({ severity }) => severity === wanted).length;
	return { dimension: ["severity", wanted], values: [["Findings", count]] };
}

function countRefusals({ refusals }: Report): readonly Measured[] {
	const counts = new Map<string, number>();
	for (const { reason } of refusals) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	return [...counts].map(([reason, count]) => ({
		dimension: ["reason", reason],
		values: [["Refusals", count]],
	}));
}

/** The share of its routes that each table uses, of whichever address family uses more. */
function fullestFirst(quota: readonly ReportedQuota[]): readonly (readonly [table: string, ratio: number])[] {
	const ratios = new Map<string, number>();
	for (const { routeTableId, used, limit } of quota) {
		ratios.set(routeTableId, Math.max(ratios.get(routeTableId) ?? 0, used / limit));
	}
	return [...ratios].sort(([, a], [, b]) => b - a);
}
