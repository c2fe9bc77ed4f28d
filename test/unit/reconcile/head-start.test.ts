import { describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../../support/cluster.ts";

const BACKFILL = { operation: "backfill", dryRun: false } as const;
/** A wave is two nodes, the most senior first. */
const IN_WAVES = { waveSize: 2 };

/** Seven nodes, launched one after the other, each with a block of its own; the last one's check is on. */
async function sevenWorkers(): Promise<Cluster> {
	const cluster = await aCluster();
	for (const block of [0, 1, 2, 3, 4, 5, 6]) {
		await cluster.launch(`worker-${block}`, {
			claims: `10.200.${block}.0/24`,
			sourceDestCheck: block === 0 || block === 6,
		});
		cluster.ec2.advance(1_000);
	}
	return cluster;
}

const ALL_ROUTED = {
	"10.200.0.0/24": "worker-0",
	"10.200.1.0/24": "worker-1",
	"10.200.2.0/24": "worker-2",
	"10.200.3.0/24": "worker-3",
	"10.200.4.0/24": "worker-4",
	"10.200.5.0/24": "worker-5",
	"10.200.6.0/24": "worker-6",
};

function actionsOf({ ec2 }: Cluster): readonly string[] {
	return ec2.calls.map(({ action }) => action);
}

/** EC2 refuses the nth call of an action, from 1. */
function refuse(cluster: Cluster, action: string, nth: number, code: string): void {
	let seen = 0;
	cluster.ec2.intercept = (call) => {
		if (call.action !== action) return undefined;
		seen += 1;
		return seen === nth ? { when: "before", status: 400, code, message: "No." } : undefined;
	};
}

describe("A backfill of more nodes than a wave", () => {
	it("writes before it has read the last claim, and turns checks off", async () => {
		const cluster = await sevenWorkers();
		await cluster.pass(BACKFILL, IN_WAVES);
		const actions = actionsOf(cluster);
		expect(actions.indexOf("CreateRoute")).toBeLessThan(actions.lastIndexOf("DescribeInstanceAttribute"));
		expect(actions.indexOf("ModifyNetworkInterfaceAttribute")).toBeLessThan(
			actions.lastIndexOf("DescribeInstanceAttribute"),
		);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
		expect(await cluster.checks("worker-0")).toBe(false);
		expect(await cluster.checks("worker-6")).toBe(false);
	});

	it("reads every claim once, and the tables once more than one that waits", async () => {
		const cluster = await sevenWorkers();
		const { report } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.apiCalls).toEqual({
			CreateRoute: 7,
			DescribeInstanceAttribute: 7,
			DescribeInstances: 1,
			DescribeRouteTables: 2,
			ModifyNetworkInterfaceAttribute: 2,
		});
	});

	it("reports the changes of the plan that a dry run shows, under its id", async () => {
		const cluster = await sevenWorkers();
		const { report: shown } = await cluster.pass({ ...BACKFILL, dryRun: true }, IN_WAVES);
		expect(actionsOf(cluster)).not.toContain("CreateRoute");
		const { report, unfinished } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.planId).toBe(shown.planId);
		expect(report.changes).toEqual(shown.changes.map((change) => ({ ...change, outcome: "applied" })));
		expect(report.changes).toHaveLength(9);
		expect(unfinished).toEqual([]);
	});

	it("writes nothing on its second run", async () => {
		const cluster = await sevenWorkers();
		await cluster.pass(BACKFILL, IN_WAVES);
		const { report } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.changes).toEqual([]);
		expect(cluster.writes()).toEqual([]);
	});

	it.each([
		["named nodes", async (cluster: Cluster) => ({ ...BACKFILL, instanceIds: [cluster.id("worker-0")] })],
		[
			"a plan that was approved",
			async (cluster: Cluster) => {
				const { report } = await cluster.pass({ ...BACKFILL, dryRun: true });
				return { ...BACKFILL, planId: report.planId };
			},
		],
	])("waits for the whole where it is asked for %s", async (_, requestFor) => {
		const cluster = await sevenWorkers();
		await cluster.pass(await requestFor(cluster), IN_WAVES);
		const actions = actionsOf(cluster);
		expect(actions).toContain("CreateRoute");
		expect(actions.indexOf("CreateRoute")).toBeGreaterThan(actions.lastIndexOf("DescribeInstanceAttribute"));
	});

	it("gives a contested block to the senior, and refuses the junior whose claim it read last", async () => {
		const cluster = await sevenWorkers();
		await cluster.launch("junior", { claims: "10.200.0.0/24" });
		const { report } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.refusals).toMatchObject([
			{ reason: "contested-claim", instanceId: cluster.id("junior"), destination: "10.200.0.0/24" },
		]);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
	});

	it("leaves a block to the incumbent, however junior", async () => {
		const cluster = await sevenWorkers();
		await cluster.launch("incumbent", { claims: "10.200.0.0/24" });
		await cluster.route("10.200.0.0/24", cluster.eni("incumbent"));
		const { report } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.refusals).toMatchObject([
			{ reason: "contested-claim", instanceId: cluster.id("worker-0") },
		]);
		expect(await cluster.routes()).toEqual({ ...ALL_ROUTED, "10.200.0.0/24": "incumbent" });
	});

	it("that loses a write early makes it in the end, and tells it once", async () => {
		const cluster = await sevenWorkers();
		refuse(cluster, "CreateRoute", 1, "InternalFault");
		const { report, unfinished } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.changes.map(({ outcome }) => outcome)).toEqual(Array(9).fill("applied"));
		expect(unfinished).toEqual([]);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
	});

	it("whose answer to an early write was lost says so, and finds the route right", async () => {
		const cluster = await sevenWorkers();
		let isFirst = true;
		cluster.ec2.intercept = ({ action }) => {
			if (action !== "CreateRoute" || !isFirst) return undefined;
			isFirst = false;
			return { when: "after", kind: "connection-reset" };
		};
		const { report, unfinished } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.changes.filter(({ outcome }) => outcome === "failed")).toHaveLength(1);
		expect(unfinished).toHaveLength(1);
		expect(cluster.writes().filter((action) => action === "CreateRoute")).toHaveLength(7);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
	});

	it("that finds a rival's route made meanwhile leaves it, and tells nothing of its own as done", async () => {
		const cluster = await sevenWorkers();
		cluster.justBefore("CreateRoute", () =>
			cluster.request("CreateRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.0.0/24",
				NetworkInterfaceId: cluster.eni("worker-0"),
			}),
		);
		const { report, unfinished } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.changes.map(({ destination }) => destination)).not.toContain("10.200.0.0/24");
		expect(unfinished).toEqual([]);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
	});

	it("that may not read a claim writes what came before, and fails with what it wrote", async () => {
		const cluster = await sevenWorkers();
		refuse(cluster, "DescribeInstanceAttribute", 5, "UnauthorizedOperation");
		await expect(cluster.pass(BACKFILL, IN_WAVES)).rejects.toThrow(
			/^The user data of i-\w+ could not be read: .*; 5 changes were applied before that, and are right: run it again$/,
		);
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "worker-0",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
		});
	});

	it("that may not read a claim counts what was applied, not what was refused, and keeps the cause", async () => {
		const cluster = await sevenWorkers();
		let creates = 0;
		let reads = 0;
		cluster.ec2.intercept = ({ action }) => {
			if (action === "CreateRoute") creates += 1;
			if (action === "DescribeInstanceAttribute") reads += 1;
			const isRefused =
				(action === "CreateRoute" && creates === 1) ||
				(action === "DescribeInstanceAttribute" && reads === 5);
			return isRefused ? { when: "before", status: 400, code: "Unavailable", message: "No." } : undefined;
		};
		const error: unknown = await cluster.pass(BACKFILL, IN_WAVES).catch((error: unknown) => error);
		expect(error).toMatchObject({
			message: expect.stringContaining("; 4 changes were applied before that, and are right: run it again"),
			cause: {
				message: expect.stringMatching(
					/^DescribeInstanceAttribute userData of i-\w+ failed: Unavailable: No\.$/,
				),
			},
		});
	});

	it("tries no block of a junior that a senior of an earlier wave claims", async () => {
		const cluster = await aCluster();
		for (const [name, block] of [
			["senior", 0],
			["worker-1", 1],
			["junior", 0],
			["worker-2", 2],
			["worker-3", 3],
		] as const) {
			await cluster.launch(name, { claims: `10.200.${block}.0/24` });
			cluster.ec2.advance(1_000);
		}
		const { report } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(cluster.writes()).toEqual(["CreateRoute", "CreateRoute", "CreateRoute", "CreateRoute"]);
		expect(report.refusals).toMatchObject([
			{ reason: "contested-claim", instanceId: cluster.id("junior"), destination: "10.200.0.0/24" },
		]);
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "senior",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
		});
	});

	it("that cannot turn a check off early does it in the end", async () => {
		const cluster = await sevenWorkers();
		refuse(cluster, "ModifyNetworkInterfaceAttribute", 1, "InternalFault");
		const { report, unfinished } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(report.apiCalls["ModifyNetworkInterfaceAttribute"]).toBe(3);
		expect(unfinished).toEqual([]);
		expect(await cluster.checks("worker-0")).toBe(false);
	});

	it("that may not read the tables fails with EC2's own words alone", async () => {
		const cluster = await sevenWorkers();
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeRouteTables"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		await expect(cluster.pass(BACKFILL, IN_WAVES)).rejects.toThrow(
			/^DescribeRouteTables failed: UnauthorizedOperation: No\.$/,
		);
		expect(cluster.writes()).toEqual([]);
	});

	it("that cannot read the tables at first goes on, and routes every node", async () => {
		const cluster = await sevenWorkers();
		refuse(cluster, "DescribeRouteTables", 1, "InternalFault");
		const { unfinished } = await cluster.pass(BACKFILL, IN_WAVES);
		expect(unfinished).toEqual([]);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
	});

	it("whose time is up while it reads fails with what it wrote", async () => {
		const cluster = await sevenWorkers();
		const stop = new AbortController();
		cluster.justBefore("CreateRoute", () => stop.abort());
		const deadline = { stopStarting: stop.signal, abandon: new AbortController().signal };
		await expect(cluster.pass(BACKFILL, { ...IN_WAVES, deadline })).rejects.toThrow(
			/OutOfTime: .*; \d changes were applied before that/,
		);
	});
});
