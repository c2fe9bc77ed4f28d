import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MODULES_FIRST } from "../../scripts/bundle.ts";
import { pruneEc2Schemas, pruneSchemas } from "../../scripts/prune-ec2-schemas.ts";

const schemas = join(
	import.meta.dirname,
	"../../node_modules/@aws-sdk/client-ec2/dist-es/schemas/schemas_0.js",
);

let folder: string;
let source: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "podroute-schemas-"));
	source = await readFile(schemas, "utf8");
});

afterAll(() => rm(folder, { recursive: true }));

/** Every export of the schemas, as the module evaluates. */
async function loaded(name: string, plugins: Plugin[]): Promise<Readonly<Record<string, unknown>>> {
	const outfile = join(folder, `${name}.mjs`);
	const how = { bundle: true, format: "esm", platform: "node", logLevel: "error" } as const;
	await build({ entryPoints: [schemas], outfile, mainFields: MODULES_FIRST, plugins, ...how });
	return import(outfile);
}

/** A shape with the references to other shapes followed one step: to their names. */
function told(value: unknown, depth = 0): unknown {
	if (typeof value === "function") return depth > 8 ? "…" : { to: nameOf(value()) };
	if (Array.isArray(value)) return value.map((item) => told(item, depth + 1));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, told(item, depth + 1)]));
}

function nameOf(shape: unknown): unknown {
	return Array.isArray(shape) ? shape.slice(0, 3) : shape;
}

/** The exports that are not the same. As text, for toEqual takes no notice of the order in which keys stand. */
function differences(
	plain: Readonly<Record<string, unknown>>,
	pruned: Readonly<Record<string, unknown>>,
): readonly string[] {
	return Object.keys(plain).filter(
		(name) => JSON.stringify(told(pruned[name])) !== JSON.stringify(told(plain[name])),
	);
}

describe("The schemas of client-ec2, pruned", () => {
	it("are the same to the last key, in the same order", async () => {
		const plain = await loaded("plain", []);
		const pruned = await loaded("pruned", [pruneEc2Schemas()]);
		const names = Object.keys(plain).filter((name) => name.endsWith("$"));
		expect(names).toContain("DescribeInstances$");
		expect(names.length).toBeGreaterThan(3_000);
		expect(Object.keys(pruned)).toEqual(Object.keys(plain));
		expect(differences(plain, pruned)).toEqual([]);
	});

	it("keep no computed key, which esbuild would not let go of", () => {
		const pruned = pruneSchemas(source);
		expect(pruned.ok).toBe(true);
		expect(source.match(/\[_\w+\]:/g)?.length).toBeGreaterThan(10_000);
		expect(pruned.ok && pruned.code.match(/\[_?\w+\]:/g)).toBeNull();
	});

	it.each([
		["no key of theirs is computed", () => "export var Route$ = [3, n0, _R];"],
		[
			"these keys are no string constants: _eQN, _xN",
			(text: string) => text.replace(/^const _(eQN|xN) = (".*");$/gm, "const _$1 = String($2);"),
		],
	])("stay as they are where %s", (why, altered) => {
		expect(pruneSchemas(altered(source))).toEqual({ ok: false, why });
	});

	it.each([
		["a member is lost", "_CB, ", ""],
		["a member is spelled otherwise in a request", "`NetworkInterfaceId`", "`NetworkInterface`"],
		["a key is another", 'const _xN = "xmlName"', 'const _xN = "xmlname"'],
	])("are seen to differ where %s", async (fault, right, wrong) => {
		const plain = await loaded("plain", []);
		const erring = await loaded(fault, [
			pruneEc2Schemas(async (path) => (await readFile(path, "utf8")).replaceAll(right, wrong)),
		]);
		expect(differences(plain, erring).length).toBeGreaterThan(0);
	});
});
