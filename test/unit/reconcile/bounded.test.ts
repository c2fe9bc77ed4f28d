import { describe, expect, it } from "vitest";
import { mapBounded } from "../../../src/reconcile/bounded.ts";

describe("mapBounded", () => {
	it("gives results in input order, whichever came first", async () => {
		const later = (ms: number) => new Promise<number>((resolve) => setTimeout(() => resolve(ms), ms));
		expect(await mapBounded([20, 1, 10], 3, later)).toEqual([20, 1, 10]);
	});

	it("has at most the limit under way, and uses all of it", async () => {
		let underWay = 0;
		let most = 0;
		await mapBounded([1, 2, 3, 4, 5, 6, 7], 3, async () => {
			underWay += 1;
			most = Math.max(most, underWay);
			await new Promise((resolve) => setTimeout(resolve, 1));
			underWay -= 1;
		});
		expect(most).toBe(3);
	});

	it("passes the first rejection on and starts nothing more", async () => {
		const started: number[] = [];
		const call = async (item: number) => {
			started.push(item);
			await Promise.resolve();
			if (item === 2) throw new Error("two");
			await new Promise((resolve) => setTimeout(resolve, 1));
		};
		await expect(mapBounded([1, 2, 3, 4, 5], 2, call)).rejects.toThrow("two");
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(started).toEqual([1, 2]);
	});

	it("of nothing is nothing", async () => {
		expect(await mapBounded([], 3, async (item) => item)).toEqual([]);
	});
});
