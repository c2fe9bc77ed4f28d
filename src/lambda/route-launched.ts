import type { Context } from "aws-lambda";
import type { Hint } from "../hint/parse-hint.ts";
import type { InstanceId } from "../model/instance.ts";
import type { Report } from "../model/report.ts";
import type { Unfinished } from "../reconcile/reconcile.ts";
import { runPass } from "./run-pass.ts";
import { tell } from "./tell.ts";
import { secondsToRoute } from "./time-to-route.ts";

/** EC2 may not show an instance yet when its event arrives; after this long, not found means gone. */
const NOT_VISIBLE_MAX_MS = 5 * 60_000;

/** What became of hints: the report, and for whom something is left to do. */
export interface Launched {
	readonly report: Report;
	readonly undone: readonly Unfinished[];
}

/**
 * One pass for the instances that these hints name, told in log and metrics. What an instance is still to become visible for
 * counts as undone.
 */
export async function routeLaunched(
	hints: readonly Hint[],
	environment: Readonly<Record<string, string | undefined>>,
	context: Context,
): Promise<Launched> {
	const instanceIds = [...new Set(hints.map(({ instanceId }) => instanceId))];
	const pass = await runPass(() => ({ operation: "launch", instanceIds }), environment, context);
	const undone = [...pass.unfinished, ...pass.notFound.flatMap((id) => notVisibleYet(id, hints))];
	await tell(pass.report, undone, context, {
		subject: { instanceIds },
		secondsToRoute: secondsToRoute(hints, pass.report.changes, Date.now()),
	});
	return { report: pass.report, undone };
}

function notVisibleYet(instanceId: InstanceId, hints: readonly Hint[]): readonly Unfinished[] {
	const isYoung = hints.some(
		(hint) => hint.instanceId === instanceId && Date.now() - hint.at < NOT_VISIBLE_MAX_MS,
	);
	return isYoung ? [{ instanceId, why: `${instanceId} is not visible yet` }] : [];
}
