import type { Design } from "./simulate.ts";

/** A way in which events might reach the function. */
export interface Candidate {
	readonly name: string;
	readonly design: Design;
}

/** As serverless.yml had it before the queue. */
const RETRY = { retries: 2, ageMaxMs: 3_600_000 };
/** Of the function that gets one event at a time. */
const DIRECT_TIMEOUT_MS = 60_000;
/** Of the function that gets batches; the queue hides a message six times as long, as AWS recommends. */
const TIMEOUT_MS = 30_000;
const QUEUE = { visibilityTimeoutMs: 6 * TIMEOUT_MS, maxReceiveCount: 3 };

function direct(reservedConcurrency?: number): Design {
	return {
		kind: "direct",
		lambda: {
			timeoutMs: DIRECT_TIMEOUT_MS,
			...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
		},
		retry: RETRY,
	};
}

function queued(batchSize: number, windowSeconds: number, maximumConcurrency?: number): Design {
	return {
		kind: "queue",
		lambda: { timeoutMs: TIMEOUT_MS },
		queue: QUEUE,
		mapping: {
			batchSize,
			batchingWindowMs: windowSeconds * 1_000,
			...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
		},
	};
}

/** The one that serverless.yml builds: docs/adr/0007. */
export const CHOSEN: Candidate = { name: "queue, batch 10, 2 at once", design: queued(10, 0, 2) };

/** What is compared with it. */
export const ALTERNATIVES: readonly Candidate[] = [
	{ name: "direct", design: direct() },
	...[1, 5, 20].map((k) => ({ name: `direct, ${k} at once`, design: direct(k) })),
	{ name: "queue, batch 10, unbounded", design: queued(10, 0) },
];

/** What else was tried: `node bench/main.ts sweep`. */
export const SWEEP: readonly Candidate[] = [
	...[1, 2, 5, 10, 20, 50].map((k) => ({ name: `direct, ${k} at once`, design: direct(k) })),
	...(
		[
			[1, 0, 2],
			[5, 0, 2],
			[10, 0, 2],
			[10, 0, 3],
			[10, 0, 5],
			[10, 0, 10],
			[10, 1, 2],
			[10, 10, 2],
			[50, 1, 2],
			[100, 1, 2],
			[100, 5, 2],
			[200, 10, 2],
		] as const
	).map(([size, window, concurrency]) => ({
		name: `queue, ${size} in ${window} s, ${concurrency} at once`,
		design: queued(size, window, concurrency),
	})),
];
