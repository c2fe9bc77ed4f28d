import type { Rules } from "../model/rules.ts";
import { planAhead } from "../plan/ahead.ts";
import type { Node } from "../plan/observation.ts";
import { type Applied, applyChanges } from "./apply.ts";
import type { Deadline } from "./deadline.ts";
import type { FreshTables } from "./fresh-tables.ts";
import type { Observer } from "./observe.ts";
import type { Ports } from "./ports.ts";
import { tellError } from "./tell-error.ts";

export interface HeadStartOptions {
	readonly ports: Ports;
	readonly settings: Rules;
	readonly deadline: Deadline;
	readonly waveSize?: number;
}

/** Nodes whose claims are read before anything is written: as many as EC2 lets be read at once (aws-facts.md §5). */
const WAVE_SIZE = 100;

/**
 * Writes while claims are still being read: reading and writing have rate limits of their own (aws-facts.md §5),
 * so a large cluster that has no routes yet is routed in the time that its writes take alone. Only what no
 * junior's claim can alter is written; everything else waits for the whole.
 */
export class HeadStart {
	readonly #ports: Ports;
	readonly #rules: Rules;
	readonly #fresh: FreshTables;
	readonly #deadline: Deadline;
	readonly #waveSize: number;
	readonly #heard: Node[] = [];
	readonly #applied: Applied[] = [];
	#underWay: Promise<void> = Promise.resolve();

	constructor(fresh: FreshTables, { ports, settings, deadline, waveSize = WAVE_SIZE }: HeadStartOptions) {
		this.#ports = ports;
		this.#rules = settings;
		this.#fresh = fresh;
		this.#deadline = deadline;
		this.#waveSize = waveSize;
	}

	/** Every node with its claim; the writes for each wave are made once those of the waves before are. */
	readNodes(observer: Observer): Promise<readonly Node[]> {
		return observer.readBySeniority(this.#waveSize, (wave) => {
			this.#underWay = this.#underWay.then(() => this.#write(wave));
		});
	}

	/** What was written, once it is. */
	async end(): Promise<readonly Applied[]> {
		await this.#underWay;
		return this.#applied;
	}

	/** The error of a pass that cannot go on, with what was written before it told: no report will tell it. */
	async endFailed(error: unknown): Promise<Error> {
		await this.#underWay;
		const written = this.#applied.filter(({ outcome }) => outcome.kind === "applied").length;
		const told = `${tellError(error)}; ${written} changes were applied before that, and are right: run it again`;
		return written === 0 && error instanceof Error ? error : new Error(told, { cause: error });
	}

	async #write(next: readonly Node[]): Promise<void> {
		const seniors = [...this.#heard];
		this.#heard.push(...next);
		const tables = await this.#fresh.get().catch(() => undefined);
		// Nothing is lost: the whole reads the tables again, does all of it, and tells where it cannot.
		if (tables === undefined) return;
		const changes = planAhead(next, { seniors, tables }, this.#rules);
		this.#applied.push(...(await applyChanges(changes, this.#ports, this.#fresh, this.#deadline)));
	}
}
