import * as v from "valibot";
import { type Hint, parseHint, UnknownEventError } from "./parse-hint.ts";

/** One event of a queue's batch: its hint, or why it has none. */
export type Delivery =
	| { readonly messageId: string; readonly hint: Hint }
	| { readonly messageId: string; readonly trouble: string };

/** What Lambda makes of messages of a queue (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
const batch = v.object({
	Records: v.array(v.object({ eventSource: v.literal("aws:sqs"), messageId: v.string(), body: v.string() })),
});

/**
 * The events of a queue's batch, each read by itself: one that cannot be understood does not hold up the others.
 * `undefined` where the invocation is no batch.
 */
export function parseBatch(invocation: unknown): readonly Delivery[] | undefined {
	const parsed = v.safeParse(batch, invocation);
	return parsed.success ? parsed.output.Records.map(readRecord) : undefined;
}

function readRecord({ messageId, body }: { readonly messageId: string; readonly body: string }): Delivery {
	try {
		return { messageId, hint: parseHint(parseJson(body)) };
	} catch (error) {
		if (!(error instanceof UnknownEventError)) throw error;
		return { messageId, trouble: error.message };
	}
}

/** A body that is no JSON is `undefined`: no event either. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
