import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { metricsPage } from "../../scripts/metrics-page.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/metrics.md"), "utf8");

describe("docs/metrics.md", () => {
	it("is what the code says of its metrics", () => {
		expect(page, "run `npm run docs:metrics`").toBe(metricsPage());
	});

	it("has a row for each, with its unit and its dimension", () => {
		const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (?:`(\w+)`)? ?\| [^|]+ \| [^|]+ \|$/gm)];
		expect(rows.map(([, ...cells]) => cells.join(" ").trim())).toEqual([
			"RoutesCreated Count",
			"RoutesReplaced Count",
			"RoutesDeleted Count",
			"RoutesWithheld Count",
			"Refusals Count reason",
			"Findings Count severity",
			"TimeToRoute Seconds",
			"WorstQuotaRatio None",
			"QuotaRatio None table",
			"Ec2Calls Count",
			"Ec2Throttles Count",
		]);
	});
});
