/** Something that will happen at an instant of world time. */
interface Appointment {
	readonly at: number;
	readonly order: number;
	readonly key: string;
	/** Whether {@link Clock.settle} waits for it. */
	readonly awaited: boolean;
	readonly perform: () => void;
}

/** World time: it moves only when told to, and performs what is due at its own instant, in order. */
export class Clock {
	#instant: number;
	#booked = 0;
	readonly #appointments = new Map<string, Appointment>();

	constructor(startAt: number) {
		this.#instant = startAt;
	}

	/** Epoch milliseconds. */
	now(): number {
		return this.#instant;
	}

	/** Books `perform` for `delay` milliseconds from now, in place of whatever `key` had booked. */
	book(key: string, delay: number, awaited: boolean, perform: () => void): void {
		this.#booked += 1;
		this.#appointments.set(key, { at: this.#instant + delay, order: this.#booked, key, awaited, perform });
	}

	/** Moves on by `ms`; throws `RangeError` for a negative span, since world time never runs backwards. */
	advance(ms: number): void {
		if (!(ms >= 0)) throw new RangeError(`World time cannot move by ${ms} ms`);
		this.#moveTo(this.#instant + ms);
	}

	/** Moves on until nothing awaited is left. */
	settle(): void {
		for (let next = this.#earliest(true); next !== undefined; next = this.#earliest(true))
			this.#moveTo(next.at);
	}

	#moveTo(end: number): void {
		for (
			let next = this.#earliest(false);
			next !== undefined && next.at <= end;
			next = this.#earliest(false)
		) {
			this.#instant = Math.max(this.#instant, next.at);
			this.#appointments.delete(next.key);
			next.perform();
		}
		this.#instant = Math.max(this.#instant, end);
	}

	#earliest(awaitedOnly: boolean): Appointment | undefined {
		let earliest: Appointment | undefined;
		for (const appointment of this.#appointments.values()) {
			if (awaitedOnly && !appointment.awaited) continue;
			if (earliest === undefined || isBefore(appointment, earliest)) earliest = appointment;
		}
		return earliest;
	}
}

function isBefore(a: Appointment, b: Appointment): boolean {
	return a.at < b.at || (a.at === b.at && a.order < b.order);
}
