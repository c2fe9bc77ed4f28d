import { describe, expect, it } from "vitest";
import { type NodeOptions, PlanWorld } from "../../support/plan-world.ts";

const A = "10.200.0.0/24";
const B = "10.200.1.0/24";
const V6 = "fd00:10:200::/64";

/** i-a was there first; i-b claims the same. */
function contested(a: NodeOptions = {}, b: NodeOptions = {}): PlanWorld {
	return new PlanWorld()
		.table("rtb-1")
		.node("i-b", { claims: A, attachedAt: 2_000, ...b })
		.node("i-a", { claims: A, attachedAt: 1_000, ...a });
}

describe("rule 3: equal blocks without an incumbent", () => {
	it("go to the earliest attached primary interface", () => {
		const world = contested({ attachedAt: 3_000 });
		expect(world.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-b eni-b"]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
		expect(world.findings()).toEqual([
			"contested-claim 10.200.0.0/24",
			"missing-route rtb-1 10.200.0.0/24 i-b",
		]);
	});

	it("go to the lowest instance id where the attach times are equal", () => {
		const world = contested({ attachedAt: 2_000 });
		expect(world.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-a eni-a"]);
		expect(world.refusals()).toEqual(["contested-claim i-b 10.200.0.0/24"]);
	});

	it("go to a serving node, however senior a resting one is", () => {
		const world = contested({ life: "resting" });
		expect(world.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-b eni-b"]);
		expect(world.refusals()).toEqual([]);
	});

	it("are not contested by a node that is gone", () => {
		const world = contested({ life: "gone" });
		expect(world.refusals()).toEqual([]);
		expect(world.changes()).toEqual(["create rtb-1 10.200.0.0/24 -> i-b eni-b"]);
	});

	it("are not contested between VPCs", () => {
		const world = contested({ vpc: "vpc-2" }).table("rtb-2", "vpc-2");
		expect(world.changes()).toEqual([
			"create rtb-1 10.200.0.0/24 -> i-b eni-b",
			"create rtb-2 10.200.0.0/24 -> i-a eni-a",
		]);
		expect(world.refusals()).toEqual([]);
	});

	it("go to the first also where a dead route has the block: that makes nobody an incumbent", () => {
		const world = contested().gone("eni-x").blackhole("rtb-1", A, "eni-x");
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 blackhole eni-x -> i-a eni-a"]);
		expect(world.plan().refusals.map(({ detail }) => detail)).toEqual([
			"i-b claims 10.200.0.0/24, which i-a claims too and comes first, by attach time of the primary interface, then instance id: give each node a block of its own",
		]);
	});

	it("go to a resting claimant that a blackhole points to, as an incumbent, while no other serves", () => {
		const world = contested({ life: "resting" }, { life: "resting" }).blackhole("rtb-1", A, "eni-b");
		expect(world.analyse().settlements).toMatchObject([
			{ owner: { instance: { id: "i-b" } }, incumbent: true },
		]);
	});

	it("are told in one finding, naming all and who keeps the block", () => {
		const world = contested().node("i-c", { claims: A, attachedAt: 3_000 });
		expect(world.findings()).toEqual([
			"contested-claim 10.200.0.0/24",
			"missing-route rtb-1 10.200.0.0/24 i-a",
		]);
		expect(world.sentences("contested-claim")).toEqual([
			"i-b, i-c claim 10.200.0.0/24, which i-a claims too and comes first, by attach time of the primary interface, then instance id: give each node a block of its own",
		]);
		expect(world.plan().refusals.map(({ detail }) => detail)).toEqual([
			"i-b claims 10.200.0.0/24, which i-a claims too and comes first, by attach time of the primary interface, then instance id: give each node a block of its own",
			"i-c claims 10.200.0.0/24, which i-a claims too and comes first, by attach time of the primary interface, then instance id: give each node a block of its own",
		]);
	});

	it("leave the other family of the refused node alone", () => {
		const world = contested({}, { claims: `${A},${V6}` });
		expect(world.changes()).toEqual([
			"create rtb-1 10.200.0.0/24 -> i-a eni-a",
			"create rtb-1 fd00:10:200::/64 -> i-b eni-b",
		]);
		expect(world.refusals()).toEqual(["contested-claim i-b 10.200.0.0/24"]);
	});

	it("name the launch template where one auto scaling group gave all the same user data", () => {
		const world = contested({ group: "workers" }, { group: "workers" });
		expect(world.sentences("contested-claim")).toEqual([
			"i-b claims 10.200.0.0/24, which i-a claims too and comes first, by attach time of the primary interface, then instance id: all are in auto scaling group workers, whose launch template gives every instance the same user data: let each node write its own claim",
		]);
	});

	it.each<[string, NodeOptions]>([
		["are in two groups", { group: "others" }],
		["are in one group and in none", {}],
	])("do not name a launch template where the claimants %s", (_, options) => {
		const [detail] = contested(options, { group: "workers" }).sentences("contested-claim");
		expect(detail).toMatch(/: give each node a block of its own$/);
	});
});

describe("rule 3: equal blocks with an incumbent", () => {
	it("stay with it while it serves, however senior the newcomer", () => {
		const world = contested().route("rtb-1", A, "eni-b");
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
		expect(world.sentences("contested-claim")).toEqual([
			"i-a claims 10.200.0.0/24, which is routed to i-b already and stays there: give each node a block of its own",
		]);
	});

	it("stay with it while it serves, although its route is a blackhole, which is replaced", () => {
		const world = contested().blackhole("rtb-1", A, "eni-b");
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 blackhole eni-b -> i-b eni-b"]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
	});

	it("stay with it while it rests and its route is not yet a blackhole", () => {
		const world = contested({}, { life: "resting" }).route("rtb-1", A, "eni-b");
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
		expect(world.findings()).toEqual(["contested-claim 10.200.0.0/24"]);
		expect(world.sentences("contested-claim")).toEqual([
			"i-a claims 10.200.0.0/24, which is routed to i-b already and stays there (i-b rests, but its route is not a blackhole yet): give each node a block of its own",
		]);
	});

	it("go to a serving claimant once the resting incumbent's route is a blackhole", () => {
		const world = contested({}, { life: "resting" }).blackhole("rtb-1", A, "eni-b");
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 blackhole eni-b -> i-a eni-a"]);
		expect(world.refusals()).toEqual([]);
		expect(world.findings()).toEqual(["blackhole-route rtb-1 10.200.0.0/24 i-a"]);
	});

	it("stay in each table with whoever is routed there; the senior incumbent gets the tables that are left", () => {
		const world = contested()
			.table("rtb-2")
			.table("rtb-3")
			.route("rtb-1", A, "eni-b")
			.route("rtb-2", A, "eni-a");
		expect(world.changes()).toEqual(["create rtb-3 10.200.0.0/24 -> i-a eni-a"]);
		expect(world.refusals()).toEqual(["contested-claim i-b 10.200.0.0/24"]);
	});

	it("prefer a serving incumbent to a resting one, which keeps its table", () => {
		const world = contested({ life: "resting" })
			.table("rtb-2")
			.table("rtb-3")
			.route("rtb-1", A, "eni-a")
			.route("rtb-2", A, "eni-b");
		expect(world.changes()).toEqual(["create rtb-3 10.200.0.0/24 -> i-b eni-b"]);
		expect(world.refusals()).toEqual([]);
		expect(world.findings()).toEqual(["missing-route rtb-3 10.200.0.0/24 i-b"]);
	});

	it("take the blackhole of a resting claimant in another table than the incumbent's", () => {
		const world = contested({}, { life: "resting" })
			.table("rtb-2")
			.route("rtb-1", A, "eni-a")
			.blackhole("rtb-2", A, "eni-b");
		expect(world.changes()).toEqual(["replace rtb-2 10.200.0.0/24 blackhole eni-b -> i-a eni-a"]);
		expect(world.findings()).toEqual(["blackhole-route rtb-2 10.200.0.0/24 i-a"]);
	});

	it("count a claimant as incumbent that is routed by another interface: its route cannot be moved away", () => {
		const world = contested({}, { others: ["eni-b2"] }).route("rtb-1", A, "eni-b2");
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 active eni-b2 -> i-b eni-b"]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
		expect(world.sentences("contested-claim")).toEqual([
			"i-a claims 10.200.0.0/24, which is routed to i-b already and stays there: give each node a block of its own",
		]);
	});

	it("prefer an incumbent by its primary interface to a senior one by another", () => {
		const world = contested({ others: ["eni-a2"] })
			.table("rtb-2")
			.route("rtb-1", A, "eni-a2")
			.route("rtb-2", A, "eni-b");
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
	});

	it("are not kept by a foreign route to a claimant's interface", () => {
		const world = contested().route("rtb-1", A, "eni-b", { state: "other" });
		expect(world.refusals()).toEqual([
			"foreign-route-conflict i-a 10.200.0.0/24",
			"contested-claim i-b 10.200.0.0/24",
		]);
	});
});

describe("rule 5: a route to a node is moved only where that node's claim frees it", () => {
	/** i-h has the route to A; i-a claims A. */
	const held = (holder: NodeOptions, state: "active" | "blackhole" = "active") =>
		new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A })
			.node("i-h", holder)
			.route("rtb-1", A, "eni-h", { state });

	const CONTESTED = "contested-claim i-a 10.200.0.0/24";

	it.each<[string, NodeOptions, string[]]>([
		[
			"malformed",
			{ claims: { kind: "refused", reason: "malformed-claim", detail: "x" } },
			["malformed-claim i-h", CONTESTED],
		],
		[
			"contradictory",
			{ claims: { kind: "refused", reason: "contradictory-claim", detail: "x" } },
			["contradictory-claim i-h", CONTESTED],
		],
		["unread", { claims: { kind: "unread", why: "AccessDenied" } }, [CONTESTED]],
		["none", {}, [CONTESTED]],
		["none, and it rests", { life: "resting" }, [CONTESTED]],
		["outside the cluster", { claims: "10.9.0.0/24" }, ["claim-outside-cluster i-h 10.9.0.0/24", CONTESTED]],
	])("its claim is %s: the newcomer is refused", (_, holder, refusals) => {
		const world = held(holder);
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(refusals);
		expect(world.sentences("contested-claim")).toEqual([
			"i-a claims 10.200.0.0/24, but its route points to i-h, and nothing that i-h claims says that it gave the block up, so the route is not moved: correct the claim of i-h, or claim another block",
		]);
	});

	it("its claim could not be read and the route is a blackhole while it serves: not moved either", () => {
		const world = held({ claims: { kind: "unread", why: "AccessDenied" } }, "blackhole");
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
	});

	it("its claim contains the block: the newcomer is refused, and neither gets a route", () => {
		const world = held({ claims: "10.200.0.0/23" });
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual([
			"overlapping-claim i-h 10.200.0.0/23",
			"contested-claim i-a 10.200.0.0/24",
		]);
	});

	it("its interface is not visible, though it claims the block: the newcomer is refused", () => {
		const world = held({ claims: A, invisible: true, others: ["eni-h"] });
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
	});

	it("it claims another block: moved", () => {
		expect(held({ claims: B }).changes()).toEqual([
			"replace rtb-1 10.200.0.0/24 active eni-h -> i-a eni-a",
			"create rtb-1 10.200.1.0/24 -> i-h eni-h",
		]);
	});

	it("it claims a part of the block: moved, and its own part is refused", () => {
		const world = held({ claims: "10.200.0.0/25" });
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 active eni-h -> i-a eni-a"]);
		expect(world.refusals()).toEqual(["overlapping-claim i-h 10.200.0.0/25"]);
	});

	it("it claims only a block of the other family: moved", () => {
		expect(held({ claims: V6 }).changes()).toEqual([
			"replace rtb-1 10.200.0.0/24 active eni-h -> i-a eni-a",
			"create rtb-1 fd00:10:200::/64 -> i-h eni-h",
		]);
	});

	it("one of its two blocks contains the block: not moved", () => {
		expect(held({ claims: `10.200.0.0/23,${V6}` }).refusals()).toContain("contested-claim i-a 10.200.0.0/24");
	});

	it("it rests and the route is a blackhole: moved, whatever its claim is", () => {
		const world = held({ claims: { kind: "unread", why: "AccessDenied" }, life: "resting" }, "blackhole");
		expect(world.changes()).toEqual(["replace rtb-1 10.200.0.0/24 blackhole eni-h -> i-a eni-a"]);
		expect(world.findings()).toEqual(["blackhole-route rtb-1 10.200.0.0/24 i-a"]);
	});

	it("the settlement has no owner and no incumbent, and names the holdout as keeper", () => {
		const [settlement] = held({}).analyse().settlements;
		expect(settlement).toMatchObject({
			owner: undefined,
			incumbent: false,
			heldOut: true,
			keeper: { instance: { id: "i-h" } },
		});
	});

	it("one table is enough to refuse the newcomer in all", () => {
		const world = held({}).table("rtb-2").route("rtb-2", A, "eni-a");
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["contested-claim i-a 10.200.0.0/24"]);
	});

	it("a resting newcomer is not refused", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A, life: "resting" })
			.node("i-h")
			.route("rtb-1", A, "eni-h");
		expect(world.refusals()).toEqual([]);
		expect(world.findings()).toEqual(["missing-claim i-h"]);
	});
});
