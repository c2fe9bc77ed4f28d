import type { Cidr } from "./cidr.ts";
import type { InstanceId } from "./instance.ts";
import type { RouteTableId } from "./route.ts";

export type Severity = "critical" | "warning" | "info";

/** Why a claim is not accepted, in the order in which they are looked for: the first that holds is the reason. */
export const REFUSAL_REASONS = [
	"malformed-claim",
	"contradictory-claim",
	"claim-outside-cluster",
	"claim-wrong-size",
	"claim-overlaps-vpc",
	"wrong-vpc",
	"overlapping-claim",
	"contested-claim",
	"foreign-route-conflict",
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** How grave each finding is. */
export const SEVERITIES = {
	"missing-route": "critical",
	"misdirected-route": "critical",
	"blackhole-route": "critical",
	"source-dest-check-on": "critical",
	"contested-claim": "critical",
	"overlapping-claim": "critical",
	"foreign-route-conflict": "critical",
	"quota-exhausted": "critical",
	"claim-outside-cluster": "warning",
	"claim-wrong-size": "warning",
	"claim-overlaps-vpc": "warning",
	"malformed-claim": "warning",
	"contradictory-claim": "warning",
	"wrong-vpc": "warning",
	"orphan-route": "warning",
	"unclaimed-route": "warning",
	"no-nodes": "warning",
	"quota-near-limit": "warning",
	"stopped-owner": "info",
	"missing-claim": "info",
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof SEVERITIES;

/** One thing that is not as it should be, told once. */
export interface Finding {
	readonly code: FindingCode;
	/** A sentence for a person: what is wrong, both sides by name, what to do. Never quotes user data. */
	readonly detail: string;
	readonly routeTableId?: RouteTableId;
	readonly destination?: Cidr;
	readonly instanceId?: InstanceId;
}

/** A claim, or one block of it, that was not accepted. */
export interface Refusal {
	readonly reason: RefusalReason;
	readonly instanceId: InstanceId;
	/** Absent where the claim as a whole could not be taken for blocks. */
	readonly destination?: Cidr;
	/** A sentence for a person, naming both sides. Never quotes user data. */
	readonly detail: string;
}
