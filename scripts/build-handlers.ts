import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** CommonJS inside an ES module needs a `require`; some of the SDK's dependencies still call it.
 * The minifier does not see these names, so they are longer than any that it makes up. */
const REQUIRE =
	'import{createRequire as makeRequireOfBundle}from"node:module";const require=makeRequireOfBundle(import.meta.url);';

/** A Lambda bundle: the file in the output folder and its size in bytes. */
export interface Bundle {
	readonly file: string;
	readonly bytes: number;
}

/**
 * Bundles the handlers (all of them, or the named files of `handlers/`) into `folder`: one minified ES module
 * each, beside its source map. Rejects with esbuild's messages where a source cannot be built.
 */
export async function buildHandlers(
	folder: string,
	names = globSync("*.ts", { cwd: join(root, "handlers") }),
): Promise<readonly Bundle[]> {
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: names.map((name) => join("handlers", name)),
		outdir: folder,
		outExtension: { ".js": ".mjs" },
		bundle: true,
		minify: true,
		format: "esm",
		platform: "node",
		target: "node24",
		// The SDK's ES modules can be shaken, its CommonJS cannot: 0.9 MB instead of 1.5.
		mainFields: ["module", "main"],
		sourcemap: true,
		sourcesContent: false,
		banner: { js: REQUIRE },
		legalComments: "none",
		logLevel: "warning",
		metafile: true,
	});
	return Object.entries(metafile.outputs)
		.filter(([path]) => path.endsWith(".mjs"))
		.map(([path, { bytes }]) => ({ file: basename(path), bytes }))
		.sort((a, b) => (a.file < b.file ? -1 : 1));
}
