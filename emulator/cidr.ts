import ipaddr from "ipaddr.js";

/** A canonical block: no host bits, IPv6 in its shortest form. Only {@link parseBlock} makes one. */
export interface Block {
	readonly family: "ipv4" | "ipv6";
	/** The canonical text, by which blocks are compared. */
	readonly cidr: string;
	readonly first: bigint;
	readonly prefixLength: number;
}

/**
 * Reads a block and clears its host bits, as CreateRoute does: "if you specify 100.68.0.18/18, we modify it to
 * 100.68.0.0/18" (aws-facts.md §2.2). `undefined` where the text is not a block of that family.
 */
export function parseBlock(text: string, family: Block["family"]): Block | undefined {
	const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
	const address = match?.[1] ?? "";
	const prefixLength = Number(match?.[2]);
	const width = family === "ipv4" ? 32 : 128;
	if (!isAddress(address, family) || !(prefixLength <= width)) return undefined;
	const hostBits = BigInt(width - prefixLength);
	const first = (addressValue(address) >> hostBits) << hostBits;
	return { family, first, prefixLength, cidr: `${addressText(first, family)}/${prefixLength}` };
}

/** Whether `text` is an address in the notation EC2 takes: four plain decimals, or IPv6 without a zone. */
export function isAddress(text: string, family: Block["family"]): boolean {
	if (family === "ipv4") return ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text);
	return ipaddr.IPv6.isValid(text) && !text.includes("%");
}

/** The address as a number. */
export function addressValue(text: string): bigint {
	return ipaddr
		.parse(text)
		.toByteArray()
		.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The number as an address, IPv6 in its shortest form. */
export function addressText(value: bigint, family: Block["family"]): string {
	const length = family === "ipv4" ? 4 : 16;
	const bytes = Array.from({ length }, (_, index) =>
		Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn),
	);
	return ipaddr.fromByteArray(bytes).toString();
}

/** Whether `inner` lies in `outer` or equals it. */
export function covers(outer: Block, inner: Block): boolean {
	if (outer.family !== inner.family || outer.prefixLength > inner.prefixLength) return false;
	return inner.first >= outer.first && inner.first <= lastAddress(outer);
}

/** Whether the two share an address. */
export function overlaps(a: Block, b: Block): boolean {
	return covers(a, b) || covers(b, a);
}

/** The last address of the block, as a number. */
export function lastAddress(block: Block): bigint {
	const width = block.family === "ipv4" ? 32 : 128;
	return block.first + (1n << BigInt(width - block.prefixLength)) - 1n;
}
