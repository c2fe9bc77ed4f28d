import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const sources = globSync(["src/**/*.ts", "handlers/*.ts"], { cwd: root });
const everything = [
	...sources,
	...globSync(["emulator/*.ts", "test/**/*.ts", "docs/**/*.md", "*.md"], { cwd: root }),
];
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Words that docs/glossary.md gives another name. */
const REJECTED = new Set([
	"machine",
	"host",
	"server",
	"sync",
	"execute",
	"execution",
	"issue",
	"delta",
	"range",
]);

/** `listAllHosts` → list, all, hosts; without the plural. */
function rejectedIn(name: string): readonly string[] {
	return name
		.replace(/([a-z])([A-Z])/g, "$1 $2")
		.toLowerCase()
		.split(/[^a-z]+/)
		.filter((word) => REJECTED.has(word.replace(/s$/, "")));
}

describe("the sources", () => {
	it("are found", () => {
		expect(sources).toContain("src/plan/plan.ts");
	});

	it.each(sources)("%s exports no name that the glossary rejects", (file) => {
		const names = [
			...read(file).matchAll(/^export (?:async )?(?:function|class|interface|type|const) (\w+)/gm),
		];
		expect(names.flatMap(([, name = ""]) => rejectedIn(name))).toEqual([]);
		expect(rejectedIn(file)).toEqual([]);
	});

	it.each(sources.filter((file) => /^src\/(model|claim|plan)\//.test(file)))("%s rolls no dice", (file) => {
		expect(read(file)).not.toMatch(/Math\.random|randomUUID|performance\./);
	});

	it("leave no work for later", () => {
		const marker = new RegExp(
			`\\b(${["TO", "FIX"].map((start) => start + (start === "TO" ? "DO" : "ME")).join("|")})\\b`,
		);
		expect(everything.filter((file) => marker.test(read(file)))).toEqual([]);
	});
});
