/** What a bucket holds when full, and what it regains each second. */
interface Allowance {
	readonly burst: number;
	readonly perSecond: number;
}

/** Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API" (aws-facts.md §5). */
const READS: Allowance = { burst: 100, perSecond: 20 };
const WRITES: Allowance = { burst: 50, perSecond: 5 };

/** Kept back of a burst: requests travel, so EC2's bucket is a little behind ours, and they may arrive bunched. */
const MARGIN = 2;

/** Others in the account draw on the same buckets, so less than allowed may be left: down to this share of it. */
const SHARE_MIN = 0.25;
/** What is kept of the share when EC2 refuses, as the SDK's own adaptive mode has it. */
const SHARE_KEPT = 0.7;
/** What a success adds to the share: slow, so that finding the limit again costs few refusals. */
const SHARE_STEP = 1 / 400;
/** Refusals of requests that were under way together tell of one shortage. */
const SHORTAGE_MS = 1_000;

/**
 * Keeps one client's requests within EC2's rate limits, each action by itself: a burst goes at once, what is more
 * waits its turn. Retries alone do not: whoever asks anew takes what the one who waits was waiting for.
 */
export class Pace {
	readonly #buckets = new Map<string, Bucket>();

	/** Resolves when a request of this action may go; at once where the signal is aborted, for the request to say so. */
	async turn(action: string, signal: AbortSignal | undefined): Promise<void> {
		const waitMs = this.#bucketOf(action).take(Date.now());
		if (waitMs > 0) await sleep(waitMs, signal);
	}

	succeeded(action: string): void {
		this.#bucketOf(action).speedUp();
	}

	throttled(action: string): void {
		this.#bucketOf(action).slowDown(Date.now());
	}

	#bucketOf(action: string): Bucket {
		const bucket = this.#buckets.get(action) ?? new Bucket(action.startsWith("Describe") ? READS : WRITES);
		this.#buckets.set(action, bucket);
		return bucket;
	}
}

/** Its tokens may be owed: who takes one in advance waits until it is there, in the order of asking. */
class Bucket {
	readonly #allowance: Allowance;
	#share = 1;
	#tokens: number;
	#filledAt = 0;
	#slowedAt = Number.NEGATIVE_INFINITY;

	constructor(allowance: Allowance) {
		this.#allowance = allowance;
		this.#tokens = allowance.burst - MARGIN;
	}

	/** How many milliseconds to wait for the token that is taken. */
	take(now: number): number {
		const perMs = (this.#allowance.perSecond * this.#share) / 1_000;
		this.#tokens = Math.min(this.#allowance.burst - MARGIN, this.#tokens + (now - this.#filledAt) * perMs);
		this.#filledAt = now;
		this.#tokens -= 1;
		return Math.max(0, -this.#tokens / perMs);
	}

	speedUp(): void {
		this.#share = Math.min(1, this.#share + SHARE_STEP);
	}

	slowDown(now: number): void {
		this.#tokens = Math.min(0, this.#tokens);
		if (now - this.#slowedAt < SHORTAGE_MS) return;
		this.#slowedAt = now;
		this.#share = Math.max(SHARE_MIN, this.#share * SHARE_KEPT);
	}
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve) => {
		const over = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", over);
			resolve();
		};
		const timer = setTimeout(over, ms);
		if (signal?.aborted) over();
		else signal?.addEventListener("abort", over);
	});
}
