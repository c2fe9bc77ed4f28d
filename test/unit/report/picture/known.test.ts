import { describe, expect, it } from "vitest";
import type { Report, ReportedFinding, ReportedRoute } from "../../../../src/model/report.ts";
import { NOTHING_UNREAD, withoutGuesses } from "../../../../src/report/picture/known.ts";

function route(destination: string, to: string): ReportedRoute {
	const target = to.startsWith("eni-") ? { networkInterfaceId: to } : { owner: to, instanceId: to };
	return { routeTableId: "rtb-a", destination, state: "active", managed: true, ...target };
}

function finding(code: ReportedFinding["code"], destination?: string): ReportedFinding {
	return { code, severity: "critical", detail: "", ...(destination === undefined ? {} : { destination }) };
}

function report(routes: readonly ReportedRoute[], findings: readonly ReportedFinding[]): Report {
	return {
		formatVersion: 1,
		operation: "audit",
		dryRun: false,
		planId: "0",
		changes: [],
		refusals: [],
		findings,
		routes,
		quota: [],
		ignored: [{ instanceId: "i-unread", why: "" }, { why: "rtb-x is gone" }],
		apiCalls: {},
	};
}

const UNREAD = { instanceIds: new Set(["i-unread"]), interfaceIds: new Set(["eni-unread"]) };

describe("withoutGuesses", () => {
	it("leaves a report as it is where every claim was read", () => {
		const whole = report([route("10.200.0.0/24", "i-1")], [finding("unclaimed-route", "10.200.0.0/24")]);
		expect(withoutGuesses(whole, NOTHING_UNREAD)).toEqual({ report: whole, keptBack: 0 });
	});

	it("keeps back what says that nobody else claims a block", () => {
		const found = [finding("unclaimed-route", "10.200.0.0/24"), finding("missing-route", "10.200.1.0/24")];
		const known = withoutGuesses(report([route("10.200.0.0/24", "i-1")], found), UNREAD);
		expect(known.keptBack).toBe(1);
		expect(known.report.findings).toEqual([found[1]]);
	});

	it("keeps back what concerns a block, or a part of one, whose route leads to a node that is unread", () => {
		const found = [
			finding("contested-claim", "10.200.0.0/24"),
			finding("overlapping-claim", "10.200.0.128/25"),
			finding("contested-claim", "10.200.2.0/24"),
			finding("blackhole-route", "10.200.3.0/24"),
			finding("malformed-claim"),
		];
		const routes = [
			route("10.200.0.0/24", "i-unread"),
			route("10.200.2.0/24", "i-1"),
			route("10.200.3.0/24", "eni-unread"),
		];
		const known = withoutGuesses(report(routes, found), UNREAD);
		expect(known.report.findings).toEqual([found[2], found[4]]);
		expect(known.keptBack).toBe(3);
	});

	it("names no owner of such a route, and does not tell of every unread node apart", () => {
		const known = withoutGuesses(report([route("10.200.0.0/24", "i-unread")], []), UNREAD).report;
		expect(known.routes).toEqual([
			{
				routeTableId: "rtb-a",
				destination: "10.200.0.0/24",
				state: "active",
				managed: true,
				instanceId: "i-unread",
			},
		]);
		expect(known.ignored).toEqual([{ why: "rtb-x is gone" }]);
	});
});
