import { describe, expect, it } from "vitest";
import type { InterfaceLookup } from "../../../src/model/instance.ts";
import type { Route } from "../../../src/model/route.ts";
import { asManaged, Holders } from "../../../src/plan/holder.ts";
import { cidr, PlanWorld, RULES } from "../../support/plan-world.ts";

const AT_ENI = { kind: "interface", networkInterfaceId: "eni-x", instanceId: "i-x" } as const;

function route(changed: Partial<Route> = {}): Route {
	return {
		destination: cidr("10.200.0.0/24"),
		state: "active",
		origin: "CreateRoute",
		target: AT_ENI,
		...changed,
	};
}

describe("a route that may be ours", () => {
	it.each(["10.200.0.0/24", "10.200.0.0/16", "fd00:10:200:5::/64"])(
		"leads to %s, in CLUSTER_CIDRS",
		(text) => {
			const managed = route({ destination: cidr(text) });
			expect(asManaged(managed, RULES)).toEqual(managed);
		},
	);

	it("may be a blackhole", () => {
		const managed = route({ state: "blackhole" });
		expect(asManaged(managed, RULES)).toEqual(managed);
	});
});

describe("a route that is foreign whatever its target is", () => {
	it.each<[Partial<Route>, string]>([
		[{ destination: cidr("10.0.0.0/8") }, "it lies outside CLUSTER_CIDRS"],
		[{ destination: cidr("10.201.0.0/24") }, "it lies outside CLUSTER_CIDRS"],
		[{ destination: cidr("::/0") }, "it lies outside CLUSTER_CIDRS"],
		[{ origin: "CreateRouteTable" }, "it is the VPC's local route"],
		[{ origin: "other" }, "it was not made by CreateRoute"],
		[{ state: "other" }, "it is neither active nor a blackhole"],
		[{ target: { kind: "other", description: "pcx-1" } }, "its target is pcx-1"],
	])("%o", (changed, foreign) => {
		expect(asManaged(route(changed), RULES)).toEqual({ foreign });
		expect(new Holders({ nodes: [], interfaces: new Map() }, RULES).of(route(changed))).toEqual({
			kind: "foreign",
			why: foreign,
		});
	});
});

describe("the holder of a route", () => {
	const nodes = new PlanWorld()
		.node("i-a", { others: ["eni-a2"] })
		.node("i-b")
		.observe().nodes;
	const holderOf = (eni: `eni-${string}`, lookup?: InterfaceLookup) => {
		const interfaces = new Map(lookup === undefined ? [] : [[eni, lookup] as const]);
		return new Holders({ nodes, interfaces }, RULES).of(
			route({ state: "blackhole", target: { kind: "interface", networkInterfaceId: eni } }),
		);
	};
	const from = (networkInterfaceId: string) => ({ state: "blackhole", networkInterfaceId });

	it("is the node with the interface, primary or not", () => {
		expect(holderOf("eni-a")).toEqual({ kind: "node", node: nodes[0], from: from("eni-a") });
		expect(holderOf("eni-a2")).toEqual({ kind: "node", node: nodes[0], from: from("eni-a2") });
	});

	it("is the listed node that the interface was attached to since", () => {
		const lookup = { kind: "attached", instanceId: "i-b" } as const;
		expect(holderOf("eni-x", lookup)).toEqual({ kind: "node", node: nodes[1], from: from("eni-x") });
	});

	it("is nobody once the interface is gone", () => {
		expect(holderOf("eni-x", { kind: "gone" })).toStrictEqual({
			kind: "nobody",
			node: undefined,
			from: from("eni-x"),
		});
	});

	it("comes with what the route points at", () => {
		const holder = new Holders({ nodes, interfaces: new Map([["eni-x", { kind: "gone" }]]) }, RULES).of(
			route(),
		);
		expect(holder).toEqual({
			kind: "nobody",
			from: { state: "active", networkInterfaceId: "eni-x", instanceId: "i-x" },
		});
	});

	it.each<[InterfaceLookup | undefined, string]>([
		[{ kind: "attached", instanceId: "i-x" }, "its target is eni-x of i-x, which is not a node"],
		[{ kind: "detached" }, "its target eni-x is attached to nothing"],
		[{ kind: "unusable", why: "eni-x belongs to account 2" }, "eni-x belongs to account 2"],
		[undefined, "its target eni-x was not looked up"],
	])("is foreign: %o", (lookup, why) => {
		expect(holderOf("eni-x", lookup)).toEqual({ kind: "foreign", why });
	});
});
