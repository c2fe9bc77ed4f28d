import type { Change, CheckChange } from "../../src/model/change.ts";
import type { Instance, InstanceId, InterfaceLookup, NetworkInterfaceId } from "../../src/model/instance.ts";
import type { RouteTable } from "../../src/model/route.ts";
import type {
	BeforeSending,
	NodeSource,
	Ports,
	UserDataReading,
	WriteResult,
} from "../../src/reconcile/ports.ts";
import type { UserDataMemory } from "../../src/reconcile/user-data-memory.ts";
import { type Meaning, meaningOf } from "./simulation-claims.ts";
import { Picture, pictureOf } from "./simulation-picture.ts";
import type { Readings } from "./simulation-readings.ts";
import {
	type Breach,
	breachesOf,
	breachesOfCheck,
	countManaged,
	deletesAllowed,
	wantedBy,
} from "./simulation-rules.ts";
import type { Fault, Turns } from "./simulation-turns.ts";
import type { SimulatedWorld } from "./simulation-world.ts";

/** Whose doing it is that the world was not as a pass was shown: told apart, since only these are exempt. */
export type Exemption = "another pass" | "another writer" | "a stale read";

/** A write that the world's truth forbids. */
export interface Harm {
	readonly what: Breach;
	readonly write: string;
	/** Absent for a violation: the pass knew, or could have. */
	readonly exempt?: Exemption;
}

/** How old a reading of the tables may be when a write is asked for (contract, "Freshness"). */
const READING_AGE_MAX_MS = 5_000;

/** What a pass is allowed, by the contract. */
export interface Licence {
	/** Whether it may delete proven orphans. */
	readonly deletes: boolean;
	readonly shareMax: number;
	/** Whether nothing disturbs it: then nothing excuses it either. */
	readonly undisturbed: boolean;
}

interface TablesSeen {
	readonly tables: readonly RouteTable[];
	readonly askedAt: number;
	/** Reads of the pass before this one was asked for. */
	readonly order: number;
}

/**
 * Stands between one pass and the world: lets each of its calls wait for its turn, notes what it is shown, and
 * judges each of its writes as it takes effect.
 */
export class Watch {
	readonly harms: Harm[] = [];
	writes = 0;
	readonly #world: SimulatedWorld;
	readonly #turns: Turns;
	readonly #licence: Licence;
	/** Who wrote what last, shared by the passes that interleave. */
	readonly #ledger: Map<string, Watch>;
	readonly #nodes = new Map<InstanceId, Instance>();
	readonly #userData = new Map<InstanceId, UserDataReading>();
	readonly #interfaces = new Map<NetworkInterfaceId, InterfaceLookup>();
	readonly #tables: TablesSeen[] = [];
	readonly #deletes = new Map<string, number>();
	#reads = 0;
	#lastOtherRead = 0;
	#sawStale = false;
	#back = 0;

	constructor(world: SimulatedWorld, turns: Turns, licence: Licence, ledger: Map<string, Watch>) {
		this.#world = world;
		this.#turns = turns;
		this.#licence = licence;
		this.#ledger = ledger;
	}

	/** What the adapter under this pass reads: stale for the length of a call that a turn says is. */
	readings(): Readings {
		return this.#world.readingsBefore(this.#back);
	}

	/** The ports a pass is given: gates inside, notes outside, and between them what a warm function remembers. */
	over(ports: Ports, memory: UserDataMemory | undefined): Ports {
		const gated = this.#gated(ports.nodes);
		return {
			nodes: this.#noted(memory === undefined ? gated : memory.over(gated, () => this.#now())),
			tables: {
				read: async (signal) => {
					const askedAt = this.#now();
					const order = this.#reads;
					const result = await this.#read(signal, () => ports.tables.read(signal));
					this.#tables.push({ tables: result.tables, askedAt, order });
					return result;
				},
				write: (change, signal, beforeSending) =>
					this.#write(change, signal, beforeSending, () => ports.tables.write(change, signal, sendAtOnce)),
			},
			interfaces: {
				lookUp: async (ids, signal) => {
					const result = await this.#read(signal, () => ports.interfaces.lookUp(ids, signal));
					for (const [id, lookup] of result) this.#interfaces.set(id, lookup);
					this.#lastOtherRead = this.#reads;
					return result;
				},
				disableSourceDestCheck: (change, signal, beforeSending) =>
					this.#write(change, signal, beforeSending, () =>
						ports.interfaces.disableSourceDestCheck(change, signal, sendAtOnce),
					),
			},
			countCalls: ports.countCalls,
		};
	}

	#now(): number {
		return this.#world.world.clock.now();
	}

	#gated(nodes: NodeSource): NodeSource {
		return {
			list: (signal) => this.#read(signal, () => nodes.list(signal)),
			find: (ids, signal) => this.#read(signal, () => nodes.find(ids, signal)),
			findAll: (ids, signal) => this.#read(signal, () => nodes.findAll(ids, signal)),
			readUserData: (instance, signal) => this.#read(signal, () => nodes.readUserData(instance, signal)),
		};
	}

	#noted(nodes: NodeSource): NodeSource {
		return {
			list: async (signal) => {
				const listed = await nodes.list(signal);
				this.#nodes.clear();
				return this.#note(listed);
			},
			find: async (ids, signal) => {
				const found = await nodes.find(ids, signal);
				for (const node of found.values()) if (node.kind === "node") this.#note([node.instance]);
				return found;
			},
			findAll: async (ids, signal) => {
				const found = await nodes.findAll(ids, signal);
				for (const id of ids) this.#nodes.delete(id);
				return this.#note(found);
			},
			readUserData: async (instance, signal) => {
				const reading = await nodes.readUserData(instance, signal);
				this.#userData.set(instance.id, reading);
				return reading;
			},
		};
	}

	#note(instances: readonly Instance[]): readonly Instance[] {
		for (const instance of instances) this.#nodes.set(instance.id, instance);
		return instances;
	}

	async #read<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
		if (signal.aborted) throw outOfTime();
		const fault = await this.#turns.wait(this);
		if (signal.aborted) throw outOfTime();
		if (fault === "throttled") throw new Error("RequestLimitExceeded: Request limit exceeded.");
		const result = await this.#turns.run(() => this.#ask(fault, ask));
		if (fault === "lost") throw new Error("TimeoutError: Connection timed out");
		await this.#turns.wait(this);
		this.#reads += 1;
		return result;
	}

	/** The direct adapter looks before it first waits, so the lens is taken off at once. */
	#ask<T>(fault: Fault, ask: () => Promise<T>): Promise<T> {
		if (fault === "stale") {
			this.#back = 1 + (this.#reads % 3);
			this.#sawStale = true;
		}
		const answer = ask();
		this.#back = 0;
		return answer;
	}

	async #write(
		change: Change,
		signal: AbortSignal,
		beforeSending: BeforeSending,
		ask: () => Promise<WriteResult>,
	): Promise<WriteResult> {
		if (signal.aborted) return unanswered();
		const instead = await beforeSending();
		if (instead !== undefined) return instead;
		this.#judgeFreshness(change);
		const send = () => this.#turns.run(() => this.#takeEffect(change, ask));
		const fault = await this.#turns.wait(this, send);
		if (signal.aborted) return unanswered();
		if (fault === "throttled") {
			return { kind: "failed", error: "RequestLimitExceeded: Request limit exceeded." };
		}
		const first = await send();
		if (fault === "lost") return { kind: "failed", error: "TimeoutError: Connection timed out" };
		await this.#turns.wait(this);
		if (signal.aborted) return unanswered();
		if (fault !== "retried") return first;
		const insteadOfRetry = await beforeSending();
		if (insteadOfRetry !== undefined) return insteadOfRetry;
		this.#judgeFreshness(change);
		await this.#turns.wait(this, send);
		if (signal.aborted) return unanswered();
		const second = await send();
		await this.#turns.wait(this);
		return second;
	}

	#judgeFreshness(change: Change): void {
		if (change.kind === "disable-source-dest-check") return;
		const last = this.#tables.at(-1);
		if (last === undefined || this.#now() - last.askedAt > READING_AGE_MAX_MS) {
			this.#accuse(change, "a write relied on a reading older than 5 seconds");
		}
		if (change.kind !== "delete") return;
		if (!this.#licence.deletes) this.#accuse(change, "a route was deleted by a pass that may not");
		if (last !== undefined && last.order < this.#lastOtherRead) {
			this.#accuse(change, "a route was deleted on a reading that was not made for it");
		}
	}

	#accuse(change: Change, what: Breach): void {
		this.harms.push({ what, write: describe(change) });
	}

	async #takeEffect(change: Change, ask: () => Promise<WriteResult>): Promise<WriteResult> {
		const before = this.#world.readings();
		this.#world.remember();
		const result = await ask();
		const touched = differences(before, this.#world.readings());
		if (touched.length === 0) return result;
		this.writes += 1;
		const asked =
			change.kind === "disable-source-dest-check"
				? change.networkInterfaceId
				: `${change.routeTableId} ${change.destination.text}`;
		if (touched.length > 1 || touched[0] !== asked)
			this.#accuse(change, "something changed that was not asked for");
		this.#judge(change, pictureOf(before));
		this.#ledger.set(asked, this);
		return result;
	}

	#judge(change: Change, truth: Picture): void {
		const judged =
			change.kind === "disable-source-dest-check"
				? (picture: Picture) => this.#breachesOfCheck(picture, change)
				: (picture: Picture) => breachesOf(picture, wantedBy(change));
		const shown = this.#shown(this.#tables.at(-1)?.tables ?? []);
		const known = judged(shown).filter((breach) => !this.#wasNoneAtFirst(breach, judged));
		for (const what of known) this.#accuse(change, what);
		if (change.kind === "delete") this.#judgeCount(change, shown);
		for (const what of judged(truth)) {
			if (known.includes(what)) continue;
			if (this.#licence.undisturbed) this.#accuse(change, what);
			else this.harms.push({ what, write: describe(change), exempt: this.#whose(change) });
		}
	}

	/** Another block's route is looked at when a pass decides; a route's own is looked at again before it is written. */
	#wasNoneAtFirst(breach: Breach, judged: (picture: Picture) => readonly Breach[]): boolean {
		if (breach !== "a route was made across a routed block") return false;
		return this.#tables.some(({ tables }) => !judged(this.#shown(tables)).includes(breach));
	}

	#breachesOfCheck(picture: Picture, change: CheckChange): readonly Breach[] {
		const vpcIds = picture.tables.map(({ vpcId }) => vpcId);
		return breachesOfCheck(picture, change, vpcIds);
	}

	#judgeCount(change: Extract<Change, { kind: "delete" }>, shown: Picture): void {
		const { routeTableId } = change;
		const count = (this.#deletes.get(routeTableId) ?? 0) + 1;
		this.#deletes.set(routeTableId, count);
		const pictures = [shown, ...this.#tables.map(({ tables }) => this.#shown(tables))];
		const managed = Math.max(...pictures.map((picture) => countManaged(picture, routeTableId)));
		if (count > deletesAllowed(managed, this.#licence.shareMax)) {
			this.#accuse(change, "too many routes were deleted");
		}
	}

	#whose(change: Change): Exemption {
		if (this.#sawStale) return "a stale read";
		const writer = change.kind === "disable-source-dest-check" ? undefined : this.#ledger.get(keyOf(change));
		return writer !== undefined && writer !== this ? "another pass" : "another writer";
	}

	/** What this pass was shown, with some reading of the tables. */
	#shown(tables: readonly RouteTable[]): Picture {
		return new Picture(
			[...this.#nodes.values()],
			tables,
			(node) => this.#shownMeaning(node),
			(id) => this.#interfaces.get(id as NetworkInterfaceId),
		);
	}

	#shownMeaning({ id, tags, life }: Instance): Meaning {
		const reading = this.#userData.get(id);
		if (life === "gone") return { kind: "none", named: [] };
		if (reading?.kind !== "read") return { kind: "unread", named: [] };
		const text = reading.bytes === undefined ? undefined : Buffer.from(reading.bytes).toString();
		return meaningOf(tags.get("pod-cidr"), text);
	}
}

function keyOf(change: Exclude<Change, CheckChange>): string {
	return `${change.routeTableId} ${change.destination.text}`;
}

function describe(change: Change): string {
	if (change.kind === "disable-source-dest-check") return `${change.kind} ${change.networkInterfaceId}`;
	const to = change.kind === "delete" ? "" : ` to ${change.networkInterfaceId}`;
	return `${change.kind} ${keyOf(change)}${to}`;
}

/** {@link Watch} asks by itself, before a call waits for its turn: what happens meanwhile, the pass cannot know. */
async function sendAtOnce(): Promise<undefined> {}

/** As the real adapter tells of a request whose answer is not waited for. */
function unanswered(): WriteResult {
	return { kind: "failed", error: `${outOfTime().message}, so it may have taken effect` };
}

function outOfTime(): Error {
	return Object.assign(new Error("OutOfTime: no answer before the deadline"), { name: "AbortError" });
}

/** The routes, by table and destination, and the interfaces that are not as they were. */
function differences(before: Readings, after: Readings): readonly string[] {
	const [old, now] = [contentsOf(before), contentsOf(after)];
	return [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
}

function contentsOf({ tables, nodes }: Readings): ReadonlyMap<string, string> {
	const contents = new Map<string, string>();
	for (const { id, routes } of tables) {
		for (const { destination, origin, state, target } of routes) {
			const key = `${id} ${destination.text}`;
			const told = target.kind === "interface" ? target.networkInterfaceId : target.description;
			contents.set(key, `${contents.get(key) ?? ""} ${origin} ${state} ${told}`);
		}
	}
	for (const { primaryInterface } of nodes) {
		if (primaryInterface !== undefined)
			contents.set(primaryInterface.id, String(primaryInterface.sourceDestCheck));
	}
	return contents;
}
