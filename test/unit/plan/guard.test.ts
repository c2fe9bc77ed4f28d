import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/model/change.ts";
import type { RouteTableId } from "../../../src/model/route.ts";
import { guardDeletes } from "../../../src/plan/guard.ts";
import { CLEAN, cidr, PlanWorld } from "../../support/plan-world.ts";

function deletes(count: number, routeTableId: RouteTableId = "rtb-1"): readonly Change[] {
	return Array.from({ length: count }, (_, index) => ({
		kind: "delete",
		routeTableId,
		destination: cidr(`10.200.${index >> 8}.${index & 255}/32`),
		from: { state: "blackhole", networkInterfaceId: "eni-old" },
	}));
}

function isWithheld(count: number, managed: number, share: number): boolean {
	return guardDeletes(deletes(count), new Map([["rtb-1", managed]]), share).has("rtb-1");
}

describe("deletes of one table", () => {
	it.each([
		[1, 1, 0],
		[2, 2, 0],
		[2, 2, 0.3],
		[3, 10, 0.3],
		[3, 11, 0.3],
		[29, 100, 0.29],
		[57, 100, 0.57],
		[3, 3, 1],
		[500, 500, 1],
	])("go on: %d of %d at a share of %d", (count, managed, share) => {
		expect(isWithheld(count, managed, share)).toBe(false);
	});

	it.each([
		[3, 9, 0.3],
		[3, 3, 0.99],
		[3, 1_000, 0],
		[4, 10, 0.3],
		[30, 100, 0.29],
		[3, 0, 0.3],
	])("are withheld: %d of %d at a share of %d", (count, managed, share) => {
		expect(isWithheld(count, managed, share)).toBe(true);
	});

	it("are withheld from a table that nothing is known of", () => {
		expect([...guardDeletes(deletes(3), new Map(), 0.3).keys()]).toEqual(["rtb-1"]);
	});

	it("are judged apart from another table's, and say why and what the way out is", () => {
		const both = [...deletes(3, "rtb-1"), ...deletes(3, "rtb-2")];
		const managed = new Map<RouteTableId, number>([
			["rtb-1", 9],
			["rtb-2", 10],
		]);
		expect([...guardDeletes(both, managed, 0.3)]).toEqual([
			[
				"rtb-1",
				"TooManyDeletes: 3 of 9 managed routes of rtb-1 would be deleted, more than DELETE_SHARE_MAX (0.3) allows. If that is right, run: REPAIR=all DELETE_SHARE_MAX=1 podroute audit",
			],
		]);
	});

	it("are counted without creates and replaces", () => {
		const to = { instanceId: "i-a", networkInterfaceId: "eni-a" } as const;
		const creates = deletes(9).map((change): Change => ({ ...change, ...to, kind: "create" }) as Change);
		expect(guardDeletes([...deletes(2), ...creates], new Map([["rtb-1", 2]]), 0.3).size).toBe(0);
	});
});

describe("a plan", () => {
	/** `healthy` routes of i-0, i-1 …, and three orphans. */
	function orphaned(healthy: number): PlanWorld {
		const world = new PlanWorld().table("rtb-1").gone("eni-old");
		for (let index = 0; index < healthy; index++) {
			world
				.node(`i-${index}`, { claims: `10.200.${index}.0/24` })
				.route("rtb-1", `10.200.${index}.0/24`, `eni-${index}`);
		}
		for (const index of [100, 101, 102]) world.blackhole("rtb-1", `10.200.${index}.0/24`, "eni-old");
		return world;
	}

	it("deletes three of ten managed routes at a share of 0.3", () => {
		expect(orphaned(7).changes(CLEAN)).toEqual([
			"delete rtb-1 10.200.100.0/24 blackhole eni-old",
			"delete rtb-1 10.200.101.0/24 blackhole eni-old",
			"delete rtb-1 10.200.102.0/24 blackhole eni-old",
		]);
	});

	it("withholds three of nine, foreign routes not counted, and makes the rest right", () => {
		const world = orphaned(6)
			.node("i-n", { claims: "10.200.50.0/24" })
			.route("rtb-1", "0.0.0.0/0", "igw-1")
			.route("rtb-1", "10.200.200.0/24", "pcx-1");
		expect(world.changes(CLEAN)).toEqual([
			"create rtb-1 10.200.50.0/24 -> i-n eni-n",
			"delete rtb-1 10.200.100.0/24 blackhole eni-old withheld",
			"delete rtb-1 10.200.101.0/24 blackhole eni-old withheld",
			"delete rtb-1 10.200.102.0/24 blackhole eni-old withheld",
		]);
		expect(world.plan(CLEAN).changes[1]?.withheld).toBe(
			"TooManyDeletes: 3 of 9 managed routes of rtb-1 would be deleted, more than DELETE_SHARE_MAX (0.3) allows. If that is right, run: REPAIR=all DELETE_SHARE_MAX=1 podroute audit",
		);
	});

	it("has the same id whether its deletes are withheld or not", () => {
		const world = orphaned(6);
		const free = world.plan({ scope: "all", deletes: { shareMax: 1 } });
		expect(free.changes.every(({ withheld }) => withheld === undefined)).toBe(true);
		expect(world.plan(CLEAN).id).toBe(free.id);
	});
});
