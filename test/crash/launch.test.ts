import { describe } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { crashMatrix } from "../support/crash.ts";

/**
 * worker-0 launches. Its block is routed to worker-1, which claims another, in one table; to nobody any more in the
 * next; not at all in the last. In each, worker-1 is right, and a node that is none of ours has a route.
 */
async function aLaunch(): Promise<Cluster> {
	const cluster = await aCluster({ tables: 3 });
	await cluster.launch("nat", { isNode: false });
	await cluster.launch("ended");
	await cluster.launch("worker-1", { claims: "10.200.1.0/24" });
	await cluster.launch("worker-0", { claims: "10.200.0.0/24", sourceDestCheck: true });
	const [misdirected = "", dead = ""] = cluster.tableIds;
	await cluster.route("10.200.0.0/24", cluster.eni("worker-1"), misdirected);
	await cluster.route("10.200.0.0/24", cluster.eni("ended"), dead);
	for (const tableId of cluster.tableIds) {
		await cluster.route("10.200.1.0/24", cluster.eni("worker-1"), tableId);
		await cluster.route("10.200.8.0/24", cluster.eni("nat"), tableId);
	}
	return cluster.terminate("ended");
}

const KEPT = { "10.200.1.0/24": "worker-1", "10.200.8.0/24": "nat" };
const RIGHT = { ...KEPT, "10.200.0.0/24": "worker-0" };

describe("A launch of which one call fails", async () => {
	await crashMatrix({
		build: aLaunch,
		request: (cluster) => ({ operation: "launch", instanceIds: [cluster.id("worker-0")] }),
		before: [
			{ ...KEPT, "10.200.0.0/24": "worker-1" },
			{ ...KEPT, "10.200.0.0/24": "ended (blackhole)" },
			KEPT,
		],
		after: [RIGHT, RIGHT, RIGHT],
		checked: "worker-0",
	});
});
