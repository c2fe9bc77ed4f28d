import { describe, expect, it } from "vitest";
import { renderTable } from "../../bench/table.ts";

describe("A table of figures", () => {
	it("says of each goal whether it is met, and fits a terminal", () => {
		const table = renderTable("Launch", [
			{ name: "podroute", value: 3.1, unit: "ratio", goal: 3.3 },
			{ name: "calls", value: 3_038, unit: "calls" },
			{
				name: "a name that is so long that it gets a line for itself, alone",
				value: 7,
				unit: "s",
				goal: 6.5,
			},
			{ name: "the tutorial's loop", value: Number.NaN, unit: "s", note: "needs Python" },
			{ name: "answer", value: 314_173, unit: "bytes", goal: 6_000_000 },
		]);
		expect(table).toMatchInlineSnapshot(`
			"Launch                                          value         goal
			--------------------------------------------------------------------------------
			podroute                                      3.100 x   <= 3.300 x  met
			calls                                     3,038 calls
			a name that is so long that it gets a line for itself, alone
			                                               7.00 s    <= 6.50 s  MISSED
			the tutorial's loop                                 -               not measured
			    needs Python
			answer                                         314 kB  <= 6,000 kB  met
			"
		`);
		expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
	});
});
