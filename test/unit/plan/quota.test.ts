import { describe, expect, it } from "vitest";
import { PlanWorld } from "../../support/plan-world.ts";

const OF_QUOTA = /^quota-/;

/** One table with its local route, and limits small enough to reach. */
function limited(routeLimit: number, quotaWarnRatio = 1): PlanWorld {
	return new PlanWorld({ routeLimit, quotaWarnRatio }).table("rtb-1");
}

function quotaFindings(world: PlanWorld): readonly string[] {
	return world.findings().filter((finding) => OF_QUOTA.test(finding));
}

describe("used routes", () => {
	it("are counted per table and family: made by CreateRoute or with the table, foreign ones included", () => {
		const world = new PlanWorld()
			.table("rtb-2")
			.table("rtb-1", "vpc-1", ["10.0.0.0/16", "fd00:1::/56"])
			.route("rtb-1", "0.0.0.0/0", "igw-1")
			.route("rtb-1", "::/0", "eigw-1")
			.route("rtb-1", "10.7.0.0/16", "pcx-1");
		expect(world.analyse().quota).toEqual([
			{ routeTableId: "rtb-1", family: "ipv4", used: 3, limit: 500 },
			{ routeTableId: "rtb-1", family: "ipv6", used: 2, limit: 500 },
			{ routeTableId: "rtb-2", family: "ipv4", used: 1, limit: 500 },
		]);
	});

	it("do not include propagated ones", () => {
		const world = limited(500).route("rtb-1", "10.7.0.0/16", "vgw-1", { origin: "other" });
		expect(world.analyse().quota).toEqual([{ routeTableId: "rtb-1", family: "ipv4", used: 1, limit: 500 }]);
	});

	it("are told for a family without any once it is to get some", () => {
		const world = limited(500).node("i-a", { claims: "fd00:10:200::/64" });
		expect(world.analyse().quota).toEqual([
			{ routeTableId: "rtb-1", family: "ipv4", used: 1, limit: 500 },
			{ routeTableId: "rtb-1", family: "ipv6", used: 0, limit: 500 },
		]);
	});
});

describe("quota-exhausted", () => {
	it("is found where one more route is wanted than the table takes", () => {
		const world = limited(1).node("i-a", { claims: "10.200.0.0/24" });
		expect(world.findings()).toEqual(["quota-exhausted rtb-1", "missing-route rtb-1 10.200.0.0/24 i-a"]);
		expect(world.sentences("quota-exhausted")).toEqual([
			"rtb-1 holds 1 of 1 ipv4 routes and 1 more is wanted, which it cannot take: raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes",
		]);
	});

	it("counts every route that is wanted", () => {
		const world = limited(2)
			.node("i-a", { claims: "10.200.0.0/24" })
			.node("i-b", { claims: "10.200.1.0/24" });
		expect(world.sentences("quota-exhausted")).toEqual([
			"rtb-1 holds 1 of 2 ipv4 routes and 2 more are wanted, which it cannot take: raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes",
		]);
	});

	it("is not found where the wanted routes just fit", () => {
		expect(quotaFindings(limited(2).node("i-a", { claims: "10.200.0.0/24" }))).toEqual([]);
	});

	it("is found in a family that has no route yet", () => {
		const world = limited(1)
			.node("i-a", { claims: "fd00:10:200::/64" })
			.node("i-b", { claims: "fd00:10:200:1::/64" });
		expect(world.sentences("quota-exhausted")).toEqual([
			"rtb-1 holds 0 of 1 ipv6 routes and 2 more are wanted, which it cannot take: raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes",
		]);
	});

	it("is told instead of quota-near-limit, and in its own family and table alone", () => {
		const world = limited(1, 0.5)
			.table("rtb-2", "vpc-2", ["10.0.0.0/16", "fd00:1::/56"])
			.node("i-a", { claims: "10.200.0.0/24", vpc: "vpc-2" });
		expect(quotaFindings(world)).toEqual([
			"quota-exhausted rtb-2",
			"quota-near-limit rtb-1",
			"quota-near-limit rtb-2",
		]);
	});

	it("does not count routes that are replaced", () => {
		const world = limited(2)
			.node("i-a", { claims: "10.200.0.0/24" })
			.gone("eni-old")
			.blackhole("rtb-1", "10.200.0.0/24", "eni-old");
		expect(world.findings()).toEqual(["blackhole-route rtb-1 10.200.0.0/24 i-a", "quota-near-limit rtb-1"]);
	});
});

describe("quota-near-limit", () => {
	const filled = (quotaWarnRatio: number) =>
		limited(4, quotaWarnRatio)
			.node("i-a", { claims: "10.200.0.0/24" })
			.route("rtb-1", "10.200.0.0/24", "eni-a");

	it("is found at the ratio exactly", () => {
		expect(filled(0.5).findings()).toEqual(["quota-near-limit rtb-1"]);
		expect(filled(0.5).sentences("quota-near-limit")).toEqual([
			"rtb-1 holds 2 of 4 ipv4 routes: raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes before a node cannot be routed",
		]);
	});

	it("is not found below it", () => {
		expect(filled(0.51).findings()).toEqual([]);
	});

	it("is found in a full table that needs nothing more", () => {
		expect(limited(1).node("i-a").findings()).toEqual(["quota-near-limit rtb-1", "missing-claim i-a"]);
	});

	it("is found, and not quota-exhausted, in a table over the limit that needs nothing more", () => {
		const over = limited(1).node("i-a").route("rtb-1", "0.0.0.0/0", "igw-1");
		expect(over.findings()).toEqual(["quota-near-limit rtb-1", "missing-claim i-a"]);
	});

	it("is found beside no-nodes", () => {
		expect(limited(1).findings()).toEqual(["no-nodes", "quota-near-limit rtb-1"]);
	});
});
