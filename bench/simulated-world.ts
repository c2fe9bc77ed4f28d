import { aCluster, type Cluster } from "../test/support/cluster.ts";
import { sleep } from "./simulated-time.ts";

/** Half of it each way: what a request to EC2 takes beside the work of EC2 itself. */
const ROUND_TRIP_MS = 40;
/** Between the last launch and the first request: every bucket is full again, and no launch is news any more. */
const REST_MS = 600_000;

/** A cluster under AWS's token buckets. */
export interface WorldOptions {
	readonly nodes: number;
	/** Route tables of the VPC, each of which gets a route per node; one unless given. */
	readonly tables?: number;
	/** Whether somebody else in the account takes half of what EC2's buckets regain, all the time. */
	readonly shared?: boolean;
	/** Whether every node is routed already, its check off. */
	readonly routed?: boolean;
}

/** What EC2 heard since the world was made. */
interface Heard {
	calls: number;
	/** Those of the calls that it answered with RequestLimitExceeded. */
	refused: number;
	/** When a route or a check was written, epoch milliseconds; by table and destination, or by interface. */
	readonly written: Map<string, number>;
}

export interface SimulatedWorld {
	readonly cluster: Cluster;
	readonly heard: Heard;
}

/**
 * Nodes `worker-0`, `worker-1`, … that each claim a block, their checks on; they run since long. What is asked of this
 * world takes a round trip of simulated time, so ask within `inSimulatedTime(cluster.ec2.now(), …)`.
 */
export async function aSimulatedWorld(options: WorldOptions): Promise<SimulatedWorld> {
	const { nodes, tables = 1, shared = false, routed = false } = options;
	const routeLimit = 2 * nodes + 100;
	const environment = { ROUTE_LIMIT: String(routeLimit) };
	const cluster = await aCluster({ throttle: "aws", routeLimit, tables, environment });
	const { Subnet } = await cluster.api.createSubnet({ VpcId: cluster.vpcId, CidrBlock: "10.0.16.0/20" });
	const subnetId = Subnet?.SubnetId ?? "";
	for (let index = 0; index < nodes; index += 1) {
		// As slowly as EC2 allows.
		cluster.ec2.advance(1_000);
		const launch = { claims: claimOf(index), subnetId, sourceDestCheck: !routed, isPending: true };
		await cluster.launch(nameOf(index), launch);
		if (routed) await cluster.route(claimOf(index), cluster.eni(nameOf(index)));
	}
	cluster.ec2.advance(REST_MS);
	if (shared) shareWithAnother(cluster);
	return { cluster, heard: listen(cluster) };
}

export function nameOf(index: number): string {
	return `worker-${index}`;
}

/** The block that a node claims. */
export function claimOf(index: number): string {
	return `10.200.${index >> 4}.${(index & 15) << 4}/28`;
}

/** Gives every request its way there and back, and notes what it did. */
function listen({ ec2 }: Cluster): Heard {
	const heard: Heard = { calls: 0, refused: 0, written: new Map() };
	const handle = ec2.handle.bind(ec2);
	ec2.handle = async (body, authorize) => {
		await sleep(ROUND_TRIP_MS / 2);
		ec2.advance(Date.now() - ec2.now());
		const answer = await handle(body, authorize);
		heard.calls += 1;
		if (answer.body.includes("<Code>RequestLimitExceeded</Code>")) heard.refused += 1;
		const subject = subjectOf(new URLSearchParams(body));
		if (answer.status === 200 && subject !== undefined) heard.written.set(subject, Date.now());
		await sleep(ROUND_TRIP_MS / 2);
		return answer;
	};
	return heard;
}

function subjectOf(parameters: URLSearchParams): string | undefined {
	switch (parameters.get("Action")) {
		case "CreateRoute":
			return `${parameters.get("RouteTableId")} ${parameters.get("DestinationCidrBlock")}`;
		case "ModifyNetworkInterfaceAttribute":
			return parameters.get("NetworkInterfaceId") ?? undefined;
		default:
			return undefined;
	}
}

/** Milliseconds between another's requests: half the rate at which each bucket fills. */
const ANOTHERS_REQUESTS = {
	DescribeInstances: 100,
	DescribeInstanceAttribute: 100,
	DescribeRouteTables: 100,
	CreateRoute: 400,
	ModifyNetworkInterfaceAttribute: 400,
};

/** Somebody who asks all the time; none of it is heard as ours. */
function shareWithAnother({ ec2, tableId }: Cluster): void {
	const askedAt = new Map<string, number>(
		Object.keys(ANOTHERS_REQUESTS).map((action) => [action, ec2.now()]),
	);
	const handle = ec2.handle.bind(ec2);
	ec2.handle = async (body, authorize) => {
		for (const [action, ms] of Object.entries(ANOTHERS_REQUESTS)) {
			for (let at = (askedAt.get(action) ?? 0) + ms; at <= ec2.now(); at += ms) {
				void handle(`Action=${action}&Version=2016-11-15&RouteTableId=${tableId}&MaxResults=5`);
				askedAt.set(action, at);
			}
		}
		return handle(body, authorize);
	};
}
