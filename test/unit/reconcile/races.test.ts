import { describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../../support/cluster.ts";

/** A world where `us` and `rival` run and claim one block; neither is routed. */
async function twoClaimants(switches = {}): Promise<Cluster> {
	const cluster = await (await aCluster({ switches })).launch("us", { claims: "10.200.0.0/24" });
	return cluster.launch("rival", { claims: "10.200.0.0/24" });
}

function create(cluster: Cluster, name: string): void {
	cluster.request("CreateRoute", {
		RouteTableId: cluster.tableId,
		DestinationCidrBlock: "10.200.0.0/24",
		NetworkInterfaceId: cluster.eni(name),
	});
}

function remove(cluster: Cluster): void {
	cluster.request("DeleteRoute", { RouteTableId: cluster.tableId, DestinationCidrBlock: "10.200.0.0/24" });
}

describe("Two live nodes that claim one block", () => {
	it.each([
		["us", "rival"],
		["rival", "us"],
	])(
		"the first to be routed keeps it, whatever the order of events and repeats: %s first",
		async (first, second) => {
			const cluster = await twoClaimants();
			await cluster.routeLaunched(first);
			for (const name of [second, first, second, second]) {
				const { report } = await cluster.routeLaunched(name);
				expect(cluster.writes()).toEqual([]);
				if (name === first) expect(report.refusals).toEqual([]);
				else {
					expect(report.refusals).toMatchObject([
						{ reason: "contested-claim", instanceId: cluster.id(second) },
					]);
					expect(report.refusals[0]?.detail).toContain(cluster.id(first));
				}
			}
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": first });
		},
	);

	it("both seen to at the same time: one is routed, the other is refused by name", async () => {
		const cluster = await twoClaimants();
		const passes = await Promise.all([cluster.routeLaunched("us"), cluster.routeLaunched("rival")]);
		const routes = await cluster.routes();
		const winner = routes["10.200.0.0/24"] ?? "";
		expect(["us", "rival"]).toContain(winner);
		const loser = winner === "us" ? "rival" : "us";
		const refusals = passes.flatMap(({ report }) => report.refusals);
		expect(refusals).toMatchObject([{ reason: "contested-claim", instanceId: cluster.id(loser) }]);
		expect(refusals[0]?.detail).toContain(cluster.id(winner));
		expect(passes.flatMap(({ unfinished }) => unfinished)).toEqual([]);
	});

	it.each(["exists", "succeeds"] as const)(
		"a rival routed just before our write: read again once, then refused: identical creates %s",
		async (identicalCreateRoute) => {
			const cluster = await twoClaimants({ identicalCreateRoute });
			cluster.justBefore("CreateRoute", () => create(cluster, "rival"));
			const { report, unfinished } = await cluster.routeLaunched("us");
			expect(cluster.calls()).toEqual({
				DescribeInstances: 2,
				DescribeInstanceAttribute: 2,
				DescribeNetworkInterfaces: 1,
				DescribeRouteTables: 2,
				CreateRoute: 1,
			});
			expect(report.changes).toEqual([]);
			expect(report.refusals).toMatchObject([{ reason: "contested-claim", instanceId: cluster.id("us") }]);
			expect(report.refusals[0]?.detail).toContain(cluster.id("rival"));
			expect(unfinished).toEqual([]);
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "rival" });
		},
	);
});

describe("A table that moves under a write", () => {
	it.each(["exists", "succeeds"] as const)(
		"our own route, made by a repeat of the event just before: nothing is left to do: identical creates %s",
		async (identicalCreateRoute) => {
			const cluster = await (await aCluster({ switches: { identicalCreateRoute } })).launch("us", {
				claims: "10.200.0.0/24",
			});
			cluster.justBefore("CreateRoute", () => create(cluster, "us"));
			const { report, unfinished } = await cluster.routeLaunched("us");
			expect([report.refusals, unfinished]).toEqual([[], []]);
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "us" });
		},
	);

	it("a route deleted just before it was to be replaced is created", async () => {
		const cluster = await (await aCluster()).launch("old", { claims: "10.200.0.0/24" });
		await cluster.routeLaunched("old");
		await cluster.terminate("old");
		await cluster.launch("new", { claims: "10.200.0.0/24" });
		cluster.justBefore("ReplaceRoute", () => remove(cluster));
		const { report, unfinished } = await cluster.routeLaunched("new");
		expect(cluster.writes()).toEqual(["ReplaceRoute", "CreateRoute"]);
		expect(report.changes).toMatchObject([{ kind: "create", from: null, outcome: "applied" }]);
		expect(unfinished).toEqual([]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "new" });
	});

	it("twice in one pass is given up as stale", async () => {
		const cluster = await (await aCluster()).launch("old", { claims: "10.200.0.0/24" });
		await cluster.routeLaunched("old");
		await cluster.terminate("old");
		await cluster.launch("new", { claims: "10.200.0.0/24" });
		cluster.justBefore("ReplaceRoute", () => {
			remove(cluster);
			cluster.justBefore("CreateRoute", () => create(cluster, "new"));
		});
		const { report, unfinished } = await cluster.routeLaunched("new");
		const error = "RouteAlreadyExists: The route identified by 10.200.0.0/24 already exists.";
		expect(report.changes).toMatchObject([{ kind: "create", outcome: "stale", error }]);
		expect(unfinished.map(({ why }) => why)).toEqual([`create ${cluster.tableId} 10.200.0.0/24: ${error}`]);
		expect(cluster.writes()).toEqual(["ReplaceRoute", "CreateRoute"]);
	});

	it("in one table does not repeat the write to another", async () => {
		const cluster = await (await aCluster({ tables: 2 })).launch("us", { claims: "10.200.0.0/24" });
		cluster.justBefore("CreateRoute", () => create(cluster, "us"));
		const { unfinished } = await cluster.routeLaunched("us");
		expect(cluster.writes()).toEqual(["CreateRoute", "CreateRoute"]);
		expect(unfinished).toEqual([]);
	});

	it("in one table does not try again what failed in another", async () => {
		const cluster = await (await aCluster({ tables: 2 })).launch("us", { claims: "10.200.0.0/24" });
		const denied = cluster.tableIds[1] ?? "";
		let isFirst = true;
		cluster.ec2.intercept = ({ action, parameters }) => {
			if (action !== "CreateRoute") return undefined;
			if (parameters["RouteTableId"] === denied) {
				return { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." };
			}
			const code = "RouteAlreadyExists";
			const fault = isFirst
				? ({ when: "before", status: 400, code, message: "It exists." } as const)
				: undefined;
			isFirst = false;
			return fault;
		};
		const { report } = await cluster.routeLaunched("us");
		expect(cluster.writes()).toEqual(["CreateRoute", "CreateRoute", "CreateRoute"]);
		const outcomes = Object.fromEntries(
			report.changes.map(({ routeTableId, outcome }) => [routeTableId, outcome]),
		);
		expect(outcomes).toEqual({ [cluster.tableId]: "applied", [denied]: "failed" });
		expect(report.changes).toHaveLength(2);
	});

	it("and cannot be read again leaves what was written to another as it is: applied", async () => {
		const cluster = await (await aCluster({ tables: 2 })).launch("us", { claims: "10.200.0.0/24" });
		cluster.justBefore("CreateRoute", () => {
			create(cluster, "us");
			cluster.ec2.intercept = ({ action }) =>
				action === "DescribeRouteTables"
					? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
					: undefined;
		});
		const { report } = await cluster.routeLaunched("us");
		const outcomes = Object.fromEntries(
			report.changes.map(({ routeTableId, outcome }) => [routeTableId, outcome]),
		);
		expect(outcomes).toEqual({ [cluster.tableId]: "stale", [cluster.tableIds[1] ?? ""]: "applied" });
	});

	it("and cannot be read again leaves the change stale, with both reasons on one line", async () => {
		const cluster = await twoClaimants();
		cluster.justBefore("CreateRoute", () => {
			create(cluster, "rival");
			cluster.ec2.intercept = ({ action }) =>
				action === "DescribeRouteTables"
					? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
					: undefined;
		});
		const { report, unfinished } = await cluster.routeLaunched("us");
		const error =
			"RouteAlreadyExists: The route identified by 10.200.0.0/24 already exists.; deciding again failed: DescribeRouteTables failed: UnauthorizedOperation: No.";
		expect(report.changes).toMatchObject([{ outcome: "stale", error }]);
		expect(unfinished.map(({ why }) => why)).toEqual([`create ${cluster.tableId} 10.200.0.0/24: ${error}`]);
	});
});
