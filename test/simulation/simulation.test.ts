import { describe, expect, it } from "vitest";
import { simulateMany } from "../support/simulation-runs.ts";

/** Ends within a minute; `npm run test:soak` simulates as many as it is told. */
const RUNS = 600;

describe("Simulated histories", () => {
	it("break no rule, and are right and at rest once faults stop", async () => {
		const seed = (Date.now() ^ (process.pid << 16)) | 0;
		const { violation, ...tally } = await simulateMany(RUNS, seed);
		process.stdout.write(`${JSON.stringify(tally)}\n`);
		const replay = `npm run test:soak -- --runs ${RUNS} --seed ${seed}`;
		expect(violation && { replay, ...violation, history: JSON.stringify(violation.history) }).toBeUndefined();
		expect(tally.runs).toBe(RUNS);
	});

	it("are the same for the same seed", async () => {
		const [once, again] = [await simulateMany(30, 7), await simulateMany(30, 7)];
		expect(again).toEqual(once);
		expect(once.writes).toBeGreaterThan(30);
	});

	it("meet what is exempt, and it stays rare", async () => {
		const { exempted, writes } = await simulateMany(300, 4);
		expect(exempted["a stale read"]).toBeGreaterThan(0);
		expect(exempted["another writer"]).toBeGreaterThan(0);
		const harm = Object.values(exempted).reduce((sum, count) => sum + count, 0);
		expect(harm / writes).toBeLessThan(0.02);
	});
});
