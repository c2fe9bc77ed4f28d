import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpack } from "../../../src/claim/unpack.ts";

/** What is found, one line each: `place: text`, or `place! why`. */
function found(userData: string | Uint8Array): string[] {
	const bytes = typeof userData === "string" ? Buffer.from(userData) : userData;
	return [...unpack(bytes)].map((each) =>
		each.ok ? `${each.place}: ${each.text}` : `${each.place}! ${each.why}`,
	);
}

function multipart(boundary: string, ...parts: readonly (string | Buffer)[]): Buffer {
	return Buffer.concat([
		Buffer.from(`Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n`),
		...parts.flatMap((part) => [Buffer.from(`--${boundary}\n`), Buffer.from(part), Buffer.from("\n")]),
		Buffer.from(`--${boundary}--\n`),
	]);
}

function times<T>(count: number, start: T, step: (value: T, index: number) => T): T {
	let value = start;
	for (let index = 0; index < count; index++) value = step(value, index);
	return value;
}

const DAMAGED = "its gzip is damaged or cut short; pack it again";
const TOO_LONG = "its gzip unpacks to more than 1 MiB; make it smaller";
const TOO_DEEP = "it is packed more than 8 layers deep; pack it less";
const BOUNDLESS = "its MIME multipart has no boundary, or not the one it names; put that before each part";

describe("text", () => {
	it.each([
		["name=worker-0|pod-cidr=10.200.0.0/24"],
		["#cloud-config\npod-cidr: x\n"],
		["mime-version: 1.0\nno content type\n"],
		["no field\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\none\n--B--"],
		[" x\nContent-Type: text/plain\n\ny"],
		["ä€\u{1f600}"],
		[""],
	])("%j is given as it is", (text) => {
		expect(found(text)).toEqual([`user data: ${text}`]);
	});

	it("loses its byte order mark", () => {
		expect(found("\ufeffpod-cidr=x")).toEqual(["user data: pod-cidr=x"]);
	});

	it("need not be UTF-8", () => {
		expect(found(Uint8Array.of(0x61, 0xff, 0x62))).toEqual(["user data: a\ufffdb"]);
	});
});

describe("gzip", () => {
	it("is undone, again and again up to eight layers", () => {
		expect(found(gzipSync("text"))).toEqual(["user data: text"]);
		const eight = times<Buffer>(8, Buffer.from("text"), (bytes) => gzipSync(bytes));
		expect(found(eight)).toEqual(["user data: text"]);
		expect(found(gzipSync(eight))).toEqual([`user data! ${TOO_DEEP}`]);
	});

	it("may unpack to 1 MiB and not to one byte more", () => {
		expect(found(gzipSync("x".repeat(1_048_576)))).toEqual([`user data: ${"x".repeat(1_048_576)}`]);
		expect(found(gzipSync("x".repeat(1_048_577)))).toEqual([`user data! ${TOO_LONG}`]);
	});

	it("shares that 1 MiB between parts, and between layers", () => {
		const half = Buffer.concat([Buffer.from("\n"), gzipSync("x".repeat(524_288))]);
		const more = Buffer.concat([Buffer.from("\n"), gzipSync("x".repeat(524_289))]);
		const text = "x".repeat(524_288);
		expect(found(multipart("B", half, half))).toEqual([
			`user data part 1: ${text}`,
			`user data part 2: ${text}`,
		]);
		expect(found(multipart("B", half, more))).toEqual([
			`user data part 1: ${text}`,
			`user data part 2! ${TOO_LONG}`,
		]);
		expect(found(gzipSync(gzipSync("x".repeat(1_048_576))))).toEqual([`user data! ${TOO_LONG}`]);
	});

	it("is refused when damaged", () => {
		expect(found(Uint8Array.of(0x1f, 0x8b))).toEqual([`user data! ${DAMAGED}`]);
		expect(found(gzipSync(gzipSync("text").subarray(0, -1)))).toEqual([`user data! ${DAMAGED}`]);
	});
});

describe("MIME", () => {
	it("is split into its parts, as cloud-init's tools write them", () => {
		const message = `Content-Type: multipart/mixed; boundary="===============2389165605550749110=="
MIME-Version: 1.0
Number-Attachments: 2

--===============2389165605550749110==
MIME-Version: 1.0
Content-Type: text/cloud-config; charset="us-ascii"
Content-Transfer-Encoding: 7bit
Content-Disposition: attachment; filename="config.yaml"

#cloud-config
pod-cidr: 10.200.0.0/24

--===============2389165605550749110==
Content-Type: text/x-shellscript; charset="utf-8"
MIME-Version: 1.0
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="run.sh"

IyEvYmluL3NoCmVjaG8gaGVsbG8K

--===============2389165605550749110==--
`;
		const parts = [
			"user data part 1: #cloud-config\npod-cidr: 10.200.0.0/24\n",
			"user data part 2: #!/bin/sh\necho hello\n",
		];
		expect(found(message)).toEqual(parts);
		expect(found(gzipSync(message))).toEqual(parts);
		expect(found(`\ufeff${message}`)).toEqual(parts);
		expect(found(`From nobody Sat Nov 21 00:00:00 2026\n${message}`)).toEqual(parts);
		expect(found(message.replaceAll("\n", "\r\n"))).toEqual([
			"user data part 1: #cloud-config\r\npod-cidr: 10.200.0.0/24\r\n",
			"user data part 2: #!/bin/sh\necho hello\n",
		]);
	});

	it("may be one message without parts", () => {
		expect(found("Content-Type: text/cloud-config\nContent-Transfer-Encoding: base64\n\nYWJj\n")).toEqual([
			"user data part 1: abc",
		]);
	});

	it("numbers what nested multiparts hold in one row", () => {
		const inner = multipart("inner", "\ntwo", "\nthree");
		expect(found(multipart("outer", "\none", inner, "\nfour"))).toEqual([
			"user data part 1: one",
			"user data part 2: two",
			"user data part 3: three",
			"user data part 4: four",
		]);
	});

	it("does not let a nested multipart without its last boundary run over", () => {
		const inner = "Content-Type: Multipart/Mixed; boundary=in\n\n--in\n\ntwo";
		expect(found(multipart("out", inner, "\nthree"))).toEqual([
			"user data part 1: two",
			"user data part 2: three",
		]);
	});

	it("takes a part without fields, or without an encoding, as it stands", () => {
		expect(found(multipart("B", "\na=3D", "Content-Type: text/plain\n\nä"))).toEqual([
			"user data part 1: a=3D",
			"user data part 2: ä",
		]);
	});

	it("keeps a byte order mark that is not the first thing", () => {
		expect(found(multipart("B", "\npod-\ufeffcidr"))).toEqual(["user data part 1: pod-\ufeffcidr"]);
	});

	it("undoes gzip inside a part, whichever way it is encoded", () => {
		const packed = gzipSync("text");
		const head = "Content-Type: application/gzip\nContent-Transfer-Encoding:";
		const base64 = `${head} base64\n\n${packed.toString("base64")}`;
		const binary = Buffer.concat([Buffer.from(`${head} binary\n\n`), packed]);
		expect(found(multipart("B", base64, binary))).toEqual([
			"user data part 1: text",
			"user data part 2: text",
		]);
	});

	it("goes on behind a part that it cannot read", () => {
		const encoding = "Content-Transfer-Encoding:";
		expect(found(multipart("B", `${encoding} base64\n\n!`, `${encoding} x-uu\n\n!`, "\nthree"))).toEqual([
			"user data part 1! its base64 is damaged or cut short; encode it again",
			"user data part 2! its transfer encoding is not one podroute reads; use base64",
			"user data part 3: three",
		]);
	});

	it.each([
		"Content-Type: multipart/mixed\n\n--B\n\none\n--B--",
		"Content-Type: multipart/mixed; boundary=C\n\n--B\n\none\n--B--",
		"Content-Type: multipart/mixed; boundary=B",
	])("is refused without its boundary: %j", (message) => {
		expect(found(message)).toEqual([`user data! ${BOUNDLESS}`]);
	});

	it("tells in which part a multipart without its boundary is packed", () => {
		const packed = gzipSync("Content-Type: multipart/mixed\n\n").toString("base64");
		const part = `Content-Transfer-Encoding: base64\n\n${packed}`;
		expect(found(multipart("B", "\none", part))).toEqual([
			"user data part 1: one",
			`user data part 2! ${BOUNDLESS}`,
		]);
	});

	it("without any part holds nothing", () => {
		expect(found(multipart("B"))).toEqual([]);
	});
});

describe("layers", () => {
	const nest = (bytes: Buffer, index: number) => multipart(`B${index}`, bytes);

	it("are eight at most, of multiparts", () => {
		const seven = times<Buffer>(7, Buffer.from("\ntext"), nest);
		expect(found(seven)).toEqual([`user data part 1: text`]);
		expect(found(multipart("last", seven))).toEqual([`user data! ${TOO_DEEP}`]);
	});

	it("are eight at most, of messages in messages", () => {
		const eight = `${"Content-Type: text/plain\n\n".repeat(8)}text`;
		expect(found(eight)).toEqual(["user data part 8: text"]);
		expect(found(`Content-Type: text/plain\n\n${eight}`)).toEqual([`user data part 8! ${TOO_DEEP}`]);
	});

	it("are eight at most, of both with gzip", () => {
		const layered = (gzips: number) => {
			const packed = times<Buffer>(gzips, Buffer.from("text"), (bytes) => gzipSync(bytes));
			return gzipSync(multipart("B", Buffer.concat([Buffer.from("\n"), packed])));
		};
		expect(found(layered(5))).toEqual(["user data part 1: text"]);
		expect(found(layered(6))).toEqual([`user data part 1! ${TOO_DEEP}`]);
	});

	it("do not add up from one part to the next", () => {
		const six = multipart("B", ...Array.from({ length: 20 }, (_, index) => `\n${index}`));
		expect(found(six)).toHaveLength(20);
	});
});
