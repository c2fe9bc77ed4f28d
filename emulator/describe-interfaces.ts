import type { NetworkInterface } from "./entities.ts";
import { type FilterTable, filtersOf } from "./filters.ts";
import { KINDS, lookUpAll } from "./ids.ts";
import { pageOf } from "./pagination.ts";
import { type Ec2Request, listOf } from "./query.ts";
import { tagSet } from "./tags.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** 5 to 1000, and never together with ids (aws-facts.md §1.4). */
const PAGE_RULES = {
	minimum: 5,
	maximum: 1000,
	idsExclude: { parameter: "NetworkInterfaceId", name: "networkInterfaceIdSet" },
};

/** DescribeNetworkInterfaces. */
export function describeNetworkInterfaces(world: World, request: Ec2Request): XmlElement {
	const ids = listOf(request, "NetworkInterfaceId");
	const all =
		ids.length > 0
			? lookUpAll(KINDS.networkInterface, world.networkInterfaces, ids)
			: [...world.networkInterfaces.values()];
	const { items, nextToken } = pageOf(
		world,
		request,
		PAGE_RULES,
		all,
		filtersOf(request, filterTable(world)),
	);
	return { networkInterfaceSet: items.map((item) => describeNetworkInterface(world, item)), nextToken };
}

/** An interface as DescribeNetworkInterfaces shows it. */
export function describeNetworkInterface(world: World, networkInterface: NetworkInterface): XmlElement {
	const { attachment } = networkInterface;
	return {
		...commonFields(world, networkInterface),
		availabilityZone: world.subnets.get(networkInterface.subnetId)?.availabilityZone,
		requesterManaged: false,
		status: statusOf(networkInterface),
		attachment:
			attachment === undefined
				? undefined
				: {
						...describePlace(networkInterface),
						instanceId: attachment.instanceId,
						instanceOwnerId: world.settings.accountId,
					},
		tagSet: tagSet(networkInterface.tags),
	};
}

/** An attached interface as DescribeInstances shows it inside its instance. */
export function describeInstanceInterface(world: World, networkInterface: NetworkInterface): XmlElement {
	return {
		...commonFields(world, networkInterface),
		status: statusOf(networkInterface),
		attachment: describePlace(networkInterface),
	};
}

function commonFields(world: World, networkInterface: NetworkInterface): XmlElement {
	const { privateIpAddress } = networkInterface;
	return {
		networkInterfaceId: networkInterface.id,
		subnetId: networkInterface.subnetId,
		vpcId: networkInterface.vpcId,
		description: networkInterface.description,
		ownerId: world.settings.accountId,
		macAddress: networkInterface.macAddress,
		interfaceType: "interface",
		privateIpAddress,
		privateIpAddressesSet: [{ privateIpAddress, primary: true }],
		ipv6AddressesSet: [],
		sourceDestCheck: networkInterface.sourceDestCheck,
		groupSet: [],
	};
}

function describePlace({ attachment }: NetworkInterface): XmlElement {
	if (attachment === undefined) return {};
	return {
		attachmentId: attachment.id,
		deviceIndex: attachment.deviceIndex,
		networkCardIndex: attachment.networkCardIndex,
		status: "attached",
		attachTime: new Date(attachment.attachTime).toISOString(),
		deleteOnTermination: attachment.deleteOnTermination,
	};
}

function statusOf({ attachment }: NetworkInterface): string {
	return attachment === undefined ? "available" : "in-use";
}

function filterTable(world: World): FilterTable<NetworkInterface> {
	const { accountId } = world.settings;
	return {
		"addresses.primary": () => ["true"],
		"addresses.private-ip-address": ({ privateIpAddress }) => [privateIpAddress],
		"attachment.attach-time": ({ attachment }) =>
			attachment === undefined ? [] : [new Date(attachment.attachTime).toISOString()],
		"attachment.attachment-id": ({ attachment }) => [attachment?.id],
		"attachment.delete-on-termination": ({ attachment }) => [
			attachment && String(attachment.deleteOnTermination),
		],
		"attachment.device-index": ({ attachment }) => [attachment && String(attachment.deviceIndex)],
		"attachment.instance-id": ({ attachment }) => [attachment?.instanceId],
		"attachment.instance-owner-id": ({ attachment }) => [attachment && accountId],
		"attachment.status": ({ attachment }) => [attachment && "attached"],
		"availability-zone": ({ subnetId }) => [world.subnets.get(subnetId)?.availabilityZone],
		description: ({ description }) => [description],
		"interface-type": () => ["interface"],
		"mac-address": ({ macAddress }) => [macAddress],
		"network-interface-id": ({ id }) => [id],
		"owner-id": () => [accountId],
		"private-ip-address": ({ privateIpAddress }) => [privateIpAddress],
		"requester-managed": () => ["false"],
		"source-dest-check": ({ sourceDestCheck }) => [String(sourceDestCheck)],
		status: (networkInterface) => [statusOf(networkInterface)],
		"subnet-id": ({ subnetId }) => [subnetId],
		"vpc-id": ({ vpcId }) => [vpcId],
	};
}
