const model = "^src/model/";

/** The table in docs/architecture.md, row by row. What a folder may import is all that it may import. */
function may(from, ...to) {
	return {
		name: `${from}-imports`,
		comment: `src/${from} reaches for something it must not know. docs/architecture.md has the table of who may import whom.`,
		severity: "error",
		from: { path: `^src/${from}/` },
		to: { pathNot: [`^src/${from}/`, ...to] },
	};
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
	forbidden: [
		may("model"),
		may("claim", model, "^(node:)?zlib$"),
		may("plan", model, "^(node:)?crypto$"),
		may("report", model, "node_modules/@aws-lambda-powertools/", "^aws-lambda$", "^(node:)?util$"),
		may("ec2", model, "^src/reconcile/ports\\.ts$", "node_modules/@(aws-sdk|smithy)/"),
		may("reconcile", model, "^src/claim/", "^src/plan/"),
		{
			name: "settings-imports",
			comment: "Settings are parsed into the model and into nothing else.",
			severity: "error",
			from: { path: "^src/settings\\.ts$" },
			to: { pathNot: [model, "node_modules/valibot/"] },
		},
		{
			name: "the-sdk-stays-in-ec2",
			comment: "Only src/ec2 knows the SDK; put a port in src/reconcile/ports.ts and an adapter in src/ec2.",
			severity: "error",
			from: { path: "^(src|handlers)/", pathNot: "^src/ec2/" },
			to: { path: "node_modules/@(aws-sdk|smithy)/" },
		},
		{
			name: "emulator-knows-nothing-of-podroute",
			comment: "The emulator is EC2, not us: sharing code with it would let one mistake hide another.",
			severity: "error",
			from: { path: "^emulator/" },
			to: { path: "^(src|handlers|test)/" },
		},
		{
			name: "nothing-imports-tests",
			comment: "Tests and benchmarks import; nothing imports them.",
			severity: "error",
			from: { path: "^(src|handlers|emulator|infra)/" },
			to: { path: "^(test|bench)/" },
		},
		{
			name: "handlers-are-entry-points",
			comment: "A handler is what Lambda calls: only the command line's demo and tests may call it too.",
			severity: "error",
			from: { path: "^src/", pathNot: "^src/cli/" },
			to: { path: "^handlers/" },
		},
		{
			name: "no-cycles",
			comment: "Two modules that need each other are one, or hide a third.",
			severity: "error",
			from: {},
			to: { circular: true },
		},
		{
			name: "no-unresolved",
			comment: "The import leads nowhere. (aws-lambda is types alone, which tsc looks after.)",
			severity: "error",
			from: {},
			to: { couldNotResolve: true, pathNot: "^aws-lambda$" },
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		parser: "swc",
		tsPreCompilationDeps: true,
		enhancedResolveOptions: {
			extensions: [".ts", ".mjs", ".js"],
			exportsFields: ["exports"],
			conditionNames: ["import", "node", "default"],
		},
	},
};
