import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readClaim } from "../../../src/claim/read-claim.ts";
import type { Claim } from "../../../src/model/claim.ts";

const KEYS = { tag: "pod-cidr", userData: "pod-cidr" };
const A = "10.200.0.0/24";
const B = "10.200.1.0/24";
const V6 = "fd00:10:200::/64";

interface Written {
	readonly tag?: string;
	readonly userData?: string | Uint8Array;
}

function claimOf({ tag, userData }: Written, keys = KEYS): Claim {
	const tags = new Map([["Name", `worker|pod-cidr=${B}`]]);
	if (tag !== undefined) tags.set(keys.tag, tag);
	const bytes = typeof userData === "string" ? Buffer.from(userData) : userData;
	return readClaim({ tags, userData: bytes }, keys);
}

/** `none`, `blocks @ place`, or `reason: detail`. */
function told(written: Written): string {
	const claim = claimOf(written);
	if (claim.kind === "blocks") return `${claim.blocks.map(({ text }) => text).join()} @ ${claim.place}`;
	return claim.kind === "refused" ? `${claim.reason}: ${claim.detail}` : claim.kind;
}

describe("no claim", () => {
	it.each<[string, Written]>([
		["neither tag nor user data", {}],
		["empty user data", { userData: "" }],
		["the tutorial's controller", { userData: "name=controller-0" }],
		["a key that only begins with it", { userData: `pod-cidr-v6=${V6}` }],
		["a commented line", { userData: `#!/bin/sh\n# POD_CIDR=${A}\n` }],
		["a multipart without parts", { userData: "Content-Type: multipart/mixed; boundary=B\n\n--B--" }],
		["an empty gzip", { userData: gzipSync("") }],
	])("%s", (_, written) => {
		expect(claimOf(written)).toEqual({ kind: "none" });
	});

	it("is what another tag, or another key, leaves", () => {
		const tags = new Map([["pod-cidr", A]]);
		const userData = Buffer.from(`pod-cidr=${A}`);
		expect(readClaim({ tags, userData }, { tag: "blocks", userData: "blocks" })).toEqual({ kind: "none" });
	});
});

describe("a claim", () => {
	it.each<[string, Written, string]>([
		["the tutorial's worker", { userData: `name=worker-0|pod-cidr=${A}` }, `${A} @ user data line 1`],
		["a cloud-config", { userData: `#cloud-config\n\npod-cidr: "${A}" # one\n` }, `${A} @ user data line 3`],
		["a shell script", { userData: `#!/bin/sh\nexport POD_CIDR='${A}'\n` }, `${A} @ user data line 2`],
		["a tag", { tag: A }, `${A} @ tag pod-cidr`],
		["a tag beside user data without one", { tag: A, userData: "name=worker-0" }, `${A} @ tag pod-cidr`],
		["one block of each family", { tag: `${V6},${A}` }, `${A},${V6} @ tag pod-cidr`],
		["CRLF", { userData: `x\r\npod-cidr=${A}\r\n` }, `${A} @ user data line 2`],
		["gzip", { userData: gzipSync(`x\npod-cidr=${A}`) }, `${A} @ user data line 2`],
		[
			"MIME",
			{ userData: `Content-Type: multipart/mixed; boundary=B\n\n--B\n\none\n--B\n\n\npod-cidr=${A}\n--B--` },
			`${A} @ user data part 2 line 2`,
		],
		[
			"jinja that was filled in",
			{ userData: `## template: jinja\npod-cidr: ${A}` },
			`${A} @ user data line 2`,
		],
	])("%s", (_, written, expected) => {
		expect(told(written)).toBe(expected);
	});

	it("holds its blocks whole", () => {
		expect(claimOf({ tag: A })).toEqual({
			kind: "blocks",
			place: "tag pod-cidr",
			blocks: [
				{ text: A, family: "ipv4", prefixLength: 24, first: 0x0ac80000n, last: 0x0ac800ffn, __brand: "Cidr" },
			],
		});
	});

	it.each<[string, Written, string]>([
		["twice in user data", { userData: `pod-cidr=${A}\nPOD_CIDR="${A}"` }, `${A} @ user data line 1`],
		["in tag and user data", { tag: A, userData: `pod-cidr: ${A}` }, `${A} @ tag pod-cidr`],
		[
			"in another order and spelling",
			{ tag: `${A},${V6}`, userData: `pod-cidr=FD00:10:200:0::/64 ${A}` },
			`${A},${V6} @ tag pod-cidr`,
		],
	])("may be written %s", (_, written, expected) => {
		expect(told(written)).toBe(expected);
	});

	it("is looked for under the configured names", () => {
		const keys = { tag: "example.com/blocks", userData: "node-blocks" };
		expect(claimOf({ tag: A, userData: `NODE_BLOCKS=${B}` }, keys)).toEqual({
			kind: "refused",
			reason: "contradictory-claim",
			detail:
				"tag example.com/blocks and user data line 1 name different blocks: make them the same, or remove one",
		});
	});
});

const FAULTS: readonly [string, string][] = [
	["", "it is empty; write the block, or leave the key out"],
	["{{ pod_cidr }}", "it is a placeholder that nobody filled in; write the block itself"],
	["10.200.0.1/24", "it has host bits set; write the first address of the block, as in 10.200.0.0/24"],
	[`${A},${B}`, "it names more than one IPv4 block; a node serves one of each family"],
	[`${A},`, "it has a comma without a block on each side; write both, or no comma"],
	["tomorrow", "it is not a CIDR block; write one such as 10.200.0.0/24"],
];

describe("a malformed claim", () => {
	it.each(FAULTS)("%j in the tag", (value, why) => {
		expect(told({ tag: value })).toBe(`malformed-claim: tag pod-cidr cannot be taken for a claim: ${why}`);
	});

	it.each(FAULTS)("%j in user data", (value, why) => {
		const place = "user data line 2";
		const expected = `malformed-claim: ${place} cannot be taken for a claim: ${why}`;
		expect(told({ userData: `x\npod-cidr=${value}` })).toBe(expected);
		expect(told({ userData: `x\npod-cidr: ${value}` })).toBe(expected);
		expect(told({ userData: `x\nexport POD_CIDR="${value}"` })).toBe(expected);
	});

	it("is a line of the tutorial that asks the instance itself", () => {
		const userData =
			'POD_CIDR=$(curl -s http://169.254.169.254/latest/user-data/ | tr "|" "\\n" | grep "^pod-cidr")';
		expect(told({ userData })).toBe(
			"malformed-claim: user data line 1 cannot be taken for a claim: it is a placeholder that nobody filled in; write the block itself",
		);
	});

	it("is user data that cannot be unpacked, whatever the tag says", () => {
		const userData = gzipSync(`pod-cidr=${A}`).subarray(0, -4);
		const expected =
			"malformed-claim: user data cannot be taken for a claim: its gzip is damaged or cut short; pack it again";
		expect(told({ userData })).toBe(expected);
		expect(told({ tag: A, userData })).toBe(expected);
	});

	it.each<[string, Written]>([
		["before a good one", { userData: `pod-cidr=x\npod-cidr=${A}` }],
		["behind a good one", { userData: `pod-cidr=${A}\npod-cidr=x` }],
		["behind two that differ", { userData: `pod-cidr=${A}\npod-cidr=${B}\npod-cidr=x` }],
		["in the tag beside good user data", { tag: "x", userData: `pod-cidr=${A}` }],
		["in user data beside a good tag", { tag: A, userData: "pod-cidr=x" }],
	])("refuses all when it stands %s", (_, written) => {
		expect(claimOf(written)).toMatchObject({ kind: "refused", reason: "malformed-claim" });
	});

	it("is told of the first place where there is one", () => {
		expect(told({ userData: "pod-cidr=x\npod-cidr=" })).toContain("user data line 1 cannot");
		expect(told({ tag: "x", userData: "pod-cidr=" })).toContain("tag pod-cidr cannot");
	});
});

describe("a contradictory claim", () => {
	it.each<[string, Written, string]>([
		["tag and user data", { tag: A, userData: `pod-cidr=${B}` }, "tag pod-cidr and user data line 1"],
		["two lines", { userData: `pod-cidr=${A}\nPOD_CIDR=${B}` }, "user data line 1 and user data line 2"],
		["one line", { userData: `pod-cidr=${A}|pod-cidr=${B}` }, "user data line 1 and user data line 1"],
		["one family and two", { tag: A, userData: `pod-cidr=${A},${V6}` }, "tag pod-cidr and user data line 1"],
		[
			"two families and one",
			{ tag: `${A},${V6}`, userData: `pod-cidr=${V6}` },
			"tag pod-cidr and user data line 1",
		],
		[
			"the second of three",
			{ userData: `pod-cidr=${A}\npod-cidr=${A}\npod-cidr=${B}\npod-cidr=${A}` },
			"user data line 1 and user data line 3",
		],
		[
			"the first of several that differ",
			{ tag: A, userData: `pod-cidr=${B}\npod-cidr=${V6}` },
			"tag pod-cidr and user data line 1",
		],
	])("%s", (_, written, places) => {
		expect(told(written)).toBe(
			`contradictory-claim: ${places} name different blocks: make them the same, or remove one`,
		);
	});
});
