import type { Context } from "aws-lambda";
import { onTestFinished, vi } from "vitest";
import { startServer } from "../../emulator/server.ts";
import type { Report } from "../../src/model/report.ts";
import { aCluster, type Cluster, type ClusterOptions } from "./cluster.ts";

type Handler = (event: unknown, context: Context) => Promise<Report>;

export interface Deployed {
	readonly cluster: Cluster;
	readonly handler: Handler;
}

/**
 * A world on a port, and an exported handler of `handlers/` as Lambda loads it beside that world's settings.
 * The server ends with the test.
 */
export async function deployed(
	file: string,
	options: ClusterOptions = {},
	secret = "secret",
): Promise<Deployed> {
	const cluster = await aCluster(options);
	const server = await startServer(cluster.ec2, { port: 0, clock: "manual" });
	onTestFinished(() => server.close());
	const environment = {
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

/** An invocation with so much time left. */
export function aContext(remainingMs = 60_000): Context {
	return { getRemainingTimeInMillis: () => remainingMs, awsRequestId: "request" } as Context;
}
