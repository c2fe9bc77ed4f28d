import { describe, expect, it } from "vitest";
import { invokeAsync } from "../../bench/burst/async-invocation.ts";
import { CHOSEN } from "../../bench/burst/designs.ts";
import { EventSourceMapping } from "../../bench/burst/event-source-mapping.ts";
import { LambdaFunction } from "../../bench/burst/lambda.ts";
import type { BatchResponse, QueueRecord } from "../../bench/burst/passes.ts";
import { Queue } from "../../bench/burst/queue.ts";
import { simulateBurst } from "../../bench/burst/simulate.ts";
import { inSimulatedTime, sleep } from "../../bench/simulated-time.ts";

const NOON = Date.UTC(2026, 0, 2, 12);

describe("Lambda, invoked asynchronously", () => {
	it("tries a failing event three times, after one minute and two, and gives it up", async () => {
		const tries: number[] = [];
		const outcome = await inSimulatedTime(NOON, () => {
			const target = new LambdaFunction<unknown, void>(
				() => async () => {
					tries.push(Date.now() - NOON);
					throw new Error("no");
				},
				{ timeoutMs: 60_000 },
			);
			return invokeAsync(target, {}, { retries: 2, ageMaxMs: 3_600_000 });
		});
		expect(outcome).toBe("failed");
		expect(tries).toEqual([500, 60_500, 180_500]);
	});

	it("tries an event that it throttled after 1, 2, 4 … seconds", async () => {
		const servedAt: number[] = [];
		await inSimulatedTime(NOON, async () => {
			const target = new LambdaFunction<unknown, void>(
				() => async () => {
					await sleep(5_000);
					servedAt.push(Date.now() - NOON);
				},
				{ timeoutMs: 60_000, reservedConcurrency: 1 },
			);
			const options = { retries: 2, ageMaxMs: 3_600_000 };
			await Promise.all([invokeAsync(target, 1, options), invokeAsync(target, 2, options)]);
		});
		// The first with an initialisation; the second at 1, at 3 and at 7 seconds.
		expect(servedAt).toEqual([5_500, 12_000]);
	});
});

describe("A queue and its event source mapping", () => {
	/** Ten messages to a function that never accepts the third, whatever the batch: which it got, and when. */
	async function run(): Promise<{ readonly batches: readonly string[]; readonly deadLetters: number }> {
		return inSimulatedTime(NOON, async () => {
			const batches: string[] = [];
			const target = new LambdaFunction<readonly QueueRecord[], BatchResponse>(
				() => async (records) => {
					batches.push(`${(Date.now() - NOON) / 1_000}: ${records.map(({ body }) => body).join()}`);
					const failed = records.filter(({ body }) => body === "3");
					return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
				},
				{ timeoutMs: 30_000 },
			);
			const queue = new Queue({ visibilityTimeoutMs: 180_000, maxReceiveCount: 3 });
			for (let body = 1; body <= 10; body += 1) queue.send(String(body));
			const mapping = new EventSourceMapping(queue, target, {
				batchSize: 5,
				batchingWindowMs: 0,
				maximumConcurrency: 2,
			});
			const working = mapping.run();
			while (!queue.isEmpty) await sleep(1_000);
			mapping.stop();
			await working;
			return { batches, deadLetters: queue.deadLetters };
		});
	}

	it("gives two batches at once, and the failed message alone again until the failure queue has it", async () => {
		const { batches, deadLetters } = await run();
		expect(batches).toEqual(["0.52: 1,2,3,4,5", "0.52: 6,7,8,9,10", "180.02: 3", "360.02: 3"]);
		expect(deadLetters).toBe(1);
	});
});

describe("The chosen delivery", () => {
	it("routes 100 nodes that launch at once within 1.2 times the floor, and fails none", async () => {
		const { routed, lastAfter, deadLetters } = await simulateBurst({ nodes: 100 }, CHOSEN.design);
		expect(routed).toBe(100);
		expect(deadLetters).toBe(0);
		// The launches take ten seconds, and so does the floor: (100 - 50) / 5.
		expect(lastAfter).toBeLessThan(12);
	});

	it("comes to the same in every run", async () => {
		const [one, two] = [
			await simulateBurst({ nodes: 20 }, CHOSEN.design),
			await simulateBurst({ nodes: 20 }, CHOSEN.design),
		];
		expect(one).toEqual(two);
	});
});
