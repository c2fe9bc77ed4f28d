import type { RouteChange } from "../model/change.ts";
import type { RouteTable } from "../model/route.ts";

/** How old a reading of the tables may be when a write relies on it. */
const READING_AGE_MAX_MS = 5_000;

/**
 * The newest reading of the tables. EC2 has no compare-and-set on routes, so a pass that takes long reads
 * again rather than write on what it saw before; what remains is the time between a reading and its write.
 */
export class FreshTables {
	readonly #read: () => Promise<readonly RouteTable[]>;
	readonly #now: () => number;
	#readAt: number;
	#tables: readonly RouteTable[];
	#underWay: Promise<readonly RouteTable[]> | undefined;

	/** `tables` were read at `readAt`, epoch milliseconds: the instant the reading was asked for. */
	constructor(
		tables: readonly RouteTable[],
		readAt: number,
		read: () => Promise<readonly RouteTable[]>,
		now: () => number,
	) {
		this.#tables = tables;
		this.#readAt = readAt;
		this.#read = read;
		this.#now = now;
	}

	/**
	 * A reading no older than {@link READING_AGE_MAX_MS}. Calls that need a new one share it. Rejects where one
	 * takes so long that it is too old when it is there: throttled calls are retried for longer than that.
	 */
	async get(): Promise<readonly RouteTable[]> {
		if (this.#isTooOld()) await this.renew();
		if (this.#isTooOld()) throw new Error("the tables took too long to read, so nothing is written on that");
		return this.#tables;
	}

	#isTooOld(): boolean {
		return this.#now() - this.#readAt > READING_AGE_MAX_MS;
	}

	/** Makes the next {@link get} read again, however new the last reading is. */
	expire(): void {
		this.#readAt = Number.NEGATIVE_INFINITY;
	}

	/** A reading that starts now, or one that is under way. */
	renew(): Promise<readonly RouteTable[]> {
		this.#underWay ??= this.#readAgain().finally(() => {
			this.#underWay = undefined;
		});
		return this.#underWay;
	}

	async #readAgain(): Promise<readonly RouteTable[]> {
		const startedAt = this.#now();
		this.#tables = await this.#read();
		this.#readAt = startedAt;
		return this.#tables;
	}
}

/** Why a change no longer fits the tables, or `undefined` where it still does. */
export function whyStale(change: RouteChange, tables: readonly RouteTable[]): string | undefined {
	const { routeTableId, destination } = change;
	const table = tables.find(({ id }) => id === routeTableId);
	if (table === undefined) return `TableMoved: ${routeTableId} is no longer there`;
	const routes = table.routes.filter((route) => route.destination.text === destination.text);
	if (change.kind === "create") {
		return routes.length === 0
			? undefined
			: `TableMoved: ${routeTableId} has a route to ${destination.text} by now`;
	}
	const { from } = change;
	const stillThere = routes.some(
		({ state, target }) =>
			state === from.state &&
			target.kind === "interface" &&
			target.networkInterfaceId === from.networkInterfaceId,
	);
	if (stillThere) return undefined;
	return `TableMoved: the route to ${destination.text} in ${routeTableId} is no longer ${from.state} at ${from.networkInterfaceId}`;
}
