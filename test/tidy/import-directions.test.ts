import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
let copy: string;

beforeAll(async () => {
	copy = await mkdtemp(join(tmpdir(), "podroute-imports-"));
	for (const part of [
		"src",
		"scripts",
		"handlers",
		"emulator",
		"package.json",
		"tsconfig.json",
		"dependency-cruiser.config.mjs",
	]) {
		await cp(join(root, part), join(copy, part), { recursive: true });
	}
	await symlink(join(root, "node_modules"), join(copy, "node_modules"));
});

afterAll(() => rm(copy, { recursive: true }));

async function cruise(): Promise<string> {
	const args = [
		"--config",
		"dependency-cruiser.config.mjs",
		"--output-type",
		"err-long",
		"src",
		"handlers",
		"emulator",
	];
	const binary = join(root, "node_modules/.bin/depcruise");
	return promisify(execFile)(binary, args, { cwd: copy }).then(
		({ stdout }) => stdout,
		({ stdout }: { stdout: string }) => stdout,
	);
}

async function plant(file: string, text: string): Promise<string> {
	const path = join(copy, file);
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, text);
	const told = await cruise();
	await rm(path);
	return told;
}

describe("the import check", () => {
	it("reads the sources: it finds modules and no violation in them", async () => {
		const told = await cruise();
		expect(told).toMatch(/no dependency violations found \((\d{3}|[6-9]\d) modules/);
	});

	it.each([
		["plan-imports", "src/plan/planted.ts", 'import "node:fs";\n'],
		[
			"plan-imports",
			"src/plan/planted.ts",
			'import type { Ports } from "../reconcile/ports.ts";\nexport type P = Ports;\n',
		],
		["model-imports", "src/model/planted.ts", 'import "../plan/plan.ts";\n'],
		["claim-imports", "src/claim/planted.ts", 'import "../plan/vet.ts";\n'],
		["the-sdk-stays-in-ec2", "src/cli/planted.ts", 'import "@aws-sdk/client-ec2";\n'],
		["reconcile-imports", "src/reconcile/planted.ts", 'import "../ec2/client.ts";\n'],
		["emulator-knows-nothing-of-podroute", "emulator/planted.ts", 'import "../src/model/cidr.ts";\n'],
		["no-unresolved", "src/model/planted.ts", 'import "./nowhere.ts";\n'],
		[
			"handlers-are-entry-points",
			"src/report/planted.ts",
			'import "../../handlers/instance-state-change.ts";\n',
		],
	])("refuses what %s forbids (%s)", async (rule, file, text) => {
		expect(await plant(file, text)).toContain(`error ${rule}`);
	});
});
