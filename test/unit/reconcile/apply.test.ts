import { describe, expect, it } from "vitest";
import type { Change, RouteChange } from "../../../src/model/change.ts";
import type { NetworkInterfaceId } from "../../../src/model/instance.ts";
import type { RouteTable } from "../../../src/model/route.ts";
import type { PlannedChange } from "../../../src/plan/plan.ts";
import { applyChanges } from "../../../src/reconcile/apply.ts";
import { FreshTables } from "../../../src/reconcile/fresh-tables.ts";
import type { BeforeSending, Ports, WriteResult } from "../../../src/reconcile/ports.ts";
import { cidr } from "../../support/plan-world.ts";

const to = { instanceId: "i-a", networkInterfaceId: "eni-a" } as const;
const CHECK: Change = { kind: "disable-source-dest-check", ...to };

function creating(destination: string): RouteChange {
	return { kind: "create", routeTableId: "rtb-a", destination: cidr(destination), ...to };
}

function deleting(destination: string, networkInterfaceId: NetworkInterfaceId): RouteChange {
	const from = { state: "blackhole", networkInterfaceId } as const;
	return { kind: "delete", routeTableId: "rtb-a", destination: cidr(destination), from };
}

function aTable(blackholes: Readonly<Record<string, NetworkInterfaceId>>): RouteTable {
	const routes = Object.entries(blackholes).map(([destination, networkInterfaceId]) => ({
		destination: cidr(destination),
		state: "blackhole" as const,
		origin: "CreateRoute" as const,
		target: { kind: "interface" as const, networkInterfaceId },
	}));
	return { id: "rtb-a", vpcId: "vpc-a", routes };
}

/**
 * A table that was read just now, and an EC2 that takes every write. `tried` has each write that reached the
 * adapter and `readings` how often the table was read again.
 */
function aWorld(table: RouteTable) {
	const [stop, abandon] = [new AbortController(), new AbortController()];
	const deadline = { stopStarting: stop.signal, abandon: abandon.signal };
	const tried: string[] = [];
	let readings = 0;
	const read = async () => {
		readings += 1;
		return [table];
	};
	const world = {
		/** What the adapter does with a write: ask once, and send it, unless told otherwise. */
		send: async (ask: BeforeSending): Promise<WriteResult> => (await ask()) ?? { kind: "applied" },
	};
	const writer = (port: "table" | "interface") => (change: Change, _: AbortSignal, ask: BeforeSending) => {
		tried.push(`${port}: ${change.kind}`);
		return world.send(ask);
	};
	const ports: Ports = {
		nodes: {
			list: async () => [],
			find: async () => new Map(),
			findAll: async () => [],
			readUserData: async () => ({ kind: "unknown" }),
		},
		tables: { read: async () => ({ tables: [table], skipped: [] }), write: writer("table") },
		interfaces: { lookUp: async () => new Map(), disableSourceDestCheck: writer("interface") },
		countCalls: () => ({}),
	};
	const fresh = new FreshTables([table], 0, read, () => 0);
	const apply = async (...planned: readonly PlannedChange[]) => {
		const applied = await applyChanges(planned, ports, fresh, deadline);
		return applied.map(({ change, outcome }) => [change.kind, outcome]);
	};
	return { world, stop, tried, apply, readings: () => readings };
}

describe("Changes that are applied", () => {
	it("are sent, deletes first, which the table is read again for", async () => {
		const { apply, tried, readings } = aWorld(aTable({ "10.200.9.0/24": "eni-z" }));
		const outcomes = await apply(
			{ change: creating("10.200.0.0/24") },
			{ change: deleting("10.200.9.0/24", "eni-z") },
			{ change: CHECK },
		);
		expect(outcomes).toEqual([
			["delete", { kind: "applied" }],
			["create", { kind: "applied" }],
			["disable-source-dest-check", { kind: "applied" }],
		]);
		expect(tried).toEqual(["table: delete", "table: create", "interface: disable-source-dest-check"]);
		expect(readings()).toBe(1);
	});

	it("but for one that is withheld: it is told with its reason, never tried, and nothing is read for it", async () => {
		const { apply, tried, readings } = aWorld(aTable({ "10.200.9.0/24": "eni-z" }));
		const outcomes = await apply(
			{ change: deleting("10.200.9.0/24", "eni-z"), withheld: "TooManyDeletes: 1 of 1" },
			{ change: creating("10.200.0.0/24") },
		);
		expect(outcomes).toEqual([
			["delete", { kind: "withheld", error: "TooManyDeletes: 1 of 1" }],
			["create", { kind: "applied" }],
		]);
		expect(tried).toEqual(["table: create"]);
		expect(readings()).toBe(0);
	});

	it("are ten at once, with checks beside them, which have a rate limit of their own", async () => {
		const { apply, tried, world } = aWorld(aTable({}));
		let triedAtFirstAnswer = 0;
		world.send = async (ask) => {
			const instead = await ask();
			triedAtFirstAnswer ||= tried.length;
			return instead ?? { kind: "applied" };
		};
		const routes = Array.from({ length: 12 }, (_, block) => ({ change: creating(`10.200.${block}.0/24`) }));
		await apply(...routes, { change: CHECK });
		expect(triedAtFirstAnswer).toBe(11);
		expect(tried.indexOf("interface: disable-source-dest-check")).toBe(10);
		expect(tried).toHaveLength(13);
	});

	it("are stale where the table is another by now, and are not sent", async () => {
		const { apply } = aWorld(aTable({ "10.200.0.0/24": "eni-z" }));
		expect(await apply({ change: creating("10.200.0.0/24") })).toEqual([
			["create", { kind: "stale", error: "TableMoved: rtb-a has a route to 10.200.0.0/24 by now" }],
		]);
	});
});

describe("A write at the deadline", () => {
	it("that has come before it is not tried: it stays planned", async () => {
		const { apply, stop, tried } = aWorld(aTable({}));
		stop.abort();
		expect(await apply({ change: creating("10.200.0.0/24") }, { change: CHECK })).toEqual([
			["create", { kind: "planned" }],
			["disable-source-dest-check", { kind: "planned" }],
		]);
		expect(tried).toEqual([]);
	});

	it("that comes while it waits its turn is not sent: it stays planned", async () => {
		const { apply, stop, world } = aWorld(aTable({}));
		world.send = async (ask) => {
			stop.abort();
			return (await ask()) ?? { kind: "applied" };
		};
		expect(await apply({ change: creating("10.200.0.0/24") })).toEqual([["create", { kind: "planned" }]]);
	});

	it("that comes after it was sent leaves it its retries", async () => {
		const { apply, stop, world } = aWorld(aTable({}));
		world.send = async (ask) => {
			const first = await ask();
			stop.abort();
			return first ?? (await ask()) ?? { kind: "applied" };
		};
		expect(await apply({ change: creating("10.200.0.0/24") })).toEqual([["create", { kind: "applied" }]]);
	});
});
