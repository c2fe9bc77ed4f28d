import { createHash } from "node:crypto";
import { Ec2Error } from "./errors.ts";

/**
 * Mints ids that look like EC2's: the n-th id of a world is always the same, and neighbours do not sort in order of
 * creation, so that nothing comes to depend on it.
 */
export class IdMint {
	#minted = 0;
	readonly #orders = new Map<string, number>();

	/** `i` → `i-` and 17 hexadecimal digits. */
	next(prefix: string): string {
		const id = `${prefix}-${this.#digits().slice(0, 17)}`;
		this.#orders.set(id, this.#minted);
		return id;
	}

	/** The place of an id among all this world has minted. */
	orderOf(id: string): number {
		return this.#orders.get(id) ?? 0;
	}

	/** A request or event id. */
	uuid(): string {
		const hex = this.#digits();
		return [
			hex.slice(0, 8),
			hex.slice(8, 12),
			`4${hex.slice(13, 16)}`,
			`a${hex.slice(17, 20)}`,
			hex.slice(20, 32),
		].join("-");
	}

	/** A locally administered hardware address. */
	mac(): string {
		const hex = this.#digits();
		return ["02", ...[0, 2, 4, 6, 8].map((at) => hex.slice(at, at + 2))].join(":");
	}

	#digits(): string {
		this.#minted += 1;
		return createHash("sha256").update(String(this.#minted)).digest("hex");
	}
}

/** How EC2 names a kind of resource in its errors; the capitals differ between the two codes (aws-facts.md §1.3). */
export interface ResourceKind {
	readonly prefix: string;
	/** As in "The routeTable ID 'rtb-…' does not exist". */
	readonly noun: string;
	readonly notFound: string;
	readonly malformed: string;
}

/** The kinds this world holds. */
export const KINDS = {
	instance: {
		prefix: "i",
		noun: "instance",
		notFound: "InvalidInstanceID.NotFound",
		malformed: "InvalidInstanceID.Malformed",
	},
	networkInterface: {
		prefix: "eni",
		noun: "networkInterface",
		notFound: "InvalidNetworkInterfaceID.NotFound",
		malformed: "InvalidNetworkInterfaceId.Malformed",
	},
	vpc: { prefix: "vpc", noun: "vpc", notFound: "InvalidVpcID.NotFound", malformed: "InvalidVpcId.Malformed" },
	subnet: {
		prefix: "subnet",
		noun: "subnet",
		notFound: "InvalidSubnetID.NotFound",
		malformed: "InvalidSubnetId.Malformed",
	},
	routeTable: {
		prefix: "rtb",
		noun: "routeTable",
		notFound: "InvalidRouteTableID.NotFound",
		malformed: "InvalidRouteTableId.Malformed",
	},
	internetGateway: {
		prefix: "igw",
		noun: "internetGateway",
		notFound: "InvalidInternetGatewayID.NotFound",
		malformed: "InvalidInternetGatewayId.Malformed",
	},
	attachment: {
		prefix: "eni-attach",
		noun: "interface attachment",
		notFound: "InvalidAttachmentID.NotFound",
		malformed: "InvalidAttachmentID.Malformed",
	},
	image: {
		prefix: "ami",
		noun: "image",
		notFound: "InvalidAMIID.NotFound",
		malformed: "InvalidAMIID.Malformed",
	},
} as const satisfies Record<string, ResourceKind>;

/** Throws the kind's `.Malformed` unless the id has its prefix and 8 or 17 hexadecimal digits. */
export function checkId(kind: ResourceKind, id: string): void {
	const digits = id.startsWith(`${kind.prefix}-`) ? id.slice(kind.prefix.length + 1) : "";
	if (!/^([0-9a-f]{8}|[0-9a-f]{17})$/.test(digits)) throw new Ec2Error(kind.malformed, `Invalid id: "${id}"`);
}

/** The resource; throws the kind's `.Malformed` or `.NotFound`. */
export function lookUp<Resource>(
	kind: ResourceKind,
	resources: ReadonlyMap<string, Resource>,
	id: string,
): Resource {
	checkId(kind, id);
	const resource = resources.get(id);
	if (resource === undefined) throw notFound(kind, [id]);
	return resource;
}

/** The resources, in order of creation; throws one `.NotFound` that names every unknown id, as DescribeInstances does (aws-facts.md §1.3). */
export function lookUpAll<Resource>(
	kind: ResourceKind,
	resources: ReadonlyMap<string, Resource>,
	ids: readonly string[],
): readonly Resource[] {
	for (const id of ids) checkId(kind, id);
	const unknown = [...new Set(ids.filter((id) => !resources.has(id)))];
	if (unknown.length > 0) throw notFound(kind, unknown);
	return [...resources].filter(([id]) => ids.includes(id)).map(([, resource]) => resource);
}

function notFound(kind: ResourceKind, ids: readonly string[]): Ec2Error {
	const [plural, verb] = ids.length === 1 ? ["", "does"] : ["s", "do"];
	return new Ec2Error(kind.notFound, `The ${kind.noun} ID${plural} '${ids.join(", ")}' ${verb} not exist`);
}
