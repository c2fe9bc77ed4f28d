import { sleep } from "../simulated-time.ts";
import type { Environment } from "./passes.ts";

/**
 * Until a new environment takes its first event: runtime, code and client. No AWS page promises a figure; the project's
 * own cold start and Lambda's part around it come to about this.
 */
const INIT_MS = 500;
/** AWS Lambda Developer Guide, "Understanding Lambda function scaling": the default for all functions of an account in a region. */
const ACCOUNT_CONCURRENCY = 1_000;
/** AWS Lambda Developer Guide, "Lambda scaling behavior": new environments of a function, every 10 seconds, refilled continuously. */
const NEW_ENVIRONMENTS = { capacity: 1_000, perMs: 0.1 };

export interface LambdaOptions {
	/** Of the function, milliseconds. */
	readonly timeoutMs: number;
	/** The account's unless given. */
	readonly reservedConcurrency?: number;
}

/** The function has no environment for this invocation: Lambda's answer 429. */
export class ThrottledError extends Error {
	override readonly name = "ThrottledError";
}

/**
 * A Lambda function: an environment serves one invocation at a time, the one used last serves first, and another is
 * started where all are busy (AWS Lambda Developer Guide, "Understanding Lambda function scaling").
 */
export class LambdaFunction<Input, Output> {
	readonly #load: () => Environment<Input, Output>;
	readonly #options: LambdaOptions;
	readonly #idle: Environment<Input, Output>[] = [];
	#busy = 0;
	#mayStart = NEW_ENVIRONMENTS.capacity;
	#countedAt = Date.now();
	/** Environments started. */
	started = 0;
	/** What is billed: invocations, and since August 2025 initialisations; milliseconds. */
	billedMs = 0;
	/** The longest invocation, milliseconds. */
	longestMs = 0;
	/** Invocations refused for want of concurrency. */
	throttled = 0;

	constructor(load: () => Environment<Input, Output>, options: LambdaOptions) {
		this.#load = load;
		this.#options = options;
	}

	/**
	 * One invocation. Rejects with {@link ThrottledError} where no environment may serve it, and as the function does:
	 * it threw, or its time was over.
	 */
	async invoke(input: Input): Promise<Output> {
		const environment = this.#idle.pop() ?? this.#start();
		if (environment === undefined || this.#busy >= this.#concurrency) {
			if (environment !== undefined) this.#idle.push(environment);
			this.throttled += 1;
			throw new ThrottledError();
		}
		this.#busy += 1;
		const startedAt = Date.now();
		try {
			return await this.#inTime(environment(input, this.#options.timeoutMs));
		} finally {
			const tookMs = Date.now() - startedAt;
			this.billedMs += tookMs;
			this.longestMs = Math.max(this.longestMs, tookMs);
			this.#busy -= 1;
			this.#idle.push(environment);
		}
	}

	get #concurrency(): number {
		return this.#options.reservedConcurrency ?? ACCOUNT_CONCURRENCY;
	}

	/** A new environment, whose first invocation waits until it is initialised; none where scaling has reached its rate. */
	#start(): Environment<Input, Output> | undefined {
		const now = Date.now();
		const regained = (now - this.#countedAt) * NEW_ENVIRONMENTS.perMs;
		this.#mayStart = Math.min(NEW_ENVIRONMENTS.capacity, this.#mayStart + regained);
		this.#countedAt = now;
		if (this.#mayStart < 1 || this.#busy >= this.#concurrency) return undefined;
		this.#mayStart -= 1;
		this.started += 1;
		const serve = this.#load();
		let isReady = false;
		return async (input, remainingMs) => {
			if (!isReady) await sleep(INIT_MS);
			isReady = true;
			return serve(input, remainingMs);
		};
	}

	/** The time of an initialisation comes on top of the function's timeout, which this one does not need to the full. */
	async #inTime(outcome: Promise<Output>): Promise<Output> {
		let timer: NodeJS.Timeout | undefined;
		const over = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error("Task timed out")), this.#options.timeoutMs + INIT_MS);
		});
		try {
			return await Promise.race([outcome, over]);
		} finally {
			clearTimeout(timer);
		}
	}
}
