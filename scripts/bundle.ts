import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Options, transform } from "@swc/core";
import { build, type OutputFile, type Plugin } from "esbuild";
import { leaveOut } from "./leave-out.ts";
import { LATER, LoadedLater } from "./load-later.ts";
import { pruneEc2Schemas } from "./prune-ec2-schemas.ts";

/** CommonJS inside an ES module needs a `require`; some of the SDK's dependencies still call it.
 * The minifier does not see these names, so they are longer than any that it makes up. */
const REQUIRE =
	'import{createRequire as makeRequireOfBundle}from"node:module";const require=makeRequireOfBundle(import.meta.url);';

/** swc finds constants that are used once, and joins what esbuild leaves apart: 4 % of the bytes. */
const AGAIN: Options = {
	configFile: false,
	swcrc: false,
	isModule: true,
	minify: true,
	sourceMaps: true,
	jsc: { target: "es2024", minify: { compress: { passes: 3 }, mangle: true } },
};

/** A way to bundle. {@link SHIPPED} is ours; benchmarks compare it with others. */
export interface Recipe {
	/** Package fields that lead to a module, in order; esbuild's own unless given. */
	readonly mainFields?: readonly string[];
	/** Made anew for every build, for they remember what they met. */
	plugins?(): Plugin[];
	/** Whether swc minifies what esbuild minified. */
	readonly isMinifiedTwice?: boolean;
}

/** A Lambda bundle: the file in the output folder and its size in bytes. */
export interface Bundle {
	readonly file: string;
	readonly bytes: number;
}

/** What was built, and what was not as expected while it was. */
export interface Built {
	readonly bundles: readonly Bundle[];
	readonly warnings: readonly string[];
}

/** The SDK's ES modules can be shaken, its CommonJS cannot. */
export const MODULES_FIRST = ["module", "main"];

/** What is deployed: docs/performance.md says what each part brings. */
export const SHIPPED: Recipe = {
	mainFields: MODULES_FIRST,
	plugins: () => [pruneEc2Schemas(), leaveOut()],
	isMinifiedTwice: true,
};

/**
 * Bundles each of the entry points into one minified ES module in `folder`, beside its source map; what they load
 * later, into one each in `folder/later`. Rejects with esbuild's messages where a source cannot be built.
 */
export async function bundle(
	entryPoints: readonly string[],
	folder: string,
	recipe: Recipe = SHIPPED,
): Promise<Built> {
	const later = new LoadedLater();
	const built = await bundleWhole(entryPoints, folder, recipe, later);
	if (later.paths.length > 0) await bundle(later.paths, join(folder, LATER), recipe);
	return built;
}

async function bundleWhole(
	entryPoints: readonly string[],
	folder: string,
	{ mainFields, plugins = () => [], isMinifiedTwice = false }: Recipe,
	later: LoadedLater,
): Promise<Built> {
	const { outputFiles, warnings } = await build({
		entryPoints: [...entryPoints],
		outdir: folder,
		// By name alone: what is loaded later comes from several folders, and goes into one.
		entryNames: "[name]",
		outExtension: { ".js": ".mjs" },
		bundle: true,
		minify: true,
		format: "esm",
		platform: "node",
		target: "node24",
		...(mainFields === undefined ? {} : { mainFields: [...mainFields] }),
		plugins: [later.plugin(), ...plugins()],
		sourcemap: true,
		sourcesContent: false,
		banner: { js: REQUIRE },
		legalComments: "none",
		logLevel: "silent",
		write: false,
	});
	await mkdir(folder, { recursive: true });
	const bundles: Bundle[] = [];
	for (const { code, map } of pairsOf(outputFiles)) {
		const text = isMinifiedTwice ? await minifyAgain(code, map) : { code: code.text, map: map.text };
		await Promise.all([writeFile(code.path, text.code), writeFile(map.path, text.map)]);
		bundles.push({ file: basename(code.path), bytes: Buffer.byteLength(text.code) });
	}
	return {
		bundles: bundles.sort((a, b) => (a.file < b.file ? -1 : 1)),
		warnings: warnings.map(({ text }) => text),
	};
}

interface Pair {
	readonly code: OutputFile;
	readonly map: OutputFile;
}

function pairsOf(files: readonly OutputFile[]): readonly Pair[] {
	return files.flatMap((code) => {
		const map = files.find(({ path }) => path === `${code.path}.map`);
		return map === undefined ? [] : [{ code, map }];
	});
}

async function minifyAgain(code: OutputFile, map: OutputFile): Promise<{ code: string; map: string }> {
	const again = await transform(code.text, { ...AGAIN, inputSourceMap: map.text });
	if (again.map === undefined) throw new Error(`swc made no source map of ${code.path}`);
	return { code: `${again.code}\n//# sourceMappingURL=${basename(map.path)}\n`, map: again.map };
}
