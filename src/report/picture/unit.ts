import type { Cidr } from "../../model/cidr.ts";
import type { Rules } from "../../model/rules.ts";
import type { Mark } from "./marks.ts";

const BITS = { ipv4: 32, ipv6: 128 } as const;
/** kube-controller-manager's own default node-cidr-mask-size, by family. */
const USUAL = { ipv4: 24, ipv6: 64 } as const;

/**
 * The prefix length of one cell of a map: the size that most blocks have, of those that `NODE_CIDR_MASK_SIZES`
 * allows; the usual one where there are none. Always longer than the prefix of `within`, where one can be.
 */
export function unitOf(within: Cidr, sizes: Rules["nodeCidrMaskSizes"], marks: readonly Mark[]): number {
	const bits = BITS[within.family];
	const isPossible = (size: number) => size > within.prefixLength && size <= bits;
	const allowed = sizes === "any" ? [] : [...sizes].filter(isPossible);
	const seen = marks
		.filter(({ managed }) => managed)
		.map(({ block }) => block.prefixLength)
		.filter((size) => isPossible(size) && (allowed.length === 0 || allowed.includes(size)));
	const counts = Map.groupBy(seen, (size) => size);
	const [commonest] = [...counts].sort(([a, of], [b, than]) => than.length - of.length || b - a);
	if (commonest !== undefined) return commonest[0];
	if (allowed.length > 0) return Math.min(...allowed);
	return Math.min(bits, Math.max(USUAL[within.family], within.prefixLength + 1));
}
