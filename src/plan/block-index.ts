import { type Cidr, compareCidrs, contains } from "../model/cidr.ts";

/** The parent of a block that no other contains. */
// Stryker disable next-line UnaryOperator: the first block's parent is counted, not looked up, and the rest inherit it.
const NONE = -1;

/**
 * Finds what overlaps a block without comparing every pair. CIDR blocks are nested or disjoint, so what
 * overlaps a block is what it contains (a run of the sorted blocks) and what contains it (a chain of parents).
 */
export class BlockIndex {
	readonly #blocks: readonly Cidr[];
	/** The widest and the narrowest prefix length of each family: as a rule one, so that there is nothing to search. */
	// Stryker disable next-line ObjectLiteral: without it everything is searched, and the same is found.
	readonly #widest = { ipv4: Number.POSITIVE_INFINITY, ipv6: Number.POSITIVE_INFINITY };
	// Stryker disable next-line ObjectLiteral: without it everything is searched, and the same is found.
	readonly #narrowest = { ipv4: 0, ipv6: 0 };
	#made: Sorted | undefined;

	/** Blocks given twice are indexed once. */
	constructor(blocks: Iterable<Cidr>) {
		this.#blocks = [...blocks];
		for (const { family, prefixLength } of this.#blocks) {
			this.#widest[family] = Math.min(this.#widest[family], prefixLength);
			this.#narrowest[family] = Math.max(this.#narrowest[family], prefixLength);
		}
	}

	/** Sorted where something is searched for, which is seldom. */
	get #index(): Sorted {
		this.#made ??= sortBlocks(this.#blocks);
		return this.#made;
	}

	/** The indexed blocks that contain `block`, itself left out; the widest first. */
	around(block: Cidr): readonly Cidr[] {
		// Stryker disable next-line ConditionalExpression,EqualityOperator: it saves a search that finds nothing.
		if (block.prefixLength <= this.#widest[block.family]) return [];
		return this.#chainAround(block);
	}

	/** The indexed blocks inside `block`, itself left out, in address order. */
	inside(block: Cidr): readonly Cidr[] {
		// Stryker disable next-line ConditionalExpression,EqualityOperator: it saves a search that finds nothing.
		if (block.prefixLength >= this.#narrowest[block.family]) return [];
		return this.#runInside(block);
	}

	/** Both: the indexed blocks that overlap `block` without being equal to it. */
	overlapping(block: Cidr): readonly Cidr[] {
		return [...this.around(block), ...this.inside(block)];
	}

	/** Whatever contains a block comes before it, and contains all that comes between the two. */
	#chainAround(block: Cidr): readonly Cidr[] {
		const { sorted, parents } = this.#index;
		const found: Cidr[] = [];
		let at = firstAfter(sorted, block) - 1;
		for (let candidate = sorted[at]; candidate !== undefined; candidate = sorted[at]) {
			if (candidate.text !== block.text && contains(candidate, block)) found.push(candidate);
			at = parents[at] ?? NONE;
		}
		return found.reverse();
	}

	#runInside(block: Cidr): readonly Cidr[] {
		const { sorted } = this.#index;
		const found: Cidr[] = [];
		let at = firstAfter(sorted, block);
		for (let next = sorted[at]; next !== undefined; next = sorted[++at]) {
			if (next.family !== block.family || next.first > block.last) break;
			found.push(next);
		}
		return found;
	}
}

/** Distinct blocks in address order. */
interface Sorted {
	readonly sorted: readonly Cidr[];
	/** Of each block, the place of the narrowest one that contains it. */
	readonly parents: readonly number[];
}

function sortBlocks(blocks: readonly Cidr[]): Sorted {
	const inOrder = blocks.toSorted(compareCidrs);
	// Stryker disable next-line ArithmeticOperator: of equal ones, any may be the one that stays.
	const sorted = inOrder.filter(({ text }, place) => text !== inOrder[place - 1]?.text);
	return { sorted, parents: parentsIn(sorted) };
}

function firstAfter(sorted: readonly Cidr[], block: Cidr): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const candidate = sorted[middle];
		// Stryker disable next-line ConditionalExpression: the middle is always inside the array.
		if (candidate !== undefined && compareCidrs(candidate, block) <= 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

function parentsIn(sorted: readonly Cidr[]): readonly number[] {
	const parents: number[] = [];
	for (const [place, block] of sorted.entries()) {
		let parent = place - 1;
		for (let outer = sorted[parent]; outer !== undefined && !contains(outer, block); outer = sorted[parent]) {
			parent = parents[parent] ?? NONE;
		}
		parents.push(parent);
	}
	return parents;
}
