import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alarms } from "../../infra/alarms.ts";
import { SEVERITIES } from "../../src/model/finding.ts";
import { parseSettings } from "../../src/settings.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/runbook.md"), "utf8");

/** Headings that are not codes. */
const OTHERS = [
	"How to look",
	"How to correct a claim",
	"A function fails",
	"Something is in the failure queue",
	"The audit did not run",
	"A finding stays critical",
	"A route came late",
	"A route moved",
	"A change is `withheld`",
	"A change is `stale` or `failed`",
];

/** What the section of a code tells, in this order. */
const PARTS = ["Means", "Comes about", "Look", "Do", "REPAIR"];

/** Text by heading, in the order of the page. */
const sections = new Map(
	page
		.split(/^## /m)
		.slice(1)
		.map((section) => {
			const end = section.indexOf("\n");
			return [section.slice(0, end), section.slice(end)] as const;
		}),
);

/** The rows of the table on top: a code, its severity, and which REPAIR puts it right. */
const rows = [...page.matchAll(/^\| \[`([^`]+)`\]\(#([^)]+)\) \| (\w+) \| ([^|]+) \| [^|]+ \|$/gm)].map(
	([, code = "", anchor = "", severity = "", repair = ""]) => ({ code, anchor, severity, repair }),
);

const codes = Object.keys(SEVERITIES);

/** Names and descriptions of the alarms of a stack. */
const told = Object.values(
	alarms({
		name: "podroute-prod",
		auditMinutes: 5,
		settings: parseSettings({
			NODE_FILTERS: "tag:Name=worker-*",
			ROUTE_TABLES: "rtb-0a1b2c3d",
			CLUSTER_CIDRS: "10.200.0.0/16",
		}),
	}).Resources,
)
	.map((resource) => resource as { Type: string; Properties: Record<string, string> })
	.filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
	.map(({ Properties: { AlarmName = "", AlarmDescription = "" } }) => ({ AlarmName, AlarmDescription }));

describe("docs/runbook.md", () => {
	it.each(codes)("has a heading for %s", (code) => {
		expect([...sections.keys()]).toContain(code);
	});

	it("has no other heading but those that are known not to be codes", () => {
		const headings = [...sections.keys()].filter((heading) => !codes.includes(heading));
		expect(headings.toSorted()).toEqual(OTHERS.toSorted());
	});

	it("lists every code with the severity that it has", () => {
		expect(Object.fromEntries(rows.map(({ code, severity }) => [code, severity]))).toEqual(SEVERITIES);
	});

	it("lists codes once, the gravest first, and has their sections in the same order", () => {
		const order = ["critical", "warning", "info"];
		const ranks = rows.map(({ severity }) => order.indexOf(severity));
		expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
		expect(rows.map(({ code }) => code)).toEqual(
			[...sections.keys()].filter((heading) => codes.includes(heading)),
		);
	});

	it("links each row to its section", () => {
		expect(rows.filter(({ code, anchor }) => code !== anchor)).toEqual([]);
	});

	it.each(rows)("tells of $code what it means, how it comes about, where to look and what to do", (row) => {
		const section = sections.get(row.code) ?? "";
		expect([...section.matchAll(/^- \*\*([^*]+):\*\* \S/gm)].map(([, part]) => part)).toEqual(PARTS);
		expect(section).toContain(`- **REPAIR:** ${row.repair}`);
	});

	it.each(told)("has the heading that the description of $AlarmName names", ({ AlarmDescription }) => {
		const [, heading = ""] = /See docs\/runbook\.md, "([^"]+)"\.$/.exec(AlarmDescription) ?? [];
		expect([...sections.keys()]).toContain(heading);
	});

	it("lists every alarm, and no other", () => {
		const listed = [...page.matchAll(/^\| ((?:`-[\w-]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
			cell.split(", "),
		);
		expect(listed.map((name) => name.replaceAll("`", "")).toSorted()).toEqual(
			told.map(({ AlarmName }) => AlarmName.replace("podroute-prod", "")).toSorted(),
		);
	});

	it.each(["A function fails", "A finding stays critical", "A route came late", "A route moved"])(
		"tells of the alarm %s what it means, where to look and what to do",
		(heading) => {
			const section = sections.get(heading) ?? "";
			expect([...section.matchAll(/^- \*\*([^*]+):\*\* \S/gm)].map(([, part]) => part)).toEqual([
				"Means",
				"Look",
				"Do",
			]);
		},
	);

	it("links to headings that there are", () => {
		const anchors = new Set(
			[...sections.keys()].map((heading) =>
				heading
					.toLowerCase()
					.replaceAll(/[^a-z0-9 -]/g, "")
					.replaceAll(" ", "-"),
			),
		);
		const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
		expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
	});
});
