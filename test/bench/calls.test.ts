import { describe, expect, it } from "vitest";
import { passesIn } from "../../bench/pass.ts";
import { inSimulatedTime } from "../../bench/simulated-time.ts";
import { aSimulatedWorld, type WorldOptions } from "../../bench/simulated-world.ts";
import type { Cluster } from "../support/cluster.ts";

/** The calls of each pass in turn, and the refused among them. */
async function callsOf(
	options: WorldOptions,
	requests: (cluster: Cluster) => readonly Parameters<ReturnType<typeof passesIn>>[0][],
): Promise<readonly unknown[]> {
	const { cluster, heard } = await aSimulatedWorld(options);
	const pass = passesIn(cluster);
	return inSimulatedTime(cluster.ec2.now(), async () => {
		const told: unknown[] = [];
		for (const request of requests(cluster)) {
			const { report, unfinished } = await pass(request, 900_000);
			expect(unfinished).toEqual([]);
			told.push(report.apiCalls);
		}
		expect(heard.refused).toBe(0);
		return told;
	});
}

const AUDIT = { operation: "audit", repair: "none" } as const;

describe("The calls of a pass", () => {
	it.each([10, 100])(
		"for an audit of %i healthy nodes: each one's user data once, and two more",
		async (nodes) => {
			const told = await callsOf({ nodes, routed: true }, () => [AUDIT, AUDIT]);
			const listings = { DescribeInstances: 1, DescribeRouteTables: 1 };
			expect(told).toEqual([{ ...listings, DescribeInstanceAttribute: nodes }, listings]);
		},
	);

	it("for the launch of a new node: three reads and two writes, and three reads when its second event comes", async () => {
		const reads = { DescribeInstances: 1, DescribeInstanceAttribute: 1, DescribeRouteTables: 1 };
		const told = await callsOf({ nodes: 1 }, (cluster) => {
			const launch = { operation: "launch", instanceIds: [cluster.id("worker-0")] } as const;
			return [launch, launch];
		});
		expect(told).toEqual([{ ...reads, CreateRoute: 1, ModifyNetworkInterfaceAttribute: 1 }, reads]);
	});

	it("for ten launches in one batch: one listing and one reading of the tables", async () => {
		const told = await callsOf({ nodes: 10 }, (cluster) => [
			{
				operation: "launch",
				instanceIds: Array.from({ length: 10 }, (_, index) => cluster.id(`worker-${index}`)),
			},
		]);
		expect(told).toEqual([
			{
				DescribeInstances: 1,
				DescribeInstanceAttribute: 10,
				DescribeRouteTables: 1,
				CreateRoute: 10,
				ModifyNetworkInterfaceAttribute: 10,
			},
		]);
	});
});
