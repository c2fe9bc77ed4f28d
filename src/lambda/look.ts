import type { Context } from "aws-lambda";
import type { UserDataMemory } from "../reconcile/user-data-memory.ts";
import type { Subject } from "../report/picture/picture.ts";
import { parseSettings } from "../settings.ts";
import { FewReads } from "./few-reads.ts";
import { runPass } from "./run-pass.ts";

/**
 * User data that one look may read where the memory is cold. DescribeInstanceAttribute has a bucket of 100 requests
 * that refills at 20 a second (aws-facts.md §5): half of it is left for the launches of the same moment.
 */
const READS_MAX = 50;

/**
 * An audit for somebody who looks: it repairs nothing whatever `REPAIR` says, and where `memory` is cold it leaves
 * claims unread rather than spend the account's requests on a picture. What it does read, the next audit need not.
 *
 * @throws {SettingsError} where the function's environment cannot be understood.
 * @throws where the world could not be read whole.
 */
export async function look(
	environment: Readonly<Record<string, string | undefined>>,
	context: Pick<Context, "getRemainingTimeInMillis">,
	memory: UserDataMemory,
): Promise<Subject> {
	const few = new FewReads(READS_MAX);
	const { report } = await runPass(() => ({ operation: "audit", repair: "none" }), environment, context, {
		over: (nodes, now) => memory.over(few.over(nodes), now),
	});
	return { report, rules: parseSettings(environment), unread: few.unread, lookedAt: Date.now() };
}
