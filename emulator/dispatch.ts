import { describeInstances } from "./describe-instances.ts";
import { describeNetworkInterfaces } from "./describe-interfaces.ts";
import { describeRouteTables } from "./describe-route-tables.ts";
import { Ec2Error } from "./errors.ts";
import { attachInternetGateway, createInternetGateway } from "./gateways.ts";
import { describeImages } from "./images.ts";
import { describeInstanceAttribute, modifyInstanceAttribute } from "./instance-attributes.ts";
import { runInstances, startInstances, stopInstances, terminateInstances } from "./instances.ts";
import {
	attachNetworkInterface,
	createNetworkInterface,
	deleteNetworkInterface,
	detachNetworkInterface,
	modifyNetworkInterfaceAttribute,
} from "./interfaces.ts";
import { PARAMETERS } from "./parameters.ts";
import { booleanOf, type Ec2Request } from "./query.ts";
import { associateRouteTable, createRouteTable, deleteRouteTable } from "./route-tables.ts";
import { createRoute, deleteRoute, replaceRoute } from "./routes.ts";
import { createSubnet, describeSubnets } from "./subnets.ts";
import { createTags, deleteTags } from "./tags.ts";
import { associateVpcCidrBlock, createVpc, describeVpcs } from "./vpcs.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** What one action does: the answer's body, or a thrown {@link Ec2Error}. */
type Handler = (world: World, request: Ec2Request) => XmlElement;

const HANDLERS = {
	AssociateRouteTable: associateRouteTable,
	AssociateVpcCidrBlock: associateVpcCidrBlock,
	AttachInternetGateway: attachInternetGateway,
	AttachNetworkInterface: attachNetworkInterface,
	CreateInternetGateway: createInternetGateway,
	CreateNetworkInterface: createNetworkInterface,
	CreateRoute: createRoute,
	CreateRouteTable: createRouteTable,
	CreateSubnet: createSubnet,
	CreateTags: createTags,
	CreateVpc: createVpc,
	DeleteNetworkInterface: deleteNetworkInterface,
	DeleteRoute: deleteRoute,
	DeleteRouteTable: deleteRouteTable,
	DeleteTags: deleteTags,
	DescribeImages: describeImages,
	DescribeInstanceAttribute: describeInstanceAttribute,
	DescribeInstances: describeInstances,
	DescribeNetworkInterfaces: describeNetworkInterfaces,
	DescribeRouteTables: describeRouteTables,
	DescribeSubnets: describeSubnets,
	DescribeVpcs: describeVpcs,
	DetachNetworkInterface: detachNetworkInterface,
	ModifyInstanceAttribute: modifyInstanceAttribute,
	ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
	ReplaceRoute: replaceRoute,
	RunInstances: runInstances,
	StartInstances: startInstances,
	StopInstances: stopInstances,
	TerminateInstances: terminateInstances,
} as const satisfies Record<string, Handler>;

/** The actions this world answers. */
type ActionName = keyof typeof HANDLERS;

/**
 * Carries out one request. Throws `InvalidAction` for an action this world has not, `RequestLimitExceeded` (503) where
 * the world counts requests and this is one too many, `DryRunOperation` (412) for a dry run, which EC2 answers before it
 * looks at anything the request names (aws-facts.md §1.3), or what the action refuses.
 */
export function dispatch(world: World, request: Ec2Request): XmlElement {
	const { action } = request;
	if (!isAction(action)) {
		throw new Ec2Error("InvalidAction", `The action ${action} is not valid for this web service.`);
	}
	world.throttle?.admit(request, world.clock.now());
	checkParameters(action, request);
	if (booleanOf(request, "DryRun")) {
		throw new Ec2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
	}
	return HANDLERS[action](world, request);
}

function isAction(action: string): action is ActionName {
	return Object.hasOwn(HANDLERS, action);
}

/** A misspelt parameter is refused, not ignored (aws-sdk-js issue #54 shows EC2's answer). */
function checkParameters(action: ActionName, request: Ec2Request): void {
	const known = PARAMETERS[action].split(" ");
	for (const name of Object.keys(request.parameters)) {
		const top = name.split(".")[0] ?? "";
		if (top === "Action" || top === "Version" || known.includes(top)) continue;
		throw new Ec2Error("UnknownParameter", `The parameter ${top} is not recognized`);
	}
}
