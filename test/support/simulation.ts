import { parseHint } from "../../src/hint/parse-hint.ts";
import type { InstanceId } from "../../src/model/instance.ts";
import type { Deadline } from "../../src/reconcile/deadline.ts";
import type { Ports } from "../../src/reconcile/ports.ts";
import { type PassResult, reconcile } from "../../src/reconcile/reconcile.ts";
import type { Request } from "../../src/reconcile/request.ts";
import { UserDataMemory } from "../../src/reconcile/user-data-memory.ts";
import { parseSettings, type Settings } from "../../src/settings.ts";
import { CLUSTER_TAG } from "./cluster.ts";
import { leftUndone } from "./simulation-converged.ts";
import { CLUSTER_BLOCKS, pictureOf } from "./simulation-picture.ts";
import { type Adapter, directPorts } from "./simulation-ports.ts";
import { type Lateness, Turns } from "./simulation-turns.ts";
import { type Exemption, Watch } from "./simulation-watch.ts";
import { type Act, pick, ROUTE_LIMIT, SimulatedWorld } from "./simulation-world.ts";

/** Small enough for a backfill of a few nodes to write while it reads. */
const WAVE_SIZE = 2;

/** One pass of podroute. Events and nodes go by number, so that every one is possible. */
export type PassOf =
	| { readonly of: "event"; readonly nth: number; readonly more?: number }
	| { readonly of: "audit"; readonly repair: "none" | "routes" | "all" }
	| { readonly of: "backfill"; readonly who?: number; readonly dryRun?: true };

/**
 * One command of a history.
 *
 * - `passes`: one pass, or two at once, in the turns given; `dies` and `ends` name the turn at which a Lambda
 *   dies or runs out of time, `amid` what somebody else does at which turn.
 * - `heal`: faults stop; an audit with `REPAIR=all` must put everything right, and the next change nothing.
 */
export type Step =
	| Act
	| { readonly do: "lose-event" | "repeat-event"; readonly nth: number }
	| { readonly do: "cold" }
	| { readonly do: "heal" }
	| {
			readonly do: "passes";
			readonly passes: readonly PassOf[];
			readonly turns: readonly number[];
			readonly dies?: number;
			readonly ends?: number;
			readonly amid?: { readonly at: number; readonly act: Act };
	  };

/** Everything that happens in one simulated world. Plain data: the same history is the same simulation. */
export interface History {
	/** Whose bits choose among what AWS leaves unclear. */
	readonly switches: number;
	readonly steps: readonly Step[];
}

export interface Outcome {
	/** What podroute did or left undone that it must not, a sentence each; empty as a rule. */
	readonly violations: readonly string[];
	/** Harm that nobody could have known of, by whose doing it was. */
	readonly exempted: Readonly<Record<Exemption, number>>;
	readonly passes: number;
	readonly writes: number;
	/** What every pass reported, or how it failed, in order. */
	readonly told: readonly unknown[];
	/** The routes in the end. */
	readonly routes: unknown;
}

export interface SimulationOptions {
	/** How a pass reaches the world; directly unless given. */
	readonly adapter?: Adapter;
	/** A fault planted between the engine and its ports. */
	readonly plant?: (ports: Ports) => Ports;
}

/** Lets a history happen, and stops at the first violation. */
export async function simulate(history: History, options: SimulationOptions = {}): Promise<Outcome> {
	const simulation = new Simulation(history.switches, options);
	for (const step of [...history.steps, { do: "heal" } as const]) {
		await simulation.take(step);
		if (simulation.violations.length > 0) break;
	}
	return simulation.outcome();
}

const SHARE_MAX = 0.3;

/** As many more tries as Lambda gives an event whose invocation failed (aws-facts.md §4). */
const RETRIES = 2;

class Simulation {
	readonly violations: string[] = [];
	readonly #options: SimulationOptions;
	readonly #world: SimulatedWorld;
	readonly #settings: Settings;
	readonly #told: unknown[] = [];
	readonly #exempted: Record<Exemption, number> = {
		"another pass": 0,
		"another writer": 0,
		"a stale read": 0,
	};
	readonly #tries = new WeakMap<object, number>();
	#memory = new UserDataMemory();
	#passes = 0;
	#writes = 0;

	constructor(switches: number, options: SimulationOptions) {
		this.#options = options;
		this.#world = new SimulatedWorld(switches);
		this.#settings = parseSettings({
			NODE_FILTERS: `tag:${CLUSTER_TAG}=owned`,
			ROUTE_TABLES: this.#world.tableIds.join(","),
			CLUSTER_CIDRS: CLUSTER_BLOCKS.join(","),
			DELETE_SHARE_MAX: String(SHARE_MAX),
			ROUTE_LIMIT: String(ROUTE_LIMIT),
		});
	}

	outcome(): Outcome {
		return {
			violations: this.violations,
			exempted: this.#exempted,
			passes: this.#passes,
			writes: this.#writes,
			told: this.#told,
			routes: this.#world.readings().tables,
		};
	}

	async take(step: Step): Promise<void> {
		switch (step.do) {
			case "passes":
				return this.#takePasses(step);
			case "heal":
				return this.#heal();
			case "cold":
				this.#memory = new UserDataMemory();
				return;
			case "lose-event":
				if (this.#world.events.length > 0) this.#world.events.splice(step.nth % this.#world.events.length, 1);
				return;
			case "repeat-event":
				if (this.#world.events.length > 0) this.#world.events.push(pick(this.#world.events, step.nth));
				return;
			default:
				this.#world.act(step);
		}
	}

	async #takePasses({ passes, turns, amid, ...ends }: Extract<Step, { do: "passes" }>): Promise<void> {
		const script = {
			turns,
			...ends,
			...(amid === undefined ? {} : { amid: { at: amid.at, happen: () => this.#world.act(amid.act) } }),
		};
		const conductor = new Turns(this.#world, script, passes.length === 1);
		const undisturbed = conductor.isOver;
		await this.#conduct(passes, conductor, undisturbed);
	}

	async #conduct(passes: readonly PassOf[], turns: Turns, undisturbed: boolean) {
		const ledger = new Map<string, Watch>();
		const deadlines = new Map<object, Readonly<Record<Lateness, AbortController>>>();
		const started = new Map<Watch, Promise<void>>();
		const results: (PassResult | undefined)[] = [];
		for (const [index, pass] of passes.entries()) {
			const request = this.#requestOf(pass);
			if (request === undefined) continue;
			const deletes = request.operation === "audit" && request.repair === "all";
			const watch = new Watch(this.#world, turns, { deletes, shareMax: SHARE_MAX, undisturbed }, ledger);
			const ends = { "starts nothing": new AbortController(), "waits no longer": new AbortController() };
			deadlines.set(watch, ends);
			const deadline = {
				stopStarting: ends["starts nothing"].signal,
				abandon: ends["waits no longer"].signal,
			};
			started.set(
				watch,
				this.#pass(request, watch, deadline).then((result) => {
					results[index] = result;
				}),
			);
		}
		await turns.conduct(started, (owner, lateness) => deadlines.get(owner)?.[lateness].abort());
		for (const watch of started.keys()) this.#hear(watch);
		return results;
	}

	/** One pass; what it tells is kept. A surprise in the engine itself is a violation. */
	async #pass(request: Request, watch: Watch, deadline: Deadline): Promise<PassResult | undefined> {
		const { adapter = directPorts, plant = (ports: Ports) => ports } = this.#options;
		const ports = adapter(this.#world.world, () => watch.readings(), this.#settings);
		const memory = request.operation === "audit" ? this.#memory : undefined;
		this.#passes += 1;
		try {
			const result = await reconcile(request, {
				ports: plant(watch.over(ports, memory)),
				settings: this.#settings,
				now: () => this.#world.world.clock.now(),
				deadline,
				waveSize: WAVE_SIZE,
			});
			this.#told.push(request, { ...result, report: { ...result.report, apiCalls: {} } });
			const undone = new Set(result.unfinished.map(({ instanceId }) => instanceId));
			this.#retry(request, (id) => undone.has(id) || undone.has(undefined));
			return result;
		} catch (error) {
			const told = error instanceof Error ? error.message : String(error);
			this.#told.push(request, told);
			if (!EXPECTED.test(told)) this.violations.push(`A pass failed for no reason of EC2's: ${told}`);
			this.#retry(request, () => true);
			return undefined;
		}
	}

	readonly #delivered = new Map<InstanceId, SimulatedWorld["events"][number]>();

	/** The events of a batch that are undone come again; at last they go to the failure queue, and the audit has to see to it. */
	#retry(request: Request, isUndone: (id: InstanceId) => boolean): void {
		if (request.operation !== "launch") return;
		for (const instanceId of request.instanceIds.filter(isUndone)) {
			const event = this.#delivered.get(instanceId);
			if (event === undefined) continue;
			const tries = this.#tries.get(event) ?? 0;
			this.#tries.set(event, tries + 1);
			if (tries < RETRIES) this.#world.events.push(event);
		}
	}

	#requestOf(pass: PassOf): Request | undefined {
		if (pass.of === "audit") return { operation: "audit", repair: pass.repair };
		if (pass.of === "backfill") {
			const { who, dryRun = false } = pass;
			const { nodes } = this.#world.readings();
			if (who === undefined || nodes.length === 0) return { operation: "backfill", dryRun };
			return { operation: "backfill", dryRun, instanceIds: [pick(nodes, who).id] };
		}
		const { nth, more = 0 } = pass;
		const instanceIds = Array.from({ length: 1 + more }, () => this.#deliver(nth)).filter(
			(id) => id !== undefined,
		);
		return instanceIds.length === 0
			? undefined
			: { operation: "launch", instanceIds: [...new Set(instanceIds)] };
	}

	/** The instance that an event names; the event is no longer on its way. */
	#deliver(nth: number): InstanceId | undefined {
		const { events } = this.#world;
		const [event] = events.length === 0 ? [] : events.splice(nth % events.length, 1);
		if (event === undefined) return undefined;
		const { instanceId } = parseHint(event);
		this.#delivered.set(instanceId, event);
		return instanceId;
	}

	#hear({ harms, writes }: Watch): void {
		this.#writes += writes;
		for (const { what, write, exempt } of harms) {
			if (exempt === undefined) this.violations.push(`${what}: ${write}`);
			else this.#exempted[exempt] += 1;
		}
	}

	/** Once faults have stopped. */
	async #heal(): Promise<void> {
		this.#world.remember();
		this.#world.world.clock.settle();
		this.#world.world.routeLimit = ROUTE_LIMIT;
		this.#world.forgetPast();
		const before = pictureOf(this.#world.readings());
		const result = await this.#calmAudit();
		if (result === undefined || this.violations.length > 0) return;
		const after = pictureOf(this.#world.readings());
		this.violations.push(...leftUndone(before, after, result.report, SHARE_MAX));
		if (this.violations.length > 0) return;
		const next = await this.#calmAudit();
		const wanted = next?.report.changes.filter(({ outcome }) => outcome !== "withheld") ?? [];
		for (const { kind, destination } of wanted)
			this.violations.push(`The next audit wants more: ${kind} ${destination}`);
	}

	async #calmAudit(): Promise<PassResult | undefined> {
		const audit = { of: "audit", repair: "all" } as const;
		const [result] = await this.#conduct([audit], new Turns(this.#world, { turns: [] }, true), true);
		if (result === undefined) this.violations.push("An audit failed though nothing was wrong with EC2");
		for (const { why } of result?.unfinished ?? []) this.violations.push(`An audit left undone: ${why}`);
		return result;
	}
}

/** How a pass may fail: what the turns make of EC2's answers. */
const EXPECTED = /RequestLimitExceeded|TimeoutError|OutOfTime/;
