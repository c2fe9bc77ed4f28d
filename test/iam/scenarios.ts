import type { Cluster } from "../support/cluster.ts";

/** The functions of the stack, as their resources are named, with the files they are. */
export const FILES = {
	InstanceStateChange: "instance-state-change",
	Backfill: "backfill",
	RouteTableAudit: "route-table-audit",
} as const;

export type FunctionName = keyof typeof FILES;

export interface Scenario {
	readonly name: string;
	/** Resolves to what the function is invoked with. */
	readonly arrange: (cluster: Cluster) => Promise<unknown>;
	/** Every write it makes of a cluster with two tables, where its stack lets it make them all. */
	readonly writes: readonly string[];
	/** The reasons of its refusals. */
	readonly refusals?: readonly string[];
	/** The codes of what it finds. */
	readonly findings?: readonly string[];
}

const BLOCK = "10.200.0.0/24";

/** In every table. */
async function routed(cluster: Cluster, name: string, block = BLOCK): Promise<Cluster> {
	for (const tableId of cluster.tableIds) await cluster.route(block, cluster.eni(name), tableId);
	return cluster;
}

async function newNode(cluster: Cluster): Promise<void> {
	await cluster.launch("worker-0", { claims: BLOCK, sourceDestCheck: true });
}

async function relaunched(cluster: Cluster): Promise<void> {
	await cluster.launch("worker-0", { claims: BLOCK });
	await routed(cluster, "worker-0");
	await cluster.terminate("worker-0");
	await cluster.launch("heir", { claims: BLOCK });
}

async function contested(cluster: Cluster): Promise<void> {
	await cluster.launch("worker-0", { claims: BLOCK });
	await routed(cluster, "worker-0");
	await cluster.launch("rival", { claims: BLOCK });
}

const LAUNCHES: readonly Scenario[] = [
	{
		name: "a new node whose check is on is routed in two tables",
		arrange: async (cluster) => {
			await newNode(cluster);
			return cluster.event("worker-0");
		},
		writes: ["CreateRoute", "CreateRoute", "ModifyNetworkInterfaceAttribute"],
	},
	{
		name: "a node launched again takes over the blackholes of its forerunner",
		arrange: async (cluster) => {
			await relaunched(cluster);
			return cluster.event("heir");
		},
		writes: ["ReplaceRoute", "ReplaceRoute"],
	},
	{
		name: "a node whose block a living one has is refused, for its incumbent was asked",
		arrange: async (cluster) => {
			await contested(cluster);
			return cluster.event("rival");
		},
		writes: [],
		refusals: ["contested-claim"],
	},
];

const BACKFILLS: readonly Scenario[] = [
	{
		name: "a node that was there before, with its check on, is routed in two tables",
		arrange: async (cluster) => {
			await newNode(cluster);
			return {};
		},
		writes: ["CreateRoute", "CreateRoute", "ModifyNetworkInterfaceAttribute"],
	},
	{
		name: "a node launched again takes over the blackholes of its forerunner",
		arrange: async (cluster) => {
			await relaunched(cluster);
			return {};
		},
		writes: ["ReplaceRoute", "ReplaceRoute"],
	},
	{
		name: "a named node whose block a living one has is refused, for its incumbent was asked",
		arrange: async (cluster) => {
			await contested(cluster);
			return { instanceIds: [cluster.id("rival")] };
		},
		writes: [],
		refusals: ["contested-claim"],
	},
];

const AUDITS: readonly Scenario[] = [
	{
		name: "missing routes are made, and a check is turned off",
		arrange: newNode,
		writes: ["CreateRoute", "CreateRoute", "ModifyNetworkInterfaceAttribute"],
		findings: ["source-dest-check-on", "missing-route", "missing-route"],
	},
	{
		name: "blackholes of a node launched again are replaced",
		arrange: relaunched,
		writes: ["ReplaceRoute", "ReplaceRoute"],
		findings: ["blackhole-route", "blackhole-route"],
	},
	{
		name: "routes that lead to another node are replaced",
		arrange: async (cluster) => {
			await cluster.launch("worker-0", { claims: BLOCK });
			await cluster.launch("worker-1", { claims: "10.200.1.0/24" });
			await routed(cluster, "worker-1", "10.200.1.0/24");
			await routed(cluster, "worker-1", BLOCK);
		},
		writes: ["ReplaceRoute", "ReplaceRoute"],
		findings: ["misdirected-route", "misdirected-route"],
	},
	{
		name: "routes to nothing that nobody claims are deleted",
		arrange: async (cluster) => {
			await cluster.launch("worker-0", { claims: BLOCK });
			await cluster.launch("worker-1", { claims: "10.200.1.0/24" });
			await routed(cluster, "worker-0");
			await routed(cluster, "worker-1", "10.200.1.0/24");
			await cluster.terminate("worker-1");
		},
		writes: ["DeleteRoute", "DeleteRoute"],
		findings: ["orphan-route", "orphan-route"],
	},
	{
		name: "a block that two nodes claim is told of, and stays where it is",
		arrange: contested,
		writes: [],
		findings: ["contested-claim"],
	},
];

export const SCENARIOS: Readonly<Record<FunctionName, readonly Scenario[]>> = {
	InstanceStateChange: LAUNCHES,
	Backfill: BACKFILLS,
	RouteTableAudit: AUDITS,
};
