import { describe, expect, it } from "vitest";
import { boundaryOf, fieldOf, readEntity, splitParts } from "../../../src/claim/mime.ts";

describe("readEntity", () => {
	it.each([
		["fields up to a blank line", "A: 1\nB: 2\n\nbody\n", ["A: 1", "B: 2"], "body\n"],
		["CRLF", "A: 1\r\nB: 2\r\n\r\nbody\r\n", ["A: 1", "B: 2"], "body\r\n"],
		["a line of spaces counts as blank", "A: 1\n \t\nbody", ["A: 1"], "body"],
		["a field folded over lines", "A: 1;\n  b=2;\r\n\tc=3\n\nbody", ["A: 1;  b=2;\tc=3"], "body"],
		["a fold belongs to the field above it", "A: 1\nB: 2\n 3\n\nx", ["A: 1", "B: 2 3"], "x"],
		["a line that is no field starts the body", "A: 1\nno field\nB: 2\n", ["A: 1"], "no field\nB: 2\n"],
		["a name has no space", "A: 1\nb c: 2\n", ["A: 1"], "b c: 2\n"],
		["a name is printable", "A: 1\n\xe4: 2\n", ["A: 1"], "\xe4: 2\n"],
		["a name is not empty", "A: 1\n: 2\n", ["A: 1"], ": 2\n"],
		["a text that starts indented is all body", " x\nA: 1\n\ny", [], " x\nA: 1\n\ny"],
		["a text that starts blank has no fields", "\nA: 1\n", [], "A: 1\n"],
		["a mailbox line on top", "From nobody Sat Nov 21\nA: 1\n\nbody", ["A: 1"], "body"],
		["a mailbox line further down is body", "A: 1\nFrom nobody\nB: 2", ["A: 1"], "From nobody\nB: 2"],
		["a first line that only looks like one", "Fromage\nA: 1\n\nx", [], "Fromage\nA: 1\n\nx"],
		["nothing but fields", "A: 1", ["A: 1"], ""],
		["nothing", "", [], ""],
	])("%s", (_, text, fields, body) => {
		expect(readEntity(text)).toEqual({ fields, body });
	});
});

describe("fieldOf", () => {
	const entity = readEntity(
		"X-Content-Type: no\nCONTENT-type:  a/b; c=D \nContent-Type: later\nContent: x\n\n",
	);

	it("finds the first field of that name, in any case, trimmed", () => {
		expect(fieldOf(entity, "content-type")).toBe("a/b; c=D");
	});

	it("takes neither the start of a name nor another field for it", () => {
		expect(fieldOf(entity, "content")).toBe("x");
		expect(fieldOf(entity, "content-transfer-encoding")).toBeUndefined();
	});
});

describe("boundaryOf", () => {
	it.each([
		['multipart/mixed; boundary="==B=="', "==B=="],
		["multipart/mixed; boundary=B", "B"],
		["multipart/mixed; boundary=B; charset=x", "B"],
		["multipart/mixed;boundary=B;charset=x", "B"],
		["multipart/mixed; boundary=B\tx", "B"],
		['multipart/mixed; BOUNDARY = "a b;c"; x=y', "a b;c"],
		['multipart/mixed;  \t boundary  =  "B"', "B"],
		['multipart/mixed; charset="x"; boundary="B"', "B"],
		["multipart/mixed", undefined],
		["multipart/mixed; boundary", undefined],
		["multipart/mixed; boundary=", undefined],
		['multipart/mixed; boundary=""', undefined],
		["multipart/mixed; x-boundary=B", undefined],
		["multipart/mixed boundary=B", undefined],
	])("%s: %s", (contentType, boundary) => {
		expect(boundaryOf(contentType)).toBe(boundary);
	});
});

describe("splitParts", () => {
	it.each([
		["two parts", "--B\none\n--B\ntwo\n--B--\n", ["one", "two"]],
		["what is before and after", "before\n--B\none\n--B--\nafter\n--B\nmore\n", ["one"]],
		["CRLF, kept inside the parts", "--B\r\none\r\ntwo\r\n\r\n--B--\r\n", ["one\r\ntwo\r\n"]],
		["white space behind a boundary", "--B \t\none\n--B-- \n", ["one"]],
		["no line end behind the last boundary", "--B\none\n--B--", ["one"]],
		["no last boundary", "--B\none\n--B\ntwo\n", ["one", "two\n"]],
		["an empty part", "--B\n--B\ntwo\n--B--", ["", "two"]],
		["the last boundary alone", "--B--\n", []],
		[
			"longer lines are not the boundary",
			"--B\n--BB\n--B-\n--B---\n --B\n--B--",
			["--BB\n--B-\n--B---\n --B"],
		],
		["no such boundary", "--C\none\n--C--", undefined],
		["an empty body", "", undefined],
	])("%s", (_, body, parts) => {
		expect(splitParts(body, "B")).toEqual(parts);
	});

	it("has no parts to give where no boundary is named", () => {
		expect(splitParts("--undefined\none\n--undefined--", undefined)).toBeUndefined();
	});
});
