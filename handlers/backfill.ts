import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { parseBackfillInput } from "../src/lambda/backfill-input.ts";
import { runPass, TIMEOUT_EARLY_MS } from "../src/lambda/run-pass.ts";
import { tell } from "../src/lambda/tell.ts";
import type { Report } from "../src/model/report.ts";

async function onInvoke(input: unknown, context: Context): Promise<Report> {
	const request = parseBackfillInput(input);
	const { report, unfinished } = await runPass(() => request, process.env, context);
	await tell(report, unfinished, context);
	return report;
}

/** A person asks: every node is routed, or the ones named. Changes that failed are in the report. */
export const handler = middy<unknown, Report>({ timeoutEarlyInMillis: TIMEOUT_EARLY_MS }).handler(onInvoke);
