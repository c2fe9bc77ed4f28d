/**
 * When a pass must end. From `stopStarting` on, nothing new is read or written, but writes under way are
 * heard out; from `abandon` on they are not, and the report says that they may have taken effect.
 */
export interface Deadline {
	readonly stopStarting: AbortSignal;
	readonly abandon: AbortSignal;
}

/** A write takes well under a second; five leave room for one that is retried. */
const STOP_STARTING_MS = 5_000;
/** Enough to put the report together and log it. */
const ABANDON_MS = 2_000;

/** The deadline of a Lambda invocation that has `remainingMs` left. */
export function deadlineIn(remainingMs: number): Deadline {
	return {
		stopStarting: AbortSignal.timeout(Math.max(0, remainingMs - STOP_STARTING_MS)),
		abandon: AbortSignal.timeout(Math.max(0, remainingMs - ABANDON_MS)),
	};
}
