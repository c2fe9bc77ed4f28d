import { randomUUID } from "node:crypto";
import { EC2, type Route } from "@aws-sdk/client-ec2";
import type { Context } from "aws-lambda";
import { onTestFinished, vi } from "vitest";
import { countingClient } from "../../src/ec2/client.ts";
import { ec2Ports } from "../../src/ec2/ports.ts";
import type { Report } from "../../src/model/report.ts";
import type { Ports } from "../../src/reconcile/ports.ts";
import { parseSettings } from "../../src/settings.ts";
import { podroute } from "../support/command.ts";

const REGION = "us-east-1";
const KEYS = { accessKeyId: "embedded", secretAccessKey: "embedded" };
const LAUNCH_MS = 60_000;
const LAUNCHES_AT_ONCE = 10;

export interface Launch {
	/** What the tutorial's user data says: `name=…|pod-cidr=…`. Absent: a control-plane instance's. */
	readonly claims?: string;
	/** User data in full, in place of the tutorial's; `none` for an instance without any. */
	readonly userData?: string | Uint8Array | "none";
	readonly tags?: Readonly<Record<string, string>>;
	/** Whether it carries the cluster's tag; it does unless told otherwise. */
	readonly isNode?: boolean;
	/** Whether its interface's check is on; off, as in the tutorial, unless told otherwise. */
	readonly sourceDestCheck?: boolean;
	/** A subnet of another VPC. */
	readonly subnetId?: string;
}

export interface CommandEnded {
	readonly code: number;
	readonly report: Report;
}

type Settings = Readonly<Record<string, string>>;

/** A VPC 10.0.0.0/16 with a subnet and route tables, pods in 10.200.0.0/16 and fd00:10:200::/48, on a server. */
export async function clusterOn(url: string, { tables = 1 }: { readonly tables?: number } = {}) {
	const api = new EC2({ endpoint: url, region: REGION, credentials: KEYS });
	onTestFinished(() => api.destroy());
	// Others build their clusters on the same server.
	const tag = `kubernetes.io/cluster/${randomUUID()}`;
	const network = await aVpc(api, "10.0.0.0/16", "10.0.0.0/20");
	const cluster = new ServedCluster(url, api, tag, network);
	for (let made = 0; made < tables; made += 1) await cluster.addTable();
	return cluster;
}

interface Network {
	readonly vpcId: string;
	readonly subnetId: string;
}

/**
 * A cluster on a server that is only known by its wire: built with the SDK, seen to by podroute's own handlers and
 * commands. Instances go by names.
 */
export class ServedCluster {
	readonly api: EC2;
	readonly vpcId: string;
	readonly tag: string;
	readonly tableIds: string[] = [];
	readonly #url: string;
	readonly #subnetId: string;
	readonly #ids = new Map<string, string>();
	/** `worker-0`, or `worker-0/1` for its interface at index 1. */
	readonly #interfaces = new Map<string, string>();

	constructor(url: string, api: EC2, tag: string, { vpcId, subnetId }: Network) {
		this.#url = url;
		this.api = api;
		this.tag = tag;
		this.vpcId = vpcId;
		this.#subnetId = subnetId;
	}

	id(name: string): string {
		return known(this.#ids.get(name), name);
	}

	eni(name: string): string {
		return known(this.#interfaces.get(name), `interface ${name}`);
	}

	get tableId(): string {
		return known(this.tableIds[0], "route table");
	}

	/** One more configured table. */
	async addTable(vpcId = this.vpcId): Promise<string> {
		const { RouteTable } = await this.api.createRouteTable({
			VpcId: vpcId,
			TagSpecifications: [{ ResourceType: "route-table", Tags: [{ Key: this.tag, Value: "owned" }] }],
		});
		const id = known(RouteTable?.RouteTableId, "route table");
		this.tableIds.push(id);
		return id;
	}

	async launch(name: string, launch: Launch = {}): Promise<this> {
		const { claims, userData, tags = {}, isNode = true, subnetId = this.#subnetId } = launch;
		const data = userData ?? (claims === undefined ? `name=${name}` : `name=${name}|pod-cidr=${claims}`);
		const allTags = { Name: name, ...(isNode ? { [this.tag]: "owned" } : {}), ...tags };
		const { Instances } = await this.api.runInstances({
			ImageId: "ami-0123456789abcdef0",
			MinCount: 1,
			MaxCount: 1,
			SubnetId: subnetId,
			...(data === "none" ? {} : { UserData: Buffer.from(data).toString("base64") }),
			TagSpecifications: [
				{
					ResourceType: "instance",
					Tags: Object.entries(allTags).map(([Key, Value]) => ({ Key, Value })),
				},
			],
		});
		const eni = known(Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId, "interface");
		this.#ids.set(name, known(Instances?.[0]?.InstanceId, "instance"));
		this.#interfaces.set(name, eni);
		if (launch.sourceDestCheck !== true) {
			await this.api.modifyNetworkInterfaceAttribute({
				NetworkInterfaceId: eni,
				SourceDestCheck: { Value: false },
			});
		}
		return this;
	}

	/** Nodes that have ended, each of a reservation of its own. */
	async addEnded(count: number): Promise<this> {
		const ids: string[] = [];
		const addOne = async () => {
			const { Instances } = await this.api.runInstances({
				ImageId: "ami-0123456789abcdef0",
				MinCount: 1,
				MaxCount: 1,
				SubnetId: this.#subnetId,
				TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: this.tag, Value: "owned" }] }],
			});
			ids.push(known(Instances?.[0]?.InstanceId, "instance"));
		};
		const numbers = Array.from({ length: count }, (_, number) => number).values();
		const work = async () => {
			for (const _ of numbers) await addOne();
		};
		await Promise.all(Array.from({ length: LAUNCHES_AT_ONCE }, work));
		await this.api.terminateInstances({ InstanceIds: ids });
		return this;
	}

	/** Ends an instance, and resolves once EC2 says that it has ended. */
	async terminate(name: string): Promise<this> {
		await this.api.terminateInstances({ InstanceIds: [this.id(name)] });
		await this.#reaches(name, "terminated");
		return this;
	}

	/** Stops an instance, and resolves once EC2 says that it has stopped. */
	async stop(name: string): Promise<this> {
		await this.#reaches(name, "running");
		await this.api.stopInstances({ InstanceIds: [this.id(name)] });
		await this.#reaches(name, "stopped");
		return this;
	}

	/** Gives an instance a second interface, once it runs; it goes by `name/1`. */
	async attachInterface(name: string): Promise<this> {
		await this.#reaches(name, "running");
		const { NetworkInterface } = await this.api.createNetworkInterface({ SubnetId: this.#subnetId });
		const eni = known(NetworkInterface?.NetworkInterfaceId, "interface");
		await this.api.attachNetworkInterface({
			InstanceId: this.id(name),
			NetworkInterfaceId: eni,
			DeviceIndex: 1,
		});
		this.#interfaces.set(`${name}/1`, eni);
		return this;
	}

	/** An interface that is nobody's goes by `name`. */
	async freeInterface(name: string): Promise<this> {
		const { NetworkInterface } = await this.api.createNetworkInterface({ SubnetId: this.#subnetId });
		this.#interfaces.set(name, known(NetworkInterface?.NetworkInterfaceId, "interface"));
		return this;
	}

	/** An internet gateway of this VPC. */
	async gateway(): Promise<string> {
		const { InternetGateway } = await this.api.createInternetGateway({});
		const id = known(InternetGateway?.InternetGatewayId, "gateway");
		await this.api.attachInternetGateway({ InternetGatewayId: id, VpcId: this.vpcId });
		return id;
	}

	anotherVpc(): Promise<Network> {
		return aVpc(this.api, "10.1.0.0/16", "10.1.1.0/24");
	}

	/** A route made by somebody else, to an interface by its name. */
	async route(destination: string, name: string): Promise<this> {
		const NetworkInterfaceId = this.eni(name);
		await this.api.createRoute({
			RouteTableId: this.tableId,
			DestinationCidrBlock: destination,
			NetworkInterfaceId,
		});
		return this;
	}

	/** The routes of a table that did not come with it, by destination: the name or id of the target. */
	async routes(tableId = this.tableId): Promise<Settings> {
		const { RouteTables } = await this.api.describeRouteTables({ RouteTableIds: [tableId] });
		const routes = known(RouteTables?.[0]?.Routes, "routes");
		return Object.fromEntries(
			routes
				.filter(({ Origin }) => Origin !== "CreateRouteTable")
				.map((route) => [
					route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock,
					this.#describe(route),
				]),
		);
	}

	/** Whether an interface drops what is not addressed to it. */
	async checks(name: string): Promise<boolean> {
		const { NetworkInterfaces } = await this.api.describeNetworkInterfaces({
			NetworkInterfaceIds: [this.eni(name)],
		});
		return known(NetworkInterfaces?.[0]?.SourceDestCheck, "check");
	}

	/** The launch function, as Lambda loads it, is given the event that the instance runs. */
	routeLaunched(name: string, settings: Settings = {}): Promise<Report> {
		return this.deliver(runningEvent(this.id(name), new Date()), settings);
	}

	/** The launch function is given an event. */
	async deliver(event: unknown, settings: Settings = {}): Promise<Report> {
		for (const [variable, value] of Object.entries(this.#environment(settings))) vi.stubEnv(variable, value);
		vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
		vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "true");
		vi.resetModules();
		try {
			const { handler } = await import("../../handlers/instance-state-change.ts");
			const report = await handler(event, {
				getRemainingTimeInMillis: () => LAUNCH_MS,
				awsRequestId: "request",
			} as Context);
			if (!("changes" in report)) throw new Error("The event was taken for a batch");
			return report;
		} finally {
			vi.unstubAllEnvs();
		}
	}

	/** `podroute` in a process of its own. What it writes to standard error fails the case. */
	async command(args: readonly string[], settings: Settings = {}): Promise<CommandEnded> {
		const { code, stdout, stderr } = await podroute([...args, "--json"], this.#environment(settings));
		if (stderr !== "") throw new Error(`podroute ${args.join(" ")} says: ${stderr}`);
		return { code, report: JSON.parse(stdout) };
	}

	/** What the engine does with EC2, one call at a time. */
	ports(): Ports {
		const client = countingClient({ endpoint: this.#url, region: REGION, credentials: KEYS });
		onTestFinished(() => client.client.destroy());
		return ec2Ports(client, parseSettings(this.#settings({})));
	}

	#settings(more: Settings): Settings {
		return {
			NODE_FILTERS: `tag:${this.tag}=owned`,
			ROUTE_TABLES: this.tableIds.join(","),
			CLUSTER_CIDRS: "10.200.0.0/16,fd00:10:200::/48",
			...more,
		};
	}

	#environment(settings: Settings): Settings {
		return {
			...this.#settings(settings),
			AWS_REGION: REGION,
			AWS_ENDPOINT_URL_EC2: this.#url,
			AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
			AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
		};
	}

	#describe(route: Route): string {
		const eni = route.NetworkInterfaceId;
		const suffix = route.State === "active" ? "" : ` (${route.State})`;
		for (const [name, id] of this.#interfaces) if (id === eni) return `${name}${suffix}`;
		return `${eni ?? route.GatewayId ?? route.InstanceId ?? "?"}${suffix}`;
	}

	/** A server's own clock moves its instances on; the test's limit ends the wait. */
	async #reaches(name: string, state: string): Promise<void> {
		for (;;) {
			const { Reservations } = await this.api.describeInstances({ InstanceIds: [this.id(name)] });
			if (Reservations?.[0]?.Instances?.[0]?.State?.Name === state) return;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

/** EventBridge's event that an instance runs. */
export function runningEvent(instanceId: string, at: Date): unknown {
	return {
		version: "0",
		id: randomUUID(),
		"detail-type": "EC2 Instance State-change Notification",
		source: "aws.ec2",
		account: "123456789012",
		time: at.toISOString().replace(/\.\d+/, ""),
		region: REGION,
		resources: [`arn:aws:ec2:${REGION}:123456789012:instance/${instanceId}`],
		detail: { "instance-id": instanceId, state: "running" },
	};
}

async function aVpc(api: EC2, cidr: string, subnetCidr: string): Promise<Network> {
	const { Vpc } = await api.createVpc({ CidrBlock: cidr });
	const vpcId = known(Vpc?.VpcId, "VPC");
	const { Subnet } = await api.createSubnet({ VpcId: vpcId, CidrBlock: subnetCidr });
	return { vpcId, subnetId: known(Subnet?.SubnetId, "subnet") };
}

function known<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Error(`This world has no ${what}`);
	return value;
}
