import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { addressText, parseAddress } from "../../src/model/address.ts";

/** What a library that others keep makes of the text, where it is one of the spellings that are taken. */
function read(text: string): { text: string; value: bigint } | undefined {
	const isTaken =
		ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !/[.%]/.test(text));
	if (!isTaken) return undefined;
	const parsed = ipaddr.parse(text);
	const value = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
	return { text: parsed.toString(), value };
}

function ours(text: string): { text: string; value: bigint } | undefined {
	const address = parseAddress(text);
	return address === undefined ? undefined : { text: addressText(address), value: address.value };
}

// Zeros often, so that "::" has something to stand for; long, empty and odd parts, so that there is much to refuse.
const group = fc.oneof(
	{ weight: 6, arbitrary: fc.constant("0") },
	fc.constantFrom("", "00", "0000", "00000", "10000", "a0", "0a", "ABCD", "g", "%1", "1.2.3.4"),
	fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16)),
);
const octet = fc.oneof(
	{ weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }).map(String) },
	fc.constantFrom("", "00", "01", "0x1", "1e1", " 1", "-1", "1\n", "a"),
);

const spellings = fc.oneof(
	{ weight: 4, arbitrary: fc.array(group, { minLength: 6, maxLength: 10 }).map((parts) => parts.join(":")) },
	fc.array(group, { maxLength: 10 }).map((parts) => parts.join(":")),
	fc
		.tuple(fc.array(group, { maxLength: 7 }), fc.array(group, { maxLength: 7 }))
		.map(([head, tail]) => `${head.join(":")}::${tail.join(":")}`),
	fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join(".")),
	fc.string({ unit: fc.constantFrom("0", "1", "f", ":", "."), maxLength: 20 }),
);

describe("An address", () => {
	it("is read and spelled as ipaddr.js does it, or refused where that refuses", () => {
		fc.assert(
			fc.property(spellings, (text) => {
				expect(ours(text)).toEqual(read(text));
			}),
			{ numRuns: 20_000 },
		);
	});

	it("comes back from its spelling, whatever its value", () => {
		const anAddress = fc.oneof(
			fc.record({ family: fc.constant("ipv4" as const), value: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }) }),
			fc.record({
				family: fc.constant("ipv6" as const),
				value: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
			}),
		);
		fc.assert(
			fc.property(anAddress, (address) => {
				expect(parseAddress(addressText(address))).toEqual(address);
			}),
		);
	});
});
