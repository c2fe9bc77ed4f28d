import { env } from "node:process";
import {
	CreateRouteCommand,
	DeleteRouteCommand,
	DescribeInstanceAttributeCommand,
	DescribeInstancesCommand,
	DescribeRouteTablesCommand,
	EC2Client,
	ModifyInstanceAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { Context } from "aws-lambda";
import { type RunningServer, startServer } from "../emulator/server.ts";
import { aCluster, type Cluster } from "../test/support/cluster.ts";
import type { Figure } from "./figure.ts";
import { claimOf, nameOf } from "./simulated-world.ts";
import { medianOf } from "./time.ts";

const LATENCY_MS = 40;
const ROUND_TRIPS_GOAL = 3.3;
const ROUNDS = 25;
const WARM_UP = 12;

/** Routes one node, which has launched: timed until its last write takes effect. */
type RouteNode = (name: string, claim: string) => Promise<unknown>;

interface Contender {
	readonly name: string;
	readonly goal?: number;
	/** Whether the block has a blackhole route beforehand: its former node has ended. */
	readonly blackhole: boolean;
	/** Whether the check of a new node is on; the tutorial turns it off as it launches a node, and its loop does not. */
	readonly checked: boolean;
	readonly route: RouteNode;
}

/**
 * From event to route, in round trips: every EC2 call takes 40 ms, over HTTP on this computer. The function as it is
 * exported, warm; beside it the calls of the alternatives and nothing else of them.
 */
export async function benchLaunch(): Promise<readonly Figure[]> {
	const cluster = await aCluster({ routeLimit: 1_000, environment: { ROUTE_LIMIT: "1000" } });
	const listener = await startServer(cluster.ec2, { port: 0, latencyMs: LATENCY_MS, clock: "manual" });
	const client = new EC2Client({
		endpoint: listener.url,
		region: "us-east-1",
		credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
	});
	try {
		return await race(cluster, contenders(cluster, client, await podroute(cluster, listener)));
	} finally {
		client.destroy();
		await listener.close();
	}
}

function contenders(cluster: Cluster, client: EC2Client, route: RouteNode): readonly Contender[] {
	const cloudProvider = cloudProviderAws(cluster, client);
	return [
		{ name: "podroute", goal: ROUND_TRIPS_GOAL, blackhole: false, checked: true, route },
		{
			name: "the tutorial, without the check",
			blackhole: false,
			checked: false,
			route: tutorial(cluster, client),
		},
		{ name: "cloud-provider-aws", blackhole: false, checked: true, route: cloudProvider },
		{ name: "podroute, over a blackhole", blackhole: true, checked: true, route },
		{ name: "cloud-provider-aws, over one", blackhole: true, checked: true, route: cloudProvider },
	];
}

/** A round lets each route one node, so that whatever else the computer does meets them all alike. */
async function race(cluster: Cluster, all: readonly Contender[]): Promise<readonly Figure[]> {
	const written = watchWrites(cluster);
	const tookMs = all.map((): number[] => []);
	const calls = all.map(() => 0);
	for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
		for (const [place, contender] of all.entries()) {
			const index = (round * all.length + place) * 2;
			const startedAt = await routeOne(cluster, contender, index);
			if (round >= WARM_UP) tookMs[place]?.push(written.at - startedAt);
			calls[place] = Object.values(cluster.calls()).reduce((sum, count) => sum + count, 0);
			await cleanUp(cluster, index);
		}
	}
	return all.flatMap(({ name, goal }, place): readonly Figure[] => [
		{
			name,
			value: medianOf(tookMs[place] ?? []) / LATENCY_MS,
			unit: "ratio",
			...(goal === undefined ? {} : { goal }),
		},
		{ name: `${name}: calls`, value: calls[place] ?? Number.NaN, unit: "calls" },
	]);
}

/** Resolves, once the node is routed, to when its event came: on the clock of `performance.now()`. */
async function routeOne(
	cluster: Cluster,
	{ blackhole, checked, route }: Contender,
	index: number,
): Promise<number> {
	const claim = claimOf(index);
	const newcomer = nameOf(index + 1);
	if (blackhole) await leaveBlackhole(cluster, nameOf(index), claim);
	await cluster.launch(newcomer, { claims: claim, sourceDestCheck: checked });
	cluster.ec2.clearCalls();
	const startedAt = performance.now();
	await route(newcomer, claim);
	if ((await cluster.routes())[claim] !== newcomer || (await cluster.checks(newcomer))) {
		throw new Error(`${newcomer} is not routed`);
	}
	return startedAt;
}

/** A short table and few instances, whatever the round. */
async function cleanUp(cluster: Cluster, index: number): Promise<void> {
	await cluster.terminate(nameOf(index + 1));
	await cluster.api.deleteRoute({ RouteTableId: cluster.tableId, DestinationCidrBlock: claimOf(index) });
}

/** When the last write of all took effect, on the clock of `performance.now()`. */
function watchWrites({ ec2 }: Cluster): { readonly at: number } {
	const last = { at: Number.NaN };
	const handle = ec2.handle.bind(ec2);
	ec2.handle = (body, authorize) => {
		if (!body.startsWith("Action=Describe")) last.at = performance.now();
		return handle(body, authorize);
	};
	return last;
}

async function leaveBlackhole(cluster: Cluster, name: string, claim: string): Promise<void> {
	await cluster.launch(name, { claims: claim });
	await cluster.route(claim, cluster.eni(name));
	await cluster.terminate(name);
}

/** The handler as Lambda loads it beside its settings. */
async function podroute(cluster: Cluster, { url }: RunningServer): Promise<RouteNode> {
	Object.assign(env, {
		...cluster.environment,
		AWS_REGION: "us-east-1",
		AWS_ENDPOINT_URL_EC2: url,
		AWS_ACCESS_KEY_ID: "embedded",
		AWS_SECRET_ACCESS_KEY: "embedded",
		POWERTOOLS_LOG_LEVEL: "SILENT",
		POWERTOOLS_METRICS_DISABLED: "true",
	});
	const { handler } = await import("../handlers/instance-state-change.ts");
	const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: "bench" } as Context;
	return (name) => handler(cluster.event(name), context);
}

/** Chapter 11 of "Kubernetes the hard way" on AWS, for one node. */
function tutorial({ tableId }: Cluster, client: EC2Client): RouteNode {
	return async (name) => {
		const byName = { Filters: [{ Name: "tag:Name", Values: [name] }] };
		const { Reservations } = await client.send(new DescribeInstancesCommand(byName));
		const instance = Reservations?.[0]?.Instances?.[0];
		const InstanceId = instance?.InstanceId;
		const { UserData } = await client.send(
			new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" }),
		);
		const [, claim] = /\|pod-cidr=(.*)$/.exec(Buffer.from(UserData?.Value ?? "", "base64").toString()) ?? [];
		await client.send(
			new CreateRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: claim, InstanceId }),
		);
	};
}

/** `Cloud.CreateRoute` of cloud-provider-aws (pkg/providers/v1/aws_routes.go), without its waits to batch calls. */
function cloudProviderAws(cluster: Cluster, client: EC2Client): RouteNode {
	return async (name, DestinationCidrBlock) => {
		const InstanceId = cluster.id(name);
		await client.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
		await client.send(new ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: false } }));
		const at = { RouteTableId: cluster.tableId, DestinationCidrBlock };
		const byId = { Filters: [{ Name: "route-table-id", Values: [at.RouteTableId] }] };
		const { RouteTables } = await client.send(new DescribeRouteTablesCommand(byId));
		const isBlackhole = RouteTables?.[0]?.Routes?.some(
			(route) => route.DestinationCidrBlock === DestinationCidrBlock && route.State === "blackhole",
		);
		if (isBlackhole) await client.send(new DeleteRouteCommand(at));
		await client.send(new CreateRouteCommand({ ...at, InstanceId }));
	};
}
