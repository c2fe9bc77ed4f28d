import * as v from "valibot";
import { isInstanceId } from "../model/instance.ts";
import type { BackfillRequest } from "../reconcile/request.ts";

/** The invocation's input cannot be understood. The person who invoked the function must act. */
class InputError extends Error {
	override readonly name = "InputError";
}

const instanceId = v.pipe(v.string(), v.check(isInstanceId, "is not an instance id"));

/** Strict, so that a misspelt `dryrun` is an error and not a write. */
const backfillInput = v.strictObject({
	instanceIds: v.optional(
		v.pipe(v.array(instanceId), v.minLength(1, "is empty: leave it out for every node")),
	),
	dryRun: v.optional(v.boolean(), false),
	planId: v.optional(v.string()),
});

/**
 * Reads the input of the function `backfill`: `{}` for every node, or `instanceIds`, `dryRun`, `planId`.
 *
 * @throws {InputError} naming everything that is wrong with it.
 */
export function parseBackfillInput(input: unknown): BackfillRequest {
	const parsed = v.safeParse(backfillInput, input);
	if (!parsed.success) {
		const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "the input"}: ${issue.message}`);
		throw new InputError(
			`The input is not {"instanceIds"?: ["i-…"], "dryRun"?: true, "planId"?: "…"}: ${problems.join("; ")}`,
		);
	}
	const { instanceIds, dryRun, planId } = parsed.output;
	return {
		operation: "backfill",
		dryRun,
		...(instanceIds === undefined ? {} : { instanceIds: instanceIds.filter(isInstanceId) }),
		...(planId === undefined ? {} : { planId }),
	};
}
