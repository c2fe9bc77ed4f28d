import middy from "@middy/core";
import type { Context, SQSBatchResponse } from "aws-lambda";
import { type Delivery, parseBatch } from "../src/hint/parse-batch.ts";
import { parseHint } from "../src/hint/parse-hint.ts";
import { routeLaunched } from "../src/lambda/route-launched.ts";
import { TIMEOUT_EARLY_MS } from "../src/lambda/run-pass.ts";
import type { Report } from "../src/model/report.ts";
import { UnfinishedError } from "../src/reconcile/reconcile.ts";
import { logUnknownEvent } from "../src/report/log.ts";

async function onInstanceStateChange(event: unknown, context: Context): Promise<Report | SQSBatchResponse> {
	const batch = parseBatch(event);
	if (batch !== undefined) return onBatch(batch, context);
	const { report, undone } = await routeLaunched([parseHint(event)], process.env, context);
	if (undone.length > 0) throw new UnfinishedError(undone);
	return report;
}

/** What fails by itself is given back by itself: the queue delivers it again, and at last to the failure queue. */
async function onBatch(batch: readonly Delivery[], context: Context): Promise<SQSBatchResponse> {
	const hints = batch.flatMap((delivery) => ("hint" in delivery ? [delivery.hint] : []));
	const undone = hints.length === 0 ? [] : (await routeLaunched(hints, process.env, context)).undone;
	const failed = batch.filter((delivery) => {
		if ("trouble" in delivery) return true;
		return undone.some(
			({ instanceId = delivery.hint.instanceId }) => instanceId === delivery.hint.instanceId,
		);
	});
	for (const delivery of failed) {
		if ("trouble" in delivery) logUnknownEvent(delivery.messageId, delivery.trouble, context);
	}
	return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Instances run, or their tags changed: their pod CIDR routes are created, or replaced in place. */
export const handler = middy<unknown, Report | SQSBatchResponse>({
	timeoutEarlyInMillis: TIMEOUT_EARLY_MS,
}).handler(onInstanceStateChange);
