import type { InternetGateway } from "./entities.ts";
import { Ec2Error } from "./errors.ts";
import { KINDS, lookUp } from "./ids.ts";
import { type Ec2Request, required } from "./query.ts";
import { tagSet, tagsFor } from "./tags.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** CreateInternetGateway: attached to nothing yet. */
export function createInternetGateway(world: World, request: Ec2Request): XmlElement {
	const gateway: InternetGateway = { id: world.ids.next("igw"), tags: tagsFor(request, "internet-gateway") };
	world.internetGateways.set(gateway.id, gateway);
	return {
		internetGateway: {
			internetGatewayId: gateway.id,
			ownerId: world.settings.accountId,
			attachmentSet: [],
			tagSet: tagSet(gateway.tags),
		},
	};
}

/** AttachInternetGateway: a gateway serves one VPC, a VPC has one gateway. */
export function attachInternetGateway(world: World, request: Ec2Request): XmlElement {
	const gateway = lookUp(
		KINDS.internetGateway,
		world.internetGateways,
		required(request, "InternetGatewayId"),
	);
	const vpc = lookUp(KINDS.vpc, world.vpcs, required(request, "VpcId"));
	const holder = [...world.vpcs.values()].find(({ internetGatewayId }) => internetGatewayId === gateway.id);
	if (holder !== undefined) {
		throw new Ec2Error(
			"Resource.AlreadyAssociated",
			`resource ${gateway.id} is already attached to network ${holder.id}`,
		);
	}
	if (vpc.internetGatewayId !== undefined) {
		throw new Ec2Error("InvalidParameterValue", `Network ${vpc.id} already has an internet gateway attached`);
	}
	vpc.internetGatewayId = gateway.id;
	return { return: true };
}
