import { describe, expect, it } from "vitest";
import { type Cidr, compareCidrs, contains, overlaps, parseCidr } from "../../../src/model/cidr.ts";

function cidr(text: string): Cidr {
	const result = parseCidr(text);
	if (!result.ok) throw new Error(`${text} in a test: ${result.why}`);
	return result.cidr;
}

describe("parseCidr", () => {
	it.each([
		["10.200.0.0/24", "ipv4", 24, 0x0ac80000n, 0x0ac800ffn],
		["10.200.1.7/32", "ipv4", 32, 0x0ac80107n, 0x0ac80107n],
		["0.0.0.0/0", "ipv4", 0, 0n, 0xffffffffn],
		["255.255.255.254/31", "ipv4", 31, 0xfffffffen, 0xffffffffn],
		[
			"fd00:10:200::/64",
			"ipv6",
			64,
			0xfd000010020000000000000000000000n,
			0xfd00001002000000ffffffffffffffffn,
		],
		["::/0", "ipv6", 0, 0n, 0xffffffffffffffffffffffffffffffffn],
		["::1/128", "ipv6", 128, 1n, 1n],
	])("reads %s", (text, family, prefixLength, first, last) => {
		expect(parseCidr(text)).toEqual({
			ok: true,
			cidr: { text, family, prefixLength, first, last, __brand: "Cidr" },
		});
	});

	it.each([
		["FD00:0010:0200:0000:0000:0000:0000:0000/64", "fd00:10:200::/64"],
		["fd00:10:200:0::/64", "fd00:10:200::/64"],
		["0:0:0:0:0:0:0:0/0", "::/0"],
		["2001:db8:0:0:1:0:0:0/80", "2001:db8:0:0:1::/80"],
		["2001:0:0:1:0:0:0:1/128", "2001:0:0:1::1/128"],
	])("spells %s as %s", (written, canonical) => {
		expect(cidr(written).text).toBe(canonical);
	});

	it.each([
		"10.200.0.1/24",
		"10.200.0.128/24",
		"10.200.1.0/23",
		"128.0.0.0/0",
		"fd00::1/64",
		"fd00:0:0:1::/63",
	])("refuses %s for its host bits", (text) => {
		expect(parseCidr(text)).toEqual({ ok: false, why: "host bits are set" });
	});

	it.each([
		"",
		"/",
		"/24",
		"10.200.0.0",
		"24",
		"10.200.0.0/",
		"10.200.0.0/24/",
		"10.200.0.0/24/24",
		"10.200.0.0/33",
		"10.200.0.0/024",
		"10.200.0.0/00",
		"10.200.0.0/-1",
		"10.200.0.0/+8",
		"10.200.0.0/8.0",
		"10.200.0.0/1e1",
		"10.200.0.0/0x8",
		"10.200.0.0/x24",
		"10.200.0.0/24x",
		"10.200.0.0/1000",
		"10.200.0.0/255.255.255.0",
		" 10.200.0.0/24",
		"10.200.0.0/24 ",
		"10.200.0.0 /24",
		"10.200.0.0/24\n",
		"10.200.0.0\n/24",
		"10.200.0/24",
		"10.200/16",
		"10/8",
		"10.200.0.0.0/24",
		"10.200.0.256/24",
		"010.200.0.0/24",
		"0x0a.200.0.0/24",
		"168296448/24",
		"::ffff:10.200.0.0/120",
		"::10.200.0.0/120",
		"fe80::%eth0/64",
		"fd00::/129",
		"fd00::/064",
		"fd00:::/64",
		"fd00::1::/64",
		"fd00/64",
		"fd00:/16",
		"00fd00::/64",
		"fg00::/64",
		"1:2:3:4:5:6:7:8:9/128",
		"1:2:3:4:5:6:7/128",
		"[fd00::]/64",
		"any",
	])("refuses %j, which is not a CIDR block", (text) => {
		expect(parseCidr(text)).toEqual({ ok: false, why: "not a CIDR block" });
	});
});

describe("contains and overlaps", () => {
	it.each([
		// outer, inner, outer contains inner, inner contains outer
		["10.200.0.0/16", "10.200.0.0/16", true, true],
		["10.200.0.0/16", "10.200.0.0/24", true, false],
		["10.200.0.0/16", "10.200.255.0/24", true, false],
		["10.200.0.0/16", "10.201.0.0/24", false, false],
		["10.200.0.0/16", "10.199.255.0/24", false, false],
		["10.200.0.0/23", "10.200.1.0/24", true, false],
		["0.0.0.0/0", "255.255.255.255/32", true, false],
		["0.0.0.0/0", "::/0", false, false],
		["::/0", "0.0.0.0/0", false, false],
		["::/96", "0.0.0.0/0", false, false],
		["fd00:10:200::/48", "fd00:10:200:7::/64", true, false],
		["fd00:10:200::/48", "fd00:10:201::/64", false, false],
	])("%s and %s", (left, right, leftContains, rightContains) => {
		const [a, b] = [cidr(left), cidr(right)];
		expect(contains(a, b)).toBe(leftContains);
		expect(contains(b, a)).toBe(rightContains);
		expect(overlaps(a, b)).toBe(leftContains || rightContains);
		expect(overlaps(b, a)).toBe(leftContains || rightContains);
	});
});

describe("compareCidrs", () => {
	it("puts IPv4 first, then orders by address and not by spelling, the wider block first", () => {
		const ordered = [
			"0.0.0.0/0",
			"10.200.0.0/16",
			"10.200.0.0/24",
			"10.200.2.0/24",
			"10.200.10.0/24",
			"255.255.255.255/32",
			"::/0",
			"::/64",
			"2001:db8::/32",
			"fd00::/64",
		].map(cidr);
		expect([...ordered].reverse().sort(compareCidrs)).toEqual(ordered);
		expect([...ordered].sort(compareCidrs)).toEqual(ordered);
	});

	it.each([
		["10.0.0.0/8", "10.0.0.0/8", 0],
		["10.0.0.0/8", "::/0", -1],
		["::/0", "10.0.0.0/8", 1],
		["10.0.0.0/8", "11.0.0.0/8", -1],
		["11.0.0.0/8", "10.0.0.0/8", 1],
		["10.0.0.0/8", "10.0.0.0/9", -1],
		["10.0.0.0/9", "10.0.0.0/8", 1],
	])("%s against %s has the sign of %i", (a, b, sign) => {
		expect(Math.sign(compareCidrs(cidr(a), cidr(b)))).toBe(sign);
	});
});
