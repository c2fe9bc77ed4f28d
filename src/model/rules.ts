import type { Cidr } from "./cidr.ts";

/** What an operator has decided about blocks and routes; the settings of the same names (README.md). */
export interface Rules {
	/** The only address space whose routes are ours. Its entries do not overlap. */
	readonly clusterCidrs: readonly Cidr[];
	/** Prefix lengths a block may have; `any` leaves only "longer than its `CLUSTER_CIDRS` entry". */
	readonly nodeCidrMaskSizes: ReadonlySet<number> | "any";
	/** Whether an owner's source/dest check is turned off, or only told. */
	readonly sourceDestCheck: "disable" | "report";
	/** Routes that a table may hold per address family. */
	readonly routeLimit: number;
	/** Share of `routeLimit` from which a table is told to be near its limit: 0 to 1. */
	readonly quotaWarnRatio: number;
}
