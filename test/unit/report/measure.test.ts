import { describe, expect, it } from "vitest";
import type { Report, ReportedChange, ReportedQuota } from "../../../src/model/report.ts";
import { type Beside, measure } from "../../../src/report/measure.ts";

const NOTHING: Report = {
	formatVersion: 1,
	operation: "launch",
	dryRun: false,
	planId: "3f9c2a",
	changes: [],
	refusals: [],
	findings: [],
	routes: [],
	quota: [],
	ignored: [],
	apiCalls: {},
};

const CALM: Beside = { throttles: 0, secondsToRoute: [] };

function aChange(kind: ReportedChange["kind"], outcome: ReportedChange["outcome"]): ReportedChange {
	return { kind, outcome, from: null };
}

function aQuota(routeTableId: string, used: number, family: ReportedQuota["family"] = "ipv4"): ReportedQuota {
	return { routeTableId, family, used, limit: 500 };
}

/** `metric` or `metric dimension=value`, to the values told. */
function told(report: Partial<Report>, beside = CALM): Readonly<Record<string, readonly number[]>> {
	const all: Record<string, number[]> = {};
	for (const { dimension, values } of measure({ ...NOTHING, ...report }, beside)) {
		for (const [metric, value] of values) {
			const name = dimension === undefined ? metric : `${metric} ${dimension.join("=")}`;
			all[name] = [...(all[name] ?? []), value];
		}
	}
	return all;
}

describe("The metrics of a pass", () => {
	it("are zeros where nothing was done, so that a graph shows that somebody looked", () => {
		expect(told({})).toEqual({
			RoutesCreated: [0],
			RoutesReplaced: [0],
			RoutesDeleted: [0],
			RoutesWithheld: [0],
			Ec2Calls: [0],
			Ec2Throttles: [0],
		});
	});

	it("count the routes that were written, and none that was planned, failed or stale", () => {
		const kinds = ["create", "replace", "delete", "disable-source-dest-check"] as const;
		const changes = [
			...kinds.map((kind) => aChange(kind, "applied")),
			aChange("create", "applied"),
			...kinds.flatMap((kind) => (["planned", "failed", "stale"] as const).map((o) => aChange(kind, o))),
			...Array.from({ length: 3 }, () => aChange("delete", "withheld")),
		];
		expect(told({ changes })).toMatchObject({
			RoutesCreated: [2],
			RoutesReplaced: [1],
			RoutesDeleted: [1],
			RoutesWithheld: [3],
		});
	});

	it("count refusals by reason", () => {
		const refusals = (["contested-claim", "malformed-claim", "contested-claim"] as const).map((reason) => ({
			reason,
			instanceId: "i-1",
			detail: "",
		}));
		expect(told({ refusals })).toMatchObject({
			"Refusals reason=contested-claim": [2],
			"Refusals reason=malformed-claim": [1],
		});
	});

	it("of an audit count findings by every severity there is; those of a launch have none to count", () => {
		const findings = [
			{ code: "missing-route", severity: "critical", detail: "" },
			{ code: "missing-route", severity: "critical", detail: "" },
			{ code: "missing-claim", severity: "info", detail: "" },
		] as const;
		expect(told({ operation: "audit", findings })).toMatchObject({
			"Findings severity=critical": [2],
			"Findings severity=warning": [0],
			"Findings severity=info": [1],
		});
		expect(Object.keys(told({ operation: "launch" })).filter((name) => name.startsWith("Findings"))).toEqual(
			[],
		);
	});

	it("tell how full the fullest table is, and each by itself", () => {
		const quota = [aQuota("rtb-1", 50), aQuota("rtb-1", 200, "ipv6"), aQuota("rtb-2", 450)];
		expect(told({ quota })).toMatchObject({
			WorstQuotaRatio: [0.9],
			"QuotaRatio table=rtb-1": [0.4],
			"QuotaRatio table=rtb-2": [0.9],
		});
	});

	it("name no more than the twenty fullest tables, since each is a metric that is paid for", () => {
		const quota = Array.from({ length: 25 }, (_, index) => aQuota(`rtb-${index}`, index + 1));
		const tables = Object.keys(told({ quota })).filter((name) => name.startsWith("QuotaRatio"));
		expect(tables).toHaveLength(20);
		expect(tables[0]).toBe("QuotaRatio table=rtb-24");
		expect(tables.at(-1)).toBe("QuotaRatio table=rtb-5");
	});

	it("tell EC2's requests and refusals, and each instance's time to its route", () => {
		const apiCalls = { CreateRoute: 2, DescribeInstances: 1 };
		expect(told({ apiCalls }, { throttles: 1, secondsToRoute: [2, 61] })).toMatchObject({
			Ec2Calls: [3],
			Ec2Throttles: [1],
			TimeToRoute: [2, 61],
		});
	});
});
