import { sleep } from "../simulated-time.ts";
import type { QueueRecord } from "./passes.ts";

interface Message extends QueueRecord {
	received: number;
	visibleAt: number;
}

export interface QueueOptions {
	readonly visibilityTimeoutMs: number;
	/** Of the redrive policy: a message received more often goes to the failure queue. */
	readonly maxReceiveCount: number;
}

/** The most that one ReceiveMessage gives (Amazon SQS API Reference, "ReceiveMessage"). */
const RECEIVE_MAX = 10;
/** What a request to SQS takes, milliseconds. */
const REQUEST_MS = 20;

/** A standard SQS queue with a redrive policy. */
export class Queue {
	readonly #options: QueueOptions;
	readonly #messages = new Set<Message>();
	readonly #pollers: (() => void)[] = [];
	#sent = 0;
	/** Messages that went to the failure queue. */
	deadLetters = 0;

	constructor(options: QueueOptions) {
		this.#options = options;
	}

	send(body: string): void {
		this.#sent += 1;
		const messageId = `message-${this.#sent}`;
		this.#messages.add({ eventSource: "aws:sqs", messageId, body, received: 0, visibleAt: Date.now() });
		this.#pollers.shift()?.();
	}

	/** Messages that wait to be received. */
	get visible(): number {
		const now = Date.now();
		return [...this.#messages].filter(({ visibleAt }) => visibleAt <= now).length;
	}

	/** Whether every message is done with. */
	get isEmpty(): boolean {
		return this.#messages.size === 0;
	}

	/** Up to so many messages; waits for the first until `waitMs` are over, and for no other: a long poll. */
	async receive(max: number, waitMs: number): Promise<readonly QueueRecord[]> {
		if (this.visible === 0) await this.#arrival(waitMs);
		const taken = this.#take(Math.min(max, RECEIVE_MAX));
		await sleep(REQUEST_MS);
		return taken;
	}

	delete(messageIds: readonly string[]): void {
		const ids = new Set(messageIds);
		for (const message of this.#messages) if (ids.has(message.messageId)) this.#messages.delete(message);
	}

	#take(max: number): readonly QueueRecord[] {
		const now = Date.now();
		const taken: QueueRecord[] = [];
		for (const message of this.#messages) {
			if (taken.length === max) break;
			if (message.visibleAt > now) continue;
			message.received += 1;
			if (message.received > this.#options.maxReceiveCount) {
				this.#messages.delete(message);
				this.deadLetters += 1;
				continue;
			}
			this.#hide(message);
			taken.push(message);
		}
		return taken;
	}

	/** Once it is visible again, somebody who polls gets it. */
	#hide(message: Message): void {
		message.visibleAt = Date.now() + this.#options.visibilityTimeoutMs;
		setTimeout(() => {
			if (this.#messages.has(message)) this.#pollers.shift()?.();
		}, this.#options.visibilityTimeoutMs);
	}

	#arrival(waitMs: number): Promise<void> {
		return new Promise((resolve) => {
			const arrived = () => {
				clearTimeout(timer);
				resolve();
			};
			const timer = setTimeout(() => {
				this.#pollers.splice(this.#pollers.indexOf(arrived), 1);
				resolve();
			}, waitMs);
			this.#pollers.push(arrived);
		});
	}
}
