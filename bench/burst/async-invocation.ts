import { sleep } from "../simulated-time.ts";
import { type LambdaFunction, ThrottledError } from "./lambda.ts";

export interface AsyncOptions {
	/** `MaximumRetryAttempts`. */
	readonly retries: number;
	/** `MaximumEventAgeInSeconds`, in milliseconds. */
	readonly ageMaxMs: number;
}

/**
 * AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation": a minute before the
 * second attempt and two before the third where the function failed; where it was throttled, an interval that grows
 * exponentially from 1 second to 5 minutes, for as long as the event may grow old.
 */
const FAILED_MS = [60_000, 120_000];
const THROTTLED_FIRST_MS = 1_000;
const THROTTLED_MAX_MS = 300_000;

/**
 * One event that EventBridge gives to a function: resolves when Lambda is done with it, to whether it went to the
 * failure queue. The guide's further slowing of a long queue has no figures and is left out, in favour of this way.
 */
export async function invokeAsync(
	target: LambdaFunction<unknown, void>,
	event: unknown,
	{ retries, ageMaxMs }: AsyncOptions,
): Promise<"done" | "failed"> {
	const expiresAt = Date.now() + ageMaxMs;
	const tries: Tries = { failed: 0, throttled: 0 };
	for (;;) {
		const waitMs = await attempt(target, event, tries);
		if (waitMs === undefined) return "done";
		if (tries.failed > retries || Date.now() + waitMs > expiresAt) return "failed";
		await sleep(waitMs);
	}
}

interface Tries {
	failed: number;
	throttled: number;
}

/** Resolves to how long to wait before the next attempt; to nothing where this one succeeded. */
async function attempt(
	target: LambdaFunction<unknown, void>,
	event: unknown,
	tries: Tries,
): Promise<number | undefined> {
	try {
		await target.invoke(event);
		return undefined;
	} catch (error) {
		if (error instanceof ThrottledError) {
			tries.throttled += 1;
			return Math.min(THROTTLED_MAX_MS, THROTTLED_FIRST_MS * 2 ** (tries.throttled - 1));
		}
		tries.failed += 1;
		return FAILED_MS[tries.failed - 1] ?? 0;
	}
}
