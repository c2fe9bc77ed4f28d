import type { Cidr } from "../../model/cidr.ts";
import { byGravity, type Mark } from "./marks.ts";

/** Neighbouring cells of a map with the same marks; none where they are free. Indices count cells from 0. */
export interface Run {
	readonly first: bigint;
	readonly count: bigint;
	/** The gravest first. */
	readonly marks: readonly Mark[];
}

const BITS = { ipv4: 32, ipv6: 128 } as const;

/** How many addresses a cell has, as a power of two. */
function shiftOf({ family }: Cidr, unit: number): bigint {
	return BigInt(BITS[family] - unit);
}

/**
 * The whole of `within` as runs of cells of `/unit`. A block larger than a cell covers several, one that is smaller
 * counts for the cell that it lies in. As many runs as there are marks, however many cells there are.
 */
export function runsOf(within: Cidr, unit: number, marks: readonly Mark[]): readonly Run[] {
	const shift = shiftOf(within, unit);
	const indexOf = (address: bigint) => (address - within.first) >> shift;
	const starting = Map.groupBy(marks, ({ block }) => indexOf(block.first));
	const ending = Map.groupBy(marks, ({ block }) => indexOf(block.last) + 1n);
	const total = 1n << BigInt(unit - within.prefixLength);
	const edges = [...new Set([0n, ...starting.keys(), ...ending.keys(), total])].sort((a, b) =>
		a < b ? -1 : 1,
	);
	const active = new Set<Mark>();
	return edges.slice(0, -1).map((first, index) => {
		for (const mark of ending.get(first) ?? []) active.delete(mark);
		for (const mark of starting.get(first) ?? []) active.add(mark);
		const count = (edges[index + 1] ?? total) - first;
		return { first, count, marks: [...active].sort(byGravity) };
	});
}
