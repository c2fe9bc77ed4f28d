import { describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";

describe("The EC2 requests of an audit", () => {
	it("of 1,000 healthy nodes are 1,002: one listing, one reading of the tables, the user data of each", async () => {
		const cluster = await manyNodes(1_000);
		const { report } = await cluster.audit("all");
		expect([report.findings, report.changes]).toEqual([[], []]);
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 1_000,
			DescribeRouteTables: 1,
		});
		expect(report.apiCalls).toEqual(cluster.calls());
	});

	it("are one more where a route leads to an interface that no node has", async () => {
		const cluster = await manyNodes(10);
		await cluster.launch("ended");
		await cluster.route("10.200.99.0/24", cluster.eni("ended"));
		await cluster.terminate("ended");
		await cluster.audit("none");
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 10,
			DescribeNetworkInterfaces: 1,
			DescribeRouteTables: 1,
		});
	});

	it("are the same however many tables there are", async () => {
		const cluster = await (await aCluster({ tables: 20 })).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.audit("none");
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 1,
			DescribeRouteTables: 1,
		});
	});
});

/**
 * Running nodes, each routed, with its check off; half of them in IPv6, since a table takes 1,000 routes of a family
 * at most. Made by plain requests: so many take long by the SDK.
 */
async function manyNodes(count: number): Promise<Cluster> {
	const environment = { ROUTE_LIMIT: "1000" };
	const cluster = await aCluster({ routeLimit: 1_000, environment });
	const { Subnet } = await cluster.api.createSubnet({ VpcId: cluster.vpcId, CidrBlock: "10.0.16.0/20" });
	const { Instances = [] } = await cluster.api.runInstances({
		ImageId: "ami-0123456789abcdef0",
		MinCount: count,
		MaxCount: count,
		SubnetId: Subnet?.SubnetId,
		TagSpecifications: [
			{ ResourceType: "instance", Tags: [{ Key: "kubernetes.io/cluster/hard-way", Value: "owned" }] },
		],
	});
	cluster.ec2.settle();
	for (const [number, { InstanceId = "", NetworkInterfaces }] of Instances.entries()) {
		const isIpv4 = number < count / 2;
		const block = isIpv4
			? `10.200.${Math.floor(number / 16)}.${(number % 16) * 16}/28`
			: `fd00:10:200:${number.toString(16)}::/64`;
		const eni = NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "";
		cluster.request("CreateTags", {
			"ResourceId.1": InstanceId,
			"Tag.1.Key": "pod-cidr",
			"Tag.1.Value": block,
		});
		cluster.request("ModifyNetworkInterfaceAttribute", {
			NetworkInterfaceId: eni,
			"SourceDestCheck.Value": "false",
		});
		cluster.request("CreateRoute", {
			RouteTableId: cluster.tableId,
			[isIpv4 ? "DestinationCidrBlock" : "DestinationIpv6CidrBlock"]: block,
			NetworkInterfaceId: eni,
		});
	}
	return cluster;
}
