import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aContext, deployed } from "../support/deployed.ts";

beforeEach(() => {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

afterEach(() => {
	vi.unstubAllEnvs();
});

describe("The function routeTableAudit", () => {
	it("finds a route that is missing and, with REPAIR=none, writes nothing", async () => {
		const { cluster, handler } = await deployed("route-table-audit");
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const report = await handler({}, aContext(240_000));
		expect(report).toMatchObject({
			operation: "audit",
			findings: [{ code: "missing-route", severity: "critical", destination: "10.200.0.0/24" }],
			changes: [{ kind: "create", outcome: "planned" }],
		});
		expect(cluster.writes()).toEqual([]);
	});

	it("puts it right with REPAIR=routes, and finds nothing the next time", async () => {
		const { cluster, handler } = await deployed("route-table-audit", { environment: { REPAIR: "routes" } });
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const repaired = await handler({}, aContext(240_000));
		expect(repaired.changes).toMatchObject([{ kind: "create", outcome: "applied" }]);
		expect(await handler({}, aContext(240_000))).toMatchObject({ findings: [], changes: [] });
	});

	it("ignores its input", async () => {
		const { handler } = await deployed("route-table-audit");
		expect(await handler("whatever the schedule sends", aContext(240_000))).toMatchObject({
			operation: "audit",
			findings: [{ code: "no-nodes" }],
		});
	});

	it("throws where it could not look", async () => {
		const { cluster, handler } = await deployed("route-table-audit");
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeInstances"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		await expect(handler({}, aContext(240_000))).rejects.toThrow(
			"DescribeInstances failed: UnauthorizedOperation: No.",
		);
	});
});
