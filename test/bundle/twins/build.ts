import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundle } from "../../../scripts/bundle.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Bundles of the SDK, made as those of the handlers are. */
		readonly twins: readonly string[];
	}
}

let folder: string | undefined;

/** Once for all suites of the project. */
export async function setup(project: TestProject): Promise<void> {
	folder = await mkdtemp(join(tmpdir(), "podroute-twins-"));
	const entries = ["every-command.ts", "our-commands.ts"].map((file) => join(import.meta.dirname, file));
	const { bundles, warnings } = await bundle(entries, folder);
	if (warnings.length > 0) throw new Error(warnings.join("\n"));
	const made = folder;
	project.provide(
		"twins",
		bundles.map(({ file }) => join(made, file)),
	);
}

export async function teardown(): Promise<void> {
	if (folder !== undefined) await rm(folder, { recursive: true });
}
