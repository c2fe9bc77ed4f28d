import { describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../../support/cluster.ts";

async function threeWorkers(): Promise<Cluster> {
	const cluster = await aCluster();
	for (const block of [0, 1, 2]) await cluster.launch(`worker-${block}`, { claims: `10.200.${block}.0/24` });
	return cluster;
}

describe("A backfill", () => {
	it("of every node routes every node", async () => {
		const cluster = await threeWorkers();
		await cluster.launch("controller-0");
		const { report } = await cluster.pass({ operation: "backfill", dryRun: false });
		expect(report.changes.map(({ outcome }) => outcome)).toEqual(["applied", "applied", "applied"]);
		expect(report.ignored).toEqual([
			{ instanceId: cluster.id("controller-0"), why: "it claims no block, by tag or user data" },
		]);
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "worker-0",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
		});
	});

	it("of named nodes routes those alone and says which names are none", async () => {
		const cluster = await threeWorkers();
		await cluster.launch("bastion", { isNode: false, claims: "10.200.7.0/24" });
		const instanceIds = [cluster.id("worker-1"), cluster.id("bastion"), "i-0123456789abcdef0"] as const;
		const { report } = await cluster.pass({ operation: "backfill", dryRun: false, instanceIds });
		expect(report.ignored).toEqual([
			{ instanceId: cluster.id("bastion"), why: "not a node, or not found" },
			{ instanceId: "i-0123456789abcdef0", why: "not a node, or not found" },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.1.0/24": "worker-1" });
	});

	it("says of a named node that its claim could not be read, where EC2 does not know it yet", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeInstanceAttribute"
				? { when: "before", status: 400, code: "InvalidInstanceID.NotFound", message: "It does not exist" }
				: undefined;
		const instanceIds = [cluster.id("worker-0")];
		const { report } = await cluster.pass({ operation: "backfill", dryRun: false, instanceIds });
		expect(report.ignored).toEqual([
			{
				instanceId: cluster.id("worker-0"),
				why: "its claim could not be read: EC2 lists it but does not know it when asked for its user data",
			},
		]);
		expect(cluster.writes()).toEqual([]);
	});

	it("never deletes", async () => {
		const cluster = await threeWorkers();
		await cluster.launch("ended");
		await cluster.route("10.200.9.0/24", cluster.eni("ended"));
		await cluster.terminate("ended");
		await cluster.pass({ operation: "backfill", dryRun: false });
		expect(await cluster.routes()).toMatchObject({ "10.200.9.0/24": "ended (blackhole)" });
	});

	it("run dry tells its plan and writes nothing; the plan's id then lets it be applied", async () => {
		const cluster = await threeWorkers();
		const dry = await cluster.pass({ operation: "backfill", dryRun: true });
		expect(cluster.writes()).toEqual([]);
		expect(dry.report.dryRun).toBe(true);
		expect(dry.report.changes.map(({ outcome }) => outcome)).toEqual(["planned", "planned", "planned"]);
		expect(dry.unfinished).toEqual([]);
		const { planId } = dry.report;
		const { report } = await cluster.pass({ operation: "backfill", dryRun: false, planId });
		expect(report.planId).toBe(planId);
		expect(report.changes.map(({ outcome }) => outcome)).toEqual(["applied", "applied", "applied"]);
	});

	it("under the id of another plan is refused, and nothing is written", async () => {
		const cluster = await threeWorkers();
		const { report: approved } = await cluster.pass({ operation: "backfill", dryRun: true });
		await cluster.launch("worker-3", { claims: "10.200.3.0/24" });
		const { report } = await cluster.pass({ operation: "backfill", dryRun: false, planId: approved.planId });
		expect(cluster.writes()).toEqual([]);
		expect(report.changes.map(({ outcome }) => outcome)).toEqual([
			"planned",
			"planned",
			"planned",
			"planned",
		]);
		expect(report.ignored).toEqual([
			{
				why: `plan ${approved.planId} is refused: the plan is ${report.planId} by now; look at it again before you apply it`,
			},
		]);
	});

	it("under a plan's id makes no change but the plan's: what moved meanwhile stays stale", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("worker-1", { claims: "10.200.1.0/24" });
		const { report: approved } = await cluster.pass({ operation: "backfill", dryRun: true });
		cluster.justBefore("CreateRoute", () =>
			cluster.request("CreateRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.0.0/24",
				NetworkInterfaceId: cluster.eni("worker-1"),
			}),
		);
		const { report } = await cluster.pass({ operation: "backfill", dryRun: false, planId: approved.planId });
		expect(cluster.writes()).toEqual(["CreateRoute", "CreateRoute"]);
		expect(report.changes).toMatchObject([
			{ kind: "create", destination: "10.200.0.0/24", outcome: "stale" },
			{ kind: "create", destination: "10.200.1.0/24", outcome: "applied" },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-1", "10.200.1.0/24": "worker-1" });
	});
});
