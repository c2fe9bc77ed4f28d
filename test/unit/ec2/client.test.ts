import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { EmbeddedEc2 } from "../../../emulator/ec2.ts";
import { inProcess } from "../../../emulator/request-handler.ts";
import { countingClient } from "../../../src/ec2/client.ts";

/** A client of an EC2 that refuses the first requests with this code. */
function refusedAtFirst(times: number, code: string) {
	const ec2 = new EmbeddedEc2();
	let left = times;
	ec2.intercept = () => (left-- > 0 ? { when: "before", status: 503, code, message: "Not now." } : undefined);
	const counting = countingClient({
		region: "us-east-1",
		credentials: { accessKeyId: "test", secretAccessKey: "test" },
		requestHandler: inProcess(ec2),
		maxAttempts: 3,
	});
	return { ...counting, ask: () => counting.client.send(new DescribeVpcsCommand()) };
}

describe("A counting client", () => {
	it("counts attempts that EC2 refused for want of rate, though a later one succeeded", async () => {
		const { ask, countCalls, countThrottles } = refusedAtFirst(2, "RequestLimitExceeded");
		await ask();
		expect(countCalls()).toEqual({ DescribeVpcs: 3 });
		expect(countThrottles()).toBe(2);
	});

	it("counts them where the last attempt was refused too", async () => {
		const { ask, countThrottles } = refusedAtFirst(3, "RequestLimitExceeded");
		await expect(ask()).rejects.toThrow("Not now.");
		expect(countThrottles()).toBe(3);
	});

	it("counts no other refusal among them", async () => {
		const { ask, countCalls, countThrottles } = refusedAtFirst(1, "InternalError");
		await ask();
		expect(countCalls()).toEqual({ DescribeVpcs: 2 });
		expect(countThrottles()).toBe(0);
	});

	it("starts anew for the next pass", async () => {
		const { ask, clearCalls, countCalls, countThrottles } = refusedAtFirst(1, "RequestLimitExceeded");
		await ask();
		clearCalls();
		expect(countThrottles()).toBe(0);
		await ask();
		expect(countCalls()).toEqual({ DescribeVpcs: 1 });
	});
});
