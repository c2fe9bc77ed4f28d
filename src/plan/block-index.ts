import { type Cidr, compareCidrs } from "../model/cidr.ts";

const BITS = { ipv4: 32n, ipv6: 128n } as const;

/**
 * Finds what overlaps a block without comparing every pair. CIDR blocks are nested or disjoint, so what
 * overlaps a block is what it contains (a run of the sorted blocks) and what contains it (one possible block
 * per shorter prefix length in use).
 */
export class BlockIndex {
	readonly #sorted: readonly Cidr[];
	readonly #byPrefix = new Map<string, Cidr>();
	readonly #lengths: readonly number[];

	/** Blocks given twice are indexed once. */
	constructor(blocks: Iterable<Cidr>) {
		const distinct = new Map([...blocks].map((block) => [block.text, block]));
		this.#sorted = [...distinct.values()].sort(compareCidrs);
		for (const block of this.#sorted) this.#byPrefix.set(prefixKey(block, block.prefixLength), block);
		this.#lengths = [...new Set(this.#sorted.map((block) => block.prefixLength))].sort((a, b) => a - b);
	}

	/** The indexed blocks that contain `block`, itself left out; the widest first. */
	around(block: Cidr): readonly Cidr[] {
		return this.#lengths
			.filter((length) => length < block.prefixLength)
			.map((length) => this.#byPrefix.get(prefixKey(block, length)))
			.filter((found) => found !== undefined);
	}

	/** The indexed blocks inside `block`, itself left out, in address order. */
	inside(block: Cidr): readonly Cidr[] {
		let at = this.#firstAfter(block);
		const found: Cidr[] = [];
		for (let next = this.#sorted[at]; next !== undefined; next = this.#sorted[++at]) {
			if (next.family !== block.family || next.first > block.last) break;
			found.push(next);
		}
		return found;
	}

	/** Both: the indexed blocks that overlap `block` without being equal to it. */
	overlapping(block: Cidr): readonly Cidr[] {
		return [...this.around(block), ...this.inside(block)];
	}

	#firstAfter(block: Cidr): number {
		let low = 0;
		let high = this.#sorted.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const candidate = this.#sorted[middle];
			// Stryker disable next-line ConditionalExpression: the middle is always inside the array.
			if (candidate !== undefined && compareCidrs(candidate, block) <= 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

function prefixKey(block: Cidr, length: number): string {
	return `${block.family} ${length} ${block.first >> (BITS[block.family] - BigInt(length))}`;
}
