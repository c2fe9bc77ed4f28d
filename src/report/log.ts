import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import type { Report } from "../model/report.ts";

/** Structured logs for CloudWatch. Given reports and nothing else: no event, no environment, no user data. */
const logger = new Logger({ serviceName: "podroute" });

/**
 * One line a pass, with the invocation's request id: an error where something was left undone, a warning
 * where a claim was refused. `subject` is what the pass was about, where the report of a healthy one says
 * nothing.
 */
export function logReport(
	report: Report,
	unfinished: readonly string[],
	context: Context,
	subject: Readonly<Record<string, string>> = {},
): void {
	logger.addContext(context);
	if (unfinished.length > 0) logger.error("The pass is unfinished", { ...subject, report, unfinished });
	else if (report.refusals.length > 0) logger.warn("Claims were refused", { ...subject, report });
	else logger.info("The pass is done", { ...subject, report });
}
