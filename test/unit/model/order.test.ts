import { expect, it } from "vitest";
import { compareOptional, compareText } from "../../../src/model/order.ts";

it.each([
	["a", "a", 0],
	["a", "b", -1],
	["b", "a", 1],
	["", "a", -1],
	["i-10", "i-9", -1],
	["B", "a", -1],
	["é", "z", 1],
])("%o and %o compare as %d, in code-unit order", (a, b, expected) => {
	expect(compareText(a, b)).toBe(expected);
});

it.each([
	[undefined, undefined, 0],
	[undefined, "", -1],
	["", undefined, 1],
	["a", "b", -1],
	["b", "a", 1],
	["a", "a", 0],
])("%o and %o compare as %d, what is absent first", (a, b, expected) => {
	expect(compareOptional(a, b, compareText)).toBe(expected);
});
