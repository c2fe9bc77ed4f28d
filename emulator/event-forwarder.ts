import { setTimeout as sleep } from "node:timers/promises";
import type { Ec2Event } from "./events.ts";

/** How much a forwarder takes on, and how long it tries. */
export interface ForwarderLimits {
	/** Events that may wait; what comes on top is not forwarded. */
	readonly queue: number;
	readonly attempts: number;
	/** Before the second attempt, in milliseconds; twice as long before the third, and so on. */
	readonly pauseMs: number;
	/** How long one attempt may take. */
	readonly attemptMs: number;
	/** How long {@link EventForwarder.close} waits for what is left. */
	readonly flushMs: number;
}

const DEFAULT_LIMITS: ForwarderLimits = {
	queue: 1_000,
	attempts: 4,
	pauseMs: 250,
	attemptMs: 5_000,
	flushMs: 5_000,
};

/**
 * Gives events to an EventBridge endpoint, in order, one after another, as `PutEvents` to the default bus. It never
 * throws and never holds up the world: an event it must give up is told in one line, and the next has its turn.
 * EventBridge itself gives each event an id of its own, and refuses the sources `aws.*` from anybody but AWS: this is
 * for emulators of it.
 */
export class EventForwarder {
	readonly #url: string;
	readonly #tell: (line: string) => void;
	readonly #limits: ForwarderLimits;
	readonly #waiting: Ec2Event[] = [];
	readonly #hurry = new AbortController();
	#sending: Promise<void> | undefined;

	constructor(url: string, tell: (line: string) => void, limits: Partial<ForwarderLimits> = {}) {
		this.#url = url;
		this.#tell = tell;
		this.#limits = { ...DEFAULT_LIMITS, ...limits };
	}

	/** Takes an event; it is sent when those before it have been. */
	forward(event: Ec2Event): void {
		if (this.#waiting.length >= this.#limits.queue) {
			this.#giveUp(event, `${this.#limits.queue} events are waiting already`);
			return;
		}
		this.#waiting.push(event);
		this.#sending ??= this.#sendAll();
	}

	/** Resolves once every event is sent or given up, which is soon: what the flush has no time for is given up. */
	async close(): Promise<void> {
		const timer = setTimeout(() => this.#hurry.abort(), this.#limits.flushMs);
		await this.#sending;
		clearTimeout(timer);
	}

	async #sendAll(): Promise<void> {
		for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
			const reason = await this.#send(event);
			if (reason !== undefined) this.#giveUp(event, reason);
		}
		this.#sending = undefined;
	}

	/** Why it failed, the last time it was tried; `undefined` where it did not. */
	async #send(event: Ec2Event): Promise<string | undefined> {
		let reason: string | undefined;
		for (let attempt = 0; attempt < this.#limits.attempts; attempt += 1) {
			try {
				if (attempt > 0)
					await sleep(this.#limits.pauseMs * 2 ** (attempt - 1), undefined, { signal: this.#hurry.signal });
				await this.#put(event);
				return undefined;
			} catch (error) {
				if (this.#hurry.signal.aborted) return reason ?? "the emulator ends";
				reason = reasonOf(error);
			}
		}
		return reason;
	}

	async #put(event: Ec2Event): Promise<void> {
		const signal = AbortSignal.any([this.#hurry.signal, AbortSignal.timeout(this.#limits.attemptMs)]);
		const response = await fetch(this.#url, {
			method: "POST",
			headers: headersOf(event),
			body: JSON.stringify({ Entries: [entryOf(event)] }),
			signal,
		});
		const answer = await response.text();
		if (!response.ok) throw new Error(`the endpoint answered ${response.status}`);
		const refusal = refusalIn(answer);
		if (refusal !== undefined) throw new Error(`the endpoint refused it: ${refusal}`);
	}

	#giveUp(event: Ec2Event, reason: string): void {
		const what = `${event["detail-type"]} of ${event.resources.join()}`;
		this.#tell(`Event ${event.id} (${what}) was not forwarded: ${reason}.`);
	}
}

/**
 * PutEvents in the AWS JSON 1.1 protocol. The signature is none: emulators read it only for the region and the service
 * that it names.
 */
function headersOf({ region, time }: Ec2Event): Record<string, string> {
	const instant = time.replace(/[-:]/g, "");
	const scope = `${instant.slice(0, 8)}/${region}/events/aws4_request`;
	return {
		"content-type": "application/x-amz-json-1.1",
		"x-amz-target": "AWSEvents.PutEvents",
		"x-amz-date": instant,
		authorization: `AWS4-HMAC-SHA256 Credential=embedded/${scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${"0".repeat(64)}`,
	};
}

/** PutEventsRequestEntry (EventBridge API Reference); the protocol writes a time as seconds since 1970. */
function entryOf(event: Ec2Event) {
	return {
		Source: event.source,
		DetailType: event["detail-type"],
		Detail: JSON.stringify(event.detail),
		Resources: event.resources,
		Time: Date.parse(event.time) / 1000,
		EventBusName: "default",
	};
}

/** PutEvents answers 200 even where it refuses an entry: the answer counts those, and says why. Throws for another answer. */
function refusalIn(text: string): string | undefined {
	const answer: unknown = parsed(text);
	if (!isRecord(answer) || typeof answer["FailedEntryCount"] !== "number") {
		throw new Error("the endpoint's answer is not that of PutEvents");
	}
	if (answer["FailedEntryCount"] === 0) return undefined;
	const [entry]: unknown[] = Array.isArray(answer["Entries"]) ? answer["Entries"] : [];
	return isRecord(entry) && typeof entry["ErrorCode"] === "string" ? entry["ErrorCode"] : "no reason given";
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}

/** fetch hides what happened behind "fetch failed"; its cause says it. */
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { cause } = error;
	const told = cause instanceof Error ? cause.message || cause.name : error.message;
	return told.replace(/\s+/g, " ").replace(/\.$/, "");
}
