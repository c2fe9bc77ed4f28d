import { defineConfig } from "vitest/config";

const projects = [
	"unit",
	"property",
	"contract",
	"audit",
	"bench",
	"bundle",
	"crash",
	"fuzz",
	"simulation",
	"handlers",
	"cli",
	"stack",
	"interop",
	"tidy",
	"widget",
];

/** Suites of the engine that make no pass, so that no role is asked for anything. */
const WITHOUT_PASSES = [
	"apply",
	"bounded",
	"compile-report",
	"observe",
	"request",
	"user-data-memory",
	"why-stale",
];

// No test measures time; this only ends one that hangs, on a machine of any speed.
const patience = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
	test: {
		projects: [
			...projects.map((name) => ({ test: { name, include: [`test/${name}/**/*.test.ts`], ...patience } })),
			{
				test: {
					name: "iam",
					include: ["test/iam/**/*.test.ts"],
					globalSetup: ["test/iam/variants.ts"],
					...patience,
				},
			},
			{
				// The contract suite, each call repeated by the pruned SDK that is shipped.
				test: {
					name: "twins",
					include: ["test/contract/**/*.test.ts"],
					exclude: ["test/contract/event-forwarder.test.ts"],
					globalSetup: ["test/bundle/twins/build.ts"],
					setupFiles: ["test/bundle/twins/under-twins.ts"],
					...patience,
				},
			},
			{
				// The suites that make passes, each pass with the role of its function.
				test: {
					name: "roles",
					include: ["test/{audit,handlers,unit/reconcile}/**/*.test.ts"],
					exclude: WITHOUT_PASSES.map((name) => `test/unit/reconcile/${name}.test.ts`),
					setupFiles: ["test/iam/under-roles.ts"],
					...patience,
				},
			},
		],
	},
});
