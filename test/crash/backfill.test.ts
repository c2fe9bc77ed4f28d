import { describe } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { crashMatrix } from "../support/crash.ts";

/** worker-0 is right, worker-1 has no route, worker-2 a blackhole; nat is no node of ours, and an orphan is left. */
async function aDriftedCluster(): Promise<Cluster> {
	const cluster = await aCluster();
	await cluster.launch("nat", { isNode: false });
	await cluster.launch("ended");
	await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
	await cluster.launch("worker-1", { claims: "10.200.1.0/24", sourceDestCheck: true });
	await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
	await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.2.0/24", cluster.eni("ended"));
	await cluster.route("10.200.8.0/24", cluster.eni("nat"));
	await cluster.route("10.200.9.0/24", cluster.eni("ended"));
	return cluster.terminate("ended");
}

const KEPT = {
	"10.200.0.0/24": "worker-0",
	"10.200.8.0/24": "nat",
	"10.200.9.0/24": "ended (blackhole)",
};
const SCENE = {
	build: aDriftedCluster,
	before: [{ ...KEPT, "10.200.2.0/24": "ended (blackhole)" }],
	after: [{ ...KEPT, "10.200.1.0/24": "worker-1", "10.200.2.0/24": "worker-2" }],
	checked: "worker-1",
};

describe("A backfill of every node of which one call fails", async () => {
	await crashMatrix({ ...SCENE, request: () => ({ operation: "backfill", dryRun: false }) });
});

describe("A backfill of named nodes of which one call fails", async () => {
	await crashMatrix({
		...SCENE,
		request: (cluster) => ({
			operation: "backfill",
			dryRun: false,
			instanceIds: [cluster.id("worker-1"), cluster.id("worker-2")],
		}),
	});
});
