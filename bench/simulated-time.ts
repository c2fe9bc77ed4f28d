/** What is due at an instant of simulated time; of two at one instant, the one asked for first. */
interface Timer {
	readonly at: number;
	readonly order: number;
	readonly perform: () => void;
}

/** Rounds of the event loop in which all work without a wait is over: nothing here leaves the thread. */
const ROUNDS = 4;
/** Rounds without any timer after which the work is taken to wait for something that never comes. */
const STUCK_ROUNDS = 10_000;

/**
 * Runs `work` in time that passes only while everything waits: timers, dates, `AbortSignal.timeout` and chance of this
 * process are simulated meanwhile, so that minutes take no longer than their work, and every run is alike. What is
 * waited for must be a timer or come from this process: sockets and files are not seen.
 *
 * `startAt`: epoch milliseconds. Rejects as `work` does.
 */
export async function inSimulatedTime<T>(startAt: number, work: () => Promise<T>): Promise<T> {
	const time = new SimulatedTime(startAt);
	const restore = time.install();
	try {
		return await time.run(work);
	} finally {
		restore();
	}
}

/** Resolves after so many milliseconds of the time there is: simulated within {@link inSimulatedTime}. */
export function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, ms);
	});
}

class SimulatedTime {
	#now: number;
	#asked = 0;
	readonly #timers = new TimerHeap();
	readonly #cancelled = new WeakSet<Timer>();

	constructor(startAt: number) {
		this.#now = startAt;
	}

	/** Puts simulated time in place of the process's; the returned function undoes it. */
	install(): () => void {
		const real = {
			setTimeout: globalThis.setTimeout,
			clearTimeout: globalThis.clearTimeout,
			Date: globalThis.Date,
			timeout: AbortSignal.timeout,
			random: Math.random,
		};
		const now = () => this.#now;
		globalThis.setTimeout = ((
			callback: (...given: readonly unknown[]) => void,
			ms = 0,
			...given: unknown[]
		) => this.#book(ms, () => callback(...given))) as unknown as typeof setTimeout;
		globalThis.clearTimeout = ((timer: unknown) => {
			if (typeof timer === "object" && timer !== null) this.#cancelled.add(timer as Timer);
		}) as typeof clearTimeout;
		globalThis.Date = new Proxy(real.Date, {
			construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given),
			get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
		});
		AbortSignal.timeout = (ms) => {
			const controller = new AbortController();
			this.#book(ms, () => controller.abort(new DOMException("The time is over", "TimeoutError")));
			return controller.signal;
		};
		Math.random = seededRandom();
		return () => {
			globalThis.setTimeout = real.setTimeout;
			globalThis.clearTimeout = real.clearTimeout;
			globalThis.Date = real.Date;
			AbortSignal.timeout = real.timeout;
			Math.random = real.random;
		};
	}

	/** Lets everything happen that needs no waiting, then moves to the next timer, and so on until the work is over. */
	async run<T>(work: () => Promise<T>): Promise<T> {
		let isOver = false;
		const outcome = work().finally(() => {
			isOver = true;
		});
		outcome.catch(() => {});
		for (let idle = 0; !isOver; idle += 1) {
			for (let round = 0; round < ROUNDS; round += 1) await new Promise((resolve) => setImmediate(resolve));
			if (isOver) break;
			if (this.#performNext()) idle = 0;
			if (idle > STUCK_ROUNDS) throw new Error("The simulated work waits for something that never comes");
		}
		return outcome;
	}

	#performNext(): boolean {
		for (let next = this.#timers.pop(); next !== undefined; next = this.#timers.pop()) {
			if (this.#cancelled.has(next)) continue;
			this.#now = Math.max(this.#now, next.at);
			next.perform();
			return true;
		}
		return false;
	}

	/** The world's clock counts whole milliseconds: a timer is due at the end of the one it falls into. */
	#book(ms: number, perform: () => void): Timer {
		this.#asked += 1;
		const timer = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#asked, perform };
		this.#timers.push(timer);
		return Object.assign(timer, { ref: () => timer, unref: () => timer });
	}
}

/** The earliest timer first. */
class TimerHeap {
	readonly #timers: Timer[] = [];

	push(timer: Timer): void {
		const timers = this.#timers;
		let index = timers.length;
		timers.push(timer);
		while (index > 0) {
			const parent = (index - 1) >> 1;
			const above = timers[parent];
			if (above === undefined || !isBefore(timer, above)) break;
			timers[index] = above;
			index = parent;
		}
		timers[index] = timer;
	}

	pop(): Timer | undefined {
		const [first] = this.#timers;
		const last = this.#timers.pop();
		if (first !== last && last !== undefined) this.#sink(last);
		return first;
	}

	#sink(timer: Timer): void {
		const timers = this.#timers;
		let index = 0;
		for (;;) {
			const child = this.#earlierChild(index);
			const below = timers[child];
			if (below === undefined || !isBefore(below, timer)) break;
			timers[index] = below;
			index = child;
		}
		timers[index] = timer;
	}

	#earlierChild(index: number): number {
		const left = this.#timers[2 * index + 1];
		const right = this.#timers[2 * index + 2];
		return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
	}
}

function isBefore(a: Timer, b: Timer): boolean {
	return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Chance that is the same in every run (mulberry32): jitter must spread, not surprise. */
function seededRandom(): () => number {
	let state = 0x9e3779b9;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
