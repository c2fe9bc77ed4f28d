import { describe, expect, it } from "vitest";
import { planAhead } from "../../../src/plan/ahead.ts";
import { describeChange, PlanWorld, RULES } from "../../support/plan-world.ts";

/** The changes planned for `next` alone, in the plan's order; every other node of the world is its senior. */
function ahead(world: PlanWorld, ...next: readonly string[]): readonly string[] {
	const { nodes, tables } = world.observe();
	const isNext = ({ instance }: { readonly instance: { readonly id: string } }) => next.includes(instance.id);
	const seniors = nodes.filter((node) => !isNext(node));
	return planAhead(nodes.filter(isNext), { seniors, tables }, RULES).map(describeChange);
}

function aWorld(): PlanWorld {
	return new PlanWorld().table("rtb-1").node("i-a", { claims: "10.200.0.0/24" });
}

const BOTH = "10.200.1.0/24,fd00:10:200:1::/64";

describe("What is planned ahead of the claims of junior nodes", () => {
	it("is a route in each table of the node's VPC, and its check", () => {
		const world = aWorld().table("rtb-2").table("rtb-3", "vpc-2");
		world.node("i-b", { claims: BOTH, checked: true });
		expect(ahead(world, "i-b")).toEqual([
			"create rtb-1 10.200.1.0/24 -> i-b eni-b",
			"create rtb-1 fd00:10:200:1::/64 -> i-b eni-b",
			"create rtb-2 10.200.1.0/24 -> i-b eni-b",
			"create rtb-2 fd00:10:200:1::/64 -> i-b eni-b",
			"check i-b eni-b",
		]);
	});

	it("is nothing for the seniors", () => {
		expect(ahead(aWorld())).toEqual([]);
	});

	it.each([
		["a senior claims it too", aWorld().node("i-b", { claims: "10.200.0.0/24" })],
		["a senior claims a part of it", aWorld().node("i-b", { claims: "10.200.0.0/23" })],
		["a senior claims more", aWorld().node("i-b", { claims: "10.200.0.0/25" })],
		[
			"only its other block is claimed by a senior",
			aWorld().node("i-b", { claims: "10.200.0.0/24,fd00:10:200:1::/64" }),
		],
		[
			"a dead route has it",
			aWorld().gone("eni-x").node("i-b", { claims: BOTH }).blackhole("rtb-1", "10.200.1.0/24", "eni-x"),
		],
		[
			"a route lies inside it",
			aWorld().node("i-b", { claims: BOTH }).route("rtb-1", "10.200.1.7/32", "pcx-1"),
		],
		[
			"a table of another VPC has a route to it",
			aWorld().table("rtb-2", "vpc-2").node("i-b", { claims: BOTH }).route("rtb-2", "10.200.1.0/24", "pcx-1"),
		],
		[
			"a senior claims a part of it, among others and one that claims nothing",
			new PlanWorld()
				.table("rtb-1")
				.node("i-a", { claims: "fd00:10:200::/62" })
				.node("i-c")
				.node("i-d", { claims: "fd00:10:200:20::/60" })
				.node("i-b", { claims: "fd00:10:200::/60" }),
		],
		["its claim is refused", aWorld().node("i-b", { claims: "10.9.0.0/24" })],
		["it rests", aWorld().node("i-b", { claims: BOTH, life: "resting" })],
		["its interface is not visible yet", aWorld().node("i-b", { claims: BOTH, invisible: true })],
		["it claims nothing", aWorld().node("i-b")],
	])("is nothing for a node where %s", (_, world) => {
		expect(ahead(world, "i-b")).toEqual([]);
	});

	it("is nothing for two that claim overlapping blocks, whichever is the senior", () => {
		const world = aWorld().node("i-b", { claims: "10.200.2.0/23" }).node("i-c", { claims: "10.200.3.0/24" });
		world.node("i-d", { claims: "10.200.4.0/24" });
		expect(ahead(world, "i-b", "i-c", "i-d")).toEqual(["create rtb-1 10.200.4.0/24 -> i-d eni-d"]);
	});

	it("is not held up by routes that are wider than the cluster", () => {
		const world = aWorld().route("rtb-1", "0.0.0.0/0", "igw-1").route("rtb-1", "10.200.0.0/15", "tgw-1");
		expect(ahead(world.node("i-b", { claims: "10.200.1.0/24" }), "i-b")).toEqual([
			"create rtb-1 10.200.1.0/24 -> i-b eni-b",
		]);
	});
});
