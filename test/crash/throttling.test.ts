import { afterEach, describe, expect, it, vi } from "vitest";
import { Pace } from "../../src/ec2/pace.ts";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { passInWorldTime, ROUND_TRIP_MS } from "../support/crash-time.ts";

/** Nodes that claim a block each, launched as slowly as EC2 allows; every bucket is full again afterwards. */
async function manyNodes(count: number): Promise<Cluster> {
	const cluster = await aCluster({
		throttle: "aws",
		routeLimit: 2_000,
		environment: { ROUTE_LIMIT: "2000" },
	});
	const { Subnet } = await cluster.api.createSubnet({ VpcId: cluster.vpcId, CidrBlock: "10.0.16.0/20" });
	const subnetId = Subnet?.SubnetId ?? "";
	for (let index = 0; index < count; index += 1) {
		cluster.ec2.advance(1_000);
		const claims = `10.200.${index >> 4}.${(index & 15) << 4}/28`;
		await cluster.launch(`worker-${index}`, { claims, subnetId, sourceDestCheck: true, isPending: true });
	}
	cluster.ec2.advance(600_000);
	return cluster;
}

/** Somebody else in the account, who takes half of what EC2 allows of an action for as long as the pass lasts. */
function anotherCaller({ ec2, tableId }: Cluster): void {
	const every = { DescribeInstanceAttribute: 100, CreateRoute: 400 };
	const asked = new Map<string, number>(Object.keys(every).map((action) => [action, ec2.now()]));
	const handle = ec2.handle.bind(ec2);
	ec2.handle = async (body, authorize) => {
		for (const [action, ms] of Object.entries(every)) {
			for (let at = (asked.get(action) ?? 0) + ms; at <= ec2.now(); at += ms) {
				void handle(`Action=${action}&Version=2016-11-15&RouteTableId=${tableId}`);
				asked.set(action, at);
			}
		}
		return handle(body, authorize);
	};
}

const EVERY_NODE = { operation: "backfill", dryRun: false } as const;
const FIFTEEN_MINUTES = 900_000;

describe("Under AWS's token buckets", () => {
	it("a backfill of 1,000 nodes, their checks included, loses nothing and ends in its time", async () => {
		const cluster = await manyNodes(1_000);
		const { report, unfinished, refused, tookMs } = await passInWorldTime(
			cluster,
			EVERY_NODE,
			FIFTEEN_MINUTES,
		);
		expect(unfinished).toEqual([]);
		expect(report.changes).toHaveLength(2_000);
		expect(new Set(report.changes.map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
		expect(Object.keys(await cluster.routes())).toHaveLength(1_000);
		expect(refused).toBe(0);
		// 1,000 creates: a burst of 50, then 5 a second. Everything else goes on beside them.
		expect(tookMs).toBeLessThan(1.05 * 190_000);
	});

	it("a backfill loses nothing where somebody else takes half of what EC2 allows", async () => {
		const cluster = await manyNodes(300);
		anotherCaller(cluster);
		const { report, unfinished } = await passInWorldTime(cluster, EVERY_NODE, FIFTEEN_MINUTES);
		expect(unfinished).toEqual([]);
		expect(report.changes).toHaveLength(600);
	});

	it("a pass whose time ends while it waits its turn ends with it, and says what it wrote", async () => {
		const cluster = await manyNodes(300);
		await expect(passInWorldTime(cluster, EVERY_NODE, 8_000)).rejects.toThrow(
			/OutOfTime: .*; \d+ changes were applied before that/,
		);
		expect(
			cluster.ec2.calls.filter(({ action }) => action === "DescribeInstanceAttribute").length,
		).toBeLessThan(200);
	});

	it("a launch waits for nothing: three round trips", async () => {
		const cluster = await manyNodes(1);
		const request = { operation: "launch", instanceIds: [cluster.id("worker-0")] } as const;
		const { unfinished, tookMs } = await passInWorldTime(cluster, request, 60_000);
		expect(unfinished).toEqual([]);
		expect(tookMs).toBe(3 * ROUND_TRIP_MS);
	});
});

describe("A call that EC2 throttles for good", () => {
	/** The gaps between the tries of a launch's CreateRoute, milliseconds. */
	async function gaps(): Promise<readonly number[]> {
		const cluster = await manyNodes(1);
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute"
				? { when: "before", status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded." }
				: undefined;
		const request = { operation: "launch", instanceIds: [cluster.id("worker-0")] } as const;
		const { unfinished, arrivals, report } = await passInWorldTime(cluster, request, 60_000);
		expect(unfinished[0]?.why).toMatch(/^create .*: RequestLimitExceeded: /);
		expect(report.apiCalls["CreateRoute"]).toBe(5);
		const tries = arrivals.filter(({ action }) => action === "CreateRoute").map(({ at }) => at);
		return tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
	}

	it("is tried 5 times, after waits that double at most and that no two callers share", async () => {
		const [one, two] = [await gaps(), await gaps()];
		expect(one).not.toEqual(two);
		for (const waits of [one, two]) {
			expect(waits).toHaveLength(4);
			// Beside the back-off, a try waits until its turn under a rate that was lowered to a quarter, and travels.
			for (const [index, wait] of waits.entries()) expect(wait).toBeLessThan(1_000 * 2 ** index + 1_000);
		}
	});
});

describe("A write that is refused until its reading of the tables is more than 5 seconds old", () => {
	/** A node takes over its predecessor's blackhole; the first two tries are refused, 3 seconds each. */
	async function takeOver(meanwhile: (cluster: Cluster) => void) {
		const cluster = await manyNodes(1);
		await cluster.pass({ operation: "launch", instanceIds: [cluster.id("worker-0")] });
		await cluster.terminate("worker-0");
		await cluster.launch("heir", { claims: "10.200.0.0/28" });
		await cluster.launch("other", { claims: "10.200.0.0/28" });
		cluster.ec2.advance(600_000);
		let tries = 0;
		cluster.ec2.intercept = ({ action }) => {
			if (action !== "ReplaceRoute" || tries === 2) return undefined;
			tries += 1;
			vi.setSystemTime(Date.now() + 3_000);
			if (tries === 2) meanwhile(cluster);
			return { when: "before", status: 503, code: "Unavailable", message: "The service is unavailable." };
		};
		const request = { operation: "launch", instanceIds: [cluster.id("heir")] } as const;
		return { cluster, ...(await passInWorldTime(cluster, request, 60_000)) };
	}

	it("is sent again after a new reading", async () => {
		const { cluster, report, unfinished } = await takeOver(() => {});
		expect(unfinished).toEqual([]);
		expect(report.apiCalls).toMatchObject({ ReplaceRoute: 3, DescribeRouteTables: 2 });
		expect(await cluster.routes()).toEqual({ "10.200.0.0/28": "heir" });
	});

	it("is not sent again where the route has moved meanwhile", async () => {
		const { cluster, report, unfinished } = await takeOver((world) =>
			world.request("ReplaceRoute", {
				RouteTableId: world.tableId,
				DestinationCidrBlock: "10.200.0.0/28",
				NetworkInterfaceId: world.eni("other"),
			}),
		);
		expect(report.apiCalls["ReplaceRoute"]).toBe(2);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/28": "other" });
		expect(report.refusals).toMatchObject([{ reason: "contested-claim", instanceId: cluster.id("heir") }]);
		expect(unfinished).toEqual([]);
	});
});

describe("A wait for a turn", () => {
	afterEach(() => {
		vi.useRealTimers();
	});

	it("ends when the signal is aborted, and leaves no timer", async () => {
		vi.useFakeTimers();
		const pace = new Pace();
		const stop = new AbortController();
		for (let burst = 0; burst < 48; burst += 1) await pace.turn("CreateRoute", stop.signal);
		const [waiting, late] = [pace.turn("CreateRoute", stop.signal), pace.turn("CreateRoute", stop.signal)];
		expect(vi.getTimerCount()).toBe(2);
		stop.abort();
		await Promise.all([waiting, late, pace.turn("CreateRoute", stop.signal)]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("of one action does not hold up another", async () => {
		vi.useFakeTimers();
		const pace = new Pace();
		const signal = new AbortController().signal;
		for (let burst = 0; burst < 48; burst += 1) await pace.turn("CreateRoute", signal);
		void pace.turn("CreateRoute", signal);
		await pace.turn("ReplaceRoute", signal);
		expect(vi.getTimerCount()).toBe(1);
	});
});
