import type { FindingCode, RefusalReason, Severity } from "./finding.ts";

export type Operation = "launch" | "audit" | "backfill";

/** What one pass saw and did: the public, versioned JSON that every function returns. */
export interface Report {
	readonly formatVersion: 1;
	readonly operation: Operation;
	readonly dryRun: boolean;
	/** Equal plans have equal ids. */
	readonly planId: string;
	readonly changes: readonly ReportedChange[];
	readonly refusals: readonly ReportedRefusal[];
	/** Audit only. */
	readonly findings: readonly ReportedFinding[];
	/** Audit only: every route with an address block for a destination, as observed. */
	readonly routes: readonly ReportedRoute[];
	readonly quota: readonly ReportedQuota[];
	/** What was looked at and left alone, and why. */
	readonly ignored: readonly { readonly instanceId?: string; readonly why: string }[];
	/** EC2 requests sent, retries included, by action. */
	readonly apiCalls: Readonly<Record<string, number>>;
}

export interface ReportedChange {
	readonly kind: "create" | "replace" | "delete" | "disable-source-dest-check";
	readonly routeTableId?: string;
	readonly destination?: string;
	readonly instanceId?: string;
	readonly networkInterfaceId?: string;
	readonly from: {
		readonly state: "active" | "blackhole";
		readonly instanceId?: string;
		readonly networkInterfaceId?: string;
	} | null;
	readonly outcome: "planned" | "applied" | "stale" | "failed" | "withheld";
	/** `Code: message`. */
	readonly error?: string;
}

export interface ReportedRefusal {
	readonly reason: RefusalReason;
	readonly instanceId: string;
	readonly destination?: string;
	readonly detail: string;
}

export interface ReportedFinding {
	readonly code: FindingCode;
	readonly severity: Severity;
	readonly routeTableId?: string;
	readonly destination?: string;
	readonly instanceId?: string;
	readonly detail: string;
}

export interface ReportedRoute {
	readonly routeTableId: string;
	readonly destination: string;
	readonly state: "active" | "blackhole" | "other";
	/** The node whose claim to exactly this block is accepted. */
	readonly owner?: string;
	readonly instanceId?: string;
	readonly networkInterfaceId?: string;
	/** What a route points at that goes to no interface: `local`, `igw-…`, `pcx-…`. */
	readonly target?: string;
	/** Whether podroute may ever change it; everything else is foreign. */
	readonly managed: boolean;
}

export interface ReportedQuota {
	readonly routeTableId: string;
	readonly family: "ipv4" | "ipv6";
	readonly used: number;
	readonly limit: number;
}
