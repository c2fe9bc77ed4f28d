import { describe, expect, it } from "vitest";
import type { InstanceId } from "../../../src/model/instance.ts";
import type { Policy } from "../../../src/plan/plan.ts";
import { type NodeOptions, PlanWorld } from "../../support/plan-world.ts";

const A = "10.200.0.0/24";
const B = "10.200.1.0/24";

const only = (...ids: readonly InstanceId[]): Policy => ({ scope: new Set(ids), deletes: "none" });

describe("a plan for some nodes", () => {
	const world = () =>
		new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: A, checked: true })
			.node("i-b", { claims: B, checked: true })
			.node("i-c", { claims: B, attachedAt: 2_000 })
			.node("i-d");

	it("has the changes of those nodes alone", () => {
		expect(world().changes(only("i-b"))).toEqual([
			"create rtb-1 10.200.1.0/24 -> i-b eni-b",
			"check i-b eni-b",
		]);
	});

	it("has their refusals alone", () => {
		expect(world().refusals(only("i-c"))).toEqual(["contested-claim i-c 10.200.1.0/24"]);
		expect(world().refusals(only("i-a", "i-b"))).toEqual([]);
	});

	it("ignores those with nothing to route alone", () => {
		expect(world().plan(only("i-d", "i-a")).ignored).toEqual([
			{ instanceId: "i-d", why: "it claims no block, by tag or user data" },
		]);
		expect(world().plan(only("i-a")).ignored).toEqual([]);
	});

	it("deletes nothing unless the policy does, whatever the scope", () => {
		const orphaned = world().gone("eni-old").blackhole("rtb-1", "10.200.9.0/24", "eni-old");
		expect(orphaned.changes(only("i-d"))).toEqual([]);
		expect(orphaned.changes({ ...only("i-d"), deletes: { shareMax: 0.3 } })).toEqual([
			"delete rtb-1 10.200.9.0/24 blackhole eni-old",
		]);
	});
});

describe("source/dest checks", () => {
	const world = (sourceDestCheck: "disable" | "report") =>
		new PlanWorld({ sourceDestCheck })
			.table("rtb-1")
			.table("rtb-2")
			.node("i-b", { claims: `${B},fd00:10:200::/64`, checked: true })
			.node("i-a", { claims: A, checked: true })
			.node("i-c", { claims: A, attachedAt: 2_000, checked: true })
			.node("i-d", { checked: true })
			.node("i-e", { claims: "10.200.4.0/24", life: "resting", checked: true })
			.blackhole("rtb-1", "10.200.4.0/24", "eni-e");

	it("are turned off for serving owners, once each, after the routes and by interface", () => {
		const checks = world("disable").changes().slice(-2);
		expect(checks).toEqual(["check i-a eni-a", "check i-b eni-b"]);
		expect(
			world("disable")
				.changes()
				.filter((change) => change.startsWith("check")),
		).toEqual(checks);
	});

	it("are only told under SOURCE_DEST_CHECK=report", () => {
		expect(
			world("report")
				.changes()
				.filter((change) => change.startsWith("check")),
		).toEqual([]);
		expect(
			world("report")
				.findings()
				.filter((finding) => finding.startsWith("source")),
		).toEqual(["source-dest-check-on i-a", "source-dest-check-on i-b"]);
		expect(world("report").sentences("source-dest-check-on")[0]).toBe(
			"i-a owns a block, but its source/dest check is on at eni-a, which drops its pods' packets; SOURCE_DEST_CHECK=report leaves it to you: turn the check off on that interface",
		);
	});

	it("are told with the way to put them right where they are turned off", () => {
		expect(world("disable").sentences("source-dest-check-on")[1]).toBe(
			"i-b owns a block, but its source/dest check is on at eni-b, which drops its pods' packets; an audit with REPAIR=routes, or a backfill, puts it right",
		);
	});
});

describe("a node with nothing to route", () => {
	it.each<[string, NodeOptions, string[]]>([
		["claims nothing", {}, ["it claims no block, by tag or user data"]],
		["claims nothing and rests", { life: "resting" }, ["it claims no block, by tag or user data"]],
		["is gone", { claims: A, life: "gone" }, ["it is shutting down or terminated"]],
		["rests", { claims: A, life: "resting" }, ["it is stopping or stopped: it keeps what it has"]],
		[
			"has an unread claim",
			{ claims: { kind: "unread", why: "AccessDenied" } },
			["its claim could not be read: AccessDenied"],
		],
		["serves a block", { claims: A }, []],
	])("is ignored with the reason: %s", (_, options, whys) => {
		const world = new PlanWorld().table("rtb-1").node("i-a", options);
		expect(world.plan().ignored).toEqual(whys.map((why) => ({ instanceId: "i-a", why })));
		expect(world.plan().unsettled).toEqual([]);
	});
});

it("ignores nodes in the order of their ids, and says nothing of withholding where nothing is withheld", () => {
	const world = new PlanWorld().table("rtb-1").node("i-c").node("i-a").node("i-b", { claims: A });
	const plan = world.plan();
	expect(plan.ignored.map(({ instanceId }) => instanceId)).toEqual(["i-a", "i-c"]);
	expect(plan.changes.map((change) => Object.keys(change))).toEqual([["change"]]);
});

describe("a serving node whose primary interface is not visible yet", () => {
	const world = (options: NodeOptions) =>
		new PlanWorld().table("rtb-1").node("i-a", { ...options, invisible: true });

	it("is unsettled: neither owner nor refused", () => {
		const plan = world({ claims: A }).plan();
		expect(plan.changes).toEqual([]);
		expect(plan.refusals).toEqual([]);
		expect(plan.unsettled).toEqual([
			{ instanceId: "i-a", why: "its primary network interface is not visible yet" },
		]);
	});

	it("is not unsettled once it rests or is gone, or for a pass about another node", () => {
		expect(world({ claims: A, life: "resting" }).plan().unsettled).toEqual([]);
		expect(world({ claims: A, life: "gone" }).plan().unsettled).toEqual([]);
		expect(world({ claims: A }).plan(only("i-b")).unsettled).toEqual([]);
	});
});

describe("refusals", () => {
	it("are in order: whole claims, then by address, then by instance", () => {
		const malformed = { kind: "refused", reason: "malformed-claim", detail: "x" } as const;
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-z", { claims: malformed })
			.node("i-y", { claims: malformed })
			.node("i-x", { claims: "10.201.0.0/24" })
			.node("i-w", { claims: "10.199.0.0/24" })
			.node("i-c", { claims: B, attachedAt: 2_000 })
			.node("i-b", { claims: B, attachedAt: 3_000 })
			.node("i-a", { claims: B })
			.node("i-e", { claims: A, attachedAt: 2_000 })
			.node("i-d", { claims: A });
		expect(world.refusals()).toEqual([
			"malformed-claim i-y",
			"malformed-claim i-z",
			"claim-outside-cluster i-w 10.199.0.0/24",
			"contested-claim i-e 10.200.0.0/24",
			"contested-claim i-b 10.200.1.0/24",
			"contested-claim i-c 10.200.1.0/24",
			"claim-outside-cluster i-x 10.201.0.0/24",
		]);
	});
});
