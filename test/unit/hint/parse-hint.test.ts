import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseHint, UnknownEventError } from "../../../src/hint/parse-hint.ts";

function recorded(name: string): Record<string, unknown> {
	return JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), "utf8"));
}

function problemOf(event: unknown): string {
	try {
		parseHint(event);
	} catch (error) {
		if (error instanceof UnknownEventError) return error.message;
		throw error;
	}
	throw new Error("The event was understood");
}

describe("An event", () => {
	it.each([
		["state-change-running", "i-0abcdef1234567890", "2021-11-11T21:29:54Z"],
		["state-change-short-id", "i-abcd1111", "2021-11-11T21:29:54Z"],
		["tag-change-instance", "i-0000000aaaaaaaaaa", "2026-01-02T03:04:05Z"],
	])("%s says which instance, and when", (name, instanceId, time) => {
		expect(parseHint(recorded(name))).toEqual({ instanceId, at: Date.parse(time) });
	});

	it("of any state is a hint: the state itself is not believed", () => {
		const event = {
			...recorded("state-change-running"),
			detail: { "instance-id": "i-0abcdef1234567890", state: "terminated" },
		};
		expect(parseHint(event).instanceId).toBe("i-0abcdef1234567890");
	});
});

const running = recorded("state-change-running");
const tagged = recorded("tag-change-instance");

describe("What is no event of an instance", () => {
	it.each<[string, unknown, string]>([
		["null", null, "the event is not Object"],
		["nothing", undefined, "the event is missing"],
		["a text", "i-0abcdef1234567890", "the event is not Object"],
		["a list", [running], "source is missing"],
		["an empty object", {}, "source is missing"],
		["another source", { ...running, source: "aws.s3" }, 'source is not ("aws.ec2" | "aws.tag")'],
		[
			"another kind",
			recorded("spot-interruption"),
			'detail-type is not "EC2 Instance State-change Notification"',
		],
		["no detail", { ...running, detail: undefined }, "detail is missing"],
		["no instance id", { ...running, detail: { state: "running" } }, "detail.instance-id is missing"],
		[
			"an id that is none",
			{ ...running, detail: { "instance-id": "i-XYZ" } },
			"detail.instance-id is not an instance id",
		],
		[
			"an id of another kind",
			{ ...running, detail: { "instance-id": "vol-0abcdef1234567890" } },
			"detail.instance-id is not an instance id",
		],
		[
			"an id that is a number",
			{ ...running, detail: { "instance-id": 5 } },
			"detail.instance-id is not string",
		],
		["no time", { ...running, time: undefined }, "time is missing"],
		["a time that is none", { ...running, time: "yesterday" }, "time is not a time"],
		["a volume's tags", recorded("tag-change-volume"), "resources.0 is not the ARN of an instance"],
		["tags of no resource", { ...tagged, resources: [] }, "resources.0 is missing"],
		[
			"tags of two resources",
			{
				...tagged,
				resources: [
					...(tagged["resources"] as string[]),
					"arn:aws:ec2:us-east-1:123456789012:instance/i-0abcdef1234567890",
				],
			},
			"resources.1 is not never",
		],
		[
			"an ARN with a broken id",
			{ ...tagged, resources: ["arn:aws:ec2:us-east-1:123456789012:instance/i-1"] },
			"resources.0 is not the ARN of an instance",
		],
		[
			"an ARN of another service",
			{ ...tagged, resources: ["arn:aws:rds:us-east-1:123456789012:instance/i-0abcdef1234567890"] },
			"resources.0 is not the ARN of an instance",
		],
	])("%s is told by what is wrong with it", (_, event, problem) => {
		const message = problemOf(event);
		expect(message).toContain(problem);
		expect(message).toMatch(
			/^This is no state or tag change of an EC2 instance: .*\. Correct the rule that sends it\.$/,
		);
	});

	it("is never quoted", () => {
		const secret = "hunter2-sesame";
		const events = [
			secret,
			{ source: secret },
			{ ...running, "detail-type": secret },
			{ ...running, time: secret },
			{ ...running, detail: { "instance-id": secret } },
			{ ...running, detail: secret },
			{ ...tagged, resources: [secret] },
			{ ...tagged, detail: { service: secret, "resource-type": secret } },
		];
		for (const event of events) expect(problemOf(event)).not.toContain("hunter2");
	});
});
