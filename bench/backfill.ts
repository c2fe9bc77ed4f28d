import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startServer } from "../emulator/server.ts";
import { aCluster, type Cluster } from "../test/support/cluster.ts";
import { prepareAwsCli, withAwsCli } from "./aws-cli.ts";
import { BUCKETS, floorSeconds } from "./buckets.ts";
import type { Figure } from "./figure.ts";
import { passesIn } from "./pass.ts";
import { inSimulatedTime } from "./simulated-time.ts";
import { aSimulatedWorld, claimOf, nameOf } from "./simulated-world.ts";
import { wallMs } from "./time.ts";

const NODES = 1_000;
const NEARNESS_GOAL = 1.05;
const REFUSED_SHARE_GOAL = 0.05;
/** The function's timeout in serverless.yml. */
const TIMEOUT_MS = 900_000;

/** How many nodes the tutorial's loop routes: its own three, and a small cluster's. */
const LOOPS = [3, 50];
/** What a request to the embedded EC2 takes in this comparison. */
const LATENCY_MS = 40;

/** 1,000 nodes at once under AWS's token buckets; and the tutorial's loop beside the command line on the wall clock. */
export async function benchBackfill(): Promise<readonly Figure[]> {
	const figures = [...(await benchThousand())];
	const hasCli = await prepareAwsCli();
	for (const nodes of LOOPS) figures.push(...(await compareWithLoop(nodes, hasCli)));
	return figures;
}

/** The least time, in seconds: reads and both kinds of write have a bucket each, and overlap. */
function floorOf(nodes: number): number {
	return Math.max(...Object.values(BUCKETS).map((bucket) => floorSeconds(nodes, bucket)));
}

async function benchThousand(): Promise<readonly Figure[]> {
	const { cluster, heard } = await aSimulatedWorld({ nodes: NODES });
	const startAt = cluster.ec2.now();
	const pass = passesIn(cluster);
	const { unfinished, tookMs } = await inSimulatedTime(startAt, async () => {
		const result = await pass({ operation: "backfill", dryRun: false }, TIMEOUT_MS);
		return { unfinished: result.unfinished, tookMs: Date.now() - startAt };
	});
	const seconds = tookMs / 1_000;
	const refused = heard.refused / heard.calls;
	return [
		{ name: "1,000 nodes, floors", value: seconds / floorOf(NODES), unit: "ratio", goal: NEARNESS_GOAL },
		{ name: "the floor", value: floorOf(NODES), unit: "s" },
		{ name: "1,000 nodes", value: seconds, unit: "s" },
		{ name: "refused, share of calls", value: refused, unit: "ratio", goal: REFUSED_SHARE_GOAL },
		{ name: "left undone", value: unfinished.length, unit: "count", goal: 0 },
		{ name: "calls", value: heard.calls, unit: "calls" },
	];
}

/** Each on a cluster of its own, served on this thread: neither waits for the other's routes. */
async function compareWithLoop(nodes: number, hasCli: boolean): Promise<readonly Figure[]> {
	const ours = await withCluster(nodes, (cluster, url) =>
		wallMs(() =>
			run(process.execPath, [MAIN, "backfill"], { ...cluster.environment, ...ourEnvironment(url) }),
		),
	);
	const name = `${nodes} nodes, the tutorial's loop`;
	const loop = hasCli
		? await withCluster(nodes, ({ tableId }, url) => withAwsCli(url, (aws) => timeLoop(nodes, tableId, aws)))
		: Number.NaN;
	return [
		{ name: `${nodes} nodes, podroute backfill`, value: ours / 1_000, unit: "s" },
		{ name, value: loop / 1_000, unit: "s", ...(hasCli ? {} : { note: "needs Python 3.10 and PyPI" }) },
	];
}

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

function timeLoop(nodes: number, tableId: string, aws: Readonly<Record<string, string>>): Promise<number> {
	const WORKERS = Array.from({ length: nodes }, (_, index) => nameOf(index)).join(" ");
	const environment = { ...aws, ROUTE_TABLE_ID: tableId, WORKERS };
	return wallMs(() => run("bash", [join(import.meta.dirname, "tutorial-loop.sh")], environment));
}

function ourEnvironment(url: string): Readonly<Record<string, string>> {
	return {
		AWS_ENDPOINT_URL_EC2: url,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "embedded",
		AWS_SECRET_ACCESS_KEY: "embedded",
	};
}

/** Nodes as the tutorial leaves them before its loop, their checks off. Throws where a node is not routed afterwards. */
async function withCluster<T>(
	nodes: number,
	work: (cluster: Cluster, url: string) => Promise<T>,
): Promise<T> {
	const cluster = await aCluster();
	for (let index = 0; index < nodes; index += 1) {
		await cluster.launch(nameOf(index), { claims: claimOf(index) });
	}
	const listener = await startServer(cluster.ec2, { port: 0, latencyMs: LATENCY_MS });
	try {
		const result = await work(cluster, listener.url);
		const routed = Object.keys(await cluster.routes()).length;
		if (routed !== nodes) throw new Error(`${routed} of ${nodes} nodes were routed`);
		return result;
	} finally {
		await listener.close();
	}
}

/** Throws, with what it wrote, where a command fails. */
async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
	const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
	const [output, errors, [code]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, "exit"),
	]);
	if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}${errors}`);
}
