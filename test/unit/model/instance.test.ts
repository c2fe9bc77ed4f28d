import { describe, expect, it } from "vitest";
import { isInstanceId } from "../../../src/model/instance.ts";

describe("an instance id", () => {
	it.each(["i-0a1b2c3d", "i-0a1b2c3d4e5f60718"])("has the form of %s", (text) => {
		expect(isInstanceId(text)).toBe(true);
	});

	it.each([
		"",
		"i-",
		"i-0a1b2c3",
		"i-0a1b2c3d4e5f607189",
		"i-0A1B2C3D",
		"i-0a1b2c3g",
		"eni-0a1b2c3d",
		"i0a1b2c3d",
		"ii-0a1b2c3d",
		"i-0a1b2c3d\n",
		" i-0a1b2c3d",
		"i-0a1b2c3d,i-0a1b2c3e",
		"i-i-0a1b2c3d",
		"arn:i-0a1b2c3d",
	])("does not have the form of %o", (text) => {
		expect(isInstanceId(text)).toBe(false);
	});
});
