import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { parseHint } from "../src/hint/parse-hint.ts";
import { runPass, TIMEOUT_EARLY_MS } from "../src/lambda/run-pass.ts";
import type { Report } from "../src/model/report.ts";
import { UnfinishedError } from "../src/reconcile/reconcile.ts";
import { logReport } from "../src/report/log.ts";

/** EC2 may not show an instance yet when its event arrives; after this long, not found means gone. */
const NOT_VISIBLE_MAX_MS = 5 * 60_000;

async function onInstanceStateChange(event: unknown, context: Context): Promise<Report> {
	const { instanceId, at } = parseHint(event);
	const { report, notFound, unfinished } = await runPass(
		() => ({ operation: "launch", instanceId }),
		process.env,
		context,
	);
	const notVisible = notFound && Date.now() - at < NOT_VISIBLE_MAX_MS;
	const undone = notVisible ? [...unfinished, `${instanceId} is not visible yet`] : unfinished;
	logReport(report, undone, context, { instanceId });
	if (undone.length > 0) throw new UnfinishedError(undone);
	return report;
}

/** An instance runs, or its tags changed: its pod CIDR route is created, or replaced in place. */
export const handler = middy<unknown, Report>({ timeoutEarlyInMillis: TIMEOUT_EARLY_MS }).handler(
	onInstanceStateChange,
);
