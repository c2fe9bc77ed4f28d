import { describe, expect, it } from "vitest";
import type { RouteTable } from "../../../src/model/route.ts";
import { FreshTables } from "../../../src/reconcile/fresh-tables.ts";
import { aCluster, type Cluster } from "../../support/cluster.ts";

/** A drifted world, audited under the world's own clock. */
async function drifted(): Promise<Cluster> {
	const cluster = await aCluster();
	await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
	await cluster.launch("ended", { claims: "10.200.1.0/24" });
	await cluster.route("10.200.1.0/24", cluster.eni("ended"));
	return cluster.terminate("ended");
}

/** What an audit reads after the tables takes this long: the lookup of an interface that no node has. */
function slowLookup(cluster: Cluster, ms: number, meanwhile: () => void = () => {}): void {
	cluster.justBefore("DescribeNetworkInterfaces", () => {
		cluster.ec2.advance(ms);
		meanwhile();
	});
}

describe("A reading of the tables", () => {
	it.each([
		{ ms: 5_000, readings: 1 },
		{ ms: 5_001, readings: 2 },
	])("$ms ms old at the first write: $readings reading(s) in all", async ({ ms, readings }) => {
		const cluster = await drifted();
		slowLookup(cluster, ms);
		const { report } = await cluster.audit("routes", { now: () => cluster.ec2.now() });
		expect(report.apiCalls["DescribeRouteTables"]).toBe(readings);
		expect(await cluster.routes()).toMatchObject({ "10.200.0.0/24": "worker-0" });
	});

	it("that no longer holds has the change decided again", async () => {
		const cluster = await drifted();
		slowLookup(cluster, 6_000, () =>
			cluster.request("CreateRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.0.0/24",
				NetworkInterfaceId: cluster.eni("worker-0"),
			}),
		);
		const { report, unfinished } = await cluster.audit("routes", { now: () => cluster.ec2.now() });
		expect(cluster.writes()).toEqual([]);
		expect(report.changes).toEqual([]);
		expect(unfinished).toEqual([]);
	});

	it("is renewed just before a delete, however new it is", async () => {
		const cluster = await drifted();
		const { report } = await cluster.audit("all", { now: () => cluster.ec2.now() });
		expect(report.apiCalls["DescribeRouteTables"]).toBe(2);
		expect(report.changes).toMatchObject([
			{ kind: "create", outcome: "applied" },
			{ kind: "delete", destination: "10.200.1.0/24", outcome: "applied" },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("taken before a delete shows a new owner: the route is left to it", async () => {
		const cluster = await drifted();
		cluster.justBefore("DescribeNetworkInterfaces", () =>
			cluster.request("ReplaceRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.1.0/24",
				NetworkInterfaceId: cluster.eni("worker-0"),
			}),
		);
		await cluster.audit("all");
		expect(cluster.writes()).toEqual(["CreateRoute"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0", "10.200.1.0/24": "worker-0" });
	});

	it("that has lost a table says so, beside what was ignored before", async () => {
		const cluster = await (await aCluster({ tables: 2 })).launch("ended", { claims: "10.200.0.0/24" });
		for (const tableId of cluster.tableIds) {
			await cluster.route("10.200.0.0/24", cluster.eni("ended"), tableId);
		}
		await cluster.terminate("ended");
		await cluster.launch("heir", { claims: "10.200.0.0/24" });
		const gone = cluster.tableIds[1] ?? "";
		slowLookup(cluster, 6_000, () => cluster.request("DeleteRouteTable", { RouteTableId: gone }));
		const instanceIds = [cluster.id("heir"), "i-0123456789abcdef0"] as const;
		const { report } = await cluster.pass(
			{ operation: "backfill", dryRun: false, instanceIds },
			{ now: () => cluster.ec2.now() },
		);
		expect(report.ignored).toEqual([
			{ instanceId: "i-0123456789abcdef0", why: "not a node, or not found" },
			{ why: `${gone} of ROUTE_TABLES does not exist: correct ROUTE_TABLES` },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "heir" });
	});

	it("that skips a table as the one before did says so once", async () => {
		const cluster = await drifted();
		const environment = { ROUTE_TABLES: `${cluster.tableId},rtb-0123456789abcdef0` };
		const { report } = await cluster.audit("all", { environment });
		expect(report.apiCalls["DescribeRouteTables"]).toBe(2);
		expect(report.ignored).toEqual([
			{ why: "rtb-0123456789abcdef0 of ROUTE_TABLES does not exist: correct ROUTE_TABLES" },
		]);
	});

	it("that cannot be renewed fails the changes that need it, in one line, and nothing is written", async () => {
		const cluster = await drifted();
		slowLookup(cluster, 6_000, () => {
			cluster.ec2.intercept = ({ action }) =>
				action === "DescribeRouteTables"
					? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
					: undefined;
		});
		const { report } = await cluster.audit("routes", { now: () => cluster.ec2.now() });
		expect(cluster.writes()).toEqual([]);
		expect(report.changes).toMatchObject([
			{ outcome: "failed", error: "TablesUnread: DescribeRouteTables failed: UnauthorizedOperation: No." },
		]);
	});
});

describe("FreshTables", () => {
	it("shares one reading among all who need a new one at the same time", async () => {
		let readings = 0;
		const read = async () => {
			readings += 1;
			return [aTable()];
		};
		const fresh = new FreshTables([], 0, read, () => 5_001);
		const given = await Promise.all([fresh.get(), fresh.get(), fresh.get()]);
		expect(given).toEqual([[aTable()], [aTable()], [aTable()]]);
		expect(readings).toBe(1);
	});

	it("counts a reading's age from when it was asked for: one that took too long is not given", async () => {
		let now = 10_000;
		let took = 5_001;
		const read = async () => {
			now += took;
			return [aTable()];
		};
		const fresh = new FreshTables([], 0, read, () => now);
		await expect(fresh.get()).rejects.toThrow("took too long to read");
		took = 5_000;
		expect(await fresh.get()).toEqual([aTable()]);
	});

	it("reads again after a reading that failed", async () => {
		let readings = 0;
		const read = async () => {
			readings += 1;
			if (readings === 1) throw new Error("no answer");
			return [];
		};
		const fresh = new FreshTables([], 0, read, () => 9_000);
		await expect(fresh.get()).rejects.toThrow("no answer");
		expect(await fresh.get()).toEqual([]);
	});
});

function aTable(): RouteTable {
	return { id: "rtb-0a", vpcId: "vpc-0a", routes: [] };
}
