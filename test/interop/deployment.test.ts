import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { aBrowser } from "../support/chromium.ts";
import { matchesPattern } from "../support/event-pattern.ts";
import { NOTICES_PATTERN, noticeOf } from "../support/notice.ts";
import { textsOf } from "../support/page-checks.ts";
import { aWindow, showWidget } from "../support/shown.ts";
import { widgetEvent } from "../support/widget-event.ts";
import { CLUSTER_TAG, type Deployment, deploy, type Launch } from "./deployment.ts";

/*
 * What MiniStack 1.5.19 does not do, and these tests therefore cannot show:
 * - A rule's DeadLetterConfig and RetryPolicy are kept and never used: nothing here shows what becomes of an event
 *   that EventBridge cannot deliver.
 * - It sends no destination what a function returned: whether the notices' rule would tell of a report is asked of its
 *   EventBridge, and whether Lambda would send it is not seen.
 * - Lines in the embedded metric format are kept as log lines, so that no alarm here ever goes off.
 * - Roles, the queue's policy and the functions' permissions bind nobody, and functions run on whatever processor
 *   this machine has.
 */

/** A stack is deployed and real programs start. Nothing is held to a time; a hang ends here. */
const PATIENCE_MS = 600_000;
/** Ends before the test does, so that it can say what it waited for. */
const POLL = { timeout: PATIENCE_MS / 3, interval: 20 };
/** For the AWS CLI, which is a Python that starts each time. */
const SLOW_POLL = { ...POLL, interval: 500 };

const NODE = { [CLUSTER_TAG]: "owned" };
const AUDIT_RULE = "podroute-prod-routeTableAudit-rule-1";
const LAUNCH_LOG = "/aws/lambda/podroute-prod-instanceStateChange";
const UNKNOWN_EVENT = "An event was not understood";

let deployment: Deployment;
/** The routes there ought to be by now: destinations and instances. */
const expected: Record<string, string> = {};
const times: string[] = [];

beforeAll(async () => {
	deployment = await deploy();
}, PATIENCE_MS);

afterAll(async () => {
	await deployment?.stop();
	if (times.length === 0) return;
	process.stdout.write(
		`RunInstances to route, and the part of it after the instance runs:\n${times.join("\n")}\n`,
	);
}, PATIENCE_MS);

function worker(number: number): Launch {
	return { userData: `name=worker-${number}|pod-cidr=10.200.${number}.0/24`, tags: NODE };
}

/** Launches a worker and waits for its route; takes note of how long that took. */
async function launchAndRoute(number: number, remark: string): Promise<string> {
	const launched = performance.now();
	const instanceId = await deployment.launch(worker(number));
	await expect.poll(() => deployment.state(instanceId), POLL).toBe("running");
	const running = performance.now();
	const destination = `10.200.${number}.0/24`;
	await expect.poll(async () => (await deployment.routes())[destination], POLL).toBe(instanceId);
	const routed = performance.now();
	expected[destination] = instanceId;
	times.push(
		`  worker-${number}: ${Math.round(routed - launched)} ms, ${Math.round(routed - running)} ms (${remark})`,
	);
	return instanceId;
}

/** What the launch function wrote to its log, line by line. */
async function launchLog(): Promise<readonly string[]> {
	const messages = await deployment.ministack.aws(
		"logs",
		"filter-log-events",
		"--log-group-name",
		LAUNCH_LOG,
		"--query",
		"events[].message",
	);
	return messages as string[];
}

/** How often the launch function has told of an event that it cannot understand. */
async function unknownEvents(): Promise<number> {
	return (await launchLog()).filter((line) => line.includes(UNKNOWN_EVENT)).length;
}

/** The report of the launch function's pass over an instance that left it as it was. */
async function passOver(instanceId: string): Promise<unknown> {
	const line = (await launchLog()).find((entry) => entry.startsWith("{") && entry.includes(instanceId));
	return line === undefined ? undefined : JSON.parse(line).report;
}

/** The URL of a queue of the stack, by its name there. */
async function queue(name: string): Promise<string> {
	const urls = (await deployment.ministack.aws("sqs", "list-queues", "--query", "QueueUrls")) as string[];
	const [url, ...others] = urls.filter((candidate) => candidate.includes(name));
	if (url === undefined || others.length > 0) throw new Error(`There is not one ${name}: ${urls.join(", ")}`);
	return url;
}

/** Every message of the failure queue, which then has none. */
async function failures(): Promise<readonly unknown[]> {
	const { aws } = deployment.ministack;
	const url = await queue("FailureQueue");
	const answer = await aws("sqs", "receive-message", "--queue-url", url, "--max-number-of-messages", "10");
	const { Messages = [] } = Object(answer) as { Messages?: { Body: string }[] };
	return Messages.map(({ Body }) => JSON.parse(Body));
}

describe("the stack that `npm run package` makes, deployed on MiniStack", { timeout: PATIENCE_MS }, () => {
	it("wakes the audit by a schedule, every five minutes", async () => {
		const { aws } = deployment.ministack;
		expect(
			await aws("events", "describe-rule", "--name", AUDIT_RULE, "--query", "[State,ScheduleExpression]"),
		).toEqual(["ENABLED", "rate(5 minutes)"]);
		expect(
			await aws("events", "list-targets-by-rule", "--rule", AUDIT_RULE, "--query", "Targets[].Arn"),
		).toEqual(["arn:aws:lambda:us-east-1:000000000000:function:podroute-prod-routeTableAudit"]);
		// Held until the last test lets it go, so that no run of its own mends what the tests break on purpose.
		await aws("events", "disable-rule", "--name", AUDIT_RULE);
	});

	it("has the alarms and the dashboard", async () => {
		const { aws } = deployment.ministack;
		const alarms = await aws("cloudwatch", "describe-alarms", "--query", "MetricAlarms[].AlarmName");
		expect((alarms as string[]).toSorted()).toEqual([
			"podroute-prod-audit-not-finished",
			"podroute-prod-audit-not-run",
			"podroute-prod-backfill-errors",
			"podroute-prod-critical-findings",
			"podroute-prod-failure-queue",
			"podroute-prod-instanceStateChange-errors",
			"podroute-prod-quota",
			"podroute-prod-routeTableAudit-errors",
			"podroute-prod-routes-replaced",
			"podroute-prod-time-to-route",
		]);
		const body = await aws(
			"cloudwatch",
			"get-dashboard",
			"--dashboard-name",
			"podroute-prod",
			"--query",
			"DashboardBody",
		);
		const { widgets } = JSON.parse(String(body));
		expect(widgets[0]).toMatchObject({
			type: "custom",
			properties: {
				endpoint: "arn:aws:lambda:us-east-1:000000000000:function:podroute-prod-routeTableAudit",
			},
		});
		expect(widgets[1].properties.alarms).toHaveLength(10);
		expect(widgets[1].properties.alarms[0]).toBe(
			"arn:aws:cloudwatch:us-east-1:000000000000:alarm:podroute-prod-instanceStateChange-errors",
		);
	});

	it("routes an instance that is launched, and turns off its source/dest check", async () => {
		const instanceId = await launchAndRoute(0, "the function's first run");
		const { Reservations } = await deployment.ec2.describeInstances({ InstanceIds: [instanceId] });
		expect(Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.SourceDestCheck).toBe(false);
		expect(await deployment.routes()).toEqual(expected);
	});

	it("routes the next ones too, one after another and two at once", async () => {
		await launchAndRoute(1, "warm");
		await Promise.all([launchAndRoute(2, "beside worker-3"), launchAndRoute(3, "beside worker-2")]);
		expect(await deployment.routes()).toEqual(expected);
	});

	it.each([
		[
			"that makes it a node",
			{ ...worker(4), tags: {} },
			NODE,
			{ ignored: [{ why: "not a node: it does not match NODE_FILTERS" }] },
		],
		["that says its block", { userData: "name=worker-5", tags: NODE }, { "pod-cidr": "10.200.5.0/24" }, {}],
	])("routes an instance once it gets the tag %s", async (_, launch, tags, before) => {
		const instanceId = await deployment.launch(launch);
		// Its state-change event must have come to nothing, or else that would route it.
		await expect
			.poll(() => passOver(instanceId), SLOW_POLL)
			.toMatchObject({ operation: "launch", changes: [], refusals: [], ...before });
		expect(await deployment.routes()).toEqual(expected);

		const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
		await deployment.ec2.createTags({ Resources: [instanceId], Tags });
		expected[`10.200.${Object.keys(expected).length}.0/24`] = instanceId;
		await expect.poll(() => deployment.routes(), POLL).toEqual(expected);
	});

	it("shows the dashboard's widget the map of these routes, which a browser draws", async () => {
		const answer = await deployment.ministack.invoke("podroute-prod-routeTableAudit", widgetEvent());
		const browser = await aBrowser();
		onTestFinished(() => browser.close());
		const { page, intrusions } = await aWindow(browser, { theme: "light", width: 850 });
		await showWidget(page, String(answer));
		expect(await textsOf(page, ".status")).toEqual(["✓ Nothing to act on"]);
		expect(await textsOf(page, ".grid .is-routed > span")).toEqual(
			Object.entries(expected)
				.map(([destination, instanceId]) => `${destination}: routed to ${instanceId}`)
				.toSorted(),
		);
		expect(intrusions).toEqual([]);
	});

	it("plans and makes a lost route by backfill, invoked by hand", async () => {
		const { invoke } = deployment.ministack;
		await deployment.deleteRoute("10.200.0.0/24");
		const plan = await invoke("podroute-prod-backfill", { dryRun: true });
		const change = { kind: "create", destination: "10.200.0.0/24", instanceId: expected["10.200.0.0/24"] };
		expect(plan).toMatchObject({
			operation: "backfill",
			dryRun: true,
			changes: [{ ...change, outcome: "planned" }],
		});
		expect(await deployment.routes()).not.toHaveProperty("10.200.0.0/24");

		const { planId } = plan as { planId: string };
		expect(await invoke("podroute-prod-backfill", { planId })).toMatchObject({
			planId,
			changes: [{ ...change, outcome: "applied" }],
		});
		expect(await deployment.routes()).toEqual(expected);
		expect(await invoke("podroute-prod-backfill", {})).toMatchObject({ changes: [], refusals: [] });
	});

	it("returns reports that EventBridge tells apart by the notices' pattern", async () => {
		const { aws, invoke } = deployment.ministack;
		await deployment.deleteRoute("10.200.0.0/24");
		const planned = await invoke("podroute-prod-backfill", { dryRun: true });
		const applied = await invoke("podroute-prod-backfill", {});
		const healthy = await invoke("podroute-prod-routeTableAudit", {});
		const isTold = async (functionName: string, report: unknown) => {
			const notice = noticeOf(functionName, report);
			const texts = ["--event-pattern", JSON.stringify(NOTICES_PATTERN), "--event", JSON.stringify(notice)];
			const told = await aws("events", "test-event-pattern", ...texts, "--query", "Result");
			expect(matchesPattern(NOTICES_PATTERN, notice)).toBe(told);
			return told;
		};
		expect(await isTold("podroute-prod-backfill", planned)).toBe(false);
		expect(await isTold("podroute-prod-backfill", applied)).toBe(true);
		expect(await isTold("podroute-dev-backfill", applied)).toBe(false);
		expect(await isTold("podroute-prod-routeTableAudit", healthy)).toBe(false);
		const critical = { ...Object(healthy), findings: [{ code: "missing-route", severity: "critical" }] };
		expect(await isTold("podroute-prod-routeTableAudit", critical)).toBe(true);
		const apart = {
			changes: [
				{ kind: "create", outcome: "failed" },
				{ kind: "disable-source-dest-check", outcome: "applied" },
			],
		};
		expect(await isTold("podroute-prod-backfill", apart)).toBe(false);
	});

	it("answers the schedule's event with an audit of the whole table", async () => {
		const report = await deployment.ministack.invoke("podroute-prod-routeTableAudit", {
			version: "0",
			id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
			"detail-type": "Scheduled Event",
			source: "aws.events",
			account: "000000000000",
			time: new Date().toISOString(),
			region: "us-east-1",
			resources: [`arn:aws:events:us-east-1:000000000000:rule/${AUDIT_RULE}`],
			detail: {},
		});
		expect(report).toMatchObject({ operation: "audit", dryRun: false, changes: [], findings: [] });
		const { routes } = report as { routes: { destination: string; instanceId: string }[] };
		expect(Object.fromEntries(routes.map((route) => [route.destination, route.instanceId]))).toEqual(
			expected,
		);
	});

	it("tries an event that cannot be understood three times, routes the next one meanwhile, and keeps it in the failure queue", async () => {
		const { aws } = deployment.ministack;
		// Three minutes on AWS: how long a message that was given back stays away.
		const visible = ["--queue-url", await queue("EventQueue"), "--attributes", "VisibilityTimeout=2"];
		await aws("sqs", "set-queue-attributes", ...visible);
		const event = {
			Source: "aws.ec2",
			DetailType: "EC2 Instance State-change Notification",
			Detail: JSON.stringify({ state: "running" }),
		};
		expect(
			await aws("events", "put-events", "--entries", JSON.stringify([event]), "--query", "FailedEntryCount"),
		).toBe(0);
		await expect.poll(unknownEvents, SLOW_POLL).toBeGreaterThan(0);
		await launchAndRoute(6, "after an event it could not understand");
		expect(await deployment.routes()).toEqual(expected);

		const failed: unknown[] = [];
		const collect = async () => {
			failed.push(...(await failures()));
			return failed.length;
		};
		await expect.poll(collect, SLOW_POLL).toBeGreaterThan(0);
		expect(failed).toEqual([
			expect.objectContaining({
				source: "aws.ec2",
				"detail-type": "EC2 Instance State-change Notification",
				detail: { state: "running" },
			}),
		]);
		expect(await unknownEvents()).toBe(3);
	});

	it("makes a lost route again when the schedule fires", async () => {
		await deployment.deleteRoute("10.200.1.0/24");
		// As the stack has it, but for the period: a minute is the shortest that EventBridge takes.
		const rule = ["--name", AUDIT_RULE, "--schedule-expression", "rate(1 minute)", "--state", "ENABLED"];
		await deployment.ministack.aws("events", "put-rule", ...rule);
		await expect.poll(() => deployment.routes(), POLL).toEqual(expected);
	});

	it("leaves nothing behind when it is removed, but for the routes", async () => {
		await deployment.remove();
		const { aws } = deployment.ministack;
		expect({
			functions: await aws("lambda", "list-functions", "--query", "Functions"),
			rules: await aws("events", "list-rules", "--query", "Rules"),
			queues: await aws("sqs", "list-queues", "--query", "QueueUrls"),
			logs: await aws("logs", "describe-log-groups", "--query", "logGroups"),
			roles: await aws("iam", "list-roles", "--query", "Roles"),
			buckets: await aws("s3api", "list-buckets", "--query", "Buckets"),
			alarms: await aws("cloudwatch", "describe-alarms", "--query", "MetricAlarms"),
			dashboards: await aws("cloudwatch", "list-dashboards", "--query", "DashboardEntries"),
			topics: await aws("sns", "list-topics", "--query", "Topics"),
			stacks: await aws("cloudformation", "describe-stacks", "--query", "Stacks"),
		}).toEqual({
			functions: [],
			rules: [],
			queues: [],
			logs: [],
			roles: [],
			buckets: [],
			alarms: [],
			dashboards: [],
			topics: [],
			stacks: [],
		});
		expect(await deployment.routes()).toEqual(expected);
	});
});
