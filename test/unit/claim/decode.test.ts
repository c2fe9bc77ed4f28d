import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeTransfer, gunzip, isGzip } from "../../../src/claim/decode.ts";

const BROKEN_GZIP = { ok: false, why: "its gzip is damaged or cut short; pack it again" };
const LONG_GZIP = { ok: false, why: "its gzip unpacks to more than 1 MiB; make it smaller" };
const BROKEN_BASE64 = { ok: false, why: "its base64 is damaged or cut short; encode it again" };
const UNKNOWN = { ok: false, why: "its transfer encoding is not one podroute reads; use base64" };

describe("isGzip", () => {
	it.each([
		[[0x1f, 0x8b], true],
		[[0x1f, 0x8b, 8, 0], true],
		[[0x1f], false],
		[[], false],
		[[0x1f, 0x8c], false],
		[[0x1e, 0x8b], false],
		[[0, 0x1f, 0x8b], false],
	])("%j: %s", (bytes, expected) => {
		expect(isGzip(Uint8Array.from(bytes))).toBe(expected);
	});
});

describe("gunzip", () => {
	it("unpacks as many bytes as are allowed, and not one more", () => {
		const packed = gzipSync("12345");
		expect(gunzip(packed, 5)).toEqual({ ok: true, bytes: Buffer.from("12345") });
		expect(gunzip(packed, 4)).toEqual(LONG_GZIP);
	});

	it("calls it too long when nothing is allowed any more", () => {
		expect(gunzip(gzipSync("1"), 0)).toEqual(LONG_GZIP);
	});

	it("does not take a part for the whole: cut short is damaged", () => {
		const packed = gzipSync("pod-cidr=10.200.0.0/24");
		expect(gunzip(packed.subarray(0, -9), 100)).toEqual(BROKEN_GZIP);
		expect(gunzip(packed.subarray(0, 2), 100)).toEqual(BROKEN_GZIP);
	});

	it("notices a checksum that does not fit", () => {
		const packed = gzipSync("pod-cidr=10.200.0.0/24");
		packed[packed.length - 8] = (packed[packed.length - 8] ?? 0) ^ 1;
		expect(gunzip(packed, 100)).toEqual(BROKEN_GZIP);
	});
});

describe("decodeTransfer", () => {
	it.each([
		["7bit", "a=3Db", "a=3Db"],
		["8bit", "\xc3\xa4", "ä"],
		["binary", "a\r\nb", "a\r\nb"],
		["8BIT", "a", "a"],
		["base64", "YWJj", "abc"],
		["BASE64", "YW\r\nJj\n", "abc"],
		["Base64", "YWI", "ab"],
		["base64", "YWI=", "ab"],
		["base64", "w6Q=", "ä"],
		["base64", "", ""],
		["quoted-printable", "a=3Db=3db", "a=b=b"],
		["Quoted-Printable", "=C3=a4", "ä"],
		["quoted-printable", "a=\nb=\r\nc= \t\nd", "abcd"],
		["quoted-printable", "a = b =3 =Gx =xG =\r", "a = b =3 =Gx =xG =\r"],
		["quoted-printable", "a=", "a"],
		["quoted-printable", "a=\n=\n", "a"],
		["quoted-printable", "a= \t", "a"],
		["quoted-printable", "a=.\nb", "a=.\nb"],
		["quoted-printable", "a\r\nb\n", "a\r\nb\n"],
	])("%s of %j is %j", (encoding, body, text) => {
		expect(decodeTransfer(body, encoding)).toEqual({ ok: true, bytes: Buffer.from(text) });
	});

	it("keeps every byte of a binary body", () => {
		const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
		expect(decodeTransfer(bytes.toString("latin1"), "binary")).toEqual({ ok: true, bytes });
		expect(decodeTransfer(bytes.toString("base64"), "base64")).toEqual({ ok: true, bytes });
	});

	it.each(["YWJj!", "YWJjZ", "YW=Jj", "YWJj-_", "==="])("base64 %j is damaged", (body) => {
		expect(decodeTransfer(body, "base64")).toEqual(BROKEN_BASE64);
	});

	it.each(["x-uuencode", "base64; x=y", "quoted", ""])("refuses the encoding %j", (encoding) => {
		expect(decodeTransfer("YWJj", encoding)).toEqual(UNKNOWN);
	});
});
