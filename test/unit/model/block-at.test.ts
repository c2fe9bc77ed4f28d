import { describe, expect, it } from "vitest";
import { blockAt } from "../../../src/model/block-at.ts";

describe("blockAt", () => {
	it.each([
		["ipv4", 0x0a_c8_10_00n, 24, "10.200.16.0/24"],
		["ipv4", 0xff_ff_ff_ffn, 32, "255.255.255.255/32"],
		["ipv6", 0xfd00_0010_0200_0001n << 64n, 64, "fd00:10:200:1::/64"],
		["ipv6", 0n, 1, "::/1"],
	] as const)("gives the %s block at an address (%d/%d: %s)", (family, first, length, text) => {
		expect(blockAt(family, first, length).text).toBe(text);
	});

	it("throws where no block of that size starts there", () => {
		expect(() => blockAt("ipv4", 0x0a_c8_01_00n, 16)).toThrow("No /16 starts at 10.200.1.0");
	});
});
