import { globSync } from "node:fs";
import { join } from "node:path";
import { type Built, bundle, type Recipe, SHIPPED } from "./bundle.ts";

const handlers = join(import.meta.dirname, "../handlers");

/** The most that a bundle may weigh, in bytes: what Lambda reads and compiles before the first event. */
export const BUNDLE_BYTES_MAX = 240_000;

/** Of these bundles, those that weigh more than they may, each with its weight. */
export function tooLarge({ bundles }: Built): readonly string[] {
	return bundles
		.filter(({ bytes }) => bytes > BUNDLE_BYTES_MAX)
		.map(({ file, bytes }) => `${file} has ${bytes} bytes, over ${BUNDLE_BYTES_MAX}`);
}

/**
 * Bundles the handlers (all of them, or the named files of `handlers/`) into `folder`, as they are shipped unless
 * a recipe is given. Rejects with esbuild's messages where a source cannot be built.
 */
export function buildHandlers(
	folder: string,
	names: readonly string[] = globSync("*.ts", { cwd: handlers }),
	recipe: Recipe = SHIPPED,
): Promise<Built> {
	return bundle(
		names.map((name) => join(handlers, name)),
		folder,
		recipe,
	);
}
