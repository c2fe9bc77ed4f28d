import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { look } from "../src/lambda/look.ts";
import { runPass, TIMEOUT_EARLY_MS } from "../src/lambda/run-pass.ts";
import { tell } from "../src/lambda/tell.ts";
import { parseWidgetEvent } from "../src/lambda/widget-event.ts";
import type { Report } from "../src/model/report.ts";
import { UserDataMemory } from "../src/reconcile/user-data-memory.ts";

/** Lives as long as the function stays warm, so that an audit of known nodes reads no user data. */
const memory = new UserDataMemory();

async function onInvoke(event: unknown, context: Context): Promise<Report | string> {
	const asked = parseWidgetEvent(event);
	if (asked === undefined) return onSchedule(context);
	// Loaded when somebody looks, so that no audit waits for it.
	const { renderWidget, WIDGET_DOCUMENTATION } = await import("../src/report/picture/widget.ts");
	if (asked.kind === "describe") return WIDGET_DOCUMENTATION;
	return renderWidget(await look(process.env, context, memory), asked, context.invokedFunctionArn);
}

async function onSchedule(context: Context): Promise<Report> {
	const { report, unfinished } = await runPass(
		({ repair }) => ({ operation: "audit", repair }),
		process.env,
		context,
		memory,
	);
	await tell(report, unfinished, context);
	return report;
}

/**
 * The schedule fires: the whole route table is looked at, and put right as far as `REPAIR` says. A CloudWatch
 * dashboard asks: the same is shown, and nothing is changed.
 */
export const handler = middy<unknown, Report | string>({ timeoutEarlyInMillis: TIMEOUT_EARLY_MS }).handler(
	onInvoke,
);
