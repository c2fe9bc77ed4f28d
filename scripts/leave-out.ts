import type { Plugin, PluginBuild } from "esbuild";

/** A module that a bundle does without. */
export interface Unreachable {
	/** The end of the module's path. */
	readonly module: string;
	/** Why no Lambda function of ours gets there; it is what the error says, should one do so. */
	readonly why: string;
}

/**
 * What the SDK brings for other places than ours. Each is behind a branch that a Lambda function of podroute does not
 * take; where one did, it would say so.
 */
export const UNREACHABLE: readonly Unreachable[] = [
	{
		module: "@smithy/core/dist-es/submodules/event-streams/index.js",
		// Imported dynamically, so esbuild keeps all of it, and all that it imports whole.
		why: "no action of EC2 has an event stream",
	},
	{
		module: "@aws-sdk/credential-provider-node/dist-es/index.js",
		why: "a Lambda function has its credentials in its environment",
	},
	{
		module:
			"@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js",
		why: "a Lambda function has its region in AWS_REGION",
	},
	{
		module: "@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js",
		why: "the functions' client retries in the standard mode",
	},
	{
		module: "@smithy/signature-v4/dist-es/HeaderFormatter.js",
		why: "only the headers of event streams are signed with it",
	},
	{
		module: "@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js",
		why: "Node has SHA-256 of its own",
	},
];

/**
 * The esbuild plugin that puts, in the place of every export of these modules, a function that throws and says
 * why the module is missing. A module that the build does not meet is warned of: it has moved, and its
 * successor is in the bundle.
 */
export function leaveOut(modules: readonly Unreachable[] = UNREACHABLE): Plugin {
	return {
		name: "leave-out",
		setup(build) {
			const missed = new Set(modules);
			for (const unreachable of modules) {
				build.onLoad({ filter: endsIn(unreachable.module) }, async ({ path }) => {
					missed.delete(unreachable);
					const names = await exportsOf(path, build);
					return { contents: refusing(names, unreachable), loader: "js" };
				});
			}
			build.onEnd(() => ({
				warnings: [...missed].map(({ module }) => ({
					text: `${module} is not left out: the build has no such module`,
				})),
			}));
		},
	};
}

function endsIn(module: string): RegExp {
	const pattern = module.split("/").map((part) => part.replace(/[.]/g, "\\."));
	return new RegExp(`[\\\\/]${pattern.join("[\\\\/]")}$`);
}

/** Read off the module, so that an upgrade of the SDK which exports more is not held up. */
async function exportsOf(path: string, { esbuild, initialOptions }: PluginBuild): Promise<readonly string[]> {
	const { platform = "node", mainFields = [] } = initialOptions;
	const { metafile } = await esbuild.build({
		entryPoints: [path],
		bundle: true,
		write: false,
		metafile: true,
		format: "esm",
		platform,
		mainFields,
	});
	return Object.values(metafile.outputs).flatMap(({ exports }) => exports);
}

/** A class of it may be made an instance of, for that is how the SDK fills a field; using either throws. */
function refusing(names: readonly string[], { module, why }: Unreachable): string {
	const message = `${module} is left out of this bundle: ${why}`;
	return `function refuse() { throw new Error(${JSON.stringify(message)}); }
function LeftOut() { return new.target ? new Proxy({}, { get: refuse }) : refuse(); }
export { ${names.map((name) => `LeftOut as ${name}`).join(", ")} };
`;
}
