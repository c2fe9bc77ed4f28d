import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Report } from "../../src/model/report.ts";
import type { ClusterOptions } from "../support/cluster.ts";
import { aContext, deployed } from "../support/deployed.ts";
import { matchesPattern } from "../support/event-pattern.ts";
import { NOTICES_PATTERN, noticeOf } from "../support/notice.ts";

beforeEach(() => {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

afterEach(() => {
	vi.unstubAllEnvs();
});

/** Whether the rule of docs/notices-rule.json tells of a report that this function returned. */
function isTold(report: Report, functionName = "podroute-prod-routeTableAudit"): boolean {
	return matchesPattern(NOTICES_PATTERN, noticeOf(functionName, JSON.parse(JSON.stringify(report))));
}

/** The audit of a world with one node, whose route is not there yet. */
async function anAudit(options: ClusterOptions = {}) {
	const { cluster, handler } = await deployed("route-table-audit", options);
	await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
	return { cluster, audit: () => handler({}, aContext(240_000)) };
}

const REPAIRING = { environment: { REPAIR: "routes" } };

describe("The pattern of the notices", () => {
	it("is the one that docs/notices.md shows", () => {
		const page = readFileSync(new URL("../../docs/notices.md", import.meta.url), "utf8");
		const [, shown = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
		expect(JSON.parse(shown)).toEqual(NOTICES_PATTERN);
	});

	it("tells of an audit that made a route, and not of the next one, which found nothing", async () => {
		const { audit } = await anAudit(REPAIRING);
		expect(isTold(await audit())).toBe(true);
		expect(isTold(await audit())).toBe(false);
	});

	it("tells of an audit that only looks and found something critical", async () => {
		const { audit } = await anAudit();
		const report = await audit();
		expect(report.changes).toMatchObject([{ kind: "create", outcome: "planned" }]);
		expect(isTold(report)).toBe(true);
		expect(isTold({ ...report, findings: [] })).toBe(false);
	});

	it("does not tell of warnings", async () => {
		const { cluster, audit } = await anAudit();
		await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
		await cluster.launch("outside", { claims: "192.168.0.0/24" });
		const report = await audit();
		expect(report.findings).toMatchObject([{ code: "claim-outside-cluster", severity: "warning" }]);
		expect(isTold(report)).toBe(false);
	});

	it("tells of a backfill that made routes, and of no dry run", async () => {
		const { cluster, handler } = await deployed("backfill");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		const name = "podroute-prod-backfill";
		expect(isTold(await handler({ dryRun: true }, aContext(900_000)), name)).toBe(false);
		expect(isTold(await handler({}, aContext(900_000)), name)).toBe(true);
		expect(isTold(await handler({}, aContext(900_000)), name)).toBe(false);
	});

	it("tells of a route that was replaced, by a launch that was invoked asynchronously", async () => {
		const { cluster, handler } = await deployed("instance-state-change");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
		await cluster.terminate("worker-0");
		await cluster.launch("heir", { claims: "10.200.0.0/24" });
		const report = await handler(cluster.event("heir"), aContext());
		expect(report.changes).toMatchObject([{ kind: "replace", outcome: "applied" }]);
		expect(isTold(report, "podroute-prod-instanceStateChange")).toBe(true);
	});

	it("does not tell of a check that was turned off beside a route that failed", async () => {
		const { cluster, handler } = await deployed("backfill");
		await cluster.launch("worker-0", { claims: "10.200.0.0/24", sourceDestCheck: true });
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		const report = await handler({}, aContext(900_000));
		expect(report.changes).toMatchObject([
			{ kind: "create", outcome: "failed" },
			{ kind: "disable-source-dest-check", outcome: "applied" },
		]);
		expect(isTold(report, "podroute-prod-backfill")).toBe(false);
	});

	it("does not tell of another stage, of another function, or of a failure", async () => {
		const { audit } = await anAudit(REPAIRING);
		const report = await audit();
		expect(isTold(report, "podroute-dev-routeTableAudit")).toBe(false);
		expect(isTold(report, "another")).toBe(false);
		const failure = {
			...noticeOf("podroute-prod-routeTableAudit", report),
			"detail-type": "Lambda Function Invocation Result - Failure",
		};
		expect(matchesPattern(NOTICES_PATTERN, failure)).toBe(false);
	});
});
