import { describe } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { crashMatrix } from "../support/crash.ts";

/** As the table tells it: a missing route, a blackhole, a misdirected route, an orphan, one that is right, one that is not ours. */
async function aDriftedCluster(): Promise<Cluster> {
	const cluster = await aCluster();
	await cluster.launch("nat", { isNode: false });
	await cluster.launch("ended");
	await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
	await cluster.launch("worker-1", { claims: "10.200.1.0/24", sourceDestCheck: true });
	await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
	await cluster.launch("worker-3", { claims: "10.200.3.0/24" });
	await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.2.0/24", cluster.eni("ended"));
	await cluster.route("10.200.3.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.8.0/24", cluster.eni("nat"));
	await cluster.route("10.200.9.0/24", cluster.eni("ended"));
	return cluster.terminate("ended");
}

const KEPT = { "10.200.0.0/24": "worker-0", "10.200.8.0/24": "nat" };
const RIGHT = {
	...KEPT,
	"10.200.1.0/24": "worker-1",
	"10.200.2.0/24": "worker-2",
	"10.200.3.0/24": "worker-3",
};

describe("An audit with REPAIR=all of which one call fails", async () => {
	await crashMatrix({
		build: aDriftedCluster,
		request: () => ({ operation: "audit", repair: "all" }),
		before: [
			{
				...KEPT,
				"10.200.2.0/24": "ended (blackhole)",
				"10.200.3.0/24": "worker-0",
				"10.200.9.0/24": "ended (blackhole)",
			},
		],
		after: [RIGHT],
		checked: "worker-1",
	});
});
