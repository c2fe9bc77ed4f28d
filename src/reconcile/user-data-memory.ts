import type { Instance, InstanceId } from "../model/instance.ts";
import type { NodeSource, UserDataReading } from "./ports.ts";

interface Remembered {
	readonly launchedAt: number;
	readonly reading: UserDataReading;
}

/**
 * Remembers user data from pass to pass. It can change only while an instance is stopped (aws-facts.md §3), so
 * what was read of a serving instance holds for that instance and that launch. Kept in memory alone, and only
 * of instances that the last listing named.
 */
export class UserDataMemory {
	readonly #remembered = new Map<InstanceId, Remembered>();

	/** The same nodes, asked for their user data no more often than needed. */
	over(nodes: NodeSource): NodeSource {
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
				const reading = await nodes.readUserData(instance, signal);
				if (instance.life === "serving" && reading.kind === "read") this.#remember(instance, reading);
				return reading;
			},
		};
	}

	#remember({ id, launchedAt }: Instance, reading: UserDataReading): void {
		this.#remembered.set(id, { launchedAt, reading });
	}

	#keepOnly(ids: ReadonlySet<InstanceId>): void {
		for (const id of this.#remembered.keys()) if (!ids.has(id)) this.#remembered.delete(id);
	}
}
