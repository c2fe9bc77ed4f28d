import { addressText, type Block, covers, overlaps, parseBlock } from "./cidr.ts";
import type { BlockAssociation, Vpc } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import { type FilterTable, filtersOf } from "./filters.ts";
import { KINDS, lookUp, lookUpAll } from "./ids.ts";
import { pageOf } from "./pagination.ts";
import { booleanOf, type Ec2Request, listOf, optional, required } from "./query.ts";
import { addLocalRoute, openRouteTable } from "./route-tables.ts";
import { tagSet, tagsFor } from "./tags.ts";
import type { World } from "./world.ts";
import type { XmlElement, XmlNode } from "./xml.ts";

/** Amazon VPC User Guide, "VPC CIDR blocks": a /16 to a /28 for IPv4. */
const IPV4_SIZES = { largest: 16, smallest: 28 };

/** CreateVpc: the VPC and, as in AWS, its main route table with one local route a block. */
export function createVpc(world: World, request: Ec2Request): XmlElement {
	const tags = tagsFor(request, "vpc");
	const blocks: BlockAssociation[] = [
		{ id: world.ids.next("vpc-cidr-assoc"), block: vpcBlock(required(request, "CidrBlock")) },
	];
	if (booleanOf(request, "AmazonProvidedIpv6CidrBlock"))
		blocks.push(ipv6Association(world, amazonBlock(world)));
	const vpc: Vpc = { id: world.ids.next("vpc"), blocks, internetGatewayId: undefined, tags };
	world.vpcs.set(vpc.id, vpc);
	openRouteTable(world, vpc, new Map()).associations.push({ id: world.ids.next("rtbassoc"), kind: "main" });
	return { vpc: { ...describeVpc(world, vpc), state: "pending" } };
}

/** AssociateVpcCidrBlock: one IPv4 or one IPv6 block more, and its local route in every table of the VPC. */
export function associateVpcCidrBlock(world: World, request: Ec2Request): XmlElement {
	const vpc = lookUp(KINDS.vpc, world.vpcs, required(request, "VpcId"));
	const association = askedAssociation(world, request);
	if (vpc.blocks.some(({ block }) => overlaps(block, association.block))) {
		throw new Ec2Error(
			"InvalidVpc.Range",
			`The CIDR '${association.block.cidr}' conflicts with another CIDR block of VPC ${vpc.id}`,
		);
	}
	vpc.blocks.push(association);
	for (const table of world.routeTables.values())
		if (table.vpcId === vpc.id) addLocalRoute(table, association.block);
	const ipv4 = association.block.family === "ipv4";
	return {
		vpcId: vpc.id,
		[ipv4 ? "cidrBlockAssociation" : "ipv6CidrBlockAssociation"]: describeAssociation(
			association,
			"associating",
		),
	};
}

/** DescribeVpcs. */
export function describeVpcs(world: World, request: Ec2Request): XmlElement {
	const ids = listOf(request, "VpcId");
	const all = ids.length > 0 ? lookUpAll(KINDS.vpc, world.vpcs, ids) : [...world.vpcs.values()];
	const matches = filtersOf(request, filterTable(world));
	const { items, nextToken } = pageOf(world, request, { minimum: 5, maximum: 1000 }, all, matches);
	return { vpcSet: items.map((vpc) => describeVpc(world, vpc)), nextToken };
}

function filterTable(world: World): FilterTable<Vpc> {
	const of = (family: Block["family"]) => (vpc: Vpc) =>
		vpc.blocks.filter(({ block }) => block.family === family);
	const [ipv4, ipv6] = [of("ipv4"), of("ipv6")];
	return {
		cidr: (vpc) =>
			ipv4(vpc)
				.slice(0, 1)
				.map(({ block }) => block.cidr),
		"cidr-block-association.cidr-block": (vpc) => ipv4(vpc).map(({ block }) => block.cidr),
		"cidr-block-association.association-id": (vpc) => ipv4(vpc).map(({ id }) => id),
		"cidr-block-association.state": (vpc) => ipv4(vpc).map(() => "associated"),
		"ipv6-cidr-block-association.ipv6-cidr-block": (vpc) => ipv6(vpc).map(({ block }) => block.cidr),
		"ipv6-cidr-block-association.association-id": (vpc) => ipv6(vpc).map(({ id }) => id),
		"ipv6-cidr-block-association.state": (vpc) => ipv6(vpc).map(() => "associated"),
		"is-default": () => ["false"],
		"owner-id": () => [world.settings.accountId],
		state: () => ["available"],
		"vpc-id": ({ id }) => [id],
	};
}

function describeVpc(world: World, { id, blocks, tags }: Vpc): XmlElement {
	const of = (family: Block["family"]) => blocks.filter(({ block }) => block.family === family);
	return {
		vpcId: id,
		ownerId: world.settings.accountId,
		state: "available",
		cidrBlock: blocks[0]?.block.cidr,
		cidrBlockAssociationSet: of("ipv4").map((association) => describeAssociation(association, "associated")),
		ipv6CidrBlockAssociationSet: of("ipv6").map((association) =>
			describeAssociation(association, "associated"),
		),
		dhcpOptionsId: "default",
		instanceTenancy: "default",
		isDefault: false,
		tagSet: tagSet(tags),
	};
}

function describeAssociation({ id, block }: BlockAssociation, state: string): XmlNode {
	if (block.family === "ipv4") return { associationId: id, cidrBlock: block.cidr, cidrBlockState: { state } };
	return { associationId: id, ipv6CidrBlock: block.cidr, ipv6CidrBlockState: { state }, ipv6Pool: "Amazon" };
}

function askedAssociation(world: World, request: Ec2Request): BlockAssociation {
	const ipv4 = optional(request, "CidrBlock");
	const ipv6 = optional(request, "Ipv6CidrBlock");
	const amazons = booleanOf(request, "AmazonProvidedIpv6CidrBlock") === true;
	const given = [ipv4 !== undefined, ipv6 !== undefined, amazons].filter(Boolean).length;
	if (given === 0) throw missingParameter("CidrBlock or ipv6CidrBlock");
	if (given > 1)
		throw invalidCombination(
			"Only one of cidrBlock, ipv6CidrBlock and amazonProvidedIpv6CidrBlock can be specified",
		);
	if (ipv4 !== undefined) return { id: world.ids.next("vpc-cidr-assoc"), block: vpcBlock(ipv4) };
	return ipv6Association(world, ipv6 === undefined ? amazonBlock(world) : ipv6Block(ipv6));
}

function ipv6Association(world: World, block: Block): BlockAssociation {
	return { id: world.ids.next("vpc-cidr-assoc"), block };
}

function vpcBlock(text: string): Block {
	const block = parseBlock(text, "ipv4");
	if (block === undefined)
		throw invalidValue(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
	if (block.prefixLength < IPV4_SIZES.largest || block.prefixLength > IPV4_SIZES.smallest) {
		throw new Ec2Error("InvalidVpc.Range", `The CIDR '${text}' is invalid.`);
	}
	return block;
}

function ipv6Block(text: string): Block {
	const block = parseBlock(text, "ipv6");
	if (block !== undefined) return block;
	throw invalidValue(
		`Value (${text}) for parameter ipv6CidrBlock is invalid. This is not a valid CIDR block.`,
	);
}

/** A /56 that no VPC of this world has, of the documentation range, since Amazon's own ranges are somebody's. */
function amazonBlock(world: World): Block {
	const range = ipv6Block("2001:db8::/32");
	const taken = [...world.vpcs.values()]
		.flatMap(({ blocks }) => blocks)
		.filter(({ block }) => covers(range, block));
	const first = range.first + (BigInt(taken.length + 1) << 72n);
	return ipv6Block(`${addressText(first, "ipv6")}/56`);
}
