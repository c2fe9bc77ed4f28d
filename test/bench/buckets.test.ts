import { describe, expect, it } from "vitest";
import { BUCKETS, floorSeconds } from "../../bench/buckets.ts";

describe("The least time that EC2's buckets allow", () => {
	it.each([
		[1_000, "DescribeInstanceAttribute", 45],
		[1_000, "CreateRoute", 190],
		[1_000, "ModifyNetworkInterfaceAttribute", 180],
		[500, "CreateRoute", 90],
		[500, "ModifyNetworkInterfaceAttribute", 80],
		[500, "DescribeInstanceAttribute", 20],
		[50, "CreateRoute", 0],
		[3, "CreateRoute", 0],
	] as const)("for %i of %s is %i s", (requests, action, seconds) => {
		expect(floorSeconds(requests, BUCKETS[action])).toBe(seconds);
	});
});
