import { addressText, type Family, parseAddress } from "./address.ts";

/**
 * An address block in canonical form: no host bits, IPv6 in its shortest spelling. Only {@link parseCidr}
 * makes one, so two blocks are equal exactly where their `text` is.
 */
export interface Cidr {
	readonly text: string;
	readonly family: Family;
	/** Bits: 0 to 32, or 0 to 128. */
	readonly prefixLength: number;
	/** The lowest and the highest address, as unsigned integers. */
	readonly first: bigint;
	readonly last: bigint;
	readonly __brand: "Cidr";
}

export type CidrResult =
	| { readonly ok: true; readonly cidr: Cidr }
	| { readonly ok: false; readonly why: "not a CIDR block" | "host bits are set" };

const BITS = { ipv4: 32, ipv6: 128 } as const;

/** Digits without a leading zero: `10.0.0.0/08` could mean base 8 to another reader. */
const PREFIX_LENGTH = /^(0|[1-9][0-9]{0,2})$/;

/**
 * Reads a block, strictly. IPv4 needs four decimal parts without leading zeros; IPv6 may be spelled in any
 * way but has no zone and no dotted tail. Host bits are refused, never cleared: EC2 would clear them
 * silently (aws-facts.md §2.2) and route more than the text says.
 */
export function parseCidr(text: string): CidrResult {
	const slash = text.indexOf("/");
	const address = parseAddress(text.slice(0, slash));
	const length = text.slice(slash + 1);
	if (address === undefined || !PREFIX_LENGTH.test(length)) return notACidr;
	const { family, value: first } = address;
	const prefixLength = Number(length);
	if (prefixLength > BITS[family]) return notACidr;
	const hostMask = (1n << BigInt(BITS[family] - prefixLength)) - 1n;
	if ((first & hostMask) !== 0n) return { ok: false, why: "host bits are set" };
	return {
		ok: true,
		cidr: {
			text: `${addressText(address)}/${prefixLength}`,
			family,
			prefixLength,
			first,
			last: first | hostMask,
			__brand: "Cidr",
		},
	};
}

const notACidr: CidrResult = { ok: false, why: "not a CIDR block" };

/** Whether every address of `inner` is in `outer`. A block contains itself. */
export function contains(outer: Cidr, inner: Cidr): boolean {
	return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether the two share an address: of CIDR blocks, one then contains the other. */
export function overlaps(a: Cidr, b: Cidr): boolean {
	return contains(a, b) || contains(b, a);
}

/** Address order: IPv4 before IPv6, 10.200.2.0 before 10.200.10.0, the wider of two that start together first. */
export function compareCidrs(a: Cidr, b: Cidr): number {
	if (a.family !== b.family) return a.family === "ipv4" ? -1 : 1;
	if (a.first < b.first) return -1;
	if (a.first > b.first) return 1;
	return a.prefixLength - b.prefixLength;
}
