import { env } from "node:process";
import type { Context } from "aws-lambda";
import { startServer } from "../emulator/server.ts";
import { aCluster } from "../test/support/cluster.ts";
import { launchHealthy } from "../test/support/healthy-nodes.ts";
import { widgetEvent } from "../test/support/widget-event.ts";
import type { Figure } from "./figure.ts";
import { medianMs, wallMs } from "./time.ts";

const NODES = 1_000;
/** The function's timeout in serverless.yml, at the default period. */
const TIMEOUT_MS = 240_000;
const ANSWER_GOAL_S = 2;
/** What Lambda gives back to whoever invokes a function and waits: 6 MB ("Lambda quotas", AWS Lambda Developer Guide). */
const RESPONSE_GOAL_BYTES = 6_000_000;
const RUNS = 5;
const WARM_UP = 1;

/** How long the dashboard widget of 1,000 nodes takes to answer, and how large its answer is, by the exported handler. */
export async function benchWidget(): Promise<readonly Figure[]> {
	const cluster = await aCluster({
		routeLimit: 2 * NODES,
		environment: { ROUTE_LIMIT: String(2 * NODES), CLUSTER_CIDRS: "10.200.0.0/14" },
	});
	await launchHealthy(cluster, NODES);
	const server = await startServer(cluster.ec2, { port: 0, clock: "manual" });
	const before = { ...env };
	try {
		Object.assign(env, cluster.environment, {
			AWS_REGION: "us-east-1",
			AWS_ENDPOINT_URL_EC2: server.url,
			AWS_ACCESS_KEY_ID: "embedded",
			AWS_SECRET_ACCESS_KEY: "embedded",
			POWERTOOLS_LOG_LEVEL: "SILENT",
			POWERTOOLS_METRICS_DISABLED: "true",
		});
		return await measure();
	} finally {
		for (const name of Object.keys(env)) if (!Object.hasOwn(before, name)) Reflect.deleteProperty(env, name);
		Object.assign(env, before);
		await server.close();
	}
}

async function measure(): Promise<readonly Figure[]> {
	const { handler } = await import("../handlers/route-table-audit.ts");
	let bytes = 0;
	const ask = () =>
		wallMs(async () => {
			bytes = Buffer.byteLength(JSON.stringify(await handler(widgetEvent(), context())));
		});
	const name = `widget of ${NODES} nodes`;
	const coldMs = await ask();
	const cold = figuresOf(`${name}, cold`, coldMs, bytes, "50 claims read, the others told as not read yet");
	await handler({}, context());
	return [...figuresOf(`${name}, warm`, await medianMs(RUNS, WARM_UP, ask), bytes), ...cold];
}

function figuresOf(name: string, ms: number, bytes: number, note?: string): readonly Figure[] {
	const told = note === undefined ? {} : { note };
	return [
		{ name, value: ms / 1_000, unit: "s", goal: ANSWER_GOAL_S, ...told },
		{ name, value: bytes, unit: "bytes", goal: RESPONSE_GOAL_BYTES, ...told },
	];
}

function context(): Context {
	return {
		awsRequestId: "bench",
		callbackWaitsForEmptyEventLoop: false,
		functionName: "podroute-bench-routeTableAudit",
		functionVersion: "$LATEST",
		invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:podroute-bench-routeTableAudit",
		logGroupName: "podroute-bench",
		logStreamName: "podroute-bench",
		memoryLimitInMB: "256",
		getRemainingTimeInMillis: () => TIMEOUT_MS,
		done() {},
		fail() {},
		succeed() {},
	};
}
