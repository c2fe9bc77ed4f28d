import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type History, type Outcome, simulate } from "../support/simulation.ts";
import { histories } from "../support/simulation-history.ts";
import { clientPorts } from "../support/simulation-ports.ts";
import { TURN_MAX } from "../support/simulation-turns.ts";

/** The real adapter always reads what is: a stale reading is the direct adapter's to give. */
function withoutStaleReads({ switches, steps }: History): History {
	return {
		switches,
		steps: steps.map((step) =>
			step.do === "passes"
				? { ...step, turns: step.turns.map((turn) => (turn > TURN_MAX - 32 ? 0 : turn)) }
				: step,
		),
	};
}

/** Whatever order EC2 lists nodes, tables and routes in, reports are sorted. */
function comparable({ told, routes, violations, exempted }: Outcome) {
	return { told, routes, violations, exempted };
}

describe("The direct adapter", () => {
	it("makes every pass report and do what it does behind the SDK, XML and short pages", async () => {
		await fc.assert(
			fc.asyncProperty(histories.map(withoutStaleReads), async (history) => {
				const direct = await simulate(history);
				const client = await simulate(history, { adapter: clientPorts });
				expect(comparable(client)).toEqual(comparable(direct));
			}),
			{ numRuns: 25 },
		);
	});
});
