import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EC2, type Route } from "@aws-sdk/client-ec2";
import { awsEnvironment, runScript } from "./aws-cli.ts";
import type { Server } from "./moto.ts";

/** The tutorial's cluster, built by the AWS CLI on a server of its own. */
export interface TutorialWorld {
	readonly url: string;
	/** What chapter 3 made: names and ids. */
	readonly ids: Readonly<Record<string, string>>;
	/** For the tutorial's commands: the AWS CLI, this world, and `ROUTE_TABLE_ID`. */
	readonly environment: Readonly<Record<string, string>>;
	/** Ends the server. */
	stop(): Promise<void>;
}

/** Starts a server and runs chapter 3 on it. Leaves nothing running where that fails. */
export async function startTutorialWorld(server: Server): Promise<TutorialWorld> {
	const home = await mkdtemp(join(tmpdir(), "podroute-interop-"));
	const { url, stop: stopServer } = await server.start();
	const stop = async () => {
		await stopServer();
		await rm(home, { recursive: true });
	};
	const aws = awsEnvironment(url, home);
	const { code, output } = await runScript("tutorial-cluster.sh", aws);
	if (code !== 0) {
		await stop();
		throw new Error(`The cluster could not be built:\n${output}`);
	}
	const ids = Object.fromEntries(
		output
			.trim()
			.split("\n")
			.map((line) => line.split("=")),
	);
	return { url, ids, environment: { ...aws, ROUTE_TABLE_ID: ids["route-table"] ?? "" }, stop };
}

/** The tutorial's route table as the AWS CLI shows it, with names in place of ids. */
export async function namedRoutes({ ids, environment }: TutorialWorld): Promise<unknown> {
	const { output } = await runScript("tutorial-routes.sh", environment);
	// An interface is told by its instance, and the ids that are left are interfaces alone.
	return JSON.parse(withNames(output, ids).replace(/eni-[0-9a-f]{17}/g, "its interface"));
}

/**
 * What the tutorial's table does with packets, in address order: `10.200.0.0/24 active CreateRoute worker-0`. A
 * server may tell of a target by the instance, by the interface or by both: an interface is looked up here.
 */
export async function resolvedRoutes({ url, ids, environment }: TutorialWorld): Promise<readonly string[]> {
	const credentials = { accessKeyId: "embedded", secretAccessKey: "embedded" };
	const api = new EC2({ endpoint: url, region: "us-east-1", credentials });
	try {
		const RouteTableIds = [environment["ROUTE_TABLE_ID"] ?? ""];
		const { RouteTables } = await api.describeRouteTables({ RouteTableIds });
		const lines = (RouteTables?.[0]?.Routes ?? []).map(async (route) => {
			const target = route.GatewayId ?? (await instanceBehind(api, route));
			return `${route.DestinationCidrBlock} ${route.State} ${route.Origin} ${target}`;
		});
		return withNames((await Promise.all(lines)).sort().join("\n"), ids).split("\n");
	} finally {
		api.destroy();
	}
}

async function instanceBehind(api: EC2, route: Route): Promise<string | undefined> {
	if (route.NetworkInterfaceId === undefined) return route.InstanceId;
	const NetworkInterfaceIds = [route.NetworkInterfaceId];
	const { NetworkInterfaces } = await api.describeNetworkInterfaces({ NetworkInterfaceIds });
	return NetworkInterfaces?.[0]?.Attachment?.InstanceId;
}

function withNames(text: string, ids: TutorialWorld["ids"]): string {
	return Object.entries(ids).reduce((named, [name, id]) => named.replaceAll(id, name), text);
}
