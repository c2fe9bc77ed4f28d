import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClusterOptions } from "../support/cluster.ts";
import { aContext, deployed } from "../support/deployed.ts";
import { widgetEvent } from "../support/widget-event.ts";

interface Told {
	readonly kind: "log" | "metrics";
	readonly line: Readonly<Record<string, unknown>>;
}

/** Every line that was written, in order. */
let told: Told[] = [];

beforeEach(() => {
	told = [];
	// Powertools writes to a console of its own unless this is set.
	vi.stubEnv("POWERTOOLS_DEV", "true");
	vi.stubEnv("POWERTOOLS_SERVICE_NAME", "podroute-prod");
	for (const level of ["log", "info", "warn", "error"] as const) {
		vi.spyOn(console, level).mockImplementation((text: string) => {
			const line = JSON.parse(text);
			told.push({ kind: "_aws" in line ? "metrics" : "log", line });
		});
	}
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

/** A function whose metrics are told. */
function measured(file: Parameters<typeof deployed>[0], { environment, ...world }: ClusterOptions = {}) {
	return deployed(file, { ...world, environment: { POWERTOOLS_METRICS_DISABLED: "false", ...environment } });
}

interface Directive {
	readonly Namespace: string;
	readonly Dimensions: readonly (readonly string[])[];
	readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

/** Every value told, as CloudWatch would read it: `namespace/metric unit dimension=value …`. */
function metrics(): Readonly<Record<string, unknown>> {
	const read: Record<string, unknown> = {};
	for (const { line } of told.filter(({ kind }) => kind === "metrics")) {
		const { CloudWatchMetrics } = line["_aws"] as { CloudWatchMetrics: readonly Directive[] };
		for (const { Namespace, Dimensions, Metrics } of CloudWatchMetrics) {
			for (const names of Dimensions) {
				const dimensions = names.map((name) => `${name}=${line[name]}`).join(" ");
				for (const { Name, Unit } of Metrics) read[`${Namespace}/${Name} ${Unit} ${dimensions}`] = line[Name];
			}
		}
	}
	return read;
}

describe("The metrics of a launch", () => {
	it("are its writes, its calls, its time to route and the quota it saw", async () => {
		const { cluster, handler } = await measured("instance-state-change");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-01-02T03:04:12.300Z") });
		await handler({ ...cluster.event("worker-0"), time: "2026-01-02T03:04:05Z" }, aContext());
		expect(metrics()).toEqual({
			"podroute/RoutesCreated Count service=podroute-prod": 1,
			"podroute/RoutesReplaced Count service=podroute-prod": 0,
			"podroute/RoutesDeleted Count service=podroute-prod": 0,
			"podroute/RoutesWithheld Count service=podroute-prod": 0,
			"podroute/Ec2Calls Count service=podroute-prod": 4,
			"podroute/Ec2Throttles Count service=podroute-prod": 0,
			"podroute/WorstQuotaRatio None service=podroute-prod": 0.002,
			[`podroute/QuotaRatio None service=podroute-prod table=${cluster.tableId}`]: 0.002,
			"podroute/TimeToRoute Seconds service=podroute-prod": 7,
		});
	});

	it("have each instance's own time, of a batch of events", async () => {
		const { cluster, handler } = await measured("instance-state-change");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("worker-1", { claims: "10.200.1.0/24" });
		await cluster.launch("bystander");
		vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-01-02T03:05:00Z") });
		const events = ["worker-0", "worker-1", "bystander"].map((name, index) => ({
			...cluster.event(name),
			time: `2026-01-02T03:04:0${index}Z`,
		}));
		const Records = events.map((event, index) => ({
			eventSource: "aws:sqs",
			messageId: String(index),
			body: JSON.stringify(event),
		}));
		await handler({ Records }, aContext());
		expect(metrics()).toMatchObject({
			"podroute/RoutesCreated Count service=podroute-prod": 2,
			"podroute/TimeToRoute Seconds service=podroute-prod": [60, 59],
		});
	});

	it("of a node that is refused say why", async () => {
		const { cluster, handler } = await measured("instance-state-change");
		await cluster.launch("outside", { claims: "192.168.0.0/24" });
		await handler(cluster.event("outside"), aContext());
		expect(metrics()).toMatchObject({
			"podroute/Refusals Count service=podroute-prod reason=claim-outside-cluster": 1,
			"podroute/RoutesCreated Count service=podroute-prod": 0,
		});
		expect(metrics()).not.toHaveProperty(["podroute/TimeToRoute Seconds service=podroute-prod"]);
	});

	it("come after the report in the log and before the failure of a pass that is unfinished", async () => {
		const { cluster, handler } = await measured("instance-state-change");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		await expect(handler(cluster.event("worker-0"), aContext())).rejects.toThrow("The pass is unfinished");
		expect(told.map(({ kind }) => kind)).toEqual(["log", "metrics", "metrics"]);
		expect(metrics()).toMatchObject({ "podroute/RoutesCreated Count service=podroute-prod": 0 });
	});

	it("count what EC2 refused for want of rate, though the route was made in the end, and only in that pass", async () => {
		const { cluster, handler } = await measured("instance-state-change");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		let failures = 1;
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute" && failures-- > 0
				? { when: "before", status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded." }
				: undefined;
		await handler(cluster.event("worker-0"), aContext());
		expect(metrics()).toMatchObject({
			"podroute/Ec2Calls Count service=podroute-prod": 5,
			"podroute/Ec2Throttles Count service=podroute-prod": 1,
		});
		told = [];
		await handler(cluster.event("worker-0"), aContext());
		expect(metrics()).toMatchObject({ "podroute/Ec2Throttles Count service=podroute-prod": 0 });
	});
});

describe("The metrics of an audit", () => {
	it("are its findings of every severity, and what it put right", async () => {
		const { cluster, handler } = await measured("route-table-audit", { environment: { REPAIR: "routes" } });
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("controller");
		await handler({}, aContext(240_000));
		expect(metrics()).toMatchObject({
			"podroute/Findings Count service=podroute-prod severity=critical": 1,
			"podroute/Findings Count service=podroute-prod severity=warning": 0,
			"podroute/Findings Count service=podroute-prod severity=info": 1,
			"podroute/RoutesCreated Count service=podroute-prod": 1,
		});
		told = [];
		await handler({}, aContext(240_000));
		expect(metrics()).toMatchObject({
			"podroute/Findings Count service=podroute-prod severity=critical": 0,
			"podroute/RoutesCreated Count service=podroute-prod": 0,
		});
	});

	it("are not told where somebody only looks at a dashboard", async () => {
		const { cluster, handler } = await measured("route-table-audit");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await handler(widgetEvent(), { ...aContext(), invokedFunctionArn: "arn:x" });
		expect(told).toEqual([]);
	});
});

describe("The metrics of a backfill", () => {
	it("count what it wrote, and nothing of a dry run", async () => {
		const { cluster, handler } = await measured("backfill");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await handler({ dryRun: true }, aContext(900_000));
		expect(metrics()).toMatchObject({ "podroute/RoutesCreated Count service=podroute-prod": 0 });
		await handler({}, aContext(900_000));
		expect(metrics()).toMatchObject({ "podroute/RoutesCreated Count service=podroute-prod": 1 });
	});
});
