import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/plan/plan.ts";
import {
	isPinned,
	mayApply,
	mayStartAhead,
	policyOf,
	type Request,
	whyPlanRefused,
} from "../../../src/reconcile/request.ts";

const LAUNCH: Request = { operation: "launch", instanceIds: ["i-0a"] };
const BACKFILL = { operation: "backfill", dryRun: false } as const;
const PLAN: Plan = { id: "0123456789ab", changes: [], refusals: [], ignored: [], unsettled: [] };

function anAudit(repair: "none" | "routes" | "all"): Request {
	return { operation: "audit", repair };
}

describe("Whose routes a request sees to, and whether it may delete", () => {
	it.each<[string, Request, object]>([
		["a launch: its instance, never", LAUNCH, { scope: new Set(["i-0a"]), deletes: "none" }],
		["a backfill: every node, never", BACKFILL, { scope: "all", deletes: "none" }],
		[
			"a backfill of named nodes: those, never",
			{ ...BACKFILL, instanceIds: ["i-0a", "i-0b"] },
			{ scope: new Set(["i-0a", "i-0b"]), deletes: "none" },
		],
		[
			"a backfill of no node by name: no node, never",
			{ ...BACKFILL, instanceIds: [] },
			{ scope: new Set(), deletes: "none" },
		],
		["an audit that only looks: every node, never", anAudit("none"), { scope: "all", deletes: "none" }],
		["an audit that repairs routes: every node, never", anAudit("routes"), { scope: "all", deletes: "none" }],
		[
			"an audit that repairs all: every node, up to the share",
			anAudit("all"),
			{ scope: "all", deletes: { shareMax: 0.3 } },
		],
	])("%s", (_, request, policy) => {
		expect(policyOf(request, 0.3)).toEqual(policy);
	});
});

describe("A plan is applied", () => {
	it.each<[string, Request]>([
		["by a launch", LAUNCH],
		["by an audit that repairs routes", anAudit("routes")],
		["by an audit that repairs all", anAudit("all")],
		["by a backfill", BACKFILL],
		["by a backfill under its id", { ...BACKFILL, planId: "0123456789ab" }],
	])("%s", (_, request) => {
		expect(mayApply(request, PLAN)).toBe(true);
		expect(whyPlanRefused(request, PLAN)).toEqual([]);
	});

	it.each<[string, Request]>([
		["by an audit that only looks", anAudit("none")],
		["by a dry backfill", { ...BACKFILL, dryRun: true }],
		["by a dry backfill under its id", { ...BACKFILL, dryRun: true, planId: "0123456789ab" }],
	])("not %s", (_, request) => {
		expect(mayApply(request, PLAN)).toBe(false);
		expect(whyPlanRefused(request, PLAN)).toEqual([]);
	});

	it("not by a backfill under another plan's id, which names both", () => {
		const request: Request = { ...BACKFILL, planId: "ba9876543210" };
		expect(mayApply(request, PLAN)).toBe(false);
		expect(whyPlanRefused(request, PLAN)).toEqual([
			"plan ba9876543210 is refused: the plan is 0123456789ab by now; look at it again before you apply it",
		]);
	});
});

describe("A request is pinned to one plan", () => {
	it("where a backfill names it, and nowhere else", () => {
		expect(isPinned({ ...BACKFILL, planId: "0123456789ab" })).toBe(true);
		for (const request of [LAUNCH, BACKFILL, anAudit("all")]) expect(isPinned(request)).toBe(false);
	});
});

describe("Some changes may be made before the plan is whole", () => {
	it("where a backfill of every node is applied whatever its plan is", () => {
		expect(mayStartAhead(BACKFILL)).toBe(true);
	});

	it.each<[string, Request]>([
		["of a dry backfill", { ...BACKFILL, dryRun: true }],
		["of a backfill of named nodes", { ...BACKFILL, instanceIds: ["i-0a"] }],
		["of a backfill under a plan's id", { ...BACKFILL, planId: "0123456789ab" }],
		["of a launch", LAUNCH],
		["of an audit that only looks", anAudit("none")],
		["of an audit that repairs all", anAudit("all")],
	])("but not %s", (_, request) => {
		expect(mayStartAhead(request)).toBe(false);
	});
});
