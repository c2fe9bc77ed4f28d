import { describe, expect, it } from "vitest";
import { findAll } from "../../../src/plan/findings.ts";
import { cidr, PlanWorld } from "../../support/plan-world.ts";

describe("findings", () => {
	it("are in order: the gravest, then by table, address and instance", () => {
		const world = new PlanWorld({ sourceDestCheck: "report" })
			.table("rtb-2")
			.table("rtb-1")
			.node("i-d")
			.node("i-c")
			.node("i-b", { claims: "10.200.10.0/24", checked: true })
			.node("i-a", { claims: "10.200.2.0/24", checked: true })
			.node("i-f", { claims: "10.9.0.0/24" })
			.node("i-e", { claims: "10.9.0.0/24" })
			.gone("eni-old")
			.blackhole("rtb-2", "10.200.3.0/24", "eni-old")
			.blackhole("rtb-1", "10.200.4.0/24", "eni-old");
		expect(world.findings()).toEqual([
			"source-dest-check-on i-a",
			"source-dest-check-on i-b",
			"missing-route rtb-1 10.200.2.0/24 i-a",
			"missing-route rtb-1 10.200.10.0/24 i-b",
			"missing-route rtb-2 10.200.2.0/24 i-a",
			"missing-route rtb-2 10.200.10.0/24 i-b",
			"claim-outside-cluster 10.9.0.0/24 i-e",
			"claim-outside-cluster 10.9.0.0/24 i-f",
			"orphan-route rtb-1 10.200.4.0/24",
			"orphan-route rtb-2 10.200.3.0/24",
			"missing-claim i-c",
			"missing-claim i-d",
		]);
	});

	it("are told by code where nothing else differs", () => {
		const world = new PlanWorld({ routeLimit: 1, quotaWarnRatio: 1 })
			.table("rtb-1", "vpc-1", ["10.0.0.0/16", "fd00:1::/56"])
			.node("i-a");
		expect(world.findings()).toEqual([
			"quota-near-limit rtb-1",
			"quota-near-limit rtb-1",
			"missing-claim i-a",
		]);
	});

	it("say so where no instance matches at all", () => {
		const world = new PlanWorld().table("rtb-1");
		expect(world.findings()).toEqual(["no-nodes"]);
		expect(world.sentences("no-nodes")).toEqual([
			"NODE_FILTERS match no instance at all: check their spelling, and the region",
		]);
	});

	it("do not say so while a terminated instance is listed", () => {
		expect(new PlanWorld().table("rtb-1").node("i-old", { life: "gone" }).findings()).toEqual([]);
	});

	it("name a node that claims nothing, resting or not", () => {
		const world = new PlanWorld().table("rtb-1").node("i-a").node("i-b", { life: "resting" });
		expect(world.findings()).toEqual(["missing-claim i-a", "missing-claim i-b"]);
		expect(world.sentences("missing-claim")[0]).toBe(
			"i-a claims no block, by tag or user data: normal for a control-plane instance, a mistake for a worker",
		);
	});

	it("tell a conflict with the table of the foreign route, and nothing else of it", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: "10.200.0.0/24" })
			.route("rtb-1", "10.200.0.0/24", "pcx-1");
		expect(findAll(world.analyse())).toEqual([
			{
				code: "foreign-route-conflict",
				routeTableId: "rtb-1",
				destination: cidr("10.200.0.0/24"),
				instanceId: "i-a",
				detail:
					"i-a claims 10.200.0.0/24, but a foreign route in rtb-1 holds it (foreign because its target is pcx-1): remove that route, or claim another block",
			},
		]);
	});

	it("tell a refused claim by the refusal's code and sentence", () => {
		const world = new PlanWorld().table("rtb-1").node("i-a", {
			claims: { kind: "refused", reason: "malformed-claim", detail: "tag pod-cidr: it is empty" },
		});
		expect(world.sentences("malformed-claim")).toEqual(["i-a: tag pod-cidr: it is empty"]);
	});
});
