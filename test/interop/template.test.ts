import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NOTICES_TEMPLATE } from "../support/notice.ts";
import { type Packaged, packageWith, REQUIRED, removePackages } from "../support/packaged.ts";

/** cfn-lint reads the schemas of all of AWS first. Nothing is measured; a hang ends here. */
const PATIENCE_MS = 600_000;
const binaries = join(import.meta.dirname, "../../.venv/bin");
const UPDATE = "cloudformation-template-update-stack.json";

let stacks: readonly Packaged[];

beforeAll(async () => {
	const least = await packageWith(REQUIRED);
	const most = await packageWith({
		...REQUIRED,
		routeTables: "tag:kubernetes.io/cluster/hard-way=owned,shared",
		repair: "all",
		alarmEmail: "ops@example.com",
	});
	stacks = [least, most];
}, PATIENCE_MS);

afterAll(removePackages);

interface Lint {
	readonly code: number | null;
	/** One line for each thing that is wrong. */
	readonly told: string;
}

async function lint(...templates: readonly string[]): Promise<Lint> {
	// osls makes functions wait for what they refer to anyway (W3005): nothing that can be written otherwise here.
	const args = [
		"--format",
		"parseable",
		"--regions",
		"us-east-1",
		"--ignore-checks",
		"W3005",
		"--",
		...templates,
	];
	const child = spawn(join(binaries, "cfn-lint"), args, {
		env: { PATH: `${binaries}:/usr/bin:/bin` },
		stdio: ["ignore", "pipe", "inherit"],
	});
	const [told, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
	return { code, told };
}

describe("cfn-lint", { timeout: PATIENCE_MS }, () => {
	it("finds no error and no warning in what is sent to CloudFormation, and in the notices' example", async () => {
		const templates = stacks.flatMap(({ folder }) => [
			join(folder, "cloudformation-template-create-stack.json"),
			join(folder, UPDATE),
		]);
		expect(await lint(...templates, NOTICES_TEMPLATE)).toEqual({ code: 0, told: "" });
	});

	it.each([
		["a property that there is none of", '"MessageRetentionPeriod"', '"MessageRetention"', "E3002"],
		["an attribute of nothing", '"InstanceStateChangeRole",', '"NobodysRole",', "E1010"],
		["a runtime that there is none of", '"nodejs24.x"', '"nodejs23.x"', "E3030"],
	])("finds %s, where it is planted", async (_, sound, planted, rule) => {
		const [{ folder } = { folder: "" }] = stacks;
		const template = await readFile(join(folder, UPDATE), "utf8");
		expect(template).toContain(sound);
		const spoiled = join(folder, `${rule}.json`);
		await writeFile(spoiled, template.replaceAll(sound, planted));
		const { code, told } = await lint(spoiled);
		expect(told).toContain(rule);
		expect(code).not.toBe(0);
	});
});
