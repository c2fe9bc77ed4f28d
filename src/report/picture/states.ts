import type { FindingCode } from "../../model/finding.ts";

interface Look {
	/** What stands on the map beside pattern and colour; nothing on a block that needs no attention. */
	readonly letter: string;
	/** What the legend says. */
	readonly label: string;
	/** Whether it is the operator's business. */
	readonly trouble: boolean;
}

/** What a block of the map can be, the gravest first: of several things in one place the first is shown. */
export const STATES = {
	contested: { letter: "C", label: "contested: two nodes want it", trouble: true },
	conflict: { letter: "X", label: "claimed, but a foreign route is in the way", trouble: true },
	misdirected: { letter: "W", label: "routed to the wrong target", trouble: true },
	blackholed: { letter: "B", label: "blackholed", trouble: true },
	missing: { letter: "M", label: "missing: claimed, not routed", trouble: true },
	dropping: { letter: "D", label: "routed, but its node drops the packets", trouble: true },
	refused: { letter: "R", label: "claimed, and refused", trouble: true },
	unclaimed: { letter: "U", label: "routed, but not claimed", trouble: true },
	unknown: { letter: "?", label: "routed, owner not known", trouble: false },
	stopped: { letter: "S", label: "kept for a stopped node", trouble: false },
	foreign: { letter: "F", label: "foreign", trouble: false },
	routed: { letter: "", label: "routed to its owner", trouble: false },
} as const satisfies Record<string, Look>;

/** A block that nothing is known of has no state: it is free. */
export type State = keyof typeof STATES;

/** By gravity. */
export const STATE_ORDER = Object.keys(STATES) as readonly State[];

/** What a finding makes of its block; the findings that are about no block are absent. */
export const STATE_OF: { readonly [code in FindingCode]?: State } = {
	"missing-route": "missing",
	"misdirected-route": "misdirected",
	"blackhole-route": "blackholed",
	"orphan-route": "blackholed",
	"unclaimed-route": "unclaimed",
	"stopped-owner": "stopped",
	"contested-claim": "contested",
	"overlapping-claim": "contested",
	"foreign-route-conflict": "conflict",
	"claim-outside-cluster": "refused",
	"claim-wrong-size": "refused",
	"claim-overlaps-vpc": "refused",
	"malformed-claim": "refused",
	"contradictory-claim": "refused",
	"wrong-vpc": "refused",
};
