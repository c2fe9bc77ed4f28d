import type { Context } from "aws-lambda";
import { ec2Ports } from "../ec2/ports.ts";
import { deadlineIn } from "../reconcile/deadline.ts";
import { type PassResult, reconcile } from "../reconcile/reconcile.ts";
import type { Request } from "../reconcile/request.ts";
import type { UserDataMemory } from "../reconcile/user-data-memory.ts";
import { parseSettings, type Settings } from "../settings.ts";
import { ec2 } from "./client.ts";

/** The last resort, should a pass overrun its own deadline: middy rejects while there is time to log it. */
export const TIMEOUT_EARLY_MS = 1_000;

/**
 * One pass within one Lambda invocation, ending before its deadline. A function that lists every node each
 * time brings a `memory` that outlives the invocation.
 *
 * @throws {SettingsError} where the function's environment cannot be understood.
 * @throws where the world could not be read whole.
 */
export function runPass(
	requestFor: (settings: Settings) => Request,
	environment: Readonly<Record<string, string | undefined>>,
	context: Pick<Context, "getRemainingTimeInMillis">,
	memory?: Pick<UserDataMemory, "over">,
): Promise<PassResult> {
	const settings = parseSettings(environment);
	ec2.clearCalls();
	const ports = ec2Ports(ec2, settings);
	return reconcile(requestFor(settings), {
		ports: memory === undefined ? ports : { ...ports, nodes: memory.over(ports.nodes, Date.now) },
		settings,
		now: Date.now,
		deadline: deadlineIn(context.getRemainingTimeInMillis()),
	});
}
