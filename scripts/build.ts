import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildHandlers } from "./build-handlers.ts";

const dist = join(import.meta.dirname, "../dist");

await rm(dist, { recursive: true, force: true });
for (const { file, bytes } of await buildHandlers(dist)) {
	process.stdout.write(`dist/${file}  ${Math.round(bytes / 1000)} kB\n`);
}
