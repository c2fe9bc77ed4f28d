import { sleep } from "../simulated-time.ts";
import { type LambdaFunction, ThrottledError } from "./lambda.ts";
import type { BatchResponse, QueueRecord } from "./passes.ts";
import type { Queue } from "./queue.ts";

export interface MappingOptions {
	readonly batchSize: number;
	/** At least 1 second where a batch is larger than 10 (AWS Lambda API Reference, "CreateEventSourceMapping"). */
	readonly batchingWindowMs: number;
	/** 2 to 1,000 (AWS Lambda API Reference, "ScalingConfig"); no more than the service's own bound unless given. */
	readonly maximumConcurrency?: number;
}

/** AWS Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings". */
const BATCHES_FIRST = 5;
const BATCHES_MAX = 1_000;
const MORE_EVERY_MS = 60_000 / 300;
/** The longest that one ReceiveMessage waits (Amazon SQS Developer Guide, "Amazon SQS short and long polling"). */
const LONG_POLL_MS = 20_000;
/** Between tries of a batch for which the function has no concurrency: the guide gives no figure. */
const THROTTLED_MS = 1_000;

/**
 * Lambda's own consumer of a queue: batches are processed side by side, each by a poller that receives, invokes and
 * deletes what did not fail. It begins with five and adds up to 300 a minute while messages wait. That it slows down
 * after errors is documented without figures and left out.
 */
export class EventSourceMapping {
	readonly #queue: Queue;
	readonly #target: LambdaFunction<readonly QueueRecord[], BatchResponse>;
	readonly #options: MappingOptions;
	#isOver = false;

	constructor(
		queue: Queue,
		target: LambdaFunction<readonly QueueRecord[], BatchResponse>,
		options: MappingOptions,
	) {
		this.#queue = queue;
		this.#target = target;
		this.#options = options;
	}

	/** Works until {@link stop}. */
	async run(): Promise<void> {
		const most = this.#options.maximumConcurrency ?? BATCHES_MAX;
		const pollers: Promise<void>[] = [];
		while (pollers.length < Math.min(BATCHES_FIRST, most)) pollers.push(this.#poll());
		while (!this.#isOver) {
			await sleep(MORE_EVERY_MS);
			if (pollers.length < most && this.#queue.visible > 0) pollers.push(this.#poll());
		}
		await Promise.all(pollers);
	}

	stop(): void {
		this.#isOver = true;
	}

	async #poll(): Promise<void> {
		while (!this.#isOver) {
			const batch = await this.#gather();
			if (batch.length > 0) await this.#process(batch);
		}
	}

	/** A batch is ready when it is full, or when its window is over; without a window, with what one poll gave. */
	async #gather(): Promise<readonly QueueRecord[]> {
		const { batchSize, batchingWindowMs } = this.#options;
		const batch = [...(await this.#queue.receive(batchSize, LONG_POLL_MS))];
		const readyAt = Date.now() + batchingWindowMs;
		while (batch.length > 0 && batch.length < batchSize && Date.now() < readyAt) {
			batch.push(...(await this.#queue.receive(batchSize - batch.length, readyAt - Date.now())));
		}
		return batch;
	}

	async #process(batch: readonly QueueRecord[]): Promise<void> {
		try {
			const { batchItemFailures } = await this.#target.invoke(batch);
			const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
			this.#queue.delete(batch.map(({ messageId }) => messageId).filter((id) => !failed.has(id)));
		} catch (error) {
			if (!(error instanceof ThrottledError)) return;
			await sleep(THROTTLED_MS);
			await this.#process(batch);
		}
	}
}
