import { describe, expect, it } from "vitest";
import type { Switches } from "../../../emulator/switches.ts";
import { aCluster, type ClusterOptions } from "../../support/cluster.ts";

describe("A launch", () => {
	it("of an instance that is no node costs one read, and its user data is never read", async () => {
		const cluster = await (await aCluster()).launch("bastion", { isNode: false, claims: "10.200.0.0/24" });
		const { report, unfinished } = await cluster.routeLaunched("bastion");
		expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
		expect(report.apiCalls).toEqual({ DescribeInstances: 1 });
		expect(report.ignored).toEqual([
			{ instanceId: cluster.id("bastion"), why: "not a node: it does not match NODE_FILTERS" },
		]);
		expect(unfinished).toEqual([]);
		expect(await cluster.routes()).toEqual({});
	});

	it.each([1, 2, 3])("of a new node costs three reads and one CreateRoute a table: %i", async (tables) => {
		const cluster = await (await aCluster({ tables })).launch("worker-0", { claims: "10.200.0.0/24" });
		const { report, unfinished } = await cluster.routeLaunched("worker-0");
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 1,
			DescribeRouteTables: 1,
			CreateRoute: tables,
		});
		expect(report.apiCalls).toEqual(cluster.calls());
		expect(report.changes).toEqual(
			cluster.tableIds.toSorted().map((routeTableId) => ({
				kind: "create",
				routeTableId,
				destination: "10.200.0.0/24",
				instanceId: cluster.id("worker-0"),
				networkInterfaceId: cluster.eni("worker-0"),
				from: null,
				outcome: "applied",
			})),
		);
		expect([report.refusals, report.findings, report.ignored, unfinished]).toEqual([[], [], [], []]);
		for (const tableId of cluster.tableIds) {
			expect(await cluster.routes(tableId)).toEqual({ "10.200.0.0/24": "worker-0" });
		}
	});

	it("of a node that is right already costs three reads and writes nothing", async () => {
		const cluster = await aWorker();
		await cluster.routeLaunched("worker-0");
		const { report } = await cluster.routeLaunched("worker-0");
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 1,
			DescribeRouteTables: 1,
		});
		expect(report.changes).toEqual([]);
		expect(report.ignored).toEqual([]);
		expect(report.planId).toBe("4f53cda18c2b");
	});

	it("turns the source/dest check off on the interface, once, where it is on", async () => {
		const cluster = await (await aCluster()).launch("worker-0", {
			claims: "10.200.0.0/24",
			sourceDestCheck: true,
		});
		const { report } = await cluster.routeLaunched("worker-0");
		expect(cluster.writes().toSorted()).toEqual(["CreateRoute", "ModifyNetworkInterfaceAttribute"]);
		expect(report.changes.at(-1)).toEqual({
			kind: "disable-source-dest-check",
			instanceId: cluster.id("worker-0"),
			networkInterfaceId: cluster.eni("worker-0"),
			from: null,
			outcome: "applied",
		});
		expect(await cluster.checks("worker-0")).toBe(false);
	});

	it("leaves the check alone where it is only to be reported", async () => {
		const cluster = await (await aCluster({ environment: { SOURCE_DEST_CHECK: "report" } })).launch(
			"worker-0",
			{
				claims: "10.200.0.0/24",
				sourceDestCheck: true,
			},
		);
		await cluster.routeLaunched("worker-0");
		expect(cluster.writes()).toEqual(["CreateRoute"]);
		expect(await cluster.checks("worker-0")).toBe(true);
	});

	it("over the blackhole of an ended node replaces it in place, for one read more", async () => {
		const cluster = await aWorker("old");
		await cluster.routeLaunched("old");
		await cluster.terminate("old");
		await cluster.launch("new", { claims: "10.200.0.0/24" });
		const { report } = await cluster.routeLaunched("new");
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 1,
			DescribeRouteTables: 1,
			DescribeNetworkInterfaces: 1,
			ReplaceRoute: 1,
		});
		expect(report.changes).toEqual([
			{
				kind: "replace",
				routeTableId: cluster.tableId,
				destination: "10.200.0.0/24",
				instanceId: cluster.id("new"),
				networkInterfaceId: cluster.eni("new"),
				from: { state: "blackhole", networkInterfaceId: cluster.eni("old") },
				outcome: "applied",
			},
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "new" });
	});

	it("against a living incumbent costs its listing and its user data more, and writes nothing", async () => {
		const cluster = await aWorker("incumbent");
		await cluster.routeLaunched("incumbent");
		await cluster.launch("newcomer", { claims: "10.200.0.0/24" });
		const { report, unfinished } = await cluster.routeLaunched("newcomer");
		expect(cluster.calls()).toEqual({
			DescribeInstances: 2,
			DescribeInstanceAttribute: 2,
			DescribeRouteTables: 1,
			DescribeNetworkInterfaces: 1,
		});
		expect(report.changes).toEqual([]);
		expect(report.refusals).toMatchObject([
			{ reason: "contested-claim", instanceId: cluster.id("newcomer"), destination: "10.200.0.0/24" },
		]);
		for (const name of ["newcomer", "incumbent"])
			expect(report.refusals[0]?.detail).toContain(cluster.id(name));
		expect(unfinished).toEqual([]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "incumbent" });
	});

	it("takes a block over from an incumbent that validly claims another by now", async () => {
		const cluster = await (await aCluster()).launch("moved", {
			userData: "none",
			tags: { "pod-cidr": "10.200.0.0/24" },
		});
		await cluster.routeLaunched("moved");
		await cluster.retag("moved", { "pod-cidr": "10.200.1.0/24" });
		await cluster.launch("heir", { claims: "10.200.0.0/24" });
		await cluster.routeLaunched("heir");
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "heir" });
		await cluster.routeLaunched("moved");
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "heir", "10.200.1.0/24": "moved" });
	});

	it("never takes a block from a node whose claim turned malformed", async () => {
		const cluster = await (await aCluster()).launch("broken", {
			userData: "none",
			tags: { "pod-cidr": "10.200.0.0/24" },
		});
		await cluster.routeLaunched("broken");
		await cluster.retag("broken", { "pod-cidr": "10.200.0.7/24" });
		await cluster.launch("heir", { claims: "10.200.0.0/24" });
		const { report } = await cluster.routeLaunched("heir");
		expect(report.refusals).toMatchObject([{ reason: "contested-claim", instanceId: cluster.id("heir") }]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "broken" });
	});

	it("of a node that claims a block of each family makes both routes in every table", async () => {
		const cluster = await (await aCluster({ tables: 2 })).launch("worker-0", {
			claims: "10.200.0.0/24,fd00:10:200:0::/64",
		});
		const { report } = await cluster.routeLaunched("worker-0");
		expect(cluster.writes()).toEqual(["CreateRoute", "CreateRoute", "CreateRoute", "CreateRoute"]);
		expect(report.changes.map(({ destination }) => destination)).toEqual([
			"10.200.0.0/24",
			"fd00:10:200::/64",
			"10.200.0.0/24",
			"fd00:10:200::/64",
		]);
		for (const tableId of cluster.tableIds) {
			expect(await cluster.routes(tableId)).toEqual({
				"10.200.0.0/24": "worker-0",
				"fd00:10:200::/64": "worker-0",
			});
		}
	});

	it("writes to the tables of the node's own VPC alone", async () => {
		const cluster = await aCluster();
		const other = await cluster.anotherVpc();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("elsewhere", { claims: "10.200.1.0/24", subnetId: other.subnetId });
		const environment = { ROUTE_TABLES: `${cluster.tableId},${other.tableId}` };
		await cluster.routeLaunched("worker-0", { environment });
		await cluster.routeLaunched("elsewhere", { environment });
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
		expect(await cluster.routes(other.tableId)).toEqual({ "10.200.1.0/24": "elsewhere" });
	});

	it("one block in two VPCs is two blocks", async () => {
		const cluster = await aCluster();
		const other = await cluster.anotherVpc();
		await cluster.launch("here", { claims: "10.200.0.0/24" });
		await cluster.launch("there", { claims: "10.200.0.0/24", subnetId: other.subnetId });
		const environment = { ROUTE_TABLES: `${cluster.tableId},${other.tableId}` };
		await cluster.routeLaunched("here", { environment });
		const { report } = await cluster.routeLaunched("there", { environment });
		expect(report.refusals).toEqual([]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "here" });
		expect(await cluster.routes(other.tableId)).toEqual({ "10.200.0.0/24": "there" });
	});

	it("routes a node with several interfaces to its primary one", async () => {
		const cluster = await (await aWorker()).attachInterface("worker-0");
		await cluster.routeLaunched("worker-0");
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("replaces a route to the node's second interface", async () => {
		const cluster = await (await aWorker()).attachInterface("worker-0");
		await cluster.route("10.200.0.0/24", cluster.eni("worker-0", 1));
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0/1" });
		await cluster.routeLaunched("worker-0");
		expect(cluster.writes()).toEqual(["ReplaceRoute"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it.each(["stopping", "stopped"])(
		"of a node that is %s by now changes nothing and reads no user data",
		async (state) => {
			const cluster = await aWorker();
			await cluster.stop("worker-0", { settle: state === "stopped" });
			const { report } = await cluster.routeLaunched("worker-0");
			expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
			expect(report.ignored).toEqual([
				{ instanceId: cluster.id("worker-0"), why: "it is stopping or stopped: it keeps what it has" },
			]);
		},
	);

	it.each(["shutting-down", "terminated"])("of a node that is %s by now changes nothing", async (state) => {
		const cluster = await aWorker();
		await cluster.terminate("worker-0", { settle: state === "terminated" });
		const { report, notFound } = await cluster.routeLaunched("worker-0");
		expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
		expect(report.ignored).toEqual([
			{ instanceId: cluster.id("worker-0"), why: "it is shutting down or terminated" },
		]);
		expect(notFound).toEqual([]);
	});

	it("of a node still pending makes its route all the same", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24", isPending: true });
		await cluster.routeLaunched("worker-0");
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});
});

/** A world with one node that claims 10.200.0.0/24. */
async function aWorker(name = "worker-0", options: ClusterOptions = {}) {
	return (await aCluster(options)).launch(name, { claims: "10.200.0.0/24" });
}

describe("What AWS leaves unclear", () => {
	const choices = [
		{ startRevives: "pending" },
		{ startRevives: "running" },
		{ startRevives: "never" },
		{ stoppingBlackholes: true },
		{ deadRouteKeepsInstanceId: true },
		{ stoppingBlackholes: true, deadRouteKeepsInstanceId: true },
		{ identicalCreateRoute: "succeeds" },
		{ identicalCreateRoute: "exists" },
	] as const satisfies readonly Partial<Switches>[];

	it.each(choices)(
		"a stopped node keeps its route and has it back once it runs again: %o",
		async (switches) => {
			const cluster = await aWorker("worker-0", { switches });
			await cluster.routeLaunched("worker-0");
			await cluster.stop("worker-0");
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0 (blackhole)" });
			await cluster.start("worker-0");
			await cluster.routeLaunched("worker-0");
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
		},
	);

	it.each(choices)("a node takes over in place while the old one still shuts down: %o", async (switches) => {
		const cluster = await aWorker("old", { switches });
		await cluster.routeLaunched("old");
		await cluster.launch("new", { claims: "10.200.0.0/24" });
		await cluster.terminate("old", { settle: false });
		const { report } = await cluster.routeLaunched("new");
		expect(cluster.calls()["DescribeInstanceAttribute"]).toBe(1);
		expect(cluster.writes()).toEqual(["ReplaceRoute"]);
		expect(report.refusals).toEqual([]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "new" });
	});

	it.each(choices)("a node takes over in place once the old one has ended: %o", async (switches) => {
		const cluster = await aWorker("old", { switches });
		await cluster.routeLaunched("old");
		await cluster.terminate("old");
		await cluster.launch("new", { claims: "10.200.0.0/24" });
		await cluster.routeLaunched("new");
		expect(cluster.writes()).toEqual(["ReplaceRoute"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "new" });
	});

	it.each(choices)(
		"a node takes a stopped one's blackhole, and the stopped one is refused when it returns: %o",
		async (switches) => {
			const cluster = await aWorker("rests", { switches });
			await cluster.routeLaunched("rests");
			await cluster.stop("rests");
			await cluster.launch("takes", { claims: "10.200.0.0/24" });
			await cluster.routeLaunched("takes");
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "takes" });
			await cluster.start("rests");
			const { report } = await cluster.routeLaunched("rests");
			expect(report.refusals).toMatchObject([{ reason: "contested-claim", instanceId: cluster.id("rests") }]);
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "takes" });
		},
	);

	it.each([true, false])(
		"the route of a node that is still stopping is taken only if it is a blackhole: %s",
		async (stoppingBlackholes) => {
			const cluster = await aWorker("rests", { switches: { stoppingBlackholes } });
			await cluster.routeLaunched("rests");
			await cluster.launch("comes", { claims: "10.200.0.0/24" });
			await cluster.stop("rests", { settle: false });
			await cluster.routeLaunched("comes");
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": stoppingBlackholes ? "comes" : "rests" });
		},
	);
});
