import fc from "fast-check";
import type { History, PassOf, Step } from "./simulation.ts";
import { CLAIM_TEXTS } from "./simulation-claims.ts";
import { TURN_MAX } from "./simulation-turns.ts";
import type { Act } from "./simulation-world.ts";

/** A history has about forty commands. */
const STEPS = { maxLength: 80, size: "max" } as const;

const who = fc.nat({ max: 6 });
const table = fc.nat({ max: 2 });
const nth = fc.nat({ max: 9 });
const to = fc.nat({ max: 69 });

/** The first ones the most, so that claims meet. */
const claim = fc.oneof(
	{ weight: 3, arbitrary: fc.nat({ max: 2 }) },
	{ weight: 2, arbitrary: fc.nat({ max: CLAIM_TEXTS.length - 1 }) },
);

function only<const T extends string>(...kinds: readonly T[]) {
	return fc.constantFrom(...kinds);
}

const launch: fc.Arbitrary<Act> = fc.record({
	do: fc.constant("launch" as const),
	claim,
	by: only("data", "data", "data", "tag", "both", "none"),
	away: fc.nat({ max: 9 }).map((die) => die === 0),
});

const acts: fc.Arbitrary<Act> = fc.oneof(
	{ weight: 12, arbitrary: launch },
	{
		weight: 13,
		arbitrary: fc.record({ do: only("terminate", "relaunch", "relaunch", "stop", "start", "start"), who }),
	},
	{ weight: 4, arbitrary: fc.record({ do: only("attach", "detach", "check"), who }) },
	{ weight: 4, arbitrary: fc.record({ do: only("leave", "join", "join", "untag"), who }) },
	{ weight: 5, arbitrary: fc.record({ do: only("retag", "edit", "edit"), who, claim }) },
	{
		weight: 5,
		arbitrary: fc.record({ do: fc.constant("add-route" as const), table, where: fc.nat({ max: 19 }), to }),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("move-route" as const), table, nth, to }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("delete-route" as const), table, nth }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("quota" as const), spare: fc.nat({ max: 2 }) }) },
	{ weight: 1, arbitrary: fc.record({ do: only("disband", "rally", "rally") }) },
	{
		weight: 8,
		arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(6, 3, 60, 3_700) }),
	},
);

const pass: fc.Arbitrary<PassOf> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record(
			{ of: fc.constant("event" as const), nth, more: fc.nat({ max: 3 }) },
			{ requiredKeys: ["of", "nth"] },
		),
	},
	{
		weight: 4,
		arbitrary: fc.record({ of: fc.constant("audit" as const), repair: only("all", "all", "routes", "none") }),
	},
	{
		weight: 2,
		arbitrary: fc.record(
			{ of: fc.constant("backfill" as const), who, dryRun: fc.constant(true as const) },
			{ requiredKeys: ["of"] },
		),
	},
);

const turns = fc.array(fc.nat({ max: TURN_MAX }), { maxLength: 24, size: "max" });
const turn = fc.nat({ max: 15 });

const passes: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant("passes" as const),
			passes: fc.tuple(pass),
			turns: fc.constant([]),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant("passes" as const), passes: fc.tuple(pass), turns }),
	},
	{
		weight: 4,
		arbitrary: fc.record({ do: fc.constant("passes" as const), passes: fc.tuple(pass, pass), turns }),
	},
	{
		weight: 2,
		arbitrary: fc.record(
			{
				do: fc.constant("passes" as const),
				passes: fc.array(pass, { minLength: 1, maxLength: 2, size: "max" }),
				turns,
				dies: turn,
				ends: turn,
				amid: fc.record({ at: turn, act: acts }),
			},
			{ requiredKeys: ["do", "passes", "turns"] },
		),
	},
);

const steps: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 28, arbitrary: acts },
	{ weight: 24, arbitrary: passes },
	{ weight: 3, arbitrary: fc.record({ do: only("lose-event", "repeat-event"), nth }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("cold" as const) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("heal" as const) }) },
);

/** Histories of about forty commands that shrink towards few, calm ones. */
export const histories: fc.Arbitrary<History> = fc.record({
	switches: fc.nat({ max: 31 }),
	steps: fc.array(steps, STEPS),
});
