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
	unfinished: readonly { readonly why: string }[],
	context: Context,
	subject: Readonly<Record<string, unknown>> = {},
): void {
	logger.addContext(context);
	const undone = unfinished.map(({ why }) => why);
	if (undone.length > 0) logger.error("The pass is unfinished", { ...subject, report, unfinished: undone });
	else if (report.refusals.length > 0) logger.warn("Claims were refused", { ...subject, report });
	else logger.info("The pass is done", { ...subject, report });
}

/** One line for an event of a queue that nobody can understand: it ends in the failure queue, which keeps it. */
export function logUnknownEvent(messageId: string, why: string, context: Context): void {
	logger.addContext(context);
	logger.error("An event was not understood", { messageId, why });
}
