import { describe, expect, it } from "vitest";
import type { Report } from "../../../src/model/report.ts";
import { renderAudit } from "../../../src/report/render-audit.ts";

const ORPHAN =
	"10.200.2.0/24 in rtb-0a1b2c3d4e5f60718 is a blackhole at eni-0b918943df0962bc7, which no longer exists, and no node claims it: an audit with REPAIR=all deletes it";

const REPORT: Report = {
	formatVersion: 1,
	operation: "audit",
	dryRun: false,
	planId: "4f53cda18c2b",
	changes: [],
	refusals: [],
	findings: [
		{
			code: "orphan-route",
			severity: "warning",
			routeTableId: "rtb-0a1b2c3d4e5f60718",
			destination: "10.200.2.0/24",
			detail: ORPHAN,
		},
	],
	routes: [
		{
			routeTableId: "rtb-0a1b2c3d4e5f60718",
			destination: "10.200.2.0/24",
			state: "blackhole",
			networkInterfaceId: "eni-0b918943df0962bc7",
			managed: true,
		},
	],
	quota: [{ routeTableId: "rtb-0a1b2c3d4e5f60718", family: "ipv4", used: 1, limit: 500 }],
	ignored: [],
	apiCalls: {},
};

describe("An audit in words", () => {
	it("breaks its sentences at 80 columns", () => {
		expect(
			renderAudit(REPORT, { columns: 80, colour: false }),
		).toBe(`rtb-0a1b2c3d4e5f60718  1 of 500 IPv4 routes
  10.200.2.0/24  eni-0b918943df0962bc7  blackhole  orphan-route

warning
orphan-route: 10.200.2.0/24 in rtb-0a1b2c3d4e5f60718 is a blackhole at
    eni-0b918943df0962bc7, which no longer exists, and no node claims it: an
    audit with REPAIR=all deletes it

1 of 1 routes are ours. Found 1 warning. 1 to act on.`);
	});

	it("uses the width of a wide terminal", () => {
		const lines = renderAudit(REPORT, { columns: 200, colour: false }).split("\n");
		expect(lines).toContain(`orphan-route: ${ORPHAN}`);
	});

	it("colours the severities where colour is wanted, and nothing else", () => {
		const plain = renderAudit(REPORT, { columns: 80, colour: false });
		const coloured = renderAudit(REPORT, { columns: 80, colour: true });
		expect(coloured).toContain("\u001b[33mwarning\u001b[39m");
		expect(coloured.replaceAll("\u001b[33m", "").replaceAll("\u001b[39m", "")).toBe(plain);
	});

	it("counts what a repair has left", () => {
		const repaired = renderAudit(
			{
				...REPORT,
				changes: [
					{
						kind: "delete",
						routeTableId: "rtb-0a1b2c3d4e5f60718",
						destination: "10.200.2.0/24",
						from: { state: "blackhole", networkInterfaceId: "eni-0b918943df0962bc7" },
						outcome: "applied",
					},
				],
			},
			{ columns: 200, colour: false },
		);
		expect(repaired.split("\n").at(-1)).toBe(
			"1 of 1 routes are ours. Found 1 warning. Done: 0 created, 0 replaced, 1 deleted. Nothing is left to act on.",
		);
	});

	it("says that nothing is wrong where nothing is", () => {
		const text = renderAudit({ ...REPORT, findings: [] }, { columns: 80, colour: true });
		expect(text.split("\n").at(-1)).toBe("1 of 1 routes are ours. Nothing is wrong.");
	});
});
