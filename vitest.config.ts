import { defineConfig } from "vitest/config";

const projects = ["unit", "property", "contract", "audit", "handlers", "cli", "stack", "interop", "tidy"];

export default defineConfig({
	test: {
		// No test measures time; this only ends one that hangs, on a machine of any speed.
		projects: projects.map((name) => ({
			test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 120_000, hookTimeout: 120_000 },
		})),
	},
});
