import { describe, expect, it } from "vitest";
import type { Cidr } from "../../../src/model/cidr.ts";
import { BlockIndex } from "../../../src/plan/block-index.ts";
import { cidr } from "../../support/plan-world.ts";

const BLOCKS = [
	"10.100.0.0/25",
	"10.200.0.0/16",
	"10.200.0.0/23",
	"10.200.0.0/24",
	"10.200.0.128/25",
	"10.200.1.0/24",
	"10.200.2.0/24",
	"10.200.10.0/24",
	"10.201.0.255/32",
	"::/0",
	"fd00::/8",
	"fd00:10:200::/64",
] as const;

/** Anew for each test: it is sorted at its first search. */
const anIndex = () => new BlockIndex([...BLOCKS, ...BLOCKS].map(cidr).reverse());
const texts = (blocks: readonly { readonly text: string }[]) => blocks.map(({ text }) => text);

describe("the blocks around a block", () => {
	it.each<[string, string[]]>([
		["10.200.0.128/25", ["10.200.0.0/16", "10.200.0.0/23", "10.200.0.0/24"]],
		["10.200.0.129/32", ["10.200.0.0/16", "10.200.0.0/23", "10.200.0.0/24", "10.200.0.128/25"]],
		["10.200.0.0/24", ["10.200.0.0/16", "10.200.0.0/23"]],
		["10.200.3.0/24", ["10.200.0.0/16"]],
		["10.200.0.0/16", []],
		["10.201.0.0/24", []],
		["fd00:10:200::/64", ["::/0", "fd00::/8"]],
		["fe80::/64", ["::/0"]],
	])("%s, the widest first, itself left out", (block, around) => {
		expect(texts(anIndex().around(cidr(block)))).toEqual(around);
	});
});

describe("the blocks inside a block", () => {
	it.each<[string, string[]]>([
		["10.200.0.0/23", ["10.200.0.0/24", "10.200.0.128/25", "10.200.1.0/24"]],
		[
			"10.200.0.0/22",
			["10.200.0.0/23", "10.200.0.0/24", "10.200.0.128/25", "10.200.1.0/24", "10.200.2.0/24"],
		],
		["10.200.0.0/25", []],
		["10.200.10.0/24", []],
		["10.200.8.0/22", ["10.200.10.0/24"]],
		["10.201.0.0/24", ["10.201.0.255/32"]],
		["10.201.0.0/25", []],
		["0.0.0.0/0", [...BLOCKS.slice(0, 9)]],
		["fd00:10:200::/64", []],
		["fd00:10::/32", ["fd00:10:200::/64"]],
		["::/0", ["fd00::/8", "fd00:10:200::/64"]],
	])("%s, in address order, itself left out", (block, inside) => {
		expect(texts(anIndex().inside(cidr(block)))).toEqual(inside);
	});
});

it("finds both: what is around first, then what is inside", () => {
	expect(texts(anIndex().overlapping(cidr("10.200.0.0/24")))).toEqual([
		"10.200.0.0/16",
		"10.200.0.0/23",
		"10.200.0.128/25",
	]);
});

it("looks at no block that lies beside: its work does not grow with the index", () => {
	let looks = 0;
	const counted = (text: string): Cidr => {
		const block = cidr(text);
		return {
			...block,
			get first() {
				looks += 1;
				return block.first;
			},
		};
	};
	const beside = Array.from({ length: 256 }, (_, at) => `10.200.${at}.0/24`);
	const wide = new BlockIndex(["10.200.0.0/16", ...beside].map(counted));
	// The first search sorts, once for all.
	wide.around(cidr("10.200.0.0/25"));
	looks = 0;
	expect(texts(wide.around(cidr("10.200.255.128/25")))).toEqual(["10.200.0.0/16", "10.200.255.0/24"]);
	expect(looks).toBeLessThan(30);
});

it("finds nothing in an empty index", () => {
	expect(new BlockIndex([]).overlapping(cidr("10.200.0.0/24"))).toEqual([]);
});
