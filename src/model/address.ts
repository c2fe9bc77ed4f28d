export type Family = "ipv4" | "ipv6";

/** An IP address as an unsigned integer of 32 or 128 bits. */
export interface Address {
	readonly family: Family;
	readonly value: bigint;
}

/** Decimal without a leading zero: `010` is 8 to some readers. */
const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const GROUPS = 8;

/**
 * Reads an address, strictly; `undefined` where `text` is none. IPv4 needs four decimal parts without leading
 * zeros; IPv6 may be spelled in any way of RFC 4291 §2.2 but has no zone and no dotted tail.
 */
export function parseAddress(text: string): Address | undefined {
	return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Address | undefined {
	const octets = text.split(".");
	const isValid = octets.length === 4 && octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255);
	return isValid ? { family: "ipv4", value: joined(octets, 8n) } : undefined;
}

function parseIpv6(text: string): Address | undefined {
	const [head = "", tail, ...more] = text.split("::");
	if (more.length > 0) return undefined;
	const before = groupsOf(head);
	const after = groupsOf(tail ?? "");
	const missing = GROUPS - before.length - after.length;
	// "::" stands for one group or more (RFC 4291 §2.2).
	const isWhole = tail === undefined ? missing === 0 : missing > 0;
	if (!isWhole || ![...before, ...after].every((group) => GROUP.test(group))) return undefined;
	const groups = [...before, ...Array<string>(missing).fill("0"), ...after];
	return {
		family: "ipv6",
		value: joined(
			groups.map((group) => `0x${group}`),
			16n,
		),
	};
}

function groupsOf(text: string): readonly string[] {
	return text === "" ? [] : text.split(":");
}

function joined(parts: readonly string[], bits: bigint): bigint {
	return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);
}

/** The address in its canonical spelling, for IPv6 that of RFC 5952 §4. */
export function addressText({ family, value }: Address): string {
	if (family === "ipv4") return split(value, 4, 8n).join(".");
	return shortened(
		split(value, GROUPS, 16n)
			.map((group) => group.toString(16))
			.join(":"),
	);
}

function split(value: bigint, count: number, bits: bigint): readonly bigint[] {
	const mask = (1n << bits) - 1n;
	return Array.from({ length: count }, (_, at) => (value >> (bits * BigInt(count - 1 - at))) & mask);
}

/** The longest run of two or more zeros, the first of several, becomes "::" (RFC 5952 §4.2). */
function shortened(groups: string): string {
	let longest = { at: 0, text: "" };
	for (const { index, 0: text } of groups.matchAll(/\b0(?::0)+\b/g)) {
		if (text.length > longest.text.length) longest = { at: index, text };
	}
	if (longest.text === "") return groups;
	const before = groups.slice(0, longest.at).replace(/:$/, "");
	const after = groups.slice(longest.at + longest.text.length).replace(/^:/, "");
	return `${before}::${after}`;
}
