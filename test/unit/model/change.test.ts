import { describe, expect, it } from "vitest";
import { type Change, compareChanges, subjectOf } from "../../../src/model/change.ts";
import { cidr } from "../../support/plan-world.ts";

function create(routeTableId: `rtb-${string}`, destination: string): Change {
	const to = { instanceId: "i-a", networkInterfaceId: "eni-a" } as const;
	return { kind: "create", routeTableId, destination: cidr(destination), ...to };
}

function check(networkInterfaceId: `eni-${string}`): Change {
	return { kind: "disable-source-dest-check", instanceId: "i-a", networkInterfaceId };
}

describe("the order of changes", () => {
	it("is by table, then address order; checks last, by interface", () => {
		const sorted = [
			create("rtb-1", "10.200.2.0/24"),
			create("rtb-1", "10.200.10.0/24"),
			create("rtb-1", "fd00::/64"),
			create("rtb-2", "10.200.1.0/24"),
			check("eni-a"),
			check("eni-b"),
			check("eni-c"),
		];
		expect(sorted.toReversed().sort(compareChanges)).toEqual(sorted);
		expect([...sorted.slice(3), ...sorted.slice(0, 3)].sort(compareChanges)).toEqual(sorted);
	});

	it.each([
		[create("rtb-9", "10.200.9.0/24"), check("eni-0"), -1],
		[check("eni-0"), create("rtb-9", "10.200.9.0/24"), 1],
		[check("eni-0"), check("eni-1"), -1],
		[check("eni-1"), check("eni-0"), 1],
		[check("eni-1"), check("eni-1"), 0],
		[create("rtb-1", "10.200.9.0/24"), create("rtb-1", "10.200.9.0/24"), 0],
	])("of two changes is one way only (case %#)", (a, b, expected) => {
		expect(compareChanges(a, b)).toBe(expected);
	});
});

describe("the subject of a change", () => {
	it("is the route, by table and destination", () => {
		expect(subjectOf(create("rtb-1", "10.200.0.0/24"))).toBe("rtb-1 10.200.0.0/24");
	});

	it("is the interface, of a check", () => {
		expect(subjectOf(check("eni-a"))).toBe("eni-a");
	});
});
