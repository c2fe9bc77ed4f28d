import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClaim } from "../../src/claim/read-claim.ts";
import type { Claim } from "../../src/model/claim.ts";

const KEYS = { tag: "pod-cidr", userData: "pod-cidr" };

function claimOf(userData: Uint8Array | undefined, tag?: string): Claim {
	return readClaim({ tags: new Map(tag === undefined ? [] : [["pod-cidr", tag]]), userData }, KEYS);
}

const v4 = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.${a}.${b}.0/24`);
/** Each group begins with a digit that is not 0, so that the text is already canonical. */
const v6 = fc
	.tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
	.map(([a, b]) => `fd00:${a.toString(16)}:${b.toString(16)}::/64`);
const blocks = fc.oneof(
	v4.map((a) => [a]),
	v6.map((a) => [a]),
	fc.tuple(v4, v6),
);

type Step<T> = (value: T) => T;

/** The ways to write a claim down on lines of their own. */
const form = fc.constantFrom<Step<string>>(
	(value) => `pod-cidr=${value}`,
	(value) => `name=worker-0|pod-cidr=${value}`,
	(value) => ` pod-cidr = ${value} | name = worker-0 `,
	(value) => `#cloud-config\npod-cidr: ${value} # of this node`,
	(value) => `#cloud-config\nnode:\n  pod-cidr: "${value}"`,
	(value) => `pod-cidr: '${value}'`,
	(value) => `#!/bin/sh\nPOD_CIDR=${value}`,
	(value) => `#!/bin/sh\n\texport POD_CIDR="${value}"; echo done`,
	(value) => `POD_CIDR='${value}' # of this node`,
);

const lineEnd = fc.constantFrom<Step<string>>(
	(text) => text,
	(text) => `${text}\n`,
	(text) => text.replaceAll("\n", "\r\n"),
	(text) => `\ufeff${text}`,
);

function message(head: string, body: string | Uint8Array): Buffer {
	return Buffer.concat([Buffer.from(`${head}\n\n`), Buffer.from(body)]);
}

/** Every byte escaped, in lines that are broken after each third one. */
function quotedPrintable(bytes: Uint8Array): string {
	return [...bytes]
		.map(
			(byte, index) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}${index % 3 === 2 ? "=\n" : ""}`,
		)
		.join("");
}

const packing = fc.constantFrom<Step<Buffer>>(
	(bytes) => bytes,
	(bytes) => gzipSync(bytes),
	(bytes) =>
		message(
			'Content-Type: multipart/mixed;\n boundary="=="\nMIME-Version: 1.0',
			[
				"--==\nContent-Type: text/plain\n\nhello\n",
				`--==\nContent-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\n${bytes.toString("base64")}\n`,
				"--==--\n",
			].join(""),
		),
	(bytes) =>
		message(
			"Content-Type: text/cloud-config\nContent-Transfer-Encoding: quoted-printable",
			quotedPrintable(bytes),
		),
	(bytes) =>
		Buffer.concat([
			message(
				`MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=out${bytes.length}`,
				`before\n--out${bytes.length}\n`,
			),
			message(`Content-Type: multipart/alternative; boundary=in${bytes.length}`, `--in${bytes.length}\n`),
			message("Content-Transfer-Encoding: binary", bytes),
			Buffer.from(`\n--in${bytes.length}--\n--out${bytes.length}--\n`),
		]),
);

/** Two at most: one packing is three layers at most, and eight are allowed. Boundaries differ by length. */
const packings = fc.array(packing, { maxLength: 2 });

function pack(text: string, steps: readonly Step<Buffer>[]): Buffer {
	return steps.reduce<Buffer>((bytes, step) => step(bytes), Buffer.from(text));
}

describe("a claim", () => {
	it("reads back from every form, in every packing", () => {
		fc.assert(
			fc.property(
				blocks,
				fc.constantFrom(",", " ", ", "),
				fc.boolean(),
				form,
				lineEnd,
				packings,
				(list, separator, reversed, write, end, steps) => {
					const value = (reversed ? [...list].reverse() : list).join(separator);
					const claim = claimOf(pack(end(write(value)), steps), value);
					expect(claim).toMatchObject({ kind: "blocks", place: "tag pod-cidr" });
					expect(claim.kind === "blocks" && claim.blocks.map(({ text }) => text)).toEqual(list);
					const alone = claimOf(pack(end(write(value)), steps));
					expect(alone.kind === "blocks" && alone.blocks.map(({ text }) => text)).toEqual(list);
				},
			),
			{ numRuns: 500 },
		);
	});

	it("that differs from another one anywhere is contradictory", () => {
		fc.assert(
			fc.property(blocks, blocks, form, form, packings, (one, two, write, writeToo, steps) => {
				fc.pre(one.join() !== two.join());
				const lines = `${write(one.join())}\n${writeToo(two.join())}`;
				expect(claimOf(pack(lines, steps))).toMatchObject({ reason: "contradictory-claim" });
				expect(claimOf(pack(write(one.join()), steps), two.join())).toMatchObject({
					reason: "contradictory-claim",
				});
			}),
		);
	});
});

/** Text that looks like what is read here, so that random input gets past the first decision. */
const lookalike = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				"pod-cidr",
				"POD_CIDR",
				"=",
				": ",
				"|",
				"\n",
				"\r\n",
				"#",
				'"',
				"'",
				" ",
				",",
				"export ",
			),
			fc.constantFrom("10.200.0.0/24", "fd00::/64", "10.200.0.1/24", "{{ x }}", "$(x)", "`x`", ";"),
			fc.constantFrom(
				"Content-Type: multipart/mixed; boundary=B\n\n",
				"--B\n",
				"--B--\n",
				"\n\n",
				"From x\n",
			),
			fc.constantFrom("Content-Transfer-Encoding: base64\n\n", "Content-Transfer-Encoding: x\n\n", "YWJj"),
			fc.string({ unit: "binary", maxLength: 6 }),
		),
		{ maxLength: 40 },
	)
	.map((pieces) => pieces.join(""));

const userData = fc.oneof(
	fc.uint8Array({ maxLength: 200 }),
	fc.uint8Array({ maxLength: 100 }).map((bytes) => Uint8Array.of(0x1f, 0x8b, 8, ...bytes)),
	fc.tuple(lookalike, packings).map(([text, steps]) => pack(text, steps)),
	fc.tuple(lookalike, fc.nat(400)).map(([text, length]) => gzipSync(text).subarray(0, length)),
);

describe("any user data and any tag", () => {
	it("never throws, and is none, blocks or refused", () => {
		fc.assert(
			fc.property(userData, fc.option(lookalike, { nil: undefined }), (bytes, tag) => {
				const claim = claimOf(bytes, tag);
				expect(["none", "blocks", "refused"]).toContain(claim.kind);
				if (claim.kind !== "blocks") return;
				const families = claim.blocks.map(({ family }) => family);
				expect([["ipv4"], ["ipv6"], ["ipv4", "ipv6"]]).toContainEqual(families);
			}),
			{ numRuns: 2_000 },
		);
	});

	it("is never quoted", () => {
		const SECRET = "hunter2";
		const spots = fc.constantFrom<Step<string>>(
			(text) => `${SECRET}\n${text}`,
			(text) => `${text}${SECRET}`,
			(text) => `${text}\nPASSWORD=${SECRET}`,
			(text) => `pod-cidr=${SECRET}|${text}`,
			(text) => `POD_CIDR=$(${SECRET})\n${text}`,
			(text) => `pod-cidr: 10.200.0.0/24 ${SECRET}\n${text}`,
			(text) =>
				`Content-Type: ${SECRET}/x; boundary=${SECRET}\nContent-Transfer-Encoding: ${SECRET}\n\n${text}`,
			(text) => `Content-Type: multipart/${SECRET}; boundary=${SECRET}\n\n${text}`,
		);
		fc.assert(
			fc.property(lookalike, spots, packings, fc.boolean(), (text, plant, steps, tagged) => {
				const planted = plant(text);
				const claim = claimOf(pack(planted, steps), tagged ? planted : undefined);
				const json = JSON.stringify(claim, (_, value) => (typeof value === "bigint" ? `${value}` : value));
				expect(json).not.toContain(SECRET);
			}),
			{ numRuns: 1_000 },
		);
	});
});
