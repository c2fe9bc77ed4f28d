import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { EmbeddedEc2 } from "../../emulator/ec2.ts";
import type { Ec2Event } from "../../emulator/events.ts";
import { startServer } from "../../emulator/server.ts";
import {
	buildTutorialNetwork,
	clientOf,
	launchTutorialInstance,
	TUTORIAL_CONTROLLERS,
	TUTORIAL_TAG,
	TUTORIAL_WORKERS,
	type TutorialInstance,
	terminateTutorialInstance,
} from "../../emulator/tutorial-cluster.ts";
import type { handler as instanceStateChange } from "../../handlers/instance-state-change.ts";
import { buildHandlers } from "../../scripts/build-handlers.ts";
import type { Report } from "../model/report.ts";
import { NOTHING_UNREAD } from "../report/picture/known.ts";
import { renderChange } from "../report/render-changes.ts";
import { renderRoutes } from "../report/render-routes.ts";
import { parseSettings } from "../settings.ts";
import { parseOptions } from "./arguments.ts";
import { writePage } from "./html-file.ts";
import { passFromHere } from "./pass.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** A Lambda invocation's time in serverless.yml. */
const INVOCATION_MS = 30_000;

/**
 * The tutorial's cluster on the embedded EC2: every instance that runs sends its event to the launch
 * function, as EventBridge would. It ends with a map of the blocks in a file. `--json` prints a last audit's
 * report and nothing else.
 */
export async function demo(args: string[], terminal: Terminal): Promise<ExitCode> {
	const { json } = parseOptions(args, { json: { type: "boolean", default: false } });
	const say = json ? () => {} : terminal.print;
	const ec2 = new EmbeddedEc2();
	const server = await startServer(ec2, { port: 0, clock: "manual" });
	const folder = await mkdtemp(join(tmpdir(), "podroute-demo-"));
	try {
		const client = clientOf(ec2);
		const cluster = await buildTutorialNetwork(client);
		pointAt(server.url, cluster.routeTableId, terminal.environment);
		const handler = await loadLaunchFunction(folder);
		const launch = launcher(ec2, handler, (instance) => launchTutorialInstance(client, cluster, instance));

		say("3 controllers and 3 workers launch (VPC 10.0.0.0/16, pods 10.200.0.0/16).");
		say("Each worker's address and pod CIDR, and what its event made:\n");
		for (const controller of TUTORIAL_CONTROLLERS) await launch(controller);
		const ids = new Map<TutorialInstance, string>();
		for (const worker of TUTORIAL_WORKERS) {
			const { instanceId, report } = await launch(worker);
			ids.set(worker, instanceId);
			say([`${worker.privateIp} ${worker.podCidr}`, ...report.changes.map(renderChange)].join("\n"));
		}
		say(`\n${renderRoutes((await lastAudit(terminal)).routes)}\n`);

		const [, worker] = TUTORIAL_WORKERS;
		await terminateTutorialInstance(client, ids.get(worker) ?? "");
		ec2.settle();
		say("worker-1 is terminated. EC2 keeps its route, as a blackhole. It is launched");
		say("again with the same pod CIDR, and its event replaces the route in place:\n");
		const { report } = await launch(worker);
		say(report.changes.map(renderChange).join("\n"));

		const last = await lastAudit(terminal);
		say(`\n${renderRoutes(last.routes)}\n`);
		if (json) terminal.print(JSON.stringify(last, undefined, 2));
		const code = conclude(last, say);
		if (!json) say(`The same as a map, for a browser:\n${await writeMap(last, terminal)}`);
		return code;
	} finally {
		await rm(folder, { recursive: true });
		await server.close();
	}
}

/** Settings for what runs in this process. Nothing of the caller's own AWS configuration may reach the demo. */
function pointAt(url: string, routeTableId: string, environment: Terminal["environment"]): void {
	for (const name of Object.keys(environment)) if (name.startsWith("AWS_")) delete environment[name];
	Object.assign(environment, {
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "embedded",
		AWS_SECRET_ACCESS_KEY: "embedded",
		AWS_ENDPOINT_URL_EC2: url,
		POWERTOOLS_LOG_LEVEL: "SILENT",
		POWERTOOLS_METRICS_DISABLED: "true",
		NODE_FILTERS: `tag:${TUTORIAL_TAG.Key}=${TUTORIAL_TAG.Value}`,
		ROUTE_TABLES: routeTableId,
		CLUSTER_CIDRS: "10.200.0.0/16",
	});
}

/** The launch function as Lambda would load it: its bundle, built afresh, with what it loads later beside it. */
async function loadLaunchFunction(folder: string): Promise<typeof instanceStateChange> {
	await buildHandlers(folder, ["instance-state-change.ts"]);
	return (await import(join(folder, "instance-state-change.mjs"))).handler;
}

/** Launches an instance, lets it come up, and hands its event to the launch function, as the rule would. */
function launcher(
	ec2: EmbeddedEc2,
	handler: typeof instanceStateChange,
	launch: (instance: TutorialInstance) => Promise<string>,
) {
	const events: Ec2Event[] = [];
	ec2.subscribe((event) => {
		if (event.source === "aws.ec2" && event.detail.state === "running") events.push(event);
	});
	return async (
		instance: TutorialInstance,
	): Promise<{ readonly instanceId: string; readonly report: Report }> => {
		const instanceId = await launch(instance);
		ec2.settle();
		const event = events.shift();
		if (event === undefined) throw new Error(`${instance.name} (${instanceId}) runs, but no event said so`);
		const report = await handler(event, invocation(event.id));
		if (!("changes" in report)) throw new Error("The launch function took an event for a batch of them");
		return { instanceId, report };
	};
}

/** The part of Lambda's context that does not depend on AWS. */
function invocation(awsRequestId: string): Context {
	return {
		awsRequestId,
		callbackWaitsForEmptyEventLoop: false,
		functionName: "podroute-demo-instanceStateChange",
		functionVersion: "$LATEST",
		invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:podroute-demo-instanceStateChange",
		logGroupName: "podroute-demo",
		logStreamName: "podroute-demo",
		memoryLimitInMB: "256",
		getRemainingTimeInMillis: () => INVOCATION_MS,
		done() {},
		fail() {},
		succeed() {},
	};
}

async function lastAudit(terminal: Terminal): Promise<Report> {
	const { report } = await passFromHere(() => ({ operation: "audit", repair: "none" }), terminal);
	return report;
}

/** In a folder of its own among the temporary ones, so that nobody else can have put a file there. */
async function writeMap(report: Report, { environment }: Terminal): Promise<string> {
	const file = join(await mkdtemp(join(tmpdir(), "podroute-demo-")), "map.html");
	const rules = parseSettings(environment);
	await writePage(file, { report, rules, unread: NOTHING_UNREAD, lookedAt: Date.now() });
	return file;
}

function conclude({ routes, findings }: Report, say: (text: string) => void): ExitCode {
	const wrong = findings.filter(({ severity }) => severity !== "info");
	for (const { detail } of wrong) say(detail);
	const right = routes.filter(({ managed, state }) => managed && state === "active").length;
	say(`${right} of ${TUTORIAL_WORKERS.length} workers are routed; ${wrong.length} findings to act on.`);
	return wrong.length === 0 && right === TUTORIAL_WORKERS.length ? 0 : 2;
}
