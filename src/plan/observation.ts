import type { Claim } from "../model/claim.ts";
import type { Instance, InterfaceLookup, NetworkInterfaceId } from "../model/instance.ts";
import type { RouteTable } from "../model/route.ts";

/** An instance that matches `NODE_FILTERS`, with what it says it serves. */
export interface Node {
	readonly instance: Instance;
	readonly claim: Claim;
}

/** Everything a plan is made from, read before deciding starts. */
export interface Observation {
	/** Nodes in any order, each once. */
	readonly nodes: readonly Node[];
	/**
	 * Whether `nodes` are all there are. If not, they are the nodes asked for and whoever holds a route that
	 * overlaps their blocks, and nothing may be concluded from a node's absence.
	 */
	readonly complete: boolean;
	readonly tables: readonly RouteTable[];
	readonly interfaces: ReadonlyMap<NetworkInterfaceId, InterfaceLookup>;
}
