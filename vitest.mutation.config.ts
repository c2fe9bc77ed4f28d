import { env } from "node:process";
import { defineConfig } from "vitest/config";

/** The folder of `src` whose mutants are tried: scripts/mutation.ts says which. */
const { MUTATED = "*" } = env;

/** A folder's own unit tests decide whether a mutant lives: stricter than all tests together, and hours sooner. */
export default defineConfig({
	test: {
		include: [`test/unit/${MUTATED}/**/*.test.ts`],
		testTimeout: 120_000,
		// Every mutant starts a worker of its own; a worker per file as well would load the SDK dozens of times.
		isolate: false,
	},
});
