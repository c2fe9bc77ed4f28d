import type { Tags } from "./entities.ts";
import { Ec2Error, invalidValue, missingParameter } from "./errors.ts";
import { KINDS, lookUp, type ResourceKind } from "./ids.ts";
import { type Ec2Request, listOf, optional, required, structuresOf } from "./query.ts";
import type { World } from "./world.ts";
import type { XmlElement, XmlNode } from "./xml.ts";

/** Amazon EC2 User Guide, "Tag your Amazon EC2 resources", tag restrictions. */
const LIMITS = { tags: 50, keyLength: 128, valueLength: 256 };

/** CreateTags: adds or overwrites; all resources or none. */
export function createTags(world: World, request: Ec2Request): XmlElement {
	const changes = tagsIn(request);
	if (changes.size === 0) throw missingParameter("TagSet");
	const resources = resourcesIn(world, request);
	for (const { tags } of resources) checkCount(new Map([...tags, ...changes]));
	for (const { type, id, tags } of resources) {
		const changed = [...changes].filter(([key, value]) => tags.get(key) !== value);
		for (const [key, value] of changed) tags.set(key, value);
		world.announceTags(
			type,
			id,
			changed.map(([key]) => key),
			tags,
		);
	}
	return { return: true };
}

/** DeleteTags: a key alone goes whatever its value, a key with a value only where the value is equal, no keys mean all. */
export function deleteTags(world: World, request: Ec2Request): XmlElement {
	const wanted = structuresOf(request, "Tag").map(
		(tag) => [required(tag, "Key"), tag.parameters["Value"]] as const,
	);
	for (const { type, id, tags } of resourcesIn(world, request)) {
		const condemned = [...tags].filter(
			([key, value]) =>
				wanted.length === 0 ||
				wanted.some(([name, only]) => name === key && (only === undefined || only === value)),
		);
		for (const [key] of condemned) tags.delete(key);
		world.announceTags(
			type,
			id,
			condemned.map(([key]) => key),
			tags,
		);
	}
	return { return: true };
}

/** The tags a creating action gives to the kind it makes, of its TagSpecification list. */
export function tagsFor(request: Ec2Request, resourceType: string): Tags {
	const tags: Tags = new Map();
	for (const specification of structuresOf(request, "TagSpecification")) {
		if (optional(specification, "ResourceType") !== resourceType) continue;
		for (const [key, value] of tagsIn(specification)) tags.set(key, value);
	}
	checkCount(tags);
	return tags;
}

/** `tagSet`, as every description has it. */
export function tagSet(tags: Tags): readonly XmlNode[] {
	return [...tags].map(([key, value]) => ({ key, value }));
}

function tagsIn(request: Ec2Request): Tags {
	const tags: Tags = new Map();
	for (const tag of structuresOf(request, "Tag")) {
		const key = required(tag, "Key");
		const value = tag.parameters["Value"] ?? "";
		if (key.toLowerCase().startsWith("aws:")) {
			throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
		}
		if (key.length > LIMITS.keyLength)
			throw invalidValue(`Tag key exceeds the maximum length of ${LIMITS.keyLength} characters`);
		if (value.length > LIMITS.valueLength) {
			throw invalidValue(`Tag value exceeds the maximum length of ${LIMITS.valueLength} characters`);
		}
		tags.set(key, value);
	}
	return tags;
}

function checkCount(tags: Tags): void {
	if (tags.size > LIMITS.tags) {
		throw new Ec2Error("TagLimitExceeded", `More than ${LIMITS.tags} tags are not allowed on a resource`);
	}
}

interface Tagged {
	readonly type: string;
	readonly id: string;
	readonly tags: Tags;
}

function resourcesIn(world: World, request: Ec2Request): readonly Tagged[] {
	const ids = [...new Set(listOf(request, "ResourceId"))];
	if (ids.length === 0) throw missingParameter("ResourceIdSet");
	return ids.map((id) => taggedResource(world, id));
}

function taggedResource(world: World, id: string): Tagged {
	const shelves: readonly (readonly [string, ResourceKind, ReadonlyMap<string, { readonly tags: Tags }>])[] =
		[
			["instance", KINDS.instance, world.instances],
			["network-interface", KINDS.networkInterface, world.networkInterfaces],
			["vpc", KINDS.vpc, world.vpcs],
			["subnet", KINDS.subnet, world.subnets],
			["route-table", KINDS.routeTable, world.routeTables],
			["internet-gateway", KINDS.internetGateway, world.internetGateways],
		];
	const shelf = shelves.find(([, { prefix }]) => id.startsWith(`${prefix}-`));
	if (shelf === undefined) throw new Ec2Error("InvalidID", `The ID '${id}' is not valid`);
	const [type, kind, resources] = shelf;
	return { type, id, tags: lookUp(kind, resources, id).tags };
}
