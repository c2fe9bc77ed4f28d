import type { SimulatedWorld } from "./simulation-world.ts";

/** What goes wrong with one call. `stale`: a reading tells what was; `retried`: an answer is lost and the request sent again. */
export type Fault = "none" | "throttled" | "lost" | "stale" | "retried";

/** One decision of a schedule. */
interface Turn {
	/** Which of the calls under way goes on. */
	readonly which: number;
	readonly fault: Fault;
	/** Time that passes before it does. */
	readonly seconds: number;
}

/** Highest number that {@link readTurn} tells apart from the others. */
export const TURN_MAX = 255;

/** A turn as a number, so that a history is plain data that shrinks towards calm: 0 is the oldest call, without a fault. */
function readTurn(turn: number): Turn {
	const which = turn & 3;
	const die = turn >> 2;
	if (die < 46) return { which, fault: "none", seconds: 0 };
	if (die < 51) return { which, fault: "none", seconds: die < 49 ? 3 : 6 };
	if (die < 53) return { which, fault: "throttled", seconds: 0 };
	if (die < 56) return { which, fault: "lost", seconds: 0 };
	if (die < 61) return { which, fault: "stale", seconds: 0 };
	return { which, fault: "retried", seconds: 0 };
}

/** Turns between the moment a pass starts nothing more and the moment it stops waiting. */
const GRACE = 3;

/** How near its deadline a pass has come. */
export type Lateness = "starts nothing" | "waits no longer";

/** A call of one pass that may go on. */
interface Gate {
	readonly owner: object;
	/** What the call does to the world if its pass dies now: a request on its way still arrives. */
	readonly arrive: (() => Promise<unknown>) | undefined;
	readonly open: (fault: Fault) => void;
}

/** What happens in the midst of passes, counted in turns from 0. */
export interface Script {
	readonly turns: readonly number[];
	/** The pass whose call goes on at this turn dies with it. */
	readonly dies?: number;
	/** The pass whose call goes on at this turn starts nothing more, and soon after does not wait for answers either. */
	readonly ends?: number;
	/** At this turn something else happens first. */
	readonly amid?: { readonly at: number; readonly happen: () => void };
}

/**
 * Decides which call of which pass goes on next, so that passes interleave at every await in an order that a
 * script gives. When the script is over, the oldest call goes on.
 */
export class Turns {
	readonly #world: SimulatedWorld;
	readonly #script: Script;
	readonly #last: number;
	#gates: Gate[] = [];
	#taken = 0;
	#running = 0;
	#tail: Promise<void> = Promise.resolve();
	#late: object | undefined;
	readonly #dead = new Set<object>();

	/** Several passes take turns to the end; one that is alone goes on by itself once the script is over. */
	constructor(world: SimulatedWorld, script: Script, isAlone: boolean) {
		this.#world = world;
		this.#script = script;
		const { turns, dies = -1, ends = -1, amid } = script;
		const last = Math.max(turns.length, dies + 1, ends + 1 + GRACE, (amid?.at ?? -1) + 1);
		this.#last = isAlone ? last : Number.POSITIVE_INFINITY;
	}

	/** Whether nothing unusual is to come: calls go on at once. */
	get isOver(): boolean {
		return this.#taken >= this.#last;
	}

	/** Waits for its turn. Never answers a pass that died. */
	async wait(owner: object, arrive?: () => Promise<unknown>): Promise<Fault> {
		if (this.#dead.has(owner)) return new Promise(() => {});
		if (this.isOver) return "none";
		return new Promise((open) => this.#gates.push({ owner, arrive, open }));
	}

	/** Does something with the world; one at a time, since the real adapter takes a while. */
	async run<T>(act: () => Promise<T>): Promise<T> {
		this.#running += 1;
		const before = this.#tail;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#tail = promise;
		await before;
		try {
			return await act();
		} finally {
			this.#running -= 1;
			resolve();
		}
	}

	/** Lets the passes go on until each has ended or died. `onLate` is told of a pass that comes near its deadline. */
	async conduct(
		passes: ReadonlyMap<object, Promise<unknown>>,
		onLate: (owner: object, lateness: Lateness) => void,
	) {
		const open = new Set(passes.keys());
		for (const [owner, pass] of passes) {
			void pass.catch(() => undefined).finally(() => open.delete(owner));
		}
		for (;;) {
			await this.#quiet();
			for (const owner of this.#dead) open.delete(owner);
			if (open.size === 0) return;
			const gate = this.#gates[this.#nextTurn().which % Math.max(1, this.#gates.length)];
			if (gate === undefined) throw new Error("A pass neither asks for anything nor ends");
			await this.#go(gate, onLate);
		}
	}

	#nextTurn(): Turn {
		return readTurn(this.#script.turns[this.#taken] ?? 0);
	}

	async #go(gate: Gate, onLate: (owner: object, lateness: Lateness) => void): Promise<void> {
		const { fault, seconds } = this.#nextTurn();
		const { amid, dies, ends } = this.#script;
		const turn = this.#taken;
		this.#taken += 1;
		if (seconds > 0) this.#world.act({ do: "wait", seconds });
		if (amid?.at === turn) amid.happen();
		if (ends === turn) {
			this.#late = gate.owner;
			onLate(gate.owner, "starts nothing");
		}
		if (this.#late !== undefined && turn === (ends ?? 0) + GRACE) onLate(this.#late, "waits no longer");
		if (dies === turn) {
			await this.#kill(gate.owner);
			return;
		}
		this.#gates = this.#gates.filter((other) => other !== gate);
		gate.open(fault);
		if (this.isOver) this.#openAll();
	}

	/** Every second of its requests that are on their way arrives all the same. */
	async #kill(owner: object): Promise<void> {
		this.#dead.add(owner);
		const own = this.#gates.filter((gate) => gate.owner === owner);
		this.#gates = this.#gates.filter((gate) => gate.owner !== owner);
		for (const [index, { arrive }] of own.entries()) if (index % 2 === 0) await arrive?.();
		if (this.isOver) this.#openAll();
	}

	#openAll(): void {
		const gates = this.#gates;
		this.#gates = [];
		for (const { open } of gates) open("none");
	}

	/** Until every pass has ended or waits for its turn. */
	async #quiet(): Promise<void> {
		do await new Promise(setImmediate);
		while (this.#running > 0);
	}
}
