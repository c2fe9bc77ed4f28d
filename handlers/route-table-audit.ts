import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { runPass, TIMEOUT_EARLY_MS } from "../src/lambda/run-pass.ts";
import type { Report } from "../src/model/report.ts";
import { UserDataMemory } from "../src/reconcile/user-data-memory.ts";
import { logReport } from "../src/report/log.ts";

/** Lives as long as the function stays warm, so that an audit of known nodes reads no user data. */
const memory = new UserDataMemory();

async function onSchedule(_event: unknown, context: Context): Promise<Report> {
	const { report, unfinished } = await runPass(
		({ repair }) => ({ operation: "audit", repair }),
		process.env,
		context,
		memory,
	);
	logReport(report, unfinished, context);
	return report;
}

/** The schedule fires: the whole route table is looked at, and put right as far as `REPAIR` says. */
export const handler = middy<unknown, Report>({ timeoutEarlyInMillis: TIMEOUT_EARLY_MS }).handler(onSchedule);
