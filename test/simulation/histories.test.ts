import { describe, expect, it } from "vitest";
import { type History, simulate } from "../support/simulation.ts";

/** Histories that once broke a rule, shrunk. Each is a fault that was mended at its root. */
const ONCE_BROKEN: readonly (History & { readonly name: string })[] = [
	{
		name: "a second reading of the tables took more than 5 seconds itself, and was written on",
		switches: 0,
		steps: [
			{ do: "launch", claim: 0, by: "data", away: true },
			{ do: "passes", passes: [{ of: "audit", repair: "all" }], turns: [0, 0, 0, 0, 196, 0, 196] },
		],
	},
	{
		name: "user data of the launch before, told by a stale read, was remembered for as long as the node ran",
		switches: 0,
		steps: [
			{ do: "launch", claim: 0, by: "data", away: false },
			{ do: "wait", seconds: 6 },
			{ do: "passes", passes: [{ of: "audit", repair: "all" }], turns: [] },
			{ do: "stop", who: 0 },
			{ do: "wait", seconds: 6 },
			{ do: "edit", who: 0, claim: 1 },
			{ do: "start", who: 0 },
			{ do: "passes", passes: [{ of: "audit", repair: "all" }], turns: [0, 0, 224] },
		],
	},
	{
		name: "a backfill that could not read the tables in time to write ahead gave up as a whole",
		switches: 0,
		steps: [
			{ do: "launch", claim: 0, by: "data", away: true },
			{ do: "launch", claim: 0, by: "data", away: true },
			{ do: "relaunch", who: 0 },
			{
				do: "passes",
				passes: [{ of: "backfill" }, { of: "audit", repair: "all" }],
				turns: [196],
			},
			{
				do: "passes",
				passes: [{ of: "backfill" }, { of: "event", nth: 0 }],
				turns: [0, 183, 0, 0, 67, 196],
			},
		],
	},
];

describe("No rule is broken any more when", () => {
	it.each(ONCE_BROKEN)("$name", async ({ switches, steps }) => {
		const { violations, writes } = await simulate({ switches, steps });
		expect(violations).toEqual([]);
		expect(writes).toBeGreaterThan(0);
	});
});
