import { expect, it } from "vitest";
import { wrap } from "../../../src/report/wrap.ts";

it.each([
	["short enough", 12, "short enough"],
	["one too long", 11, "one too\n    long"],
	["a sentence that goes on and on", 14, "a sentence\n    that goes\n    on and on"],
	["i-0123456789abcdef0 is", 10, "i-0123456789abcdef0\n    is"],
	["", 10, ""],
])("%j in %d columns", (sentence, columns, wrapped) => {
	expect(wrap(sentence, columns)).toBe(wrapped);
});
