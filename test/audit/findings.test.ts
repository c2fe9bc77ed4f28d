import { describe, expect, it } from "vitest";
import { SEVERITIES } from "../../src/model/finding.ts";
import { DRIFTS, type Drift } from "./drifts.ts";
import { aHealthyCluster, codes, told } from "./world.ts";

/** A healthy cluster to which one thing happened. */
async function drifted({ options = {}, happen }: Drift) {
	const cluster = await aHealthyCluster(options);
	await happen(cluster);
	return cluster;
}

describe("An audit of a healthy cluster", () => {
	it("finds nothing, plans nothing and writes nothing, whatever it may repair", async () => {
		const cluster = await aHealthyCluster({ tables: 2 });
		for (const repair of ["none", "routes", "all"] as const) {
			const { report, unfinished } = await cluster.audit(repair);
			expect([report.findings, report.changes, report.ignored, unfinished]).toEqual([[], [], [], []]);
			expect(cluster.writes()).toEqual([]);
		}
	});
});

describe("An audit finds exactly", () => {
	it("every code that there is, by at least one way to come about", () => {
		expect(new Set(DRIFTS.map(({ code }) => code))).toEqual(new Set(Object.keys(SEVERITIES)));
	});

	it.each(DRIFTS)("$code: $name", async (drift) => {
		const cluster = await drifted(drift);
		const result = await cluster.audit("none");
		expect(told(cluster, result, drift.cast)).toEqual(drift.found);
		expect(cluster.writes()).toEqual([]);
	});
});

/** What an audit with `REPAIR=routes` puts right. */
const REPAIRABLE = ["missing-route", "misdirected-route", "blackhole-route", "source-dest-check-on"];

describe("After an audit that repairs", () => {
	it.each(DRIFTS)("the next one finds what is left, and changes nothing: $code: $name", async (drift) => {
		for (const repair of ["routes", "all"] as const) {
			const cluster = await drifted(drift);
			await cluster.audit(repair);
			const routes = await cluster.routes();
			const next = await cluster.audit(repair);
			expect(codes(next)).toEqual(drift.left[repair]);
			expect(cluster.writes()).toEqual(drift.retried ?? []);
			expect(next.report.changes.filter(({ outcome }) => outcome === "applied")).toEqual([]);
			expect(await cluster.routes()).toEqual(routes);
		}
	});

	it("nothing is left of what it repairs, but what EC2 refuses or SOURCE_DEST_CHECK=report forbids", () => {
		const left = DRIFTS.filter(({ left }) => left.routes.some((code) => REPAIRABLE.includes(code)));
		expect(left.map(({ name }) => name)).toEqual([
			"a check is on, and SOURCE_DEST_CHECK leaves it alone",
			"a full table: the route that it cannot take is missing as well",
		]);
	});

	it("with REPAIR=all no orphan is left", () => {
		expect(DRIFTS.filter(({ left }) => left.all.includes("orphan-route"))).toEqual([]);
	});
});
