import { expect, it } from "vitest";
import { REFUSAL_REASONS, SEVERITIES } from "../../../src/model/finding.ts";

it("gives every finding the severity of the contract", () => {
	expect(SEVERITIES).toEqual({
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
	});
});

it("looks for reasons of refusal in the contract's order", () => {
	expect(REFUSAL_REASONS).toEqual([
		"malformed-claim",
		"contradictory-claim",
		"claim-outside-cluster",
		"claim-wrong-size",
		"claim-overlaps-vpc",
		"wrong-vpc",
		"overlapping-claim",
		"contested-claim",
		"foreign-route-conflict",
	]);
});
