import type { ReportedFinding } from "../../src/model/report.ts";
import type { PassResult } from "../../src/reconcile/reconcile.ts";
import { aCluster, type Cluster, type ClusterOptions } from "../support/cluster.ts";

/** worker-0 and worker-1, each with its block routed in every table: an audit has nothing to say of them. */
export async function aHealthyCluster(options: ClusterOptions = {}): Promise<Cluster> {
	const cluster = await aCluster(options);
	for (const number of [0, 1]) {
		await cluster.launch(`worker-${number}`, { claims: `10.200.${number}.0/24` });
		for (const tableId of cluster.tableIds) {
			await cluster.route(`10.200.${number}.0/24`, cluster.eni(`worker-${number}`), tableId);
		}
	}
	return cluster;
}

/** Points an existing route somewhere else, by hand. */
export async function repoint(cluster: Cluster, destination: string, eni: string): Promise<void> {
	await cluster.api.replaceRoute({
		RouteTableId: cluster.tableId,
		DestinationCidrBlock: destination,
		NetworkInterfaceId: eni,
	});
}

/** Deletes a route by hand. */
export async function unroute(
	cluster: Cluster,
	destination: string,
	tableId = cluster.tableId,
): Promise<void> {
	await cluster.api.deleteRoute({ RouteTableId: tableId, DestinationCidrBlock: destination });
}

/** User data can be changed only while an instance is stopped. */
export async function editUserData(cluster: Cluster, name: string, text: string): Promise<void> {
	await cluster.stop(name);
	await cluster.api.modifyInstanceAttribute({
		InstanceId: cluster.id(name),
		UserData: { Value: Buffer.from(text) },
	});
	await cluster.start(name);
}

/** Takes an additional interface off its instance; it stays, attached to nothing. */
export async function detach(cluster: Cluster, name: string, deviceIndex: number): Promise<void> {
	const NetworkInterfaceIds = [cluster.eni(name, deviceIndex)];
	const { NetworkInterfaces } = await cluster.api.describeNetworkInterfaces({ NetworkInterfaceIds });
	const AttachmentId = NetworkInterfaces?.[0]?.Attachment?.AttachmentId;
	if (AttachmentId === undefined) throw new Error(`Interface ${deviceIndex} of ${name} is not attached`);
	await cluster.api.detachNetworkInterface({ AttachmentId });
	cluster.ec2.settle();
}

/**
 * Launches nodes as members of an auto scaling group. EC2 lets nobody but Auto Scaling set its tag, so it is put on
 * in the answers: the instances carry it under another key.
 */
export async function launchInGroup(
	cluster: Cluster,
	group: string,
	claims: string,
	names: readonly string[],
): Promise<void> {
	const key = "launched-by-group";
	const { ec2 } = cluster;
	const handle = ec2.handle.bind(ec2);
	ec2.handle = async (body, authorize) => {
		const answer = await handle(body, authorize);
		return { ...answer, body: answer.body.replaceAll(key, "aws:autoscaling:groupName") };
	};
	for (const name of names) await cluster.launch(name, { claims, tags: { [key]: group } });
}

/** A finding, as [code, severity, subject, sentence], with names in place of ids. */
export type Told = readonly [code: string, severity: string, subject: Subject, sentence: string];

interface Subject {
	readonly table?: string;
	readonly destination?: string;
	readonly instance?: string;
}

/** What an audit found, in the order in which it tells it. */
export function told(cluster: Cluster, { report }: PassResult, cast: readonly string[]): readonly Told[] {
	return report.findings.map((finding) => [
		finding.code,
		finding.severity,
		subjectOf(cluster, finding, cast),
		inNames(cluster, finding.detail, cast),
	]);
}

function subjectOf(cluster: Cluster, finding: ReportedFinding, cast: readonly string[]): Subject {
	const { routeTableId, destination, instanceId } = finding;
	return {
		...(routeTableId === undefined ? {} : { table: inNames(cluster, routeTableId, cast) }),
		...(destination === undefined ? {} : { destination }),
		...(instanceId === undefined ? {} : { instance: inNames(cluster, instanceId, cast) }),
	};
}

/** `i-…` as the instance's name, `eni-…` as `eni(name)` or `eni(name, index)`, `rtb-…` as `table`, `vpc-…` as `the VPC`. */
function inNames(cluster: Cluster, text: string, cast: readonly string[]): string {
	const names = new Map<string, string>([[cluster.vpcId, "the VPC"]]);
	cluster.tableIds.forEach((id, index) => {
		names.set(id, index === 0 ? "table" : `table ${index + 1}`);
	});
	for (const name of cast) {
		names.set(cluster.id(name), name);
		for (const index of [0, 1]) {
			const eni = interfaceAt(cluster, name, index);
			if (eni !== undefined) names.set(eni, index === 0 ? `eni(${name})` : `eni(${name}, ${index})`);
		}
	}
	return text.replaceAll(
		/(?:i|eni|rtb|vpc)-[0-9a-f]{8,17}/g,
		(id) => names.get(id) ?? (id.startsWith("vpc-") ? "another VPC" : id),
	);
}

/** Absent where the instance has no such interface. */
function interfaceAt(cluster: Cluster, name: string, index: number): string | undefined {
	try {
		return cluster.eni(name, index);
	} catch {
		return undefined;
	}
}

export function codes({ report }: PassResult): readonly string[] {
	return report.findings.map(({ code }) => code);
}
