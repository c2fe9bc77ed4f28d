import { parseBatch } from "../../src/hint/parse-batch.ts";
import { type Hint, parseHint } from "../../src/hint/parse-hint.ts";
import { type Unfinished, UnfinishedError } from "../../src/reconcile/reconcile.ts";
import type { Cluster } from "../../test/support/cluster.ts";
import { passesIn } from "../pass.ts";

/** The code of one Lambda environment, with a client and its pace of its own. `remainingMs`: until the function times out. */
export type Environment<Input, Output> = (input: Input, remainingMs: number) => Promise<Output>;

/** An SQS message as Lambda gives it to a function. */
export interface QueueRecord {
	readonly eventSource: "aws:sqs";
	readonly messageId: string;
	readonly body: string;
}

/** What a function answers that reports partial failures: the messages that are to come again. */
export interface BatchResponse {
	readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** One event a pass, as `handlers/instance-state-change.ts` does it: what is undone throws. */
export function passPerEvent(cluster: Cluster): Environment<unknown, void> {
	const route = routing(cluster);
	return async (event, remainingMs) => {
		const undone = await route([parseHint(event)], remainingMs);
		if (undone.length > 0) throw new UnfinishedError(undone);
	};
}

/** One pass for all that a batch names, as the same handler does it: the messages of what is undone come again. */
export function passPerBatch(cluster: Cluster): Environment<readonly QueueRecord[], BatchResponse> {
	const route = routing(cluster);
	return async (records, remainingMs) => {
		const deliveries = parseBatch({ Records: records }) ?? [];
		const hints = deliveries.flatMap((delivery) => ("hint" in delivery ? [delivery.hint] : []));
		const undone = await route(hints, remainingMs);
		const failed = deliveries.filter(
			(delivery) =>
				"trouble" in delivery ||
				undone.some(({ instanceId = delivery.hint.instanceId }) => instanceId === delivery.hint.instanceId),
		);
		return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
	};
}

/** Every event of a burst is young: what is not found is not visible yet. */
function routing(
	cluster: Cluster,
): (hints: readonly Hint[], remainingMs: number) => Promise<readonly Unfinished[]> {
	const pass = passesIn(cluster);
	return async (hints, remainingMs) => {
		const instanceIds = [...new Set(hints.map(({ instanceId }) => instanceId))];
		const { unfinished, notFound } = await pass({ operation: "launch", instanceIds }, remainingMs);
		return [...unfinished, ...notFound.map((instanceId) => ({ instanceId, why: "not visible yet" }))];
	};
}
