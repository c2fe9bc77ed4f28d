import type { Instance, InstanceId } from "../model/instance.ts";
import type { NodeSource, UserDataReading } from "./ports.ts";

interface Remembered {
	readonly launchedAt: number;
	readonly reading: UserDataReading;
}

/**
 * How long after a start EC2 may still tell the user data of the launch before: no source gives a bound
 * (aws-facts.md §2.8), and this is as long as an instance is waited for that is not visible yet.
 */
const SETTLING_MS = 5 * 60_000;

/**
 * Remembers user data from pass to pass. It can change only while an instance is stopped (aws-facts.md §3), so
 * what was read of a serving instance holds for that instance and that launch. Of one that was started again
 * it is kept only once that is long enough ago for the reading not to be of the launch before. Kept in memory alone, and only of instances that the last listing named.
 */
export class UserDataMemory {
	readonly #remembered = new Map<InstanceId, Remembered>();

	/** The same nodes, asked for their user data no more often than needed. `now`: epoch milliseconds. */
	over(nodes: NodeSource, now: () => number): NodeSource {
		return {
			...nodes,
			list: async (signal) => {
				const listed = await nodes.list(signal);
				this.#keepOnly(new Set(listed.map(({ id }) => id)));
				return listed;
			},
			readUserData: async (instance, signal) => {
				const known = this.#remembered.get(instance.id);
				if (instance.life === "serving" && known?.launchedAt === instance.launchedAt) return known.reading;
				const mayBeStale = isStartedAgain(instance) && now() - instance.launchedAt < SETTLING_MS;
				const reading = await nodes.readUserData(instance, signal);
				if (!mayBeStale && instance.life === "serving" && reading.kind === "read") {
					this.#remembered.set(instance.id, { launchedAt: instance.launchedAt, reading });
				}
				return reading;
			},
		};
	}

	#keepOnly(ids: ReadonlySet<InstanceId>): void {
		for (const id of this.#remembered.keys()) if (!ids.has(id)) this.#remembered.delete(id);
	}
}

/** The primary interface is attached once, at the first launch; every start is a launch (aws-facts.md §3). */
function isStartedAgain({ launchedAt, primaryInterface }: Instance): boolean {
	return primaryInterface === undefined || launchedAt > primaryInterface.attachedAt;
}
