import type { Instance } from "../model/instance.ts";
import type { NodeSource } from "../reconcile/ports.ts";
import type { Unread } from "../report/picture/known.ts";

/**
 * Nodes whose user data is read no more than `readsMax` times in all; after that every answer is `unknown`, so that
 * the claim counts as unread and may be any. {@link FewReads.unread} says whose were not.
 */
export class FewReads {
	readonly #unread: Instance[] = [];
	#left: number;

	constructor(readsMax: number) {
		this.#left = readsMax;
	}

	over(nodes: NodeSource): NodeSource {
		return {
			...nodes,
			readUserData: async (instance, signal) => {
				this.#left -= 1;
				if (this.#left >= 0) return nodes.readUserData(instance, signal);
				this.#unread.push(instance);
				return { kind: "unknown" };
			},
		};
	}

	get unread(): Unread {
		return {
			instanceIds: new Set(this.#unread.map(({ id }) => id)),
			interfaceIds: new Set(this.#unread.flatMap(({ interfaceIds }) => interfaceIds)),
		};
	}
}
