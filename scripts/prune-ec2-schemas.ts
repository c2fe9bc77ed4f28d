import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** The one file of client-ec2 that holds every shape of EC2's API: 1.3 MB, of which podroute uses a twentieth. */
const SCHEMAS = /@aws-sdk[\\/]client-ec2[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

/** `const _II = "InstanceId";`, the form in which the SDK's generator writes every name. */
const CONSTANT = /^const (_\w+) = ("[^"\\]*");$/gm;
/** `[_eQN]:`, a key that is one of those names. A list of names, `[_II, _IT]`, has no colon behind it. */
const COMPUTED_KEY = /\[([A-Za-z_$][\w$]*)\]:/g;
/** What most members carry: how they are spelled in a request, and how in an answer. */
const BOTH_NAMES = /\{ "ec2QueryName": `(\w+)`,\s*"xmlName": (_\w+) \}/g;
/** A declaration, so that it is there before the shapes that call it. */
const BOTH_NAMES_OF = `function bothNames(ec2QueryName, xmlName = ec2QueryName[0].toLowerCase() + ec2QueryName.slice(1)) {
	return { ec2QueryName, xmlName };
}`;
/** A name spelled out where a constant says the same. */
const SPELLED_OUT = /`(\w+)`/g;

/** The schemas in a form that esbuild can drop shapes from, or what about them was not as expected. */
export type Pruned =
	| { readonly ok: true; readonly code: string }
	| { readonly ok: false; readonly why: string };

/**
 * Rewrites client-ec2's generated schemas so that esbuild drops the shapes nobody uses, and says the rest
 * shorter. The values stay the same to the last key.
 *
 * A computed key might call a `toString`, so esbuild keeps every object that has one; the keys here are all
 * string constants, and become literals. The pair of names that nearly every member has becomes a call that is
 * marked pure, without the second name where that is the first with a small initial; and a name that is spelled
 * out becomes the constant of the same text.
 */
export function pruneSchemas(source: string): Pruned {
	const constants = new Map([...source.matchAll(CONSTANT)].map(([, name = "", text = ""]) => [name, text]));
	const keys = new Set([...source.matchAll(COMPUTED_KEY)].map(([, name = ""]) => name));
	if (keys.size === 0) return { ok: false, why: "no key of theirs is computed" };
	const unknown = [...keys].filter((name) => !constants.has(name));
	if (unknown.length > 0)
		return { ok: false, why: `these keys are no string constants: ${unknown.join(", ")}` };

	const names = new Map([...constants].map(([name, text]) => [JSON.parse(text), name]));
	const code = source
		.replace(COMPUTED_KEY, (_, name: string) => `${constants.get(name)}:`)
		.replace(BOTH_NAMES, (_, query: string, xml: string) => {
			const isInferred = constants.get(xml) === JSON.stringify(withSmallInitial(query));
			return `/* @__PURE__ */ bothNames(\`${query}\`${isInferred ? "" : `, ${xml}`})`;
		})
		.replace(SPELLED_OUT, (spelled: string, text: string) => names.get(text) ?? spelled);
	return { ok: true, code: `${code}\n${BOTH_NAMES_OF}\n` };
}

function withSmallInitial(name: string): string {
	return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/**
 * The esbuild plugin that applies {@link pruneSchemas}. Where the SDK's generated code is no longer as expected
 * it warns and leaves it alone: the bundle is large then, but right. `read` is how sources are read; tests give
 * others.
 */
export function pruneEc2Schemas(read: (path: string) => Promise<string> = readSource): Plugin {
	return {
		name: "prune-ec2-schemas",
		setup(build) {
			let isMet = false;
			build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
				isMet = true;
				const source = await read(path);
				const pruned = pruneSchemas(source);
				if (pruned.ok) return { contents: pruned.code, loader: "js" };
				const text = `The schemas of client-ec2 are not pruned: ${pruned.why}`;
				return { contents: source, loader: "js", warnings: [{ text }] };
			});
			build.onEnd(() => {
				const text = "The schemas of client-ec2 are not pruned: they are not where they were";
				return { warnings: isMet ? [] : [{ text }] };
			});
		},
	};
}

function readSource(path: string): Promise<string> {
	return readFile(path, "utf8");
}
