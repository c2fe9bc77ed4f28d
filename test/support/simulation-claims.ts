/** A text that a node may carry as its claim, and what it means by docs and contract: written down, not parsed. */
export interface ClaimText {
	readonly text: string;
	/** What it names, in canonical form; none where it cannot be taken for a claim. */
	readonly blocks: readonly string[];
	/** Whether the claim stands by itself. */
	readonly valid: boolean;
}

const good = (text: string, blocks = [text]): ClaimText => ({ text, blocks, valid: true });
const bad = (text: string, blocks: readonly string[] = []): ClaimText => ({ text, blocks, valid: false });

/** Few blocks, so that claims meet: equal ones, one inside another, both families, and every kind of bad one. */
export const CLAIM_TEXTS: readonly ClaimText[] = [
	good("10.200.0.0/24"),
	good("10.200.1.0/24"),
	good("10.200.2.0/24"),
	good("10.200.3.0/24"),
	good("10.200.4.0/24"),
	good("10.200.0.0/23"),
	good("10.200.0.128/25"),
	good("fd00:10:200::/64"),
	good("10.200.2.0/24,fd00:10:200:2::/64", ["10.200.2.0/24", "fd00:10:200:2::/64"]),
	good("fd00:10:200:2:0::/63", ["fd00:10:200:2::/63"]),
	bad("10.200.0.7/24"),
	bad("{{ pod_cidr }}"),
	bad("10.9.0.0/24", ["10.9.0.0/24"]),
	bad("10.200.0.0/16", ["10.200.0.0/16"]),
	bad("10.200.240.0/24", ["10.200.240.0/24"]),
	bad("10.200.1.0/24 fd00:10:201::/64", ["10.200.1.0/24", "fd00:10:201::/64"]),
];

/** What a node says altogether, in tag and user data. */
export interface Meaning {
	readonly kind: "none" | "valid" | "refused" | "unread";
	/** Every block it names, rightly or not. Unknown, so empty, where nothing could be read. */
	readonly named: readonly string[];
}

/** Texts by what follows the key in user data, and by the tag's value. */
const BY_TEXT = new Map(CLAIM_TEXTS.map((claim) => [claim.text, claim]));

/** User data that states a claim, in one of the forms; `undefined` states none. */
export function userDataOf(claim: ClaimText | undefined, name: string): string {
	return claim === undefined ? `name=${name}` : `name=${name}|pod-cidr=${claim.text}`;
}

/** What tag and user data mean together. */
export function meaningOf(tag: string | undefined, userData: string | undefined): Meaning {
	const marker = "|pod-cidr=";
	const at = userData?.indexOf(marker) ?? -1;
	const said = userData === undefined || at < 0 ? undefined : claimOf(userData.slice(at + marker.length));
	const tagged = tag === undefined ? undefined : claimOf(tag);
	const stated = [tagged, said].filter((claim) => claim !== undefined);
	const [first] = stated;
	if (first === undefined) return { kind: "none", named: [] };
	const named = stated.flatMap(({ blocks }) => blocks);
	if (stated.some(({ blocks }) => blocks.length === 0)) return { kind: "refused", named: [] };
	if (stated.some(({ blocks }) => blocks.join() !== first.blocks.join()))
		return { kind: "refused", named: [] };
	return { kind: stated.every(({ valid }) => valid) ? "valid" : "refused", named };
}

function claimOf(text: string): ClaimText {
	const claim = BY_TEXT.get(text);
	if (claim === undefined) throw new Error(`Nobody wrote down what ${text} means`);
	return claim;
}

interface Span {
	readonly family: "ipv4" | "ipv6";
	readonly first: bigint;
	readonly last: bigint;
}

const spans = new Map<string, Span>();

/** The addresses of a block: its own arithmetic, apart from the code under test. */
function spanOf(block: string): Span {
	const known = spans.get(block);
	if (known !== undefined) return known;
	const [address = "", length = ""] = block.split("/");
	const span = address.includes(":")
		? spanning("ipv6", hextets(address), Number(length), 16, 128)
		: spanning("ipv4", address.split(".").map(Number), Number(length), 8, 32);
	spans.set(block, span);
	return span;
}

function spanning(
	family: Span["family"],
	parts: readonly number[],
	length: number,
	width: number,
	bits: number,
): Span {
	const first = parts.reduce((sum, part) => (sum << BigInt(width)) | BigInt(part), 0n);
	return { family, first, last: first + (1n << BigInt(bits - length)) - 1n };
}

function hextets(address: string): readonly number[] {
	const [head = "", tail = ""] = address.split("::");
	const left = head.split(":").filter((part) => part !== "");
	const right = tail.split(":").filter((part) => part !== "");
	const zeros = Array<string>(8 - left.length - right.length).fill("0");
	return [...left, ...zeros, ...right].map((part) => Number.parseInt(part, 16));
}

/** Whether `inner` lies in `outer`; a block lies in itself. */
export function isIn(inner: string, outer: string): boolean {
	const [a, b] = [spanOf(inner), spanOf(outer)];
	return a.family === b.family && a.first >= b.first && a.last <= b.last;
}

/** Whether two blocks differ and share an address. */
export function clash(a: string, b: string): boolean {
	return a !== b && (isIn(a, b) || isIn(b, a));
}
