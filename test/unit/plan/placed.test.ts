import { describe, expect, it } from "vitest";
import { PlanWorld } from "../../support/plan-world.ts";

describe("the routes as observed", () => {
	const placed = () =>
		new PlanWorld()
			.table("rtb-2", "vpc-2")
			.table("rtb-1")
			.node("i-a", { claims: "10.200.2.0/24" })
			.node("i-h")
			.node("i-c", { claims: "10.200.3.0/24" })
			.route("rtb-1", "10.200.10.0/24", "eni-a")
			.route("rtb-1", "10.200.3.0/24", "eni-h")
			.route("rtb-1", "10.200.2.0/24", "vgw-1", { origin: "other" })
			.route("rtb-2", "10.200.2.0/24", "pcx-1")
			.analyse()
			.placed.map(({ routeTableId, route, owner }) => `${routeTableId} ${route.destination.text} ${owner}`);

	it("are by table, then in address order", () => {
		expect(placed().map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual([
			"rtb-1 10.0.0.0/16",
			"rtb-1 10.200.2.0/24",
			"rtb-1 10.200.3.0/24",
			"rtb-1 10.200.10.0/24",
			"rtb-2 10.0.0.0/16",
			"rtb-2 10.200.2.0/24",
		]);
	});

	it("name the owner of exactly their destination in their own VPC, and nobody that was refused", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.table("rtb-2", "vpc-2")
			.node("i-a", { claims: "10.200.0.0/24" })
			.node("i-b", { claims: "10.200.0.0/24" })
			.node("i-h")
			.route("rtb-1", "10.200.0.0/24", "eni-b")
			.route("rtb-1", "10.200.4.0/24", "eni-h")
			.route("rtb-2", "10.200.0.0/24", "pcx-1");
		expect(world.analyse().placed.map(({ owner }) => owner)).toEqual([
			undefined,
			"i-b",
			undefined,
			undefined,
			undefined,
		]);
		expect(placed().filter((text) => !text.endsWith("undefined"))).toEqual([]);
	});
});
