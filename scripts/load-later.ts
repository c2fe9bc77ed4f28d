import { basename, join } from "node:path";
import type { Plugin } from "esbuild";

/** The folder, beside the bundles, of what they load later. */
export const LATER = "later";

/**
 * Leaves what our own code imports dynamically out of a bundle: it is needed seldom, and is a file of its own in
 * {@link LATER}. Dynamic imports of packages stay in: they are the packages' business.
 */
export class LoadedLater {
	readonly #paths = new Set<string>();

	/** The sources met so far that the bundles load later. */
	get paths(): readonly string[] {
		return [...this.#paths];
	}

	plugin(): Plugin {
		return {
			name: "load-later",
			setup: ({ onResolve }) => {
				onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path, resolveDir }) => {
					if (kind !== "dynamic-import" || resolveDir.includes("node_modules")) return undefined;
					this.#paths.add(join(resolveDir, path));
					return { path: `./${LATER}/${basename(path, ".ts")}.mjs`, external: true };
				});
			},
		};
	}
}
