import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildHandlers, tooLarge } from "./build-handlers.ts";

const dist = join(import.meta.dirname, "../dist");

await rm(dist, { recursive: true, force: true });
const built = await buildHandlers(dist);
for (const { file, bytes } of built.bundles) {
	process.stdout.write(`dist/${file}  ${Math.round(bytes / 1000)} kB\n`);
}
// Told and not refused: a large bundle is slow to start but right. test/bundle is where it fails.
for (const warning of [...built.warnings, ...tooLarge(built)]) process.stderr.write(`warning: ${warning}\n`);
