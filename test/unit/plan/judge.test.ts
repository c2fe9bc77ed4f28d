import { describe, expect, it } from "vitest";
import { CLEAN, PlanWorld } from "../../support/plan-world.ts";

const A = "10.200.0.0/24";
const B = "10.200.1.0/24";
const C = "10.200.2.0/24";
const V6 = "fd00:10:200::/64";

/** One table, and i-a serving A. */
function withOwner(): PlanWorld {
	return new PlanWorld().table("rtb-1").node("i-a", { claims: A });
}

function outcome(world: PlanWorld, policy = CLEAN) {
	return { changes: world.changes(policy), refusals: world.refusals(policy), findings: world.findings() };
}

const NOTHING = { changes: [], refusals: [], findings: [] };

describe("a route to the primary interface of its block's owner, active", () => {
	it("is right, and appears nowhere", () => {
		expect(outcome(withOwner().route("rtb-1", A, "eni-a"))).toEqual(NOTHING);
	});

	it("is right for both families of one node", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: `${A},${V6}` })
			.route("rtb-1", A, "eni-a")
			.route("rtb-1", V6, "eni-a");
		expect(outcome(world)).toEqual(NOTHING);
	});
});

describe("an owner's block without a route", () => {
	it("gets one in every table of its VPC, in table order, then address order", () => {
		const world = new PlanWorld()
			.table("rtb-2")
			.table("rtb-1")
			.table("rtb-3", "vpc-2")
			.node("i-a", { claims: `${C},${V6}` })
			.node("i-b", { claims: "10.200.10.0/24" });
		expect(outcome(world)).toEqual({
			changes: [
				"create rtb-1 10.200.2.0/24 -> i-a eni-a",
				"create rtb-1 10.200.10.0/24 -> i-b eni-b",
				"create rtb-1 fd00:10:200::/64 -> i-a eni-a",
				"create rtb-2 10.200.2.0/24 -> i-a eni-a",
				"create rtb-2 10.200.10.0/24 -> i-b eni-b",
				"create rtb-2 fd00:10:200::/64 -> i-a eni-a",
			],
			refusals: [],
			findings: [
				"missing-route rtb-1 10.200.2.0/24 i-a",
				"missing-route rtb-1 10.200.10.0/24 i-b",
				"missing-route rtb-1 fd00:10:200::/64 i-a",
				"missing-route rtb-2 10.200.2.0/24 i-a",
				"missing-route rtb-2 10.200.10.0/24 i-b",
				"missing-route rtb-2 fd00:10:200::/64 i-a",
			],
		});
	});

	it("is told once a table, and how to put it right", () => {
		expect(withOwner().sentences("missing-route")).toEqual([
			"10.200.0.0/24 of i-a has no route in rtb-1: traffic to its pods is dropped; an audit with REPAIR=routes, or a backfill, puts it right",
		]);
	});

	it("gets none while its only claimant rests", () => {
		const world = new PlanWorld().table("rtb-1").node("i-a", { claims: A, life: "resting" });
		expect(outcome(world)).toEqual(NOTHING);
	});

	it("gets none once its claimant is gone", () => {
		const world = new PlanWorld().table("rtb-1").node("i-a", { claims: A, life: "gone" });
		expect(outcome(world)).toEqual(NOTHING);
	});

	it("is looked at in each table apart", () => {
		const world = withOwner().table("rtb-2").route("rtb-2", A, "eni-a");
		expect(outcome(world)).toEqual({
			changes: ["create rtb-1 10.200.0.0/24 -> i-a eni-a"],
			refusals: [],
			findings: ["missing-route rtb-1 10.200.0.0/24 i-a"],
		});
	});
});

describe("a misdirected route", () => {
	it.each(["active", "blackhole"] as const)("at another interface of the owner, %s, is replaced", (state) => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A, others: ["eni-a2"] })
			.route("rtb-1", A, "eni-a2", { state });
		expect(outcome(world)).toEqual({
			changes: [`replace rtb-1 10.200.0.0/24 ${state} eni-a2 -> i-a eni-a`],
			refusals: [],
			findings: ["misdirected-route rtb-1 10.200.0.0/24 i-a"],
		});
	});

	it("at a node that validly claims something else is replaced", () => {
		const world = withOwner()
			.node("i-b", { claims: B })
			.route("rtb-1", A, "eni-b")
			.route("rtb-1", B, "eni-b");
		expect(outcome(world)).toEqual({
			changes: ["replace rtb-1 10.200.0.0/24 active eni-b -> i-a eni-a"],
			refusals: [],
			findings: ["misdirected-route rtb-1 10.200.0.0/24 i-a"],
		});
		expect(world.sentences("misdirected-route")).toEqual([
			"10.200.0.0/24 in rtb-1 points to eni-b of i-b, but belongs to i-a: its pods get no traffic; an audit with REPAIR=routes, or a backfill, puts it right",
		]);
	});

	it("at a resting node that validly claims something else is replaced, active or not", () => {
		for (const state of ["active", "blackhole"] as const) {
			const world = withOwner()
				.node("i-b", { claims: B, life: "resting" })
				.route("rtb-1", A, "eni-b", { state });
			expect(outcome(world)).toEqual({
				changes: [`replace rtb-1 10.200.0.0/24 ${state} eni-b -> i-a eni-a`],
				refusals: [],
				findings: ["misdirected-route rtb-1 10.200.0.0/24 i-a"],
			});
		}
	});

	it("at an interface attached to a listed node since the listing counts as that node's", () => {
		const world = withOwner()
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.lookup("eni-b2", { kind: "attached", instanceId: "i-b" })
			.route("rtb-1", A, "eni-b2");
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 active eni-b2 -> i-a eni-a"]);
		expect(world.findings()).toEqual(["misdirected-route rtb-1 10.200.0.0/24 i-a"]);
	});

	it("at a node that is shutting down is replaced", () => {
		const world = withOwner()
			.node("i-old", { claims: A, life: "gone", others: ["eni-old"] })
			.route("rtb-1", A, "eni-old");
		expect(outcome(world)).toEqual({
			changes: ["replace rtb-1 10.200.0.0/24 active eni-old -> i-a eni-a"],
			refusals: [],
			findings: ["misdirected-route rtb-1 10.200.0.0/24 i-a"],
		});
	});
});

describe("a blackhole at a serving owner's block is replaced in place", () => {
	const replaced = (from: string) => ({
		changes: [`replace rtb-1 10.200.0.0/24 blackhole ${from} -> i-a eni-a`],
		refusals: [],
		findings: ["blackhole-route rtb-1 10.200.0.0/24 i-a"],
	});

	it("when its interface is gone", () => {
		const world = withOwner().gone("eni-old").blackhole("rtb-1", A, "eni-old");
		expect(outcome(world)).toEqual(replaced("eni-old"));
		expect(world.sentences("blackhole-route")).toEqual([
			"10.200.0.0/24 in rtb-1 is a blackhole at eni-old, but i-a serves it: its pods get no traffic; an audit with REPAIR=routes, or a backfill, puts it right",
		]);
	});

	it("when its interface is gone, in a partial observation too", () => {
		const world = withOwner().partial().gone("eni-old").blackhole("rtb-1", A, "eni-old");
		expect(world.changes()).toEqual(replaced("eni-old").changes);
	});

	it("when it is the owner's own primary interface", () => {
		expect(outcome(withOwner().blackhole("rtb-1", A, "eni-a"))).toEqual(replaced("eni-a"));
	});

	it("when it is held by a terminated node that is listed still", () => {
		const world = withOwner()
			.node("i-old", { claims: A, life: "gone", others: ["eni-old"] })
			.blackhole("rtb-1", A, "eni-old");
		expect(outcome(world)).toEqual(replaced("eni-old"));
	});

	it("when it is held by a resting node that claims the block as well", () => {
		const world = withOwner().node("i-b", { claims: A, life: "resting" }).blackhole("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual(replaced("eni-b"));
	});

	it("when it is held by a resting node that claims nothing", () => {
		const world = withOwner().node("i-b", { life: "resting" }).blackhole("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual({
			...replaced("eni-b"),
			findings: ["blackhole-route rtb-1 10.200.0.0/24 i-a", "missing-claim i-b"],
		});
	});
});

describe("a blackhole whose owner rests", () => {
	const resting = () => new PlanWorld().table("rtb-1").node("i-a", { claims: A, life: "resting" });

	it("is kept and told", () => {
		const world = resting().blackhole("rtb-1", A, "eni-a");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: [],
			findings: ["stopped-owner rtb-1 10.200.0.0/24 i-a"],
		});
		expect(world.sentences("stopped-owner")).toEqual([
			"10.200.0.0/24 in rtb-1 is a blackhole, and its owner i-a is stopped: kept until the node runs again or is terminated",
		]);
	});

	it("is told of the claimant that it points to, however senior another resting one is", () => {
		const world = resting()
			.node("i-b", { claims: A, life: "resting", attachedAt: 2_000 })
			.blackhole("rtb-1", A, "eni-b");
		expect(world.findings()).toEqual(["stopped-owner rtb-1 10.200.0.0/24 i-b"]);
	});

	it("is told of that claimant although another node has the route of another table", () => {
		const world = resting()
			.table("rtb-2")
			.node("i-b", { claims: A, life: "resting", attachedAt: 2_000 })
			.node("i-z", { claims: C })
			.blackhole("rtb-1", A, "eni-b")
			.route("rtb-2", A, "eni-z")
			.route("rtb-1", C, "eni-z")
			.route("rtb-2", C, "eni-z");
		expect(world.changes(CLEAN)).toEqual([]);
		expect(world.findings()).toEqual(["stopped-owner rtb-1 10.200.0.0/24 i-b"]);
	});

	it("is kept for the senior claimant when its interface is gone", () => {
		const world = resting()
			.node("i-0", { claims: A, life: "resting", attachedAt: 2_000 })
			.gone("eni-old")
			.blackhole("rtb-1", A, "eni-old");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: [],
			findings: ["stopped-owner rtb-1 10.200.0.0/24 i-a"],
		});
	});

	it("is told per table, and an active or absent route is not", () => {
		const world = resting()
			.table("rtb-2")
			.table("rtb-3")
			.blackhole("rtb-1", A, "eni-a")
			.route("rtb-2", A, "eni-a");
		expect(world.changes(CLEAN)).toEqual([]);
		expect(world.findings()).toEqual(["stopped-owner rtb-1 10.200.0.0/24 i-a"]);
	});
});

describe("a route at a node that does not claim it, while nobody claims it", () => {
	it("is kept and told where the node claims something else", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.route("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: [],
			findings: ["unclaimed-route rtb-1 10.200.0.0/24 i-b"],
		});
		expect(world.sentences("unclaimed-route")).toEqual([
			"10.200.0.0/24 in rtb-1 points to eni-b of i-b, which does not claim it, and nobody else does: kept; delete the route by hand if nothing uses it",
		]);
	});

	it("is kept and told as a blackhole too, without an instance that EC2 does not show", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-b", { claims: B, life: "resting" })
			.blackhole("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: [],
			findings: ["unclaimed-route rtb-1 10.200.0.0/24 i-b"],
		});
		expect(world.sentences("unclaimed-route")[0]).toContain("points to eni-b, which does not claim it");
	});

	it("names a node without a claim once, by its route", () => {
		const world = new PlanWorld().table("rtb-1").node("i-b").node("i-c").route("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: [],
			findings: ["unclaimed-route rtb-1 10.200.0.0/24 i-b", "missing-claim i-c"],
		});
	});

	it("is accounted for by a claim of that node that was refused", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-b", { claims: { kind: "refused", reason: "malformed-claim", detail: "tag pod-cidr: empty" } })
			.route("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: ["malformed-claim i-b"],
			findings: ["malformed-claim i-b"],
		});
	});

	it("is accounted for by a claim of that node that could not be read", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-b", { claims: { kind: "unread", why: "AccessDenied" } })
			.route("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual(NOTHING);
	});

	it("is accounted for by another node whose claim to it was refused", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: `${A},fd00:99::/64` })
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.route("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: ["claim-outside-cluster i-a fd00:99::/64"],
			findings: ["claim-outside-cluster fd00:99::/64 i-a"],
		});
	});

	it("is accounted for by another node whose interface is not visible yet", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A, invisible: true })
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.route("rtb-1", A, "eni-b");
		expect(outcome(world)).toEqual(NOTHING);
	});

	it("is told although the block is claimed in another VPC", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.table("rtb-2", "vpc-2")
			.node("i-a", { claims: A, vpc: "vpc-2" })
			.route("rtb-2", A, "eni-a")
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.route("rtb-1", A, "eni-b");
		expect(world.findings()).toEqual(["unclaimed-route rtb-1 10.200.0.0/24 i-b"]);
	});

	it("is not concluded from a partial observation", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.partial()
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.route("rtb-1", A, "eni-b");
		expect(world.analyse().verdicts).toEqual([]);
	});

	it("has no finding while its node shuts down", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-old", { life: "gone", others: ["eni-old"] })
			.route("rtb-1", A, "eni-old");
		expect(outcome(world)).toEqual(NOTHING);
	});
});

describe("a blackhole whose interface is gone, its block unclaimed", () => {
	const orphaned = () =>
		new PlanWorld()
			.table("rtb-1")
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.gone("eni-old")
			.blackhole("rtb-1", A, "eni-old");

	it("is an orphan, deleted where the policy deletes", () => {
		const world = orphaned();
		expect(world.changes(CLEAN)).toEqual(["delete rtb-1 10.200.0.0/24 blackhole eni-old"]);
		expect(world.changes()).toEqual([]);
		expect(world.findings()).toEqual(["orphan-route rtb-1 10.200.0.0/24"]);
		expect(world.sentences("orphan-route")).toEqual([
			"10.200.0.0/24 in rtb-1 is a blackhole at eni-old, which no longer exists, and no node claims it: an audit with REPAIR=all deletes it",
		]);
	});

	it("is one also while every listed node is gone", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-old", { claims: A, life: "gone", vpc: null })
			.gone("eni-old")
			.blackhole("rtb-1", A, "eni-old");
		expect(world.changes(CLEAN)).toEqual(["delete rtb-1 10.200.0.0/24 blackhole eni-old"]);
	});

	it("is one also where the block is claimed in another VPC", () => {
		const world = orphaned()
			.table("rtb-2", "vpc-2")
			.node("i-a", { claims: A, vpc: "vpc-2" })
			.route("rtb-2", A, "eni-a");
		expect(world.changes(CLEAN)).toEqual(["delete rtb-1 10.200.0.0/24 blackhole eni-old"]);
	});

	it.each<[string, (world: PlanWorld) => PlanWorld]>([
		["a partial observation", (world) => world.partial()],
		["a resting claimant", (world) => world.node("i-a", { claims: A, life: "resting" })],
		["a refused claimant", (world) => world.node("i-a", { claims: `${A},fd00:99::/64` })],
		["a claimant in a VPC without a table", (world) => world.node("i-a", { claims: A, vpc: "vpc-9" })],
		["a claimant not visible yet", (world) => world.node("i-a", { claims: A, invisible: true })],
		["an unread claim", (world) => world.node("i-a", { claims: { kind: "unread", why: "AccessDenied" } })],
	])("is not deleted beside %s", (_, change) => {
		expect(change(orphaned()).changes(CLEAN)).toEqual([]);
	});

	it("is deleted although a node that is gone could not be read", () => {
		const world = orphaned().node("i-a", { life: "gone", claims: { kind: "unread", why: "gone" } });
		expect(world.changes(CLEAN)).toEqual(["delete rtb-1 10.200.0.0/24 blackhole eni-old"]);
	});

	it("is not deleted on an empty listing, which looks just like a misspelt filter", () => {
		const world = new PlanWorld().table("rtb-1").gone("eni-old").blackhole("rtb-1", A, "eni-old");
		expect(world.changes(CLEAN)).toEqual([]);
		expect(world.findings()).toEqual(["no-nodes"]);
	});

	it("is an orphan although a claimed block overlaps it", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A })
			.gone("eni-old")
			.blackhole("rtb-1", "10.200.0.0/25", "eni-old");
		expect(outcome(world)).toEqual({
			changes: ["create rtb-1 10.200.0.0/24 -> i-a eni-a", "delete rtb-1 10.200.0.0/25 blackhole eni-old"],
			refusals: [],
			findings: ["missing-route rtb-1 10.200.0.0/24 i-a", "orphan-route rtb-1 10.200.0.0/25"],
		});
	});
});

describe("an active route whose interface was not found", () => {
	const unsettled = (world: PlanWorld) => world.plan(CLEAN).unsettled;
	const why =
		"the route to 10.200.0.0/24 in rtb-1 is active, though its target eni-x was not found: one of the two reads is stale, so nothing is done until they agree";

	it("is a stale read at an owner's block: nothing is done, and the owner's pass is unsettled", () => {
		const world = withOwner().gone("eni-x").route("rtb-1", A, "eni-x");
		expect(outcome(world)).toEqual(NOTHING);
		expect(unsettled(world)).toEqual([{ instanceId: "i-a", why }]);
	});

	it("is a stale read at a resting owner's block", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A, life: "resting" })
			.gone("eni-x")
			.route("rtb-1", A, "eni-x");
		expect(outcome(world)).toEqual(NOTHING);
		expect(unsettled(world)).toEqual([{ instanceId: "i-a", why }]);
	});

	it("is a stale read at an unclaimed block, and no orphan", () => {
		const world = new PlanWorld().table("rtb-1").node("i-b").gone("eni-x").route("rtb-1", A, "eni-x");
		expect(outcome(world)).toEqual({ changes: [], refusals: [], findings: ["missing-claim i-b"] });
		expect(unsettled(world)).toEqual([{ why }]);
	});

	it("is not told to a pass that was asked about another node", () => {
		const world = withOwner()
			.node("i-b", { claims: B })
			.route("rtb-1", B, "eni-b")
			.gone("eni-x")
			.route("rtb-1", A, "eni-x");
		expect(world.plan({ scope: new Set(["i-b"]), deletes: "none" }).unsettled).toEqual([]);
		expect(world.plan({ scope: new Set(["i-a"]), deletes: "none" }).unsettled).toHaveLength(1);
	});
});

describe("a foreign route is never changed", () => {
	it.each<[string, (world: PlanWorld) => PlanWorld]>([
		[
			"an instance that is no node",
			(w) => w.lookup("eni-x", { kind: "attached", instanceId: "i-x" }).route("rtb-1", A, "eni-x"),
		],
		["a detached interface", (w) => w.lookup("eni-x", { kind: "detached" }).blackhole("rtb-1", A, "eni-x")],
		[
			"another account's interface",
			(w) => w.lookup("eni-x", { kind: "unusable", why: "eni-x is of account 2" }).route("rtb-1", A, "eni-x"),
		],
		["a peering connection", (w) => w.route("rtb-1", A, "pcx-1")],
		["a state that is neither active nor blackhole", (w) => w.route("rtb-1", A, "eni-b", { state: "other" })],
		["a propagated route", (w) => w.route("rtb-1", A, "vgw-1", { origin: "other" })],
	])("%s", (_, add) => {
		const unclaimed = add(new PlanWorld().table("rtb-1").node("i-b"));
		expect(outcome(unclaimed)).toEqual({ changes: [], refusals: [], findings: ["missing-claim i-b"] });
		const claimed = add(withOwner().node("i-b"));
		expect(outcome(claimed)).toEqual({
			changes: [],
			refusals: ["foreign-route-conflict i-a 10.200.0.0/24"],
			findings: ["foreign-route-conflict rtb-1 10.200.0.0/24 i-a", "missing-claim i-b"],
		});
	});

	it.each(["0.0.0.0/0", "10.0.0.0/8", "10.201.0.0/24", "10.200.0.0/15"])(
		"%s, which CLUSTER_CIDRS do not contain, conflicts with nothing",
		(destination) => {
			const world = withOwner().gone("eni-old").blackhole("rtb-1", destination, "eni-old");
			expect(outcome(world)).toEqual({
				changes: ["create rtb-1 10.200.0.0/24 -> i-a eni-a"],
				refusals: [],
				findings: ["missing-route rtb-1 10.200.0.0/24 i-a"],
			});
		},
	);

	it("a wider one inside CLUSTER_CIDRS conflicts with nothing", () => {
		const world = withOwner().route("rtb-1", "10.200.0.0/20", "tgw-1");
		expect(world.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
	});

	it("a propagated route beside a static one to the same destination refuses the claim and changes neither", () => {
		const world = withOwner()
			.gone("eni-old")
			.route("rtb-1", A, "vgw-1", { origin: "other" })
			.blackhole("rtb-1", A, "eni-old");
		expect(outcome(world)).toEqual({
			changes: [],
			refusals: ["foreign-route-conflict i-a 10.200.0.0/24"],
			findings: ["foreign-route-conflict rtb-1 10.200.0.0/24 i-a"],
		});
	});
});
