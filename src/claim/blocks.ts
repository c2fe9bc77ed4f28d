import type { Family } from "../model/address.ts";
import { type Cidr, compareCidrs, parseCidr } from "../model/cidr.ts";

/** The blocks a value names, in address order, or why it names none: a clause that quotes nothing of it. */
export type Blocks =
	| { readonly ok: true; readonly blocks: readonly Cidr[] }
	| { readonly ok: false; readonly why: string };

/** `{{ … }}` and `{% … %}` of jinja, `${…}`, `$(…)`, `$NAME` and backquotes of a shell. No block has any. */
const PLACEHOLDER = /[$`]|\{[{%]/;

/**
 * Reads one block, or one of each family, with a comma or white space between. One fault refuses the
 * whole value: routing half of what a node serves would hide that the other half is wrong.
 *
 * An empty value is a fault too. It is what a template leaves whose variable was not set, and a node that
 * means to serve nothing has no such key at all.
 */
export function readBlocks(value: string): Blocks {
	if (PLACEHOLDER.test(value))
		return refused("it is a placeholder that nobody filled in; write the block itself");
	if (value.trim() === "") return refused("it is empty; write the block, or leave the key out");
	const lists = value.split(",").map((list) => list.trim());
	if (lists.includes(""))
		return refused("it has a comma without a block on each side; write both, or no comma");
	return collect(lists.flatMap((list) => list.split(/\s+/)));
}

function collect(texts: readonly string[]): Blocks {
	const byFamily = new Map<Family, Cidr>();
	for (const text of texts) {
		const parsed = parseCidr(text);
		if (!parsed.ok) return refused(FAULTS[parsed.why]);
		const { cidr } = parsed;
		if (byFamily.has(cidr.family)) {
			return refused(`it names more than one ${NAMES[cidr.family]} block; a node serves one of each family`);
		}
		byFamily.set(cidr.family, cidr);
	}
	return { ok: true, blocks: [...byFamily.values()].sort(compareCidrs) };
}

const FAULTS = {
	"not a CIDR block": "it is not a CIDR block; write one such as 10.200.0.0/24",
	"host bits are set": "it has host bits set; write the first address of the block, as in 10.200.0.0/24",
} as const;

const NAMES = { ipv4: "IPv4", ipv6: "IPv6" } as const;

function refused(why: string): Blocks {
	return { ok: false, why };
}
