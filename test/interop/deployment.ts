import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EC2, type Tag } from "@aws-sdk/client-ec2";
import { type MiniStack, startMiniStack } from "./ministack.ts";
import { startServing } from "./started.ts";

const root = join(import.meta.dirname, "../..");
const binaries = join(root, "node_modules/.bin");
const main = join(root, "src/cli/main.ts");

/** What the stack is packaged from. */
const SOURCES = ["handlers", "infra", "scripts", "src", "package.json", "serverless.yml"];

/** The tag that makes an instance a node, and a table ours. */
export const CLUSTER_TAG = "kubernetes.io/cluster/hard-way";
/** Those that `npm run package` gives, which a deployment must repeat. */
const PARAMS = [
	`nodeFilters=tag:${CLUSTER_TAG}=owned`,
	`routeTables=tag:${CLUSTER_TAG}=owned`,
	"clusterCidrs=10.200.0.0/16",
].flatMap((param) => ["--param", param]);

/** How an instance is launched. */
export interface Launch {
	readonly userData: string;
	readonly tags: Readonly<Record<string, string>>;
}

/** The stack on MiniStack, and an embedded EC2 whose events MiniStack's EventBridge gets. */
export interface Deployment {
	readonly ministack: MiniStack;
	/** The embedded EC2. */
	readonly ec2: EC2;
	/** Launches an instance; resolves to its id, while it is pending. */
	launch(launch: Launch): Promise<string>;
	/** What EC2 says of an instance. */
	state(instanceId: string): Promise<string | undefined>;
	/** The routes of the cluster's table, its own apart: destinations and instances. */
	routes(): Promise<Readonly<Record<string, string | undefined>>>;
	/** Loses a route, as a person may. */
	deleteRoute(destination: string): Promise<void>;
	/** Takes the stack down. */
	remove(): Promise<void>;
	/** Ends everything, whether the stack is there or not. */
	stop(): Promise<void>;
}

/** Packages the stack and deploys it. Leaves nothing running where that fails. */
export async function deploy(): Promise<Deployment> {
	const home = await mkdtemp(join(tmpdir(), "podroute-deployment-"));
	const ends: (() => Promise<void>)[] = [() => rm(home, { recursive: true, maxRetries: 5 })];
	const stop = async () => {
		for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
	};
	try {
		const ministack = await startMiniStack(home);
		ends.push(ministack.stop);
		const emulator = await startServing(
			process.execPath,
			[main, "emulator", "--port", "0", "--events", ministack.url],
			{},
		);
		ends.push(emulator.stop);
		const environment = { ...ministack.environment, PATH: `${binaries}:/usr/local/bin:/usr/bin:/bin` };
		const checkout = await aCheckout(join(home, "checkout"));
		const run = (command: string, args: readonly string[]) =>
			promisify(execFile)(command, [...args], { cwd: checkout, env: environment });
		await run("npm", ["run", "package"]);
		await run("osls", ["deploy", "--package", ".serverless", ...PARAMS]);
		const names = (await ministack.aws(
			"lambda",
			"list-functions",
			"--query",
			"Functions[].FunctionName",
		)) as string[];
		await Promise.all(names.map((name) => pointAt(emulator.url, name, ministack)));
		const remove = async () => void (await run("osls", ["remove", ...PARAMS]));
		return { ministack, ...(await aCluster(emulator.url)), remove, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** A copy to package in: that empties `dist/`, which another suite may be reading in ours. */
async function aCheckout(folder: string): Promise<string> {
	for (const source of SOURCES) await cp(join(root, source), join(folder, source), { recursive: true });
	await symlink(join(root, "node_modules"), join(folder, "node_modules"));
	return folder;
}

/**
 * The packaged stack calls AWS's EC2, so the embedded one is told to the functions once they are there. That replaces
 * their whole environment: everything else in it is what the stack gave them.
 */
async function pointAt(url: string, name: string, { aws }: MiniStack): Promise<void> {
	const named = ["--function-name", name];
	const variables = await aws(
		"lambda",
		"get-function-configuration",
		...named,
		"--query",
		"Environment.Variables",
	);
	const environment = JSON.stringify({ Variables: { ...Object(variables), AWS_ENDPOINT_URL_EC2: url } });
	await aws("lambda", "update-function-configuration", ...named, "--environment", environment);
	await aws("lambda", "wait", "function-updated-v2", ...named);
}

/** A VPC 10.0.0.0/16 with a subnet and a route table of the cluster, without instances. */
async function aCluster(
	endpoint: string,
): Promise<Pick<Deployment, "ec2" | "launch" | "state" | "routes" | "deleteRoute">> {
	const ec2 = new EC2({
		endpoint,
		region: "us-east-1",
		credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
	});
	const { Vpc } = await ec2.createVpc({ CidrBlock: "10.0.0.0/16" });
	const VpcId = given(Vpc?.VpcId);
	const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: "10.0.1.0/24" });
	const SubnetId = given(Subnet?.SubnetId);
	const { RouteTable } = await ec2.createRouteTable({
		VpcId,
		TagSpecifications: [{ ResourceType: "route-table", Tags: tagList({ [CLUSTER_TAG]: "owned" }) }],
	});
	const RouteTableId = given(RouteTable?.RouteTableId);
	return {
		ec2,
		async launch({ userData, tags }) {
			const { Instances } = await ec2.runInstances({
				ImageId: "ami-0123456789abcdef0",
				MinCount: 1,
				MaxCount: 1,
				SubnetId,
				UserData: Buffer.from(userData).toString("base64"),
				TagSpecifications: [{ ResourceType: "instance", Tags: tagList(tags) }],
			});
			return given(Instances?.[0]?.InstanceId);
		},
		async state(instanceId) {
			const { Reservations } = await ec2.describeInstances({ InstanceIds: [instanceId] });
			return Reservations?.[0]?.Instances?.[0]?.State?.Name;
		},
		async routes() {
			const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [RouteTableId] });
			const routes = given(RouteTables?.[0]?.Routes).filter(({ Origin }) => Origin === "CreateRoute");
			return Object.fromEntries(
				routes.map(({ DestinationCidrBlock, InstanceId }) => [DestinationCidrBlock, InstanceId]),
			);
		},
		async deleteRoute(DestinationCidrBlock) {
			await ec2.deleteRoute({ RouteTableId, DestinationCidrBlock });
		},
	};
}

function tagList(tags: Readonly<Record<string, string>>): Tag[] {
	return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function given<Value>(value: Value | undefined): Value {
	if (value === undefined) throw new Error("EC2's answer lacks a value");
	return value;
}
