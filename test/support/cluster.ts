import { EC2, type Route, type RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { type Ec2Options, EmbeddedEc2 } from "../../emulator/ec2.ts";
import type { Ec2Event } from "../../emulator/events.ts";
import { inProcess } from "../../emulator/request-handler.ts";
import { countingClient } from "../../src/ec2/client.ts";
import { ec2Ports } from "../../src/ec2/ports.ts";
import type { InstanceId } from "../../src/model/instance.ts";
import type { Deadline } from "../../src/reconcile/deadline.ts";
import { type PassResult, reconcile } from "../../src/reconcile/reconcile.ts";
import type { Request } from "../../src/reconcile/request.ts";
import { parseSettings } from "../../src/settings.ts";
import { callers } from "./callers.ts";

/** The tag that makes an instance a node, and a table ours. */
export const CLUSTER_TAG = "kubernetes.io/cluster/hard-way";

const CLIENT = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

export interface ClusterOptions extends Ec2Options {
	/** Route tables of the VPC that are configured; one unless given. */
	readonly tables?: number;
	/** Settings on top of those of {@link Cluster.environment}. */
	readonly environment?: Readonly<Record<string, string>>;
}

export interface Launch {
	/** What the tutorial's user data says: `name=…|pod-cidr=…`. Absent: a control-plane instance's. */
	readonly claims?: string;
	/** User data in full, in place of the tutorial's; `none` for an instance without any. */
	readonly userData?: string | Uint8Array | "none";
	readonly tags?: Readonly<Record<string, string>>;
	/** Whether it carries the cluster's tag; it does unless told otherwise. */
	readonly isNode?: boolean;
	/** Whether its check is on; off, as in the tutorial, unless told otherwise. */
	readonly sourceDestCheck?: boolean;
	/** A subnet of another VPC. */
	readonly subnetId?: string;
	/** Left pending: its state moves on with the world's clock. */
	readonly isPending?: boolean;
}

export interface PassOptions {
	readonly environment?: Readonly<Record<string, string>>;
	readonly now?: () => number;
	readonly deadline?: Deadline;
	readonly maxAttempts?: number;
	readonly waveSize?: number;
}

/** A VPC 10.0.0.0/16 with one subnet and its route tables, pods in 10.200.0.0/16 and fd00:10:200::/48. */
export async function aCluster(options: ClusterOptions = {}): Promise<Cluster> {
	const { tables = 1, environment = {}, ...world } = options;
	const ec2 = new EmbeddedEc2(world);
	const api = new EC2({ ...CLIENT, requestHandler: inProcess(ec2) });
	const network = await aVpc(api, "10.0.0.0/16", "10.0.1.0/24");
	const tableIds: string[] = [];
	for (let made = 0; made < tables; made += 1) tableIds.push(await aTable(api, network.vpcId));
	ec2.clearCalls();
	return new Cluster(ec2, api, { ...network, tableIds }, environment);
}

export interface Network {
	readonly vpcId: string;
	readonly subnetId: string;
}

interface Member {
	readonly id: InstanceId;
	/** By device index. */
	readonly interfaceIds: string[];
}

/**
 * An embedded EC2 told of in the words of a cluster: instances go by names. What cannot be (a name twice, an
 * unknown name, a second end) throws, so that no test describes it. Its own calls are neither counted nor faulted.
 */
export class Cluster {
	readonly ec2: EmbeddedEc2;
	readonly api: EC2;
	readonly vpcId: string;
	readonly subnetId: string;
	readonly tableIds: readonly string[];
	readonly events: Ec2Event[] = [];
	readonly #extra: Readonly<Record<string, string>>;
	readonly #members = new Map<string, Member>();
	readonly #ended = new Set<string>();
	readonly #ownCalls = new WeakSet<object>();

	constructor(
		ec2: EmbeddedEc2,
		api: EC2,
		network: Network & { readonly tableIds: readonly string[] },
		extra: Readonly<Record<string, string>>,
	) {
		this.ec2 = ec2;
		this.api = api;
		this.vpcId = network.vpcId;
		this.subnetId = network.subnetId;
		this.tableIds = network.tableIds;
		this.#extra = extra;
		ec2.subscribe((event) => this.events.push(event));
	}

	/** The settings as environment variables. */
	get environment(): Readonly<Record<string, string>> {
		return {
			NODE_FILTERS: `tag:${CLUSTER_TAG}=owned`,
			ROUTE_TABLES: this.tableIds.join(","),
			CLUSTER_CIDRS: "10.200.0.0/16,fd00:10:200::/48",
			...this.#extra,
		};
	}

	/** The first configured table. */
	get tableId(): string {
		return known(this.tableIds[0], "route table");
	}

	id(name: string): InstanceId {
		return this.#member(name).id;
	}

	/** The interface at a device index; the primary one unless given. */
	eni(name: string, deviceIndex = 0): string {
		return known(this.#member(name).interfaceIds[deviceIndex], `interface ${deviceIndex} of ${name}`);
	}

	/** Launches an instance and lets it run. */
	async launch(name: string, launch: Launch = {}): Promise<this> {
		if (this.#members.has(name)) throw new Error(`There is a ${name} already`);
		await this.#unseen(async () => {
			const { Instances } = await this.api.runInstances(this.#order(name, launch));
			const instance = known(Instances?.[0], "instance");
			const eni = known(instance.NetworkInterfaces?.[0]?.NetworkInterfaceId, "interface");
			this.#members.set(name, { id: known(instance.InstanceId, "id") as InstanceId, interfaceIds: [eni] });
			if (launch.sourceDestCheck !== true) await this.#setCheck(eni, false);
			if (launch.isPending !== true) this.ec2.settle();
		});
		return this;
	}

	/** Ends an instance for good. */
	async terminate(name: string, { settle = true }: { settle?: boolean } = {}): Promise<this> {
		const { id } = this.#member(name);
		if (this.#ended.has(name)) throw new Error(`${name} has ended already`);
		this.#ended.add(name);
		await this.#unseen(() => this.api.terminateInstances({ InstanceIds: [id] }));
		if (settle) this.ec2.settle();
		return this;
	}

	async stop(name: string, { settle = true }: { settle?: boolean } = {}): Promise<this> {
		const InstanceIds = [this.#member(name).id];
		await this.#unseen(() => this.api.stopInstances({ InstanceIds }));
		if (settle) this.ec2.settle();
		return this;
	}

	async start(name: string): Promise<this> {
		const InstanceIds = [this.#member(name).id];
		await this.#unseen(() => this.api.startInstances({ InstanceIds }));
		this.ec2.settle();
		return this;
	}

	/** Sets tags; `undefined` takes one off. */
	async retag(name: string, tags: Readonly<Record<string, string | undefined>>): Promise<this> {
		const Resources = [this.#member(name).id];
		await this.#unseen(async () => {
			for (const [Key, Value] of Object.entries(tags)) {
				if (Value === undefined) await this.api.deleteTags({ Resources, Tags: [{ Key }] });
				else await this.api.createTags({ Resources, Tags: [{ Key, Value }] });
			}
		});
		return this;
	}

	/** Gives an instance one more interface. */
	async attachInterface(name: string): Promise<this> {
		const { id, interfaceIds } = this.#member(name);
		await this.#unseen(async () => {
			const { NetworkInterface } = await this.api.createNetworkInterface({ SubnetId: this.subnetId });
			const eni = known(NetworkInterface?.NetworkInterfaceId, "interface");
			await this.api.attachNetworkInterface({
				InstanceId: id,
				NetworkInterfaceId: eni,
				DeviceIndex: interfaceIds.length,
			});
			interfaceIds.push(eni);
		});
		return this;
	}

	/** Makes a route by hand, as another tool or a person would. */
	async route(destination: string, networkInterfaceId: string, tableId = this.tableId): Promise<this> {
		const at = destination.includes(":")
			? { DestinationIpv6CidrBlock: destination }
			: { DestinationCidrBlock: destination };
		await this.#unseen(() =>
			this.api.createRoute({ RouteTableId: tableId, ...at, NetworkInterfaceId: networkInterfaceId }),
		);
		return this;
	}

	/** Another VPC with a subnet and a table of its own. */
	async anotherVpc(): Promise<Network & { readonly tableId: string }> {
		return this.#unseen(async () => {
			const network = await aVpc(this.api, "10.1.0.0/16", "10.1.1.0/24");
			return { ...network, tableId: await aTable(this.api, network.vpcId) };
		});
	}

	/** A table of this VPC, associated with its internet gateway. */
	async edgeTable(): Promise<string> {
		return this.#unseen(async () => {
			const { InternetGateway } = await this.api.createInternetGateway({});
			const GatewayId = known(InternetGateway?.InternetGatewayId, "gateway");
			await this.api.attachInternetGateway({ InternetGatewayId: GatewayId, VpcId: this.vpcId });
			const tableId = await aTable(this.api, this.vpcId);
			await this.api.associateRouteTable({ RouteTableId: tableId, GatewayId });
			return tableId;
		});
	}

	/**
	 * The routes of a table that did not come with it, by destination: `worker-0`, `worker-0/1` for its interface at
	 * index 1, `worker-0 (blackhole)`, or the id of whatever else is the target.
	 */
	async routes(tableId = this.tableId): Promise<Readonly<Record<string, string>>> {
		const { RouteTables } = await this.#unseen(() =>
			this.api.describeRouteTables({ RouteTableIds: [tableId] }),
		);
		const routes = known(RouteTables?.[0]?.Routes, "routes").filter(
			({ Origin }) => Origin !== "CreateRouteTable",
		);
		return Object.fromEntries(
			routes.map((route) => [
				route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId,
				this.#describe(route),
			]),
		);
	}

	/** Whether an interface drops what is not addressed to it. */
	async checks(name: string): Promise<boolean> {
		const { NetworkInterfaces } = await this.#unseen(() =>
			this.api.describeNetworkInterfaces({ NetworkInterfaceIds: [this.eni(name)] }),
		);
		return known(NetworkInterfaces?.[0]?.SourceDestCheck, "check");
	}

	/** EC2 requests so far, by action. */
	calls(): Readonly<Record<string, number>> {
		const counts: Record<string, number> = {};
		for (const call of this.ec2.calls) {
			if (!this.#ownCalls.has(call)) counts[call.action] = (counts[call.action] ?? 0) + 1;
		}
		return counts;
	}

	/** The requests among them that change something. */
	writes(): readonly string[] {
		return this.ec2.calls
			.filter((call) => !this.#ownCalls.has(call) && !call.action.startsWith("Describe"))
			.map(({ action }) => action);
	}

	/** The newest event of an instance in that state. */
	event(name: string, state = "running"): Ec2Event {
		const id = this.id(name);
		return known(
			this.events.findLast(
				({ source, detail }) =>
					source === "aws.ec2" && "state" in detail && detail["instance-id"] === id && detail.state === state,
			),
			`${state} event of ${name}`,
		);
	}

	/** One pass of the engine. */
	async pass(request: Request, options: PassOptions = {}): Promise<PassResult> {
		const environment = { ...this.environment, ...options.environment };
		const settings = parseSettings(environment);
		const { operation } = request;
		const stack = request.operation === "audit" ? { ...environment, REPAIR: request.repair } : environment;
		const rights = callers.rightsOf({ operation, environment: stack }, this.ec2);
		const client = countingClient({
			...CLIENT,
			requestHandler: inProcess(this.ec2, rights),
			maxAttempts: options.maxAttempts ?? 1,
		});
		this.ec2.clearCalls();
		return reconcile(request, {
			ports: ec2Ports(client, settings),
			settings,
			now: options.now ?? Date.now,
			deadline: options.deadline ?? NO_DEADLINE,
			...(options.waveSize === undefined ? {} : { waveSize: options.waveSize }),
		});
	}

	/** The pass for an event of an instance. */
	routeLaunched(name: string, options: PassOptions = {}): Promise<PassResult> {
		return this.pass({ operation: "launch", instanceIds: [this.id(name)] }, options);
	}

	audit(repair: "none" | "routes" | "all", options: PassOptions = {}): Promise<PassResult> {
		return this.pass({ operation: "audit", repair }, options);
	}

	/**
	 * Lets something happen once, as the next call of `action` arrives and before it takes effect: a writer that is
	 * faster. What it does with the world must take effect at once.
	 */
	justBefore(action: string, happen: () => void): void {
		this.ec2.intercept = (call) => {
			if (call.action === action) {
				this.ec2.intercept = undefined;
				happen();
			}
			return undefined;
		};
	}

	/** A request of somebody else's that takes effect before this returns. */
	request(action: string, parameters: Readonly<Record<string, string>>): void {
		const before = this.ec2.calls.length;
		void this.ec2.handle(
			new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }).toString(),
		);
		const call = known(this.ec2.calls[before], "call");
		if (call.outcome !== "ok") throw new Error(`${action} was refused: ${call.outcome}`);
		this.#ownCalls.add(call);
	}

	#member(name: string): Member {
		return known(this.#members.get(name), name);
	}

	#order(name: string, { claims, userData, tags = {}, isNode = true, subnetId }: Launch) {
		if (claims !== undefined && userData !== undefined) throw new Error("Either claims or userData");
		const data = userData ?? (claims === undefined ? `name=${name}` : `name=${name}|pod-cidr=${claims}`);
		const allTags = { Name: name, ...(isNode ? { [CLUSTER_TAG]: "owned" } : {}), ...tags };
		return {
			ImageId: "ami-0123456789abcdef0",
			MinCount: 1,
			MaxCount: 1,
			SubnetId: subnetId ?? this.subnetId,
			...(data === "none" ? {} : { UserData: Buffer.from(data).toString("base64") }),
			TagSpecifications: [
				{
					ResourceType: "instance",
					Tags: Object.entries(allTags).map(([Key, Value]) => ({ Key, Value })),
				},
			],
		} satisfies RunInstancesCommandInput;
	}

	#setCheck(NetworkInterfaceId: string, Value: boolean) {
		return this.api.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value } });
	}

	#describe(route: Route): string {
		const id = route.NetworkInterfaceId;
		const suffix = route.State === "blackhole" ? " (blackhole)" : "";
		for (const [name, { interfaceIds }] of this.#members) {
			const index = id === undefined ? -1 : interfaceIds.indexOf(id);
			if (index >= 0) return `${name}${index === 0 ? "" : `/${index}`}${suffix}`;
		}
		return `${id ?? route.GatewayId ?? route.VpcPeeringConnectionId ?? "?"}${suffix}`;
	}

	async #unseen<T>(act: () => Promise<T>): Promise<T> {
		const { intercept } = this.ec2;
		this.ec2.intercept = undefined;
		const before = this.ec2.calls.length;
		try {
			return await act();
		} finally {
			for (const call of this.ec2.calls.slice(before)) this.#ownCalls.add(call);
			this.ec2.intercept = intercept;
		}
	}
}

const NO_DEADLINE: Deadline = {
	stopStarting: new AbortController().signal,
	abandon: new AbortController().signal,
};

async function aVpc(api: EC2, cidr: string, subnetCidr: string): Promise<Network> {
	const { Vpc } = await api.createVpc({ CidrBlock: cidr });
	const vpcId = known(Vpc?.VpcId, "VPC");
	const { Subnet } = await api.createSubnet({ VpcId: vpcId, CidrBlock: subnetCidr });
	return { vpcId, subnetId: known(Subnet?.SubnetId, "subnet") };
}

async function aTable(api: EC2, VpcId: string): Promise<string> {
	const { RouteTable } = await api.createRouteTable({
		VpcId,
		TagSpecifications: [{ ResourceType: "route-table", Tags: [{ Key: CLUSTER_TAG, Value: "owned" }] }],
	});
	return known(RouteTable?.RouteTableId, "route table");
}

function known<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Error(`This world has no ${what}`);
	return value;
}
