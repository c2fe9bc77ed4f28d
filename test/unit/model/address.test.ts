import { describe, expect, it } from "vitest";
import { addressText, parseAddress } from "../../../src/model/address.ts";

describe("An address", () => {
	it.each([
		["10.200.0.1", 0x0a_c8_00_01n],
		["0.0.0.0", 0n],
		["255.255.255.255", 0xff_ff_ff_ffn],
	])("%s is read as IPv4", (text, value) => {
		expect(parseAddress(text)).toEqual({ family: "ipv4", value });
	});

	it.each([
		["::", 0n],
		["::1", 1n],
		["1::", 1n << 112n],
		["1:2:3:4:5:6:7::", 0x0001_0002_0003_0004_0005_0006_0007_0000n],
		["1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004_0005_0006_0007_0008n],
		["FD00:0010::00aB", 0xfd00_0010_0000_0000_0000_0000_0000_00abn],
	])("%s is read as IPv6", (text, value) => {
		expect(parseAddress(text)).toEqual({ family: "ipv6", value });
	});

	it.each([
		"",
		"10.200.0",
		"10.200.0.0.0",
		"10.200.0.256",
		"10.200.0.01",
		"10.200.0.1000",
		"10.200.0.",
		"10.200.0.a",
		"x1.200.0.1",
		"1",
		"a",
		":",
		":::",
		"1:2",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7::8",
		"1::2::3",
		"1:2:3:4:5:6:7:",
		":1:2:3:4:5:6:7",
		"1::2:",
		"::12345",
		"::g",
		"::1%eth0",
		"::ffff:10.0.0.1",
	])("%j is none", (text) => {
		expect(parseAddress(text)).toBeUndefined();
	});

	it.each([
		["0:0:0:0:0:0:0:0", "::"],
		["1:0:0:0:0:0:0:0", "1::"],
		["0:0:0:0:0:0:0:1", "::1"],
		["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
		["1:0:0:2:3:0:0:0", "1:0:0:2:3::"],
		["1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
		["0:0:1:2:3:4:0:0", "::1:2:3:4:0:0"],
		["10:0:0:a0:0a:0:0:0b", "10::a0:a:0:0:b"],
	])("%s is spelled %s, as RFC 5952 has it", (long, short) => {
		const address = parseAddress(long);
		expect(address).toBeDefined();
		expect(address && addressText(address)).toBe(short);
	});
});
