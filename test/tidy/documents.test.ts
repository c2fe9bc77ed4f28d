import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });

function dependencies(): readonly string[] {
	const { dependencies, devDependencies } = JSON.parse(read("package.json"));
	return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
}

describe("the documents", () => {
	it("are found", () => {
		expect(pages).toContain("README.md");
		expect(pages).toContain("docs/adr/0001-events-are-hints.md");
	});

	it.each(pages)("%s links to what exists", (page) => {
		const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
		const local = links.filter((link) => !/^[a-z]+:/.test(link));
		expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
	});

	it.each(dependencies())("docs/dependencies.md says why %s is there", (name) => {
		expect(read("docs/dependencies.md")).toContain(`\`${name}\``);
	});

	it("docs/dependencies.md names no package that is not there", () => {
		const [fromNpm = ""] = read("docs/dependencies.md").split("## Looked at and left");
		const named = [...fromNpm.matchAll(/^\| (.+?) \|/gm)]
			.flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)])
			.map(([, name = ""]) => name);
		expect(named.toSorted()).toEqual(dependencies().toSorted());
	});

	it("README.md lists exactly the settings that the program reads", () => {
		const inReadme = [...read("README.md").matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
		const inCode = [...read("src/settings.ts").matchAll(/^\t([A-Z_]+): /gm)].map(([, name]) => name);
		expect(inCode).toContain("CLUSTER_CIDRS");
		expect(inReadme.toSorted()).toEqual(inCode.toSorted());
	});

	it("docs/architecture.md shows every folder of src and every handler", () => {
		const picture = read("docs/architecture.md");
		const folders = globSync("src/*/", { cwd: root }).map((path) =>
			path.replace(/^src\//, "").replace(/\/$/, ""),
		);
		const handlers = globSync("handlers/*.ts", { cwd: root }).map((path) => path.replace(/^handlers\//, ""));
		expect(folders).toContain("plan");
		expect(
			[...folders.map((name) => `  ${name}/`), ...handlers].filter((name) => !picture.includes(name)),
		).toEqual([]);
	});

	it("docs/deploy.md has no command that CI does not run, unless it says that an account is needed", () => {
		const page = read("docs/deploy.md");
		const blocks = [...page.matchAll(/([^\n]*)\n+```console\n(.*?)```/gs)];
		expect(blocks.length).toBeGreaterThan(5);
		const unmarked = blocks.filter(([, before = ""]) => !/needs an account/i.test(before));
		const commands = unmarked.flatMap(([, , block = ""]) =>
			block.split("\n").filter((line) => line.startsWith("$ ")),
		);
		const ci = read(".ci/run").split("\n");
		expect(commands).toEqual(["$ npm ci", "$ npm run package"]);
		expect(commands.filter((command) => !ci.includes(command.slice(2)))).toEqual([]);
	});
});
