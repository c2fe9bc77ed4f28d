import type { FindingCode } from "../../src/model/finding.ts";
import { CLUSTER_TAG, type Cluster, type ClusterOptions } from "../support/cluster.ts";
import { detach, editUserData, launchInGroup, repoint, type Told, unroute } from "./world.ts";

/** One way in which a healthy cluster stops being one, and what an audit then says. */
export interface Drift {
	readonly code: FindingCode;
	/** How it came about. */
	readonly name: string;
	readonly options?: ClusterOptions;
	/** Nodes that the sentences name. */
	readonly cast: readonly string[];
	readonly happen: (cluster: Cluster) => Promise<unknown>;
	/** All that an audit finds. */
	readonly found: readonly Told[];
	/** What it finds after one with `REPAIR=routes`, and after one with `REPAIR=all`, by code. */
	readonly left: { readonly routes: readonly string[]; readonly all: readonly string[] };
	/** What each later audit tries again, since EC2 refused it; nothing unless given. */
	readonly retried?: readonly string[];
}

const NOTHING = { routes: [], all: [] } as const;

function stays(...codes: readonly FindingCode[]): Drift["left"] {
	return { routes: codes, all: codes };
}

const REPAIRED = "an audit with REPAIR=routes, or a backfill, puts it right";
const SENIORITY = "by attach time of the primary interface, then instance id";
const OWN_BLOCK = "give each node a block of its own";

const ROUTES: readonly Drift[] = [
	{
		code: "missing-route",
		name: "a route was deleted by hand",
		cast: ["worker-0"],
		happen: (cluster) => unroute(cluster, "10.200.0.0/24"),
		found: [
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				`10.200.0.0/24 of worker-0 has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "missing-route",
		name: "a launch's event was lost",
		cast: ["worker-2"],
		happen: (cluster) => cluster.launch("worker-2", { claims: "10.200.2.0/24,fd00:10:200:2::/64" }),
		found: [
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "10.200.2.0/24", instance: "worker-2" },
				`10.200.2.0/24 of worker-2 has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "fd00:10:200:2::/64", instance: "worker-2" },
				`fd00:10:200:2::/64 of worker-2 has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "missing-route",
		name: "in both tables, one finding each",
		options: { tables: 2 },
		cast: ["worker-0"],
		happen: async (cluster) => {
			for (const tableId of cluster.tableIds) await unroute(cluster, "10.200.0.0/24", tableId);
		},
		found: ["table", "table 2"].map((table) => [
			"missing-route",
			"critical",
			{ table, destination: "10.200.0.0/24", instance: "worker-0" },
			`10.200.0.0/24 of worker-0 has no route in ${table}: traffic to its pods is dropped; ${REPAIRED}`,
		]),
		left: NOTHING,
	},
	{
		code: "misdirected-route",
		name: "a route was pointed by hand to another node",
		cast: ["worker-0", "worker-1"],
		happen: (cluster) => repoint(cluster, "10.200.0.0/24", cluster.eni("worker-1")),
		found: [
			[
				"misdirected-route",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				`10.200.0.0/24 in table points to eni(worker-1) of worker-1, but belongs to worker-0: its pods get no traffic; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "misdirected-route",
		name: "a route leads to the node's second interface",
		cast: ["worker-0"],
		happen: async (cluster) => {
			await cluster.attachInterface("worker-0");
			await repoint(cluster, "10.200.0.0/24", cluster.eni("worker-0", 1));
		},
		found: [
			[
				"misdirected-route",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				`10.200.0.0/24 in table points to eni(worker-0, 1) of worker-0, but belongs to worker-0: its pods get no traffic; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "misdirected-route",
		name: "a stopped node that claims another block has the route",
		cast: ["worker-0", "worker-1"],
		happen: async (cluster) => {
			await unroute(cluster, "10.200.1.0/24");
			await repoint(cluster, "10.200.0.0/24", cluster.eni("worker-1"));
			await cluster.stop("worker-1");
		},
		found: [
			[
				"misdirected-route",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				`10.200.0.0/24 in table points to eni(worker-1) of worker-1, but belongs to worker-0: its pods get no traffic; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "blackhole-route",
		name: "a node was terminated and launched again with the same block",
		cast: ["worker-1", "heir"],
		happen: async (cluster) => {
			await cluster.terminate("worker-1");
			await cluster.launch("heir", { claims: "10.200.1.0/24" });
		},
		found: [
			[
				"blackhole-route",
				"critical",
				{ table: "table", destination: "10.200.1.0/24", instance: "heir" },
				`10.200.1.0/24 in table is a blackhole at eni(worker-1), but heir serves it: its pods get no traffic; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "blackhole-route",
		name: "the interface that a route leads to was detached and deleted",
		cast: ["worker-0"],
		happen: async (cluster) => {
			await cluster.attachInterface("worker-0");
			await repoint(cluster, "10.200.0.0/24", cluster.eni("worker-0", 1));
			await detach(cluster, "worker-0", 1);
			await cluster.api.deleteNetworkInterface({ NetworkInterfaceId: cluster.eni("worker-0", 1) });
		},
		found: [
			[
				"blackhole-route",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				`10.200.0.0/24 in table is a blackhole at eni(worker-0, 1), but worker-0 serves it: its pods get no traffic; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "blackhole-route",
		name: "a stopped node's block was given to a new one",
		cast: ["worker-1", "heir"],
		happen: async (cluster) => {
			await cluster.stop("worker-1");
			await cluster.launch("heir", { claims: "10.200.1.0/24" });
		},
		found: [
			[
				"blackhole-route",
				"critical",
				{ table: "table", destination: "10.200.1.0/24", instance: "heir" },
				`10.200.1.0/24 in table is a blackhole at eni(worker-1) of worker-1, but heir serves it: its pods get no traffic; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "orphan-route",
		name: "a node was terminated for good",
		cast: ["worker-1"],
		happen: (cluster) => cluster.terminate("worker-1"),
		found: [
			[
				"orphan-route",
				"warning",
				{ table: "table", destination: "10.200.1.0/24" },
				"10.200.1.0/24 in table is a blackhole at eni(worker-1), which no longer exists, and no node claims it: an audit with REPAIR=all deletes it",
			],
		],
		left: { routes: ["orphan-route"], all: [] },
	},
	{
		code: "unclaimed-route",
		name: "a node's claim was taken out of its user data",
		cast: ["worker-1"],
		happen: (cluster) => editUserData(cluster, "worker-1", "name=worker-1"),
		found: [
			[
				"unclaimed-route",
				"warning",
				{ table: "table", destination: "10.200.1.0/24", instance: "worker-1" },
				"10.200.1.0/24 in table points to eni(worker-1) of worker-1, which does not claim it, and nobody else does: kept; delete the route by hand if nothing uses it",
			],
		],
		left: stays("unclaimed-route"),
	},
	{
		code: "unclaimed-route",
		name: "somebody routed a block that nobody claims to a node",
		cast: ["worker-0"],
		happen: (cluster) => cluster.route("10.200.99.0/24", cluster.eni("worker-0")),
		found: [
			[
				"unclaimed-route",
				"warning",
				{ table: "table", destination: "10.200.99.0/24", instance: "worker-0" },
				"10.200.99.0/24 in table points to eni(worker-0) of worker-0, which does not claim it, and nobody else does: kept; delete the route by hand if nothing uses it",
			],
		],
		left: stays("unclaimed-route"),
	},
	{
		code: "stopped-owner",
		name: "a node was stopped",
		cast: ["worker-1"],
		happen: (cluster) => cluster.stop("worker-1"),
		found: [
			[
				"stopped-owner",
				"info",
				{ table: "table", destination: "10.200.1.0/24", instance: "worker-1" },
				"10.200.1.0/24 in table is a blackhole, and its owner worker-1 is stopped: kept until the node runs again or is terminated",
			],
		],
		left: stays("stopped-owner"),
	},
];

const CHECKS: readonly Drift[] = [
	{
		code: "source-dest-check-on",
		name: "a check was turned on by hand",
		cast: ["worker-0"],
		happen: (cluster) =>
			cluster.api.modifyNetworkInterfaceAttribute({
				NetworkInterfaceId: cluster.eni("worker-0"),
				SourceDestCheck: { Value: true },
			}),
		found: [
			[
				"source-dest-check-on",
				"critical",
				{ instance: "worker-0" },
				`worker-0 owns a block, but its source/dest check is on at eni(worker-0), which drops its pods' packets; ${REPAIRED}`,
			],
		],
		left: NOTHING,
	},
	{
		code: "source-dest-check-on",
		name: "a check is on, and SOURCE_DEST_CHECK leaves it alone",
		options: { environment: { SOURCE_DEST_CHECK: "report" } },
		cast: ["worker-2"],
		happen: async (cluster) => {
			await cluster.launch("worker-2", { claims: "10.200.2.0/24", sourceDestCheck: true });
			await cluster.route("10.200.2.0/24", cluster.eni("worker-2"));
		},
		found: [
			[
				"source-dest-check-on",
				"critical",
				{ instance: "worker-2" },
				"worker-2 owns a block, but its source/dest check is on at eni(worker-2), which drops its pods' packets; SOURCE_DEST_CHECK=report leaves it to you: turn the check off on that interface",
			],
		],
		left: stays("source-dest-check-on"),
	},
];

const CONTESTS: readonly Drift[] = [
	{
		code: "contested-claim",
		name: "a new node claims a routed node's block",
		cast: ["worker-0", "rival"],
		happen: (cluster) => cluster.launch("rival", { claims: "10.200.0.0/24" }),
		found: [
			[
				"contested-claim",
				"critical",
				{ destination: "10.200.0.0/24" },
				`rival claims 10.200.0.0/24, which is routed to worker-0 already and stays there: ${OWN_BLOCK}`,
			],
		],
		left: stays("contested-claim"),
	},
	{
		code: "contested-claim",
		name: "three nodes claim one block: one finding names them all",
		cast: ["worker-0", "rival-1", "rival-2"],
		happen: async (cluster) => {
			await cluster.launch("rival-1", { claims: "10.200.0.0/24" });
			await cluster.launch("rival-2", { claims: "10.200.0.0/24" });
		},
		found: [
			[
				"contested-claim",
				"critical",
				{ destination: "10.200.0.0/24" },
				`rival-1, rival-2 claim 10.200.0.0/24, which is routed to worker-0 already and stays there: ${OWN_BLOCK}`,
			],
		],
		left: stays("contested-claim"),
	},
	{
		code: "contested-claim",
		name: "an auto scaling group gives its instances one and the same user data",
		cast: ["asg-1", "asg-2", "asg-3"],
		happen: async (cluster) => {
			await launchInGroup(cluster, "workers", "10.200.5.0/24", ["asg-1", "asg-2", "asg-3"]);
			await cluster.route("10.200.5.0/24", cluster.eni("asg-2"));
		},
		found: [
			[
				"contested-claim",
				"critical",
				{ destination: "10.200.5.0/24" },
				"asg-1, asg-3 claim 10.200.5.0/24, which is routed to asg-2 already and stays there: all are in auto scaling group workers, whose launch template gives every instance the same user data: let each node write its own claim",
			],
		],
		left: stays("contested-claim"),
	},
	{
		code: "contested-claim",
		name: "a node rests, its route not yet a blackhole, and a new node claims its block",
		cast: ["worker-0", "rival"],
		happen: async (cluster) => {
			await cluster.launch("rival", { claims: "10.200.0.0/24" });
			await cluster.stop("worker-0", { settle: false });
		},
		found: [
			[
				"contested-claim",
				"critical",
				{ destination: "10.200.0.0/24" },
				`rival claims 10.200.0.0/24, which is routed to worker-0 already and stays there (worker-0 rests, but its route is not a blackhole yet): ${OWN_BLOCK}`,
			],
		],
		left: stays("contested-claim"),
	},
	{
		code: "overlapping-claim",
		name: "a new node claims half of a routed node's block",
		cast: ["worker-0", "rival"],
		happen: (cluster) => cluster.launch("rival", { claims: "10.200.0.128/25" }),
		found: [
			[
				"overlapping-claim",
				"critical",
				{ destination: "10.200.0.128/25" },
				`rival claims 10.200.0.128/25, which overlaps 10.200.0.0/24 of worker-0: 10.200.0.0/24 is routed already and keeps; longest-prefix match favours 10.200.0.128/25 of rival; ${OWN_BLOCK}`,
			],
		],
		left: stays("overlapping-claim"),
	},
	{
		code: "overlapping-claim",
		name: "two overlapping blocks were both routed by hand: one finding for the pair",
		cast: ["worker-0", "rival"],
		happen: async (cluster) => {
			await cluster.launch("rival", { claims: "10.200.0.0/25" });
			await cluster.route("10.200.0.0/25", cluster.eni("rival"));
		},
		found: [
			[
				"overlapping-claim",
				"critical",
				{ destination: "10.200.0.0/24" },
				`worker-0 claims 10.200.0.0/24, which overlaps 10.200.0.0/25 of rival: both are routed already, so neither route is touched; longest-prefix match favours 10.200.0.0/25 of rival; ${OWN_BLOCK}`,
			],
		],
		left: stays("overlapping-claim"),
	},
];

const FOREIGN: readonly Drift[] = [
	{
		code: "foreign-route-conflict",
		name: "a peering route holds the block",
		cast: ["worker-2"],
		happen: async (cluster) => {
			cluster.ec2.seedRoute(cluster.tableId, {
				destinationCidrBlock: "10.200.2.0/24",
				kind: "vpc-peering",
				vpcPeeringConnectionId: "pcx-0a0a0a0a0a0a0a0a0",
			});
			await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
		},
		found: [
			[
				"foreign-route-conflict",
				"critical",
				{ table: "table", destination: "10.200.2.0/24", instance: "worker-2" },
				"worker-2 claims 10.200.2.0/24, but a foreign route in table holds it (foreign because its target is pcx-0a0a0a0a0a0a0a0a0): remove that route, or claim another block",
			],
		],
		left: stays("foreign-route-conflict"),
	},
	{
		code: "foreign-route-conflict",
		name: "a propagated route lies inside the block",
		cast: ["worker-0"],
		happen: async (cluster) => {
			cluster.ec2.seedRoute(cluster.tableId, {
				destinationCidrBlock: "10.200.0.64/26",
				kind: "gateway",
				gatewayId: "vgw-0a0a0a0a0a0a0a0a0",
			});
		},
		found: [
			[
				"foreign-route-conflict",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				"worker-0 claims 10.200.0.0/24, but a foreign route in table to 10.200.0.64/26 lies inside it (foreign because it was not made by CreateRoute): remove that route, or claim another block",
			],
		],
		left: stays("foreign-route-conflict"),
	},
	{
		code: "foreign-route-conflict",
		name: "an instance that is not a node was given a node's route",
		cast: ["worker-0", "nat"],
		happen: async (cluster) => {
			await cluster.launch("nat", { isNode: false });
			await repoint(cluster, "10.200.0.0/24", cluster.eni("nat"));
		},
		found: [
			[
				"foreign-route-conflict",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				"worker-0 claims 10.200.0.0/24, but a foreign route in table holds it (foreign because its target is eni(nat) of nat, which is not a node): remove that route, or claim another block",
			],
		],
		left: stays("foreign-route-conflict"),
	},
	{
		code: "foreign-route-conflict",
		name: "the interface that a route leads to was detached",
		cast: ["worker-0"],
		happen: async (cluster) => {
			await cluster.attachInterface("worker-0");
			await repoint(cluster, "10.200.0.0/24", cluster.eni("worker-0", 1));
			await detach(cluster, "worker-0", 1);
		},
		found: [
			[
				"foreign-route-conflict",
				"critical",
				{ table: "table", destination: "10.200.0.0/24", instance: "worker-0" },
				"worker-0 claims 10.200.0.0/24, but a foreign route in table holds it (foreign because its target eni(worker-0, 1) is attached to nothing): remove that route, or claim another block",
			],
		],
		left: stays("foreign-route-conflict"),
	},
];

const CLAIMS: readonly Drift[] = [
	{
		code: "malformed-claim",
		name: "user data was edited to a block with host bits",
		cast: ["worker-1"],
		happen: (cluster) => editUserData(cluster, "worker-1", "name=worker-1|pod-cidr=10.200.1.7/24"),
		found: [
			[
				"malformed-claim",
				"warning",
				{ instance: "worker-1" },
				"worker-1: user data line 1 cannot be taken for a claim: it has host bits set; write the first address of the block, as in 10.200.0.0/24",
			],
		],
		left: stays("malformed-claim"),
	},
	{
		code: "malformed-claim",
		name: "a template was never filled in",
		cast: ["worker-2"],
		happen: (cluster) => cluster.launch("worker-2", { claims: "{{ pod_cidr }}" }),
		found: [
			[
				"malformed-claim",
				"warning",
				{ instance: "worker-2" },
				"worker-2: user data line 1 cannot be taken for a claim: it is a placeholder that nobody filled in; write the block itself",
			],
		],
		left: stays("malformed-claim"),
	},
	{
		code: "contradictory-claim",
		name: "a node was retagged with another block",
		cast: ["worker-1"],
		happen: (cluster) => cluster.retag("worker-1", { "pod-cidr": "10.200.7.0/24" }),
		found: [
			[
				"contradictory-claim",
				"warning",
				{ instance: "worker-1" },
				"worker-1: tag pod-cidr and user data line 1 name different blocks: make them the same, or remove one",
			],
		],
		left: stays("contradictory-claim"),
	},
	{
		code: "claim-outside-cluster",
		name: "user data was edited to a block of somebody else's",
		cast: ["worker-1"],
		happen: (cluster) => editUserData(cluster, "worker-1", "name=worker-1|pod-cidr=10.201.1.0/24"),
		found: [
			[
				"claim-outside-cluster",
				"warning",
				{ destination: "10.201.1.0/24", instance: "worker-1" },
				"worker-1 claims 10.201.1.0/24 (user data line 1), which is not inside CLUSTER_CIDRS (10.200.0.0/16, fd00:10:200::/48): claim a block of the cluster",
			],
		],
		left: stays("claim-outside-cluster"),
	},
	{
		code: "claim-wrong-size",
		name: "user data was edited to half a block",
		options: { environment: { NODE_CIDR_MASK_SIZES: "24,64" } },
		cast: ["worker-1"],
		happen: (cluster) => editUserData(cluster, "worker-1", "name=worker-1|pod-cidr=10.200.1.0/25"),
		found: [
			[
				"claim-wrong-size",
				"warning",
				{ destination: "10.200.1.0/25", instance: "worker-1" },
				"worker-1 claims 10.200.1.0/25 (user data line 1), a /25, where NODE_CIDR_MASK_SIZES allows /24 or /64",
			],
		],
		left: stays("claim-wrong-size"),
	},
	{
		code: "claim-overlaps-vpc",
		name: "the VPC was given a block that pods have",
		cast: ["worker-2"],
		happen: async (cluster) => {
			await cluster.api.associateVpcCidrBlock({ VpcId: cluster.vpcId, CidrBlock: "10.200.8.0/22" });
			await cluster.launch("worker-2", { claims: "10.200.9.0/24" });
		},
		found: [
			[
				"claim-overlaps-vpc",
				"warning",
				{ destination: "10.200.9.0/24", instance: "worker-2" },
				"worker-2 claims 10.200.9.0/24 (user data line 1), which overlaps 10.200.8.0/22 of its own VPC: pods need addresses that the VPC does not use",
			],
		],
		left: stays("claim-overlaps-vpc"),
	},
	{
		code: "wrong-vpc",
		name: "a node was launched in another VPC",
		cast: ["stranger"],
		happen: async (cluster) => {
			const { subnetId } = await cluster.anotherVpc();
			await cluster.launch("stranger", { claims: "10.200.3.0/24", subnetId });
		},
		found: [
			[
				"wrong-vpc",
				"warning",
				{ destination: "10.200.3.0/24", instance: "stranger" },
				"stranger claims 10.200.3.0/24 (user data line 1), but none of the configured route tables belongs to its VPC another VPC: correct NODE_FILTERS or ROUTE_TABLES",
			],
		],
		left: stays("wrong-vpc"),
	},
	{
		code: "missing-claim",
		name: "a controller, which claims nothing, was launched",
		cast: ["controller-0"],
		happen: (cluster) => cluster.launch("controller-0"),
		found: [
			[
				"missing-claim",
				"info",
				{ instance: "controller-0" },
				"controller-0 claims no block, by tag or user data: normal for a control-plane instance, a mistake for a worker",
			],
		],
		left: stays("missing-claim"),
	},
	{
		code: "no-nodes",
		name: "every node lost its tag",
		cast: [],
		happen: async (cluster) => {
			for (const name of ["worker-0", "worker-1"]) await cluster.retag(name, { [CLUSTER_TAG]: undefined });
		},
		found: [
			[
				"no-nodes",
				"warning",
				{},
				"NODE_FILTERS match no instance at all: check their spelling, and the region",
			],
		],
		left: stays("no-nodes"),
	},
];

const QUOTAS: readonly Drift[] = [
	{
		code: "quota-exhausted",
		name: "a full table: the route that it cannot take is missing as well",
		options: { routeLimit: 3, environment: { ROUTE_LIMIT: "3" } },
		cast: ["worker-2"],
		happen: (cluster) => cluster.launch("worker-2", { claims: "10.200.2.0/24" }),
		found: [
			[
				"quota-exhausted",
				"critical",
				{ table: "table" },
				"table holds 3 of 3 ipv4 routes and 1 more is wanted, which it cannot take: raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes",
			],
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "10.200.2.0/24", instance: "worker-2" },
				`10.200.2.0/24 of worker-2 has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
		],
		left: stays("quota-exhausted", "missing-route"),
		retried: ["CreateRoute"],
	},
	{
		code: "quota-near-limit",
		name: "a table filled up",
		options: { routeLimit: 5, environment: { ROUTE_LIMIT: "5" } },
		cast: [],
		happen: async (cluster) => {
			cluster.ec2.seedRoute(cluster.tableId, {
				destinationCidrBlock: "0.0.0.0/0",
				kind: "nat-gateway",
				natGatewayId: "nat-0a0a0a0a0a0a0a0a0",
			});
		},
		found: [
			[
				"quota-near-limit",
				"warning",
				{ table: "table" },
				"table holds 4 of 5 ipv4 routes: raise the quota L-93826ACB (and ROUTE_LIMIT), or remove routes before a node cannot be routed",
			],
		],
		left: stays("quota-near-limit"),
	},
];

/** One thing happened that is wrong in two ways, or two things did. */
const COMBINED: readonly Drift[] = [
	{
		code: "contested-claim",
		name: "nobody is routed yet: the older node keeps, and has its route made",
		cast: ["elder", "rival"],
		happen: async (cluster) => {
			await cluster.launch("elder", { claims: "10.200.5.0/24" });
			await cluster.launch("rival", { claims: "10.200.5.0/24" });
		},
		found: [
			[
				"contested-claim",
				"critical",
				{ destination: "10.200.5.0/24" },
				`rival claims 10.200.5.0/24, which elder claims too and comes first, ${SENIORITY}: ${OWN_BLOCK}`,
			],
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "10.200.5.0/24", instance: "elder" },
				`10.200.5.0/24 of elder has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
		],
		left: stays("contested-claim"),
	},
	{
		code: "overlapping-claim",
		name: "of two overlapping nodes neither is routed yet: the older keeps, and has its route made",
		cast: ["elder", "rival"],
		happen: async (cluster) => {
			await cluster.launch("elder", { claims: "10.200.4.0/24" });
			await cluster.launch("rival", { claims: "10.200.4.0/23" });
		},
		found: [
			[
				"overlapping-claim",
				"critical",
				{ destination: "10.200.4.0/23" },
				`rival claims 10.200.4.0/23, which overlaps 10.200.4.0/24 of elder: 10.200.4.0/24 comes first, ${SENIORITY}; longest-prefix match favours 10.200.4.0/24 of elder; ${OWN_BLOCK}`,
			],
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "10.200.4.0/24", instance: "elder" },
				`10.200.4.0/24 of elder has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
		],
		left: stays("overlapping-claim"),
	},
	{
		code: "contested-claim",
		name: "a node's claim was spoiled, and a new node claims what it served",
		cast: ["worker-0", "heir"],
		happen: async (cluster) => {
			await editUserData(cluster, "worker-0", "name=worker-0|pod-cidr=");
			await cluster.launch("heir", { claims: "10.200.0.0/24" });
		},
		found: [
			[
				"contested-claim",
				"critical",
				{ destination: "10.200.0.0/24" },
				"heir claims 10.200.0.0/24, but its route points to worker-0, and nothing that worker-0 claims says that it gave the block up, so the route is not moved: correct the claim of worker-0, or claim another block",
			],
			[
				"malformed-claim",
				"warning",
				{ instance: "worker-0" },
				"worker-0: user data line 1 cannot be taken for a claim: it is empty; write the block, or leave the key out",
			],
		],
		left: stays("contested-claim", "malformed-claim"),
	},
	{
		code: "unclaimed-route",
		name: "a node was given another block: its old route stays, and its new one is made",
		cast: ["worker-1"],
		happen: (cluster) => editUserData(cluster, "worker-1", "name=worker-1|pod-cidr=10.200.7.0/24"),
		found: [
			[
				"missing-route",
				"critical",
				{ table: "table", destination: "10.200.7.0/24", instance: "worker-1" },
				`10.200.7.0/24 of worker-1 has no route in table: traffic to its pods is dropped; ${REPAIRED}`,
			],
			[
				"unclaimed-route",
				"warning",
				{ table: "table", destination: "10.200.1.0/24", instance: "worker-1" },
				"10.200.1.0/24 in table points to eni(worker-1) of worker-1, which does not claim it, and nobody else does: kept; delete the route by hand if nothing uses it",
			],
		],
		left: stays("unclaimed-route"),
	},
];

/** Every code at least once. */
export const DRIFTS: readonly Drift[] = [
	...ROUTES,
	...CHECKS,
	...CONTESTS,
	...FOREIGN,
	...CLAIMS,
	...QUOTAS,
	...COMBINED,
];
