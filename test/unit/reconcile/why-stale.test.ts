import { describe, expect, it } from "vitest";
import type { RouteChange } from "../../../src/model/change.ts";
import { type Cidr, parseCidr } from "../../../src/model/cidr.ts";
import type { Route, RouteTable } from "../../../src/model/route.ts";
import { whyStale } from "../../../src/reconcile/fresh-tables.ts";

function cidr(text: string): Cidr {
	const parsed = parseCidr(text);
	if (!parsed.ok) throw new Error(parsed.why);
	return parsed.cidr;
}

const destination = cidr("10.200.0.0/24");
const at = { routeTableId: "rtb-0a", destination } as const;
const to = { instanceId: "i-0a", networkInterfaceId: "eni-0a" } as const;
const from = { state: "blackhole", networkInterfaceId: "eni-0b" } as const;

const CREATE: RouteChange = { kind: "create", ...at, ...to };
const REPLACE: RouteChange = { kind: "replace", ...at, ...to, from };
const DELETE: RouteChange = { kind: "delete", ...at, from };

function aTable(...routes: readonly Route[]): readonly RouteTable[] {
	return [
		{ id: "rtb-0b", vpcId: "vpc-0a", routes: [] },
		{ id: "rtb-0a", vpcId: "vpc-0a", routes },
	];
}

function aRoute(state: Route["state"], target: `eni-${string}` | "other", block: Cidr = destination): Route {
	return {
		destination: block,
		state,
		origin: "CreateRoute",
		target:
			target === "other"
				? { kind: "other", description: "eni-0b" }
				: { kind: "interface", networkInterfaceId: target },
	};
}

const elsewhere = aRoute("active", "eni-0c", cidr("10.200.1.0/24"));

describe("A change on a new reading of its table", () => {
	it("holds where the route is as it was decided upon, whatever other routes there are", () => {
		expect(whyStale(CREATE, aTable(elsewhere))).toBeUndefined();
		expect(whyStale(REPLACE, aTable(elsewhere, aRoute("blackhole", "eni-0b")))).toBeUndefined();
		expect(whyStale(DELETE, aTable(elsewhere, aRoute("blackhole", "eni-0b")))).toBeUndefined();
	});

	it("holds where one of two routes to its block is that route: a propagated one may stand beside it", () => {
		expect(
			whyStale(REPLACE, aTable(aRoute("active", "other"), aRoute("blackhole", "eni-0b"))),
		).toBeUndefined();
	});

	it.each([CREATE, REPLACE, DELETE])("is stale where the table is gone: $kind", (change) => {
		expect(whyStale(change, aTable().slice(0, 1))).toBe("TableMoved: rtb-0a is no longer there");
	});

	it("that creates is stale where there is a route by now", () => {
		expect(whyStale(CREATE, aTable(aRoute("active", "eni-0a")))).toBe(
			"TableMoved: rtb-0a has a route to 10.200.0.0/24 by now",
		);
	});

	it.each([
		["is gone", aTable(elsewhere)],
		["is active again", aTable(aRoute("active", "eni-0b"))],
		["leads to another interface", aTable(aRoute("blackhole", "eni-0c"))],
		["leads to something else of that name", aTable(aRoute("blackhole", "other"))],
	])("that replaces or deletes is stale where the route %s", (_, tables) => {
		const why = "TableMoved: the route to 10.200.0.0/24 in rtb-0a is no longer blackhole at eni-0b";
		expect(whyStale(REPLACE, tables)).toBe(why);
		expect(whyStale(DELETE, tables)).toBe(why);
	});
});
