import * as v from "valibot";
import { type InstanceId, isInstanceId } from "../model/instance.ts";

/** An event says which instance to look at, and never what is true of it: all state is read afresh. */
export interface Hint {
	readonly instanceId: InstanceId;
	/** Epoch milliseconds; EventBridge gives whole seconds. */
	readonly at: number;
}

/** The event is none that podroute understands. Whoever wired the rule must act: it would never succeed. */
export class UnknownEventError extends Error {
	override readonly name = "UnknownEventError";
}

/** Ahead of the instance id, which ends it. */
const INSTANCE_ARN = /^arn:[^:]*:ec2:[^:]*:[^:]*:instance\//;

const instanceId = v.pipe(v.string(), v.check(isInstanceId, "is not an instance id"));
const time = v.pipe(v.string(), v.isoTimestamp("is not a time"));

/** "EC2 Instance State-change Notification" (aws-facts.md §4). */
const stateChange = v.object({
	source: v.literal("aws.ec2"),
	"detail-type": v.literal("EC2 Instance State-change Notification"),
	time,
	detail: v.object({ "instance-id": instanceId }),
});

/** "Tag Change on Resource" of an instance (aws-facts.md §10). */
const tagChange = v.object({
	source: v.literal("aws.tag"),
	"detail-type": v.literal("Tag Change on Resource"),
	time,
	resources: v.strictTuple([v.pipe(v.string(), v.check(isInstanceArn, "is not the ARN of an instance"))]),
	detail: v.object({ service: v.literal("ec2"), "resource-type": v.literal("instance") }),
});

const anyHint = v.variant("source", [stateChange, tagChange]);

/**
 * Reads an EventBridge event.
 *
 * @throws {UnknownEventError} naming what is wrong with it; the event itself is not quoted.
 */
export function parseHint(event: unknown): Hint {
	const parsed = v.safeParse(anyHint, event);
	if (!parsed.success) {
		const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "the event"} ${describe(issue)}`);
		throw new UnknownEventError(
			`This is no state or tag change of an EC2 instance: ${problems.join("; ")}. Correct the rule that sends it.`,
		);
	}
	const hint = parsed.output;
	return { instanceId: idOf(hint), at: Date.parse(hint.time) };
}

function describe(issue: v.BaseIssue<unknown>): string {
	if (issue.input === undefined) return "is missing";
	return issue.kind === "schema" ? `is not ${issue.expected ?? "as expected"}` : issue.message;
}

function idOf(hint: v.InferOutput<typeof anyHint>): InstanceId {
	if (hint.source === "aws.ec2") return hint.detail["instance-id"] as InstanceId;
	return idIn(hint.resources[0]) as InstanceId;
}

function isInstanceArn(text: string): boolean {
	return INSTANCE_ARN.test(text) && isInstanceId(idIn(text));
}

function idIn(arn: string): string {
	return arn.replace(INSTANCE_ARN, "");
}
