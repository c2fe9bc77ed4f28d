import {
	AssociateRouteTableCommand,
	AttachInternetGatewayCommand,
	CreateInternetGatewayCommand,
	CreateRouteCommand,
	CreateRouteTableCommand,
	CreateSubnetCommand,
	CreateTagsCommand,
	CreateVpcCommand,
	EC2Client,
	ModifyInstanceAttributeCommand,
	RunInstancesCommand,
	TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { EmbeddedEc2 } from "./ec2.ts";
import { inProcess } from "./request-handler.ts";

/** "Kubernetes the hard way" on AWS, before its chapter on pod network routes. */
export interface TutorialCluster {
	readonly vpcId: string;
	readonly subnetId: string;
	readonly routeTableId: string;
	readonly internetGatewayId: string;
}

/** One of the tutorial's instances. A controller has no pod CIDR. */
export interface TutorialInstance {
	readonly name: string;
	readonly privateIp: string;
	readonly podCidr?: string;
}

type TutorialWorker = TutorialInstance & { readonly podCidr: string };

export const TUTORIAL_WORKERS: readonly [TutorialWorker, TutorialWorker, TutorialWorker] = [
	{ name: "worker-0", privateIp: "10.0.1.20", podCidr: "10.200.0.0/24" },
	{ name: "worker-1", privateIp: "10.0.1.21", podCidr: "10.200.1.0/24" },
	{ name: "worker-2", privateIp: "10.0.1.22", podCidr: "10.200.2.0/24" },
];

export const TUTORIAL_CONTROLLERS: readonly TutorialInstance[] = [
	{ name: "controller-0", privateIp: "10.0.1.10" },
	{ name: "controller-1", privateIp: "10.0.1.11" },
	{ name: "controller-2", privateIp: "10.0.1.12" },
];

/** The tag by which the tutorial's instances and table know each other. */
export const TUTORIAL_TAG = { Key: "kubernetes.io/cluster/hard-way", Value: "owned" } as const;

/** A client of the world in this process: no socket, no credentials of anybody's. */
export function clientOf(ec2: EmbeddedEc2): EC2Client {
	return new EC2Client({
		region: "us-east-1",
		credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
		requestHandler: inProcess(ec2),
	});
}

/** The network of the tutorial: VPC 10.0.0.0/16, one subnet, one route table with a way out. */
export async function buildTutorialNetwork(client: EC2Client): Promise<TutorialCluster> {
	const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
	const vpcId = given(Vpc?.VpcId);
	const { Subnet } = await client.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: "10.0.1.0/24" }));
	const subnetId = given(Subnet?.SubnetId);
	const { InternetGateway } = await client.send(new CreateInternetGatewayCommand());
	const internetGatewayId = given(InternetGateway?.InternetGatewayId);
	await client.send(new AttachInternetGatewayCommand({ VpcId: vpcId, InternetGatewayId: internetGatewayId }));
	const { RouteTable } = await client.send(new CreateRouteTableCommand({ VpcId: vpcId }));
	const routeTableId = given(RouteTable?.RouteTableId);
	await client.send(new AssociateRouteTableCommand({ RouteTableId: routeTableId, SubnetId: subnetId }));
	await client.send(new CreateTagsCommand({ Resources: [routeTableId], Tags: [TUTORIAL_TAG] }));
	await client.send(
		new CreateRouteCommand({
			RouteTableId: routeTableId,
			DestinationCidrBlock: "0.0.0.0/0",
			GatewayId: internetGatewayId,
		}),
	);
	return { vpcId, subnetId, routeTableId, internetGatewayId };
}

/**
 * Launches one of the tutorial's instances as its third chapter does: user data at launch, then the
 * source/dest check turned off. Resolves to the instance id; the instance is pending.
 */
export async function launchTutorialInstance(
	client: EC2Client,
	{ subnetId }: Pick<TutorialCluster, "subnetId">,
	{ name, privateIp, podCidr }: TutorialInstance,
): Promise<string> {
	const userData = podCidr === undefined ? `name=${name}` : `name=${name}|pod-cidr=${podCidr}`;
	const { Instances } = await client.send(
		new RunInstancesCommand({
			ImageId: "ami-0123456789abcdef0",
			InstanceType: "t3.micro",
			MinCount: 1,
			MaxCount: 1,
			SubnetId: subnetId,
			PrivateIpAddress: privateIp,
			UserData: Buffer.from(userData).toString("base64"),
			TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }, TUTORIAL_TAG] }],
		}),
	);
	const instanceId = given(Instances?.[0]?.InstanceId);
	await client.send(
		new ModifyInstanceAttributeCommand({ InstanceId: instanceId, SourceDestCheck: { Value: false } }),
	);
	return instanceId;
}

/** Terminates one instance; it is shutting down when this resolves. */
export async function terminateTutorialInstance(client: EC2Client, instanceId: string): Promise<void> {
	await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
}

function given(id: string | undefined): string {
	if (id === undefined) throw new Error("EC2 answered without the id of what it made");
	return id;
}
