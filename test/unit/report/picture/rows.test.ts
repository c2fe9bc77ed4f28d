import { describe, expect, it } from "vitest";
import { columnsFor } from "../../../../src/report/picture/columns.ts";
import type { Mark } from "../../../../src/report/picture/marks.ts";
import { type Row, rowsOf } from "../../../../src/report/picture/rows.ts";
import type { Run } from "../../../../src/report/picture/runs.ts";

const MARK = { says: "x" } as Mark;

/** Runs from `count` (free) and `count*` (in use). */
function runs(...counts: readonly string[]): readonly Run[] {
	let first = 0n;
	return counts.map((text) => {
		const count = BigInt(text.replace("*", ""));
		const run = { first, count, marks: text.endsWith("*") ? [MARK] : [] };
		first += count;
		return run;
	});
}

function told(row: Row): string {
	if (row.kind === "fold") return `${row.first}: ${row.run.count} folded`;
	return `${row.first}: ${row.pieces.map(({ columns, marks }) => `${columns}${marks.length > 0 ? "*" : ""}`).join(" ")}`;
}

describe("rowsOf", () => {
	it("cuts runs at the end of a row", () => {
		expect(rowsOf(runs("3*", "10", "3*"), 8).map(told)).toEqual(["0: 3* 5", "8: 5 3*"]);
	});

	it("draws every row of a short map", () => {
		expect(rowsOf(runs("1*", "31"), 8).map(told)).toEqual(["0: 1* 7", "8: 8", "16: 8", "24: 8"]);
	});

	it("folds the whole rows of a run in a long one", () => {
		expect(rowsOf(runs("1*", "65535"), 16).map(told)).toEqual(["0: 1* 15", "16: 65520 folded"]);
		expect(rowsOf(runs("20", "1*", "65515"), 16).map(told)).toEqual([
			"0: 16",
			"16: 4 1* 11",
			"32: 65504 folded",
		]);
	});

	it("folds a large block as it folds what is free", () => {
		expect(rowsOf(runs("512*", "512"), 16).map(told)).toEqual(["0: 512 folded", "512: 512 folded"]);
	});
});

describe("columnsFor", () => {
	it.each([
		[3n, undefined, 16],
		[1_000n, undefined, 16],
		[3n, 420, 16],
		[1_000n, 420, 16],
		[3n, 850, 16],
		[1_000n, 850, 32],
		[3n, 1_700, 32],
		[1_000n, 1_700, 64],
	])("%d cells in use, %j pixels: rows of %d", (inUse, width, columns) => {
		expect(columnsFor(inUse, width)).toBe(columns);
	});
});
