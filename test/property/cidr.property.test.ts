import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cidr, compareCidrs, contains, overlaps, parseCidr } from "../../src/model/cidr.ts";

/** A block as the test sees it: its address bits as a string of 0 and 1, as long as the prefix. */
interface Bits {
	readonly prefix: string;
	readonly family: "ipv4" | "ipv6";
}

const WIDTH = { ipv4: 32, ipv6: 128 } as const;

function chunks(text: string, size: number): number[] {
	return Array.from({ length: text.length / size }, (_, index) =>
		Number.parseInt(text.slice(index * size, (index + 1) * size), 2),
	);
}

/** Written the long way: every group of IPv6, without `::`. */
function written({ prefix, family }: Bits): string {
	const bits = prefix.padEnd(WIDTH[family], "0");
	const address =
		family === "ipv4"
			? chunks(bits, 8).join(".")
			: chunks(bits, 16)
					.map((group) => group.toString(16).toUpperCase())
					.join(":");
	return `${address}/${prefix.length}`;
}

function cidr(text: string): Cidr {
	const result = parseCidr(text);
	if (!result.ok) throw new Error(`${text}: ${result.why}`);
	return result.cidr;
}

const bit = fc.constantFrom("0", "1");

function blocks(family: "ipv4" | "ipv6"): fc.Arbitrary<Bits> {
	// Few distinct bits in front, so that blocks often meet; zeros, so that `::` has something to shorten.
	const groups = fc.array(fc.constantFrom("0".repeat(8), "00001010", "11001000"), {
		maxLength: WIDTH[family] / 8 - 1,
	});
	return fc
		.tuple(groups, fc.string({ unit: bit, maxLength: 8 }))
		.map(([front, tail]) => ({ family, prefix: front.join("") + tail }));
}

const block = fc.oneof(blocks("ipv4"), blocks("ipv6"));

describe("a block", () => {
	it("is the same however it is written, and reads back from its own text", () => {
		fc.assert(
			fc.property(block, (bits) => {
				const read = cidr(written(bits));
				expect(read.family).toBe(bits.family);
				expect(read.prefixLength).toBe(bits.prefix.length);
				expect(read.first).toBe(BigInt(`0b${bits.prefix.padEnd(WIDTH[bits.family], "0")}`));
				expect(read.last).toBe(BigInt(`0b${bits.prefix.padEnd(WIDTH[bits.family], "1")}`));
				expect(cidr(read.text)).toEqual(read);
				expect(cidr(read.text.toUpperCase())).toEqual(read);
			}),
		);
	});

	it("has one text: equal texts are equal blocks, other texts other blocks", () => {
		fc.assert(
			fc.property(block, block, (a, b) => {
				const same = a.family === b.family && a.prefix === b.prefix;
				expect(cidr(written(a)).text === cidr(written(b)).text).toBe(same);
			}),
		);
	});

	it("with any host bit set is refused", () => {
		fc.assert(
			fc.property(block, fc.nat(), (bits, pick) => {
				const width = WIDTH[bits.family];
				fc.pre(bits.prefix.length < width);
				const at = bits.prefix.length + (pick % (width - bits.prefix.length));
				const address = `${bits.prefix.padEnd(at, "0")}1`;
				const text = written({ ...bits, prefix: address }).replace(/\/.*/, `/${bits.prefix.length}`);
				expect(parseCidr(text)).toEqual({ ok: false, why: "host bits are set" });
			}),
		);
	});
});

describe("any text", () => {
	const nearly = fc.string({ unit: fc.constantFrom(..."0123456789abcdefAF:./% x"), maxLength: 45 });
	const anything = fc.oneof(nearly, fc.string({ unit: "binary" }), fc.ipV4(), fc.ipV6(), fc.webUrl());

	it("is taken for an address only where Node takes it for one", () => {
		fc.assert(
			fc.property(anything, (address) => {
				const result = parseCidr(`${address}/${address.includes(":") ? 128 : 32}`);
				const plain = isIPv4(address) || (isIPv6(address) && !/[.%]/.test(address));
				expect(result.ok).toBe(plain);
			}),
			{ numRuns: 2_000 },
		);
	});

	it("never throws", () => {
		fc.assert(
			fc.property(anything, (text) => {
				const result = parseCidr(text);
				if (result.ok) expect(cidr(result.cidr.text)).toEqual(result.cidr);
			}),
		);
	});
});

describe("containment and order", () => {
	const pair = fc.tuple(block, block);

	it("contains is: the same family, and the outer prefix begins the inner one", () => {
		fc.assert(
			fc.property(pair, ([a, b]) => {
				const expected = a.family === b.family && b.prefix.startsWith(a.prefix);
				expect(contains(cidr(written(a)), cidr(written(b)))).toBe(expected);
			}),
		);
	});

	it("overlaps is: an address in common, which is containment one way or the other", () => {
		fc.assert(
			fc.property(pair, ([left, right]) => {
				const [a, b] = [cidr(written(left)), cidr(written(right))];
				const shared = a.family === b.family && a.first <= b.last && b.first <= a.last;
				expect(overlaps(a, b)).toBe(shared);
				expect(overlaps(b, a)).toBe(shared);
				expect(shared).toBe(contains(a, b) || contains(b, a));
			}),
		);
	});

	it("compareCidrs is a total order that calls only equal blocks equal", () => {
		fc.assert(
			fc.property(block, block, block, (...three) => {
				const [a, b, c] = three.map((bits) => cidr(written(bits))) as [Cidr, Cidr, Cidr];
				expect(Math.sign(compareCidrs(a, b))).toBe(0 - Math.sign(compareCidrs(b, a)));
				expect(compareCidrs(a, b) === 0).toBe(a.text === b.text);
				if (compareCidrs(a, b) < 0 && compareCidrs(b, c) < 0) expect(compareCidrs(a, c)).toBeLessThan(0);
			}),
		);
	});

	it("an outer block never comes behind one that it contains", () => {
		fc.assert(
			fc.property(pair, ([left, right]) => {
				const [a, b] = [cidr(written(left)), cidr(written(right))];
				if (contains(a, b)) expect(compareCidrs(a, b)).toBeLessThanOrEqual(0);
			}),
		);
	});
});
