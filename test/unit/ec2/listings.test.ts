import { describe, expect, it } from "vitest";
import { inProcess } from "../../../emulator/request-handler.ts";
import { countingClient } from "../../../src/ec2/client.ts";
import { ec2Ports } from "../../../src/ec2/ports.ts";
import type { InstanceId, NetworkInterfaceId } from "../../../src/model/instance.ts";
import type { FoundNode, NodeSource } from "../../../src/reconcile/ports.ts";
import { parseSettings } from "../../../src/settings.ts";
import { aCluster, CLUSTER_TAG, type Cluster } from "../../support/cluster.ts";

const { signal } = new AbortController();

function portsOf(cluster: Cluster, environment: Readonly<Record<string, string>> = {}) {
	const client = countingClient({
		region: "us-east-1",
		credentials: { accessKeyId: "test", secretAccessKey: "test" },
		requestHandler: inProcess(cluster.ec2),
		maxAttempts: 1,
	});
	return ec2Ports(client, parseSettings({ ...cluster.environment, ...environment }));
}

/** `reservations` launches of `each` nodes, 200 to a subnet: a large one is slow to find a free address in. */
async function launchMany(cluster: Cluster, reservations: number, each: number): Promise<void> {
	let subnetId = "";
	for (let made = 0; made < reservations; made += 1) {
		if (made % 200 === 0) subnetId = await aSubnet(cluster, made / 200);
		cluster.request("RunInstances", {
			ImageId: "ami-0123456789abcdef0",
			MinCount: String(each),
			MaxCount: String(each),
			SubnetId: subnetId,
			"TagSpecification.1.ResourceType": "instance",
			"TagSpecification.1.Tag.1.Key": CLUSTER_TAG,
			"TagSpecification.1.Tag.1.Value": "owned",
		});
	}
	cluster.ec2.clearCalls();
}

async function aSubnet({ api, vpcId }: Cluster, index: number): Promise<string> {
	const { Subnet } = await api.createSubnet({ VpcId: vpcId, CidrBlock: `10.0.${64 + index}.0/24` });
	return Subnet?.SubnetId ?? "";
}

describe("A listing of nodes", () => {
	it("holds every node of every reservation", async () => {
		const cluster = await aCluster();
		await launchMany(cluster, 3, 4);
		const listed = await portsOf(cluster).nodes.list(signal);
		expect(new Set(listed.map(({ id }) => id)).size).toBe(12);
	});

	it("of 1,001 reservations takes two pages and is whole", async () => {
		const cluster = await aCluster();
		await launchMany(cluster, 1_001, 1);
		const listed = await portsOf(cluster).nodes.list(signal);
		expect(new Set(listed.map(({ id }) => id)).size).toBe(1_001);
		expect(cluster.calls()).toEqual({ DescribeInstances: 2 });
	});

	it("whose first page is empty goes on to the next", async () => {
		const cluster = await aCluster({ switches: { pagesCount: "examined" } });
		for (let other = 0; other < 5; other += 1) await cluster.launch(`other-${other}`, { isNode: false });
		await cluster.launch("worker-0");
		// The smallest page EC2 allows, so that six reservations make two.
		const handle = cluster.ec2.handle.bind(cluster.ec2);
		cluster.ec2.handle = (body) => handle(body.replace("MaxResults=1000", "MaxResults=5"));
		const listed = await portsOf(cluster).nodes.list(signal);
		expect(listed.map(({ id }) => id)).toEqual([cluster.id("worker-0")]);
		expect(cluster.calls()).toEqual({ DescribeInstances: 2 });
	});

	it("that breaks off half way rejects: a part is never given", async () => {
		const cluster = await aCluster();
		for (let worker = 0; worker < 6; worker += 1) await cluster.launch(`worker-${worker}`);
		const handle = cluster.ec2.handle.bind(cluster.ec2);
		cluster.ec2.handle = (body) => handle(body.replace("MaxResults=1000", "MaxResults=5"));
		cluster.ec2.intercept = ({ parameters }) =>
			"NextToken" in parameters
				? { when: "before", status: 500, code: "InternalError", message: "An internal error has occurred" }
				: undefined;
		await expect(portsOf(cluster).nodes.list(signal)).rejects.toThrow(
			"DescribeInstances failed: InternalError: An internal error has occurred",
		);
	});

	it("of 401 named instances asks in three parts, and leaves out those that are none", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		await cluster.launch("bastion", { isNode: false });
		const strangers = Array.from(
			{ length: 399 },
			(_, n) => `i-${n.toString(16).padStart(17, "0")}` as InstanceId,
		);
		const asked = [...strangers, cluster.id("bastion"), cluster.id("worker-0")];
		const found = await portsOf(cluster).nodes.findAll(asked, signal);
		expect(found.map(({ id }) => id)).toEqual([cluster.id("worker-0")]);
		expect(cluster.calls()).toEqual({ DescribeInstances: 3 });
	});
});

/** What a look for one instance finds. */
async function findOne(nodes: NodeSource, id: InstanceId): Promise<FoundNode | undefined> {
	return (await nodes.find([id], signal)).get(id);
}

describe("One instance", () => {
	it("is a node, not a node, or not found", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		await cluster.launch("bastion", { isNode: false });
		const { nodes } = portsOf(cluster);
		expect(await findOne(nodes, cluster.id("worker-0"))).toMatchObject({
			kind: "node",
			instance: {
				id: cluster.id("worker-0"),
				life: "serving",
				vpcId: cluster.vpcId,
				primaryInterface: { id: cluster.eni("worker-0"), sourceDestCheck: false },
				interfaceIds: [cluster.eni("worker-0")],
			},
		});
		expect(await findOne(nodes, cluster.id("bastion"))).toEqual({ kind: "not-a-node" });
		expect(await findOne(nodes, "i-0123456789abcdef0")).toEqual({ kind: "not-found" });
	});

	it("is known by its first launch, not by its last start", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		const { nodes } = portsOf(cluster);
		const before = await findOne(nodes, cluster.id("worker-0"));
		await cluster.stop("worker-0");
		cluster.ec2.advance(3_600_000);
		await cluster.start("worker-0");
		const after = await findOne(nodes, cluster.id("worker-0"));
		if (before?.kind !== "node" || after?.kind !== "node") throw new Error("worker-0 is not found");
		expect(after.instance.primaryInterface?.attachedAt).toBe(1_767_323_045_000);
		expect([before.instance.launchedAt, after.instance.launchedAt]).toEqual([
			1_767_323_045_000, 1_767_326_655_000,
		]);
		expect({ ...after.instance, launchedAt: 0 }).toEqual({ ...before.instance, launchedAt: 0 });
	});
});

describe("Interfaces", () => {
	it("are attached, detached, a service's, or gone; 401 of them are asked for in three parts", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		const { NetworkInterface } = await cluster.api.createNetworkInterface({ SubnetId: cluster.subnetId });
		const loose = NetworkInterface?.NetworkInterfaceId as NetworkInterfaceId;
		const strangers = Array.from(
			{ length: 399 },
			(_, n) => `eni-${n.toString(16).padStart(17, "0")}` as const,
		);
		cluster.ec2.clearCalls();
		const attached = cluster.eni("worker-0") as NetworkInterfaceId;
		const found = await portsOf(cluster).interfaces.lookUp([...strangers, loose, attached], signal);
		expect(found.size).toBe(401);
		expect(found.get(attached)).toEqual({ kind: "attached", instanceId: cluster.id("worker-0") });
		expect(found.get(loose)).toEqual({ kind: "detached" });
		expect(strangers.every((id) => found.get(id)?.kind === "gone")).toBe(true);
		expect(cluster.calls()).toEqual({ DescribeNetworkInterfaces: 3 });
	});

	it("that cannot be read reject", async () => {
		const cluster = await aCluster();
		cluster.ec2.intercept = () => ({
			when: "before",
			status: 403,
			code: "UnauthorizedOperation",
			message: "No.",
		});
		await expect(portsOf(cluster).interfaces.lookUp(["eni-0123456789abcdef0"], signal)).rejects.toThrow(
			"DescribeNetworkInterfaces failed: UnauthorizedOperation: No.",
		);
	});
});

describe("Route tables", () => {
	it("by id and by filter are the same; 101 of them take two pages", async () => {
		const cluster = await aCluster({ tables: 101 });
		const byId = await portsOf(cluster).tables.read(signal);
		expect(cluster.calls()).toEqual({ DescribeRouteTables: 2 });
		const byFilter = await portsOf(cluster, { ROUTE_TABLES: `tag:${CLUSTER_TAG}=owned` }).tables.read(signal);
		expect(byId.tables.map(({ id }) => id).toSorted()).toEqual(cluster.tableIds.toSorted());
		expect(byFilter.tables).toEqual(byId.tables);
		expect([byId.skipped, byFilter.skipped]).toEqual([[], []]);
	});

	it("leave prefix lists out, and mark what they do not know as other", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		const { ec2, tableId } = cluster;
		ec2.seedRoute(tableId, { destinationPrefixListId: "pl-0a", kind: "gateway", gatewayId: "vpce-0a" });
		ec2.seedRoute(tableId, {
			destinationCidrBlock: "10.200.1.0/24",
			kind: "vpc-peering",
			vpcPeeringConnectionId: "pcx-0a",
		});
		ec2.seedRoute(tableId, { destinationCidrBlock: "10.200.2.0/24", kind: "gateway", gatewayId: "vgw-0a" });
		ec2.seedRoute(tableId, {
			destinationIpv6CidrBlock: "fd00:10:200::/64",
			kind: "interface",
			networkInterfaceId: cluster.eni("worker-0"),
			state: "filtered",
		});
		ec2.seedRoute(tableId, {
			destinationCidrBlock: "10.200.3.0/24",
			kind: "interface",
			networkInterfaceId: cluster.eni("worker-0"),
			origin: "Advertisement",
		});
		const { tables } = await portsOf(cluster).tables.read(signal);
		const routes = tables[0]?.routes.map(({ destination, ...route }) => [destination.text, route]);
		const target = {
			kind: "interface",
			networkInterfaceId: cluster.eni("worker-0"),
			instanceId: cluster.id("worker-0"),
		};
		expect(Object.fromEntries(routes ?? [])).toEqual({
			"10.0.0.0/16": {
				state: "active",
				origin: "CreateRouteTable",
				target: { kind: "other", description: "local" },
			},
			"10.200.1.0/24": {
				state: "active",
				origin: "CreateRoute",
				target: { kind: "other", description: "pcx-0a" },
			},
			"10.200.2.0/24": { state: "active", origin: "other", target: { kind: "other", description: "vgw-0a" } },
			"10.200.3.0/24": { state: "active", origin: "other", target },
			"fd00:10:200::/64": { state: "other", origin: "CreateRoute", target },
		});
	});
});

describe("Several instances", () => {
	it("are told apart in one call where EC2 knows all of them", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		await cluster.launch("bastion", { isNode: false });
		const found = await portsOf(cluster).nodes.find([cluster.id("worker-0"), cluster.id("bastion")], signal);
		expect([...found].map(([id, { kind }]) => [id, kind])).toEqual([
			[cluster.id("worker-0"), "node"],
			[cluster.id("bastion"), "not-a-node"],
		]);
		expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
	});

	it("are asked for one by one where it does not know one of them", async () => {
		const cluster = await (await aCluster()).launch("worker-0");
		await cluster.launch("bastion", { isNode: false });
		const ids = [cluster.id("worker-0"), "i-0123456789abcdef0", cluster.id("bastion")] as const;
		const found = await portsOf(cluster).nodes.find(ids, signal);
		expect(ids.map((id) => found.get(id)?.kind)).toEqual(["node", "not-found", "not-a-node"]);
		expect(cluster.calls()).toEqual({ DescribeInstances: 4 });
	});
});
