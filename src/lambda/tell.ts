import type { Context } from "aws-lambda";
import type { Report } from "../model/report.ts";
import { logReport } from "../report/log.ts";
import { ec2 } from "./client.ts";

/** What only the pass for events has to tell. */
export interface OfEvents {
	/** What the pass was about, for the log. */
	readonly subject: Readonly<Record<string, unknown>>;
	/** Seconds from event to route, of each instance that was routed. */
	readonly secondsToRoute: readonly number[];
}

/**
 * Tells what a function's pass came to: in the log first, then as metrics. Comes before whatever the function throws,
 * so that an unfinished pass is told too.
 */
export async function tell(
	report: Report,
	unfinished: readonly { readonly why: string }[],
	context: Context,
	{ subject, secondsToRoute }: OfEvents = { subject: {}, secondsToRoute: [] },
): Promise<void> {
	logReport(report, unfinished, context, subject);
	const throttles = ec2.countThrottles();
	// Loaded now that the work is done, so that no route waits for it.
	const { emitMetrics } = await import("../report/metrics.ts");
	emitMetrics(report, { throttles, secondsToRoute });
}
