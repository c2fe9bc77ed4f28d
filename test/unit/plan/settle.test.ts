import { describe, expect, it } from "vitest";
import { CLEAN, PlanWorld } from "../../support/plan-world.ts";

const WIDE = "10.200.0.0/23";
const A = "10.200.0.0/24";
const HALF = "10.200.0.0/25";
const B = "10.200.1.0/24";

const world = () => new PlanWorld().table("rtb-1");

describe("rule 4: unequal overlapping blocks, neither routed", () => {
	it("go by rule 3's order: the senior node's is accepted", () => {
		const both = world()
			.node("i-w", { claims: WIDE, attachedAt: 2_000 })
			.node("i-a", { claims: A, attachedAt: 1_000 });
		expect(both.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		expect(both.refusals()).toEqual(["overlapping-claim i-w 10.200.0.0/23"]);
		expect(both.findings()).toEqual([
			"overlapping-claim 10.200.0.0/23",
			"missing-route rtb-1 10.200.0.0/24 i-a",
		]);
		const sentence =
			"i-w claims 10.200.0.0/23, which overlaps 10.200.0.0/24 of i-a: 10.200.0.0/24 comes first, by attach time of the primary interface, then instance id; longest-prefix match favours 10.200.0.0/24 of i-a; give each node a block of its own";
		expect(both.sentences("overlapping-claim")).toEqual([sentence]);
		expect(both.plan().refusals.map(({ detail }) => detail)).toEqual([sentence]);
	});

	it("go to the lower instance id where attach times are equal", () => {
		const both = world().node("i-b", { claims: A }).node("i-a", { claims: WIDE });
		expect(both.changes()).toEqual(["create rtb-1 10.200.0.0/23 -> i-a eni-a"]);
		expect(both.sentences("overlapping-claim")).toEqual([
			"i-b claims 10.200.0.0/24, which overlaps 10.200.0.0/23 of i-a: 10.200.0.0/23 comes first, by attach time of the primary interface, then instance id; longest-prefix match favours 10.200.0.0/24 of i-b; give each node a block of its own",
		]);
	});

	it("go to a serving node, however senior a resting one is", () => {
		const both = world()
			.node("i-w", { claims: WIDE, attachedAt: 1, life: "resting" })
			.node("i-a", { claims: A });
		expect(both.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		expect(both.refusals()).toEqual([]);
		expect(both.findings()).toEqual(["missing-route rtb-1 10.200.0.0/24 i-a"]);
	});

	it("do not stand in the way where a foreign route refuses them", () => {
		const both = world()
			.node("i-w", { claims: WIDE, attachedAt: 1 })
			.node("i-a", { claims: A })
			.route("rtb-1", "10.200.1.128/25", "pcx-1");
		expect(both.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		expect(both.refusals()).toEqual(["overlapping-claim i-w 10.200.0.0/23"]);
	});

	it("do not stand in the way where a foreign route holds the block itself", () => {
		const both = world()
			.node("i-a", { claims: A, attachedAt: 1 })
			.node("i-h", { claims: HALF })
			.route("rtb-1", A, "pcx-1");
		expect(both.changes()).toEqual(["create rtb-1 10.200.0.0/25 -> i-h eni-h"]);
		expect(both.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
	});

	it("are refused for one foreign route alike that lies inside both", () => {
		const both = world()
			.node("i-a", { claims: A })
			.node("i-h", { claims: HALF })
			.route("rtb-1", "10.200.0.7/32", "pcx-1");
		expect(both.refusals()).toEqual([
			"foreign-route-conflict i-a 10.200.0.0/24",
			"foreign-route-conflict i-h 10.200.0.0/25",
		]);
	});

	it("name all claimants of the narrower block as those whom longest-prefix match favours", () => {
		const crowd = world()
			.node("i-w", { claims: WIDE, attachedAt: 1 })
			.node("i-a", { claims: A })
			.node("i-b", { claims: A });
		expect(crowd.sentences("overlapping-claim")).toEqual([
			"i-a, i-b claim 10.200.0.0/24, which overlaps 10.200.0.0/23 of i-w: 10.200.0.0/23 comes first, by attach time of the primary interface, then instance id; longest-prefix match favours 10.200.0.0/24 of i-a, i-b; give each node a block of its own",
		]);
	});

	it("are settled down a chain: the narrowest first, and all around it are refused", () => {
		const chain = world()
			.node("i-w", { claims: WIDE, attachedAt: 3 })
			.node("i-a", { claims: A, attachedAt: 2 })
			.node("i-h", { claims: HALF, attachedAt: 1 });
		expect(chain.changes()).toEqual(["create rtb-1 10.200.0.0/25 -> i-h eni-h"]);
		expect(chain.refusals()).toEqual([
			"overlapping-claim i-w 10.200.0.0/23",
			"overlapping-claim i-a 10.200.0.0/24",
		]);
	});

	it("are settled down a chain: the middle first refuses both ends", () => {
		const chain = world()
			.node("i-w", { claims: WIDE, attachedAt: 2 })
			.node("i-a", { claims: A, attachedAt: 1 })
			.node("i-h", { claims: HALF, attachedAt: 3 });
		expect(chain.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		expect(chain.refusals()).toEqual([
			"overlapping-claim i-w 10.200.0.0/23",
			"overlapping-claim i-h 10.200.0.0/25",
		]);
	});

	it("leave room for blocks beside the one that is accepted", () => {
		const beside = world()
			.node("i-w", { claims: WIDE, attachedAt: 3 })
			.node("i-a", { claims: A, attachedAt: 2 })
			.node("i-b", { claims: B, attachedAt: 4 });
		expect(beside.changes()).toEqual([
			"create rtb-1 10.200.0.0/24 -> i-a eni-a",
			"create rtb-1 10.200.1.0/24 -> i-b eni-b",
		]);
		expect(beside.refusals()).toEqual(["overlapping-claim i-w 10.200.0.0/23"]);
	});

	it("do not overlap between families or VPCs", () => {
		const apart = world()
			.table("rtb-2", "vpc-2")
			.node("i-w", { claims: WIDE, vpc: "vpc-2" })
			.node("i-a", { claims: `${A},fd00:10:200::/64` });
		expect(apart.refusals()).toEqual([]);
		expect(apart.changes()).toHaveLength(3);
	});

	it("are told in each VPC where they overlap", () => {
		const twice = world()
			.table("rtb-2", "vpc-2")
			.node("i-a", { claims: A })
			.node("i-b", { claims: WIDE })
			.node("i-c", { claims: A, vpc: "vpc-2" })
			.node("i-d", { claims: WIDE, vpc: "vpc-2" });
		expect(twice.sentences("overlapping-claim")).toEqual([
			expect.stringContaining("i-b claims"),
			expect.stringContaining("i-d claims"),
		]);
	});

	it("name every claimant of a block that is contested as well, and refuse each for the overlap", () => {
		const crowd = world()
			.node("i-a", { claims: A, attachedAt: 1 })
			.node("i-w", { claims: WIDE })
			.node("i-x", { claims: WIDE });
		expect(crowd.refusals()).toEqual([
			"overlapping-claim i-w 10.200.0.0/23",
			"overlapping-claim i-x 10.200.0.0/23",
		]);
		expect(crowd.findings()).toEqual([
			"overlapping-claim 10.200.0.0/23",
			"missing-route rtb-1 10.200.0.0/24 i-a",
		]);
		expect(crowd.sentences("overlapping-claim")[0]).toMatch(
			/^i-w, i-x claim 10\.200\.0\.0\/23, which overlaps/,
		);
	});
});

describe("rule 4: unequal overlapping blocks, one routed", () => {
	it("go to the routed one, however junior", () => {
		const one = world()
			.node("i-w", { claims: WIDE, attachedAt: 2_000 })
			.node("i-a", { claims: A, attachedAt: 1_000 })
			.route("rtb-1", WIDE, "eni-w");
		expect(one.changes()).toEqual([]);
		expect(one.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
		expect(one.sentences("overlapping-claim")).toEqual([
			"i-a claims 10.200.0.0/24, which overlaps 10.200.0.0/23 of i-w: 10.200.0.0/23 is routed already and keeps; longest-prefix match favours 10.200.0.0/24 of i-a; give each node a block of its own",
		]);
	});

	it("go to the routed one, although its owner rests and its route is a blackhole", () => {
		const one = world()
			.node("i-w", { claims: WIDE, life: "resting" })
			.node("i-a", { claims: A })
			.blackhole("rtb-1", WIDE, "eni-w");
		expect(one.changes()).toEqual([]);
		expect(one.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
		expect(one.findings()).toEqual([
			"overlapping-claim 10.200.0.0/24",
			"stopped-owner rtb-1 10.200.0.0/23 i-w",
		]);
	});

	it("go to the routed one, although its interface is gone: it is claimed, so it is replaced", () => {
		const one = world()
			.node("i-w", { claims: WIDE, attachedAt: 2_000 })
			.node("i-a", { claims: A, attachedAt: 1_000 })
			.gone("eni-old")
			.blackhole("rtb-1", WIDE, "eni-old");
		expect(one.changes()).toEqual(["replace rtb-1 10.200.0.0/23 blackhole eni-old -> i-w eni-w"]);
		expect(one.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
	});

	it("go to the routed one in every table of the VPC", () => {
		const one = world()
			.table("rtb-2")
			.node("i-w", { claims: WIDE, attachedAt: 2_000 })
			.node("i-a", { claims: A, attachedAt: 1_000 })
			.route("rtb-2", WIDE, "eni-w");
		expect(one.changes()).toEqual(["create rtb-1 10.200.0.0/23 -> i-w eni-w"]);
	});

	it("go to neither where the routed one is held out against its claimant", () => {
		const one = world()
			.node("i-h")
			.node("i-a", { claims: A })
			.node("i-w", { claims: WIDE })
			.route("rtb-1", A, "eni-h");
		expect(one.changes()).toEqual([]);
		expect(one.refusals()).toEqual([
			"overlapping-claim i-w 10.200.0.0/23",
			"contested-claim i-a 10.200.0.0/24",
		]);
	});
});

describe("rule 4: unequal overlapping blocks, both routed", () => {
	const both = () =>
		world()
			.table("rtb-2")
			.node("i-w", { claims: WIDE })
			.node("i-a", { claims: A })
			.gone("eni-old")
			.blackhole("rtb-1", WIDE, "eni-old")
			.route("rtb-1", A, "eni-a");

	it("are not touched, not even where one is missing or a blackhole", () => {
		expect(both().changes(CLEAN)).toEqual([]);
		expect(both().refusals()).toEqual([
			"overlapping-claim i-w 10.200.0.0/23",
			"overlapping-claim i-a 10.200.0.0/24",
		]);
	});

	it("are told once, as a pair", () => {
		expect(both().findings()).toEqual(["overlapping-claim 10.200.0.0/23"]);
		expect(both().sentences("overlapping-claim")).toEqual([
			"i-w claims 10.200.0.0/23, which overlaps 10.200.0.0/24 of i-a: both are routed already, so neither route is touched; longest-prefix match favours 10.200.0.0/24 of i-a; give each node a block of its own",
		]);
		expect(
			both()
				.plan()
				.refusals.map(({ detail }) => detail),
		).toEqual([
			both().sentences("overlapping-claim")[0],
			"i-a claims 10.200.0.0/24, which overlaps 10.200.0.0/23 of i-w: both are routed already, so neither route is touched; longest-prefix match favours 10.200.0.0/24 of i-a; give each node a block of its own",
		]);
	});

	it("are told from the side of the serving node where the other one rests", () => {
		const rests = world()
			.node("i-w", { claims: WIDE, life: "resting" })
			.node("i-a", { claims: A })
			.blackhole("rtb-1", WIDE, "eni-w")
			.route("rtb-1", A, "eni-a");
		expect(rests.changes()).toEqual([]);
		expect(rests.findings()).toEqual(["overlapping-claim 10.200.0.0/24"]);
	});

	it("are not told while both rest", () => {
		const rest = world()
			.node("i-w", { claims: WIDE, life: "resting" })
			.node("i-a", { claims: A, life: "resting" })
			.route("rtb-1", WIDE, "eni-w")
			.route("rtb-1", A, "eni-a");
		expect(rest.findings()).toEqual([]);
	});

	it("make a chain of pairs, each side of which is refused", () => {
		const chain = world()
			.node("i-w", { claims: WIDE })
			.node("i-a", { claims: A })
			.node("i-h", { claims: HALF })
			.route("rtb-1", WIDE, "eni-w")
			.route("rtb-1", A, "eni-a")
			.route("rtb-1", HALF, "eni-h");
		expect(chain.changes()).toEqual([]);
		expect(chain.refusals()).toEqual([
			"overlapping-claim i-w 10.200.0.0/23",
			"overlapping-claim i-a 10.200.0.0/24",
			"overlapping-claim i-h 10.200.0.0/25",
		]);
		expect(chain.findings()).toEqual(["overlapping-claim 10.200.0.0/23", "overlapping-claim 10.200.0.0/25"]);
	});
});

describe("a managed route that nobody claims, overlapping a claimed block", () => {
	const claimed = () => world().node("i-a", { claims: A });

	it("stands in the way while a node holds it", () => {
		const held = claimed().node("i-b").route("rtb-1", WIDE, "eni-b");
		expect(held.changes()).toEqual([]);
		expect(held.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
		expect(held.findings()).toEqual([
			"overlapping-claim 10.200.0.0/24",
			"unclaimed-route rtb-1 10.200.0.0/23 i-b",
		]);
		expect(held.sentences("overlapping-claim")).toEqual([
			"i-a claims 10.200.0.0/24, which overlaps 10.200.0.0/23 of i-b: 10.200.0.0/23 is routed already and keeps; longest-prefix match favours 10.200.0.0/24 of i-a; give each node a block of its own",
		]);
	});

	it("stands in the way as a resting node's blackhole", () => {
		const held = claimed().node("i-b", { life: "resting" }).blackhole("rtb-1", HALF, "eni-b");
		expect(held.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
	});

	it("does not stand in the way of the node that holds it", () => {
		const own = claimed().route("rtb-1", HALF, "eni-a");
		expect(own.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		expect(own.findings()).toEqual([
			"missing-route rtb-1 10.200.0.0/24 i-a",
			"unclaimed-route rtb-1 10.200.0.0/25 i-a",
		]);
	});

	it("stands in the way of its holder where another node holds it in another table", () => {
		const mixed = claimed()
			.table("rtb-2")
			.node("i-b")
			.route("rtb-1", HALF, "eni-a")
			.route("rtb-2", HALF, "eni-b");
		expect(mixed.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
		expect(mixed.sentences("overlapping-claim")[0]).toContain("which overlaps 10.200.0.0/25 of i-b");
	});

	it("does not stand in the way of a block that is routed", () => {
		const routed = claimed().node("i-b").route("rtb-1", HALF, "eni-b").route("rtb-1", A, "eni-a");
		expect(routed.refusals()).toEqual([]);
		expect(routed.findings()).toEqual(["unclaimed-route rtb-1 10.200.0.0/25 i-b"]);
	});

	it("does not stand in the way as a blackhole whose interface is gone, in a complete observation", () => {
		const dead = claimed().gone("eni-old").blackhole("rtb-1", WIDE, "eni-old");
		expect(dead.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
	});

	it("does not stand in the way once its node is gone, in a complete observation", () => {
		for (const state of ["active", "blackhole"] as const) {
			const dead = claimed()
				.node("i-old", { life: "gone", others: ["eni-old"] })
				.route("rtb-1", WIDE, "eni-old", { state });
			expect(dead.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		}
	});

	it("stands in the way, gone or not, in a partial observation, which concludes nothing from absence", () => {
		const dead = claimed().partial().gone("eni-old").blackhole("rtb-1", WIDE, "eni-old");
		expect(dead.changes()).toEqual([]);
		expect(dead.plan().refusals.map(({ detail }) => detail)).toEqual([
			"i-a claims 10.200.0.0/24, which overlaps 10.200.0.0/23: 10.200.0.0/23 is routed already and keeps; longest-prefix match favours 10.200.0.0/24 of i-a; give each node a block of its own",
		]);
		const shutting = claimed()
			.partial()
			.node("i-old", { life: "gone", others: ["eni-old"] })
			.route("rtb-1", WIDE, "eni-old");
		expect(shutting.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
	});

	it("stands in the way while two reads disagree about it", () => {
		const stale = claimed().gone("eni-x").route("rtb-1", HALF, "eni-x");
		expect(stale.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
		expect(stale.sentences("overlapping-claim")[0]).toContain(
			"which overlaps 10.200.0.0/25: 10.200.0.0/25 is routed already and keeps; longest-prefix match favours 10.200.0.0/25; give",
		);
	});

	it("is the reason before a foreign route is", () => {
		const stale = claimed()
			.gone("eni-x")
			.route("rtb-1", HALF, "eni-x")
			.route("rtb-1", "10.200.0.128/25", "pcx-1");
		expect(stale.refusals()).toEqual(["overlapping-claim i-a 10.200.0.0/24"]);
	});
});

describe("a foreign route and a claimed block", () => {
	it("conflict where the route holds the block", () => {
		const holds = world().node("i-a", { claims: A }).route("rtb-1", A, "pcx-1");
		expect(holds.sentences("foreign-route-conflict")).toEqual([
			"i-a claims 10.200.0.0/24, but a foreign route in rtb-1 holds it (foreign because its target is pcx-1): remove that route, or claim another block",
		]);
	});

	it("conflict where the route lies inside the block", () => {
		const inside = world().node("i-a", { claims: A }).route("rtb-1", "10.200.0.7/32", "pcx-1");
		expect(inside.changes()).toEqual([]);
		expect(inside.refusals()).toEqual(["foreign-route-conflict i-a 10.200.0.0/24"]);
		expect(inside.sentences("foreign-route-conflict")).toEqual([
			"i-a claims 10.200.0.0/24, but a foreign route in rtb-1 to 10.200.0.7/32 lies inside it (foreign because its target is pcx-1): remove that route, or claim another block",
		]);
	});

	it("conflict in every table of the VPC, though one table has the route", () => {
		const one = world()
			.table("rtb-2")
			.node("i-a", { claims: A })
			.route("rtb-1", A, "eni-a")
			.route("rtb-2", A, "pcx-1");
		expect(one.changes()).toEqual([]);
		expect(one.findings()).toEqual(["foreign-route-conflict rtb-2 10.200.0.0/24 i-a"]);
	});

	it("do not conflict across VPCs", () => {
		const apart = world().table("rtb-2", "vpc-2").node("i-a", { claims: A }).route("rtb-2", A, "pcx-1");
		expect(apart.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
	});

	it("are told after the contest: the loser is contested, the keeper conflicts", () => {
		const contested = world()
			.node("i-a", { claims: A })
			.node("i-b", { claims: A })
			.route("rtb-1", A, "pcx-1");
		expect(contested.refusals()).toEqual([
			"foreign-route-conflict i-a 10.200.0.0/24",
			"contested-claim i-b 10.200.0.0/24",
		]);
		expect(contested.findings()).toEqual([
			"contested-claim 10.200.0.0/24",
			"foreign-route-conflict rtb-1 10.200.0.0/24 i-a",
		]);
	});

	it("conflict although a routed incumbent keeps its other table, which is left as it is", () => {
		const routed = world()
			.table("rtb-2")
			.node("i-a", { claims: A })
			.gone("eni-old")
			.blackhole("rtb-1", A, "eni-old")
			.route("rtb-2", A, "pcx-1");
		expect(routed.changes(CLEAN)).toEqual([]);
	});

	it("name the same route whichever way a table lists two", () => {
		const one = world()
			.node("i-a", { claims: A })
			.route("rtb-1", A, "vgw-1", { origin: "other" })
			.route("rtb-1", A, "pcx-1");
		const other = world()
			.node("i-a", { claims: A })
			.route("rtb-1", A, "pcx-1")
			.route("rtb-1", A, "vgw-1", { origin: "other" });
		expect(one.sentences("foreign-route-conflict")).toEqual([
			"i-a claims 10.200.0.0/24, but a foreign route in rtb-1 holds it (foreign because its target is pcx-1): remove that route, or claim another block",
		]);
		expect(other.sentences("foreign-route-conflict")).toEqual(one.sentences("foreign-route-conflict"));
	});
});
