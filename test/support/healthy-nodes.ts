import type { Cluster } from "./cluster.ts";

/** A subnet with room for 4,000 nodes. */
async function roomySubnet({ api, vpcId }: Cluster): Promise<string> {
	const { Subnet } = await api.createSubnet({ VpcId: vpcId, CidrBlock: "10.0.16.0/20" });
	if (Subnet?.SubnetId === undefined) throw new Error("EC2 made no subnet");
	return Subnet.SubnetId;
}

/** Launches `count` nodes, `w0` on, each with the next /24 from 10.200.0.0 on, routed. */
export async function launchHealthy(cluster: Cluster, count: number): Promise<void> {
	const subnetId = await roomySubnet(cluster);
	for (let index = 0; index < count; index += 1) {
		const block = `10.${200 + (index >> 8)}.${index & 255}.0/24`;
		await cluster.launch(`w${index}`, { claims: block, subnetId, isPending: true });
		await cluster.route(block, cluster.eni(`w${index}`));
	}
	cluster.ec2.settle();
	cluster.ec2.clearCalls();
}
