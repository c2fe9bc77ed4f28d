import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClaim } from "../../src/claim/read-claim.ts";
import { parseHint } from "../../src/hint/parse-hint.ts";
import { parseBackfillInput } from "../../src/lambda/backfill-input.ts";
import { parseSettings } from "../../src/settings.ts";
import { growthOf, LINEAR_MAX, thrownBy } from "../support/fuzz.ts";

const KEYS = { tag: "pod-cidr", userData: "pod-cidr" };

function readUserData(text: string): void {
	readClaim({ tags: new Map(), userData: Buffer.from(text) }, KEYS);
}

function readPacked(text: string): void {
	readClaim({ tags: new Map(), userData: gzipSync(text, { level: 1 }) }, KEYS);
}

function readTag(text: string): void {
	readClaim({ tags: new Map([["pod-cidr", text]]), userData: undefined }, KEYS);
}

function repeat(head: string, unit: string, tail = ""): (length: number) => string {
	return (length) => `${head}${unit.repeat(Math.ceil(length / unit.length))}${tail}`;
}

/** Where a reader that goes back would go back: separators, quotes, blanks and boundaries without end. */
const TEXTS = {
	"entries without a value": repeat("", "pod-cidr|"),
	"claims that agree": repeat("", "pod-cidr=10.200.0.0/24\n"),
	"claims that differ": repeat("pod-cidr=10.200.1.0/24\n", "pod-cidr=10.200.0.0/24\n"),
	"a key and blanks": repeat("pod-cidr", " ", "x"),
	"a value and blanks": repeat("pod-cidr: 10.200.0.0/24", " ", "x"),
	quotes: repeat("POD_CIDR=", '"'),
	"a quote that does not end": repeat('POD_CIDR="', "a "),
	exports: repeat("", "export "),
	"line ends": repeat("", "\r\n"),
	"carriage returns": repeat("", "\r"),
	comments: repeat("", "#\n"),
	commas: repeat("pod-cidr=", ","),
	blocks: repeat("pod-cidr=", "10.200.0.0/24,"),
	placeholders: repeat("pod-cidr=", "{{"),
	"header fields": repeat("", "A: b\n"),
	"a folded header field": repeat("Content-Type: multipart/mixed;\n", " ;\n"),
	"a field name without a colon": repeat("Content-Type", "a"),
	"boundaries without a name": repeat("Content-Type: multipart/mixed", "; boundary=", "\n\n"),
	"boundaries and blanks": repeat("Content-Type: multipart/mixed; boundary", " ", "\n\n"),
	"boundaries in quotes": repeat("Content-Type: multipart/mixed", '; boundary="', "\n\n"),
	"empty parts": repeat("Content-Type: multipart/mixed; boundary=B\n\n", "--B\n\n"),
	"parts that are multiparts": repeat(
		"Content-Type: multipart/mixed; boundary=B\n\n",
		"--B\nContent-Type: multipart/mixed; boundary=B\n\n",
	),
	"a part of line ends": repeat("Content-Type: multipart/mixed; boundary=B\n\n--B\n\n", "\r\n", "x\n--B--"),
	"quoted-printable blanks": repeat(
		"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n=",
		" ",
		"x",
	),
	"quoted-printable line ends": repeat(
		"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n",
		"= \n",
	),
	base64: repeat("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n", "QUFB"),
	"From lines": repeat("", "From x\n"),
};

describe("The time it takes to read user data of 8 times the length grows no faster than the length", () => {
	it.each(Object.entries(TEXTS))("%s", (_, make) => {
		expect(growthOf(readUserData, make)).toBeLessThan(LINEAR_MAX);
		expect(growthOf(readPacked, make)).toBeLessThan(LINEAR_MAX);
		expect(growthOf(readTag, make)).toBeLessThan(LINEAR_MAX);
	});

	it("any piece, repeated between any two others", () => {
		const piece = fc
			.array(
				fc.constantFrom(
					..."=:|#\"' ,;&-\n\r\t$`",
					"pod-cidr",
					"POD_CIDR",
					"10.200.0.0/24",
					"fd00::/64",
					"Content-Type: multipart/mixed; boundary=B",
					"Content-Transfer-Encoding: quoted-printable",
					"--B",
				),
				{ minLength: 1, maxLength: 6 },
			)
			.map((parts) => parts.join(""));
		fc.assert(
			fc.property(piece, piece, piece, (head, unit, tail) => {
				expect(growthOf(readUserData, repeat(head, unit, tail))).toBeLessThan(LINEAR_MAX);
			}),
			{ numRuns: 60 },
		);
	});
});

describe("The time it takes to read what else comes in grows no faster than its length", () => {
	const event = {
		source: "aws.ec2",
		"detail-type": "EC2 Instance State-change Notification",
		time: "2026-01-02T03:04:05Z",
		detail: { "instance-id": "i-0123456789abcdef0" },
	};
	const readers: Readonly<Record<string, (text: string) => void>> = {
		"an event's time": (time) => thrownBy(() => parseHint({ ...event, time })),
		"an event's instance": (id) => thrownBy(() => parseHint({ ...event, detail: { "instance-id": id } })),
		"an event's ARN": (arn) =>
			thrownBy(() =>
				parseHint({
					...event,
					source: "aws.tag",
					"detail-type": "Tag Change on Resource",
					resources: [arn],
					detail: { service: "ec2", "resource-type": "instance" },
				}),
			),
		"a backfill's instances": (text) =>
			thrownBy(() => parseBackfillInput({ instanceIds: text.split(","), planId: text })),
		"a setting": (text) =>
			thrownBy(() =>
				parseSettings({
					NODE_FILTERS: text,
					ROUTE_TABLES: text,
					CLUSTER_CIDRS: text,
					DELETE_SHARE_MAX: text,
				}),
			),
	};
	const units = ["i-0", "arn:", ":", "2026-01-02T", "0", " ", "=,;", "rtb-0,", "tag:a=b;"];
	it.each(Object.entries(readers))("%s", (_, read) => {
		for (const unit of units) expect(growthOf(read, repeat("", unit, "x"))).toBeLessThan(LINEAR_MAX);
	});
});
