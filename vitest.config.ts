import { defineConfig } from "vitest/config";

const projects = ["unit", "property", "contract", "handlers", "cli", "tidy"];

export default defineConfig({
	test: {
		projects: projects.map((name) => ({ test: { name, include: [`test/${name}/**/*.test.ts`] } })),
	},
});
