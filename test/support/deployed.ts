import { env } from "node:process";
import type { Context } from "aws-lambda";
import { onTestFinished, vi } from "vitest";
import type { Authorize } from "../../emulator/ec2.ts";
import { startServer } from "../../emulator/server.ts";
import type { Report } from "../../src/model/report.ts";
import { callers } from "./callers.ts";
import { aCluster, type Cluster, type ClusterOptions } from "./cluster.ts";

/** What each file of `handlers/` is for. */
const OPERATIONS = {
	"instance-state-change": "launch",
	backfill: "backfill",
	"route-table-audit": "audit",
} as const;

type Handler = (event: unknown, context: Context) => Promise<Report>;

export interface Deployed {
	readonly cluster: Cluster;
	readonly handler: Handler;
}

/**
 * A world on a port, and an exported handler of `handlers/` as Lambda loads it beside that world's settings.
 * Its rights are those of {@link callers}, unless given. The server ends with the test.
 */
export async function deployed(
	file: keyof typeof OPERATIONS,
	options: ClusterOptions = {},
	secret = "secret",
	rightsIn: (cluster: Cluster) => Authorize = (cluster) => rightsOf(file, cluster),
): Promise<Deployed> {
	const cluster = await aCluster(options);
	const authorize = rightsIn(cluster);
	const server = await startServer(cluster.ec2, { port: 0, clock: "manual", authorize });
	onTestFinished(() => server.close());
	const environment = {
		// They are lines on stdout: only a test about metrics asks for them.
		POWERTOOLS_METRICS_DISABLED: "true",
		...cluster.environment,
		AWS_REGION: "us-east-1",
		AWS_ENDPOINT_URL_EC2: server.url,
		AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
		AWS_SECRET_ACCESS_KEY: secret,
	};
	for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
	vi.resetModules();
	const { handler } = await import(`../../handlers/${file}.ts`);
	return { cluster, handler };
}

/** With the settings of the moment: a test that changes them deploys anew. */
function rightsOf(file: keyof typeof OPERATIONS, { ec2 }: Cluster): Authorize {
	return async (call) => callers.rightsOf({ operation: OPERATIONS[file], environment: env }, ec2)?.(call);
}

/** An invocation with so much time left. */
export function aContext(remainingMs = 60_000): Context {
	return { getRemainingTimeInMillis: () => remainingMs, awsRequestId: "request" } as Context;
}
