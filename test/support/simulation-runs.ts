import fc from "fast-check";
import { type History, type SimulationOptions, simulate } from "./simulation.ts";
import { histories } from "./simulation-history.ts";
import type { Exemption } from "./simulation-watch.ts";

/** What many simulated histories came to. */
export interface Tally {
	/** Histories simulated, without those that shrinking tried. */
	readonly runs: number;
	readonly commands: number;
	readonly passes: number;
	readonly writes: number;
	readonly exempted: Readonly<Record<Exemption, number>>;
	/** Gives the same histories again. */
	readonly seed: number;
	/** Absent where podroute did nothing that it must not. */
	readonly violation?: {
		readonly history: History;
		readonly sentences: readonly string[];
		/** With the seed, fast-check's way back to this very history. */
		readonly path: string;
	};
}

/** Simulates `runs` histories of a seed, and stops at the first violation with the history shrunk. */
export async function simulateMany(
	runs: number,
	seed: number,
	options: SimulationOptions = {},
	onRun: (done: number) => void = () => {},
): Promise<Tally> {
	const total = { runs: 0, commands: 0, passes: 0, writes: 0 };
	const exempted = { "another pass": 0, "another writer": 0, "a stale read": 0 };
	let isShrinking = false;
	const property = fc.asyncProperty(histories, async (history) => {
		const { violations, ...outcome } = await simulate(history, options);
		if (!isShrinking) {
			total.runs += 1;
			total.commands += history.steps.length;
			total.passes += outcome.passes;
			total.writes += outcome.writes;
			for (const kind of KINDS) exempted[kind] += outcome.exempted[kind];
			onRun(total.runs);
		}
		isShrinking ||= violations.length > 0;
		return violations.length === 0;
	});
	const { counterexample, counterexamplePath } = await fc.check(property, { numRuns: runs, seed });
	const tally = { ...total, exempted, seed };
	if (counterexample === null) return tally;
	const [history] = counterexample;
	const { violations } = await simulate(history, options);
	return { ...tally, violation: { history, sentences: violations, path: counterexamplePath ?? "" } };
}

const KINDS = ["another pass", "another writer", "a stale read"] as const;
