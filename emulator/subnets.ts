import { freeAddressCount } from "./addresses.ts";
import { type Block, covers, overlaps, parseBlock } from "./cidr.ts";
import type { Subnet, Vpc } from "./entities.ts";
import { Ec2Error, invalidValue } from "./errors.ts";
import { type FilterTable, filtersOf } from "./filters.ts";
import { KINDS, lookUp, lookUpAll } from "./ids.ts";
import { pageOf } from "./pagination.ts";
import { type Ec2Request, listOf, optional, required } from "./query.ts";
import { tagSet, tagsFor } from "./tags.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** CreateSubnet: a block inside the VPC's, beside every other subnet's. */
export function createSubnet(world: World, request: Ec2Request): XmlElement {
	const vpc = lookUp(KINDS.vpc, world.vpcs, required(request, "VpcId"));
	const block = subnetBlock(world, vpc, required(request, "CidrBlock"), "ipv4");
	const ipv6Text = optional(request, "Ipv6CidrBlock");
	const ipv6 = ipv6Text === undefined ? undefined : subnetBlock(world, vpc, ipv6Text, "ipv6");
	const subnet: Subnet = {
		id: world.ids.next("subnet"),
		vpcId: vpc.id,
		block,
		ipv6: ipv6 === undefined ? undefined : { id: world.ids.next("subnet-cidr-assoc"), block: ipv6 },
		availabilityZone: optional(request, "AvailabilityZone") ?? `${world.settings.region}a`,
		tags: tagsFor(request, "subnet"),
	};
	world.subnets.set(subnet.id, subnet);
	return { subnet: describeSubnet(world, subnet) };
}

/** DescribeSubnets. */
export function describeSubnets(world: World, request: Ec2Request): XmlElement {
	const ids = listOf(request, "SubnetId");
	const all = ids.length > 0 ? lookUpAll(KINDS.subnet, world.subnets, ids) : [...world.subnets.values()];
	const matches = filtersOf(request, filterTable(world));
	const { items, nextToken } = pageOf(world, request, { minimum: 5, maximum: 1000 }, all, matches);
	return { subnetSet: items.map((subnet) => describeSubnet(world, subnet)), nextToken };
}

function filterTable(world: World): FilterTable<Subnet> {
	const cidr = ({ block }: Subnet) => [block.cidr];
	return {
		"availability-zone": ({ availabilityZone }) => [availabilityZone],
		"available-ip-address-count": (subnet) => [String(freeAddressCount(world, subnet))],
		cidr,
		cidrBlock: cidr,
		"cidr-block": cidr,
		"default-for-az": () => ["false"],
		"ipv6-cidr-block-association.ipv6-cidr-block": ({ ipv6 }) => [ipv6?.block.cidr],
		"ipv6-cidr-block-association.association-id": ({ ipv6 }) => [ipv6?.id],
		"map-public-ip-on-launch": () => ["false"],
		"owner-id": () => [world.settings.accountId],
		state: () => ["available"],
		"subnet-arn": ({ id }) => [world.arn("subnet", id)],
		"subnet-id": ({ id }) => [id],
		"vpc-id": ({ vpcId }) => [vpcId],
	};
}

function describeSubnet(world: World, subnet: Subnet): XmlElement {
	const { id, vpcId, block, ipv6, availabilityZone, tags } = subnet;
	return {
		subnetId: id,
		subnetArn: world.arn("subnet", id),
		state: "available",
		ownerId: world.settings.accountId,
		vpcId,
		cidrBlock: block.cidr,
		ipv6CidrBlockAssociationSet:
			ipv6 === undefined
				? []
				: [
						{
							associationId: ipv6.id,
							ipv6CidrBlock: ipv6.block.cidr,
							ipv6CidrBlockState: { state: "associated" },
						},
					],
		availableIpAddressCount: freeAddressCount(world, subnet),
		availabilityZone,
		defaultForAz: false,
		mapPublicIpOnLaunch: false,
		assignIpv6AddressOnCreation: false,
		tagSet: tagSet(tags),
	};
}

function subnetBlock(world: World, vpc: Vpc, text: string, family: Block["family"]): Block {
	const block = parseBlock(text, family);
	const parameter = family === "ipv4" ? "cidrBlock" : "ipv6CidrBlock";
	if (block === undefined)
		throw invalidValue(
			`Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
		);
	if (!vpc.blocks.some((association) => covers(association.block, block))) {
		throw new Ec2Error("InvalidSubnet.Range", `The CIDR '${block.cidr}' is invalid.`);
	}
	const neighbours = [...world.subnets.values()].filter(({ vpcId }) => vpcId === vpc.id);
	const taken = neighbours.flatMap((neighbour) => [
		neighbour.block,
		...(neighbour.ipv6 ? [neighbour.ipv6.block] : []),
	]);
	if (taken.some((other) => overlaps(other, block))) {
		throw new Ec2Error("InvalidSubnet.Conflict", `The CIDR '${block.cidr}' conflicts with another subnet`);
	}
	return block;
}
