import { chooseAddress } from "./addresses.ts";
import { describeNetworkInterface } from "./describe-interfaces.ts";
import type { Attachment, Instance, NetworkInterface, Subnet, Tags } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import { checkId, KINDS, lookUp } from "./ids.ts";
import { booleanOf, type Ec2Request, integerOf, optional, required, structuresOf } from "./query.ts";
import { tagsFor } from "./tags.ts";
import { interfacesOf, type World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** Makes an unattached interface with the address asked for, or the lowest free one. */
export function openInterface(
	world: World,
	subnet: Subnet,
	{
		address,
		description,
		tags,
	}: { readonly address: string | undefined; readonly description: string; readonly tags: Tags },
): NetworkInterface {
	const networkInterface: NetworkInterface = {
		id: world.ids.next("eni"),
		vpcId: subnet.vpcId,
		subnetId: subnet.id,
		privateIpAddress: chooseAddress(world, subnet, address),
		macAddress: world.ids.mac(),
		description,
		sourceDestCheck: true,
		attachment: undefined,
		tags,
	};
	world.networkInterfaces.set(networkInterface.id, networkInterface);
	return networkInterface;
}

/** Ties an interface to an instance at a place. */
export function tie(
	world: World,
	networkInterface: NetworkInterface,
	instanceId: string,
	place: Pick<Attachment, "deviceIndex" | "networkCardIndex" | "deleteOnTermination">,
): Attachment {
	const attachment = {
		id: world.ids.next("eni-attach"),
		instanceId,
		attachTime: world.clock.now(),
		...place,
	};
	networkInterface.attachment = attachment;
	return attachment;
}

/** `InvalidNetworkInterface.InUse`: attached already (EC2 API Reference, "Error codes for the Amazon EC2 API"). */
export function inUse(networkInterface: NetworkInterface): Ec2Error {
	return new Ec2Error("InvalidNetworkInterface.InUse", `Interface: [${networkInterface.id}] in use.`);
}

/** CreateNetworkInterface. */
export function createNetworkInterface(world: World, request: Ec2Request): XmlElement {
	const subnet = lookUp(KINDS.subnet, world.subnets, required(request, "SubnetId"));
	const networkInterface = openInterface(world, subnet, {
		address: askedAddress(request),
		description: request.parameters["Description"] ?? "",
		tags: tagsFor(request, "network-interface"),
	});
	return { networkInterface: { ...describeNetworkInterface(world, networkInterface), status: "pending" } };
}

/** AttachNetworkInterface: at once, to a running or stopped instance of the same VPC and zone, at a free index. */
export function attachNetworkInterface(world: World, request: Ec2Request): XmlElement {
	const networkInterface = lookUp(
		KINDS.networkInterface,
		world.networkInterfaces,
		required(request, "NetworkInterfaceId"),
	);
	const instance = lookUp(KINDS.instance, world.instances, required(request, "InstanceId"));
	const deviceIndex = integerOf(request, "DeviceIndex");
	if (deviceIndex === undefined) throw missingParameter("DeviceIndex");
	const networkCardIndex = integerOf(request, "NetworkCardIndex") ?? 0;
	checkAttachable(world, networkInterface, instance, deviceIndex, networkCardIndex);
	const place = { deviceIndex, networkCardIndex, deleteOnTermination: false };
	return { attachmentId: tie(world, networkInterface, instance.id, place).id, networkCardIndex };
}

/** DetachNetworkInterface: at once; refused for the primary one (moto issue #7678 quotes EC2's text). */
export function detachNetworkInterface(world: World, request: Ec2Request): XmlElement {
	const attachmentId = required(request, "AttachmentId");
	checkId(KINDS.attachment, attachmentId);
	const networkInterface = [...world.networkInterfaces.values()].find(
		({ attachment }) => attachment?.id === attachmentId,
	);
	if (networkInterface?.attachment === undefined) {
		throw new Ec2Error(
			KINDS.attachment.notFound,
			`The interface attachment '${attachmentId}' does not exist.`,
		);
	}
	const { deviceIndex, networkCardIndex } = networkInterface.attachment;
	if (deviceIndex === 0 && networkCardIndex === 0) {
		throw new Ec2Error(
			"OperationNotPermitted",
			"The network interface at device index 0 and networkCard index 0 cannot be detached.",
		);
	}
	networkInterface.attachment = undefined;
	return { return: true };
}

/** DeleteNetworkInterface: refused while it is attached. */
export function deleteNetworkInterface(world: World, request: Ec2Request): XmlElement {
	const networkInterface = lookUp(
		KINDS.networkInterface,
		world.networkInterfaces,
		required(request, "NetworkInterfaceId"),
	);
	if (networkInterface.attachment !== undefined) {
		throw invalidValue(`Network interface '${networkInterface.id}' is currently in use.`);
	}
	world.networkInterfaces.delete(networkInterface.id);
	return { return: true };
}

/** ModifyNetworkInterfaceAttribute: source/destination check, description, or delete-on-termination; exactly one. */
export function modifyNetworkInterfaceAttribute(world: World, request: Ec2Request): XmlElement {
	const networkInterface = lookUp(
		KINDS.networkInterface,
		world.networkInterfaces,
		required(request, "NetworkInterfaceId"),
	);
	const check = booleanOf(request, "SourceDestCheck.Value");
	const description = request.parameters["Description.Value"];
	const deleteOnTermination = booleanOf(request, "Attachment.DeleteOnTermination");
	const given = [check, description, deleteOnTermination].filter((value) => value !== undefined).length;
	if (given === 0) throw invalidCombination("No attributes specified.");
	if (given > 1) throw invalidCombination("Only one attribute can be modified at a time.");
	if (check !== undefined) networkInterface.sourceDestCheck = check;
	if (description !== undefined) networkInterface.description = description;
	if (deleteOnTermination !== undefined)
		attachmentAsked(request, networkInterface).deleteOnTermination = deleteOnTermination;
	return { return: true };
}

/** The primary address a request asks for: by itself, or as the primary one of `PrivateIpAddresses`, where the AWS CLI puts it. */
export function askedAddress(request: Ec2Request): string | undefined {
	const listed = structuresOf(request, "PrivateIpAddresses").find((address) => booleanOf(address, "Primary"));
	return optional(request, "PrivateIpAddress") ?? (listed && optional(listed, "PrivateIpAddress"));
}

function attachmentAsked(request: Ec2Request, networkInterface: NetworkInterface): Attachment {
	const attachmentId = required(request, "Attachment.AttachmentId");
	if (networkInterface.attachment?.id === attachmentId) return networkInterface.attachment;
	throw new Ec2Error(KINDS.attachment.notFound, `The interface attachment '${attachmentId}' does not exist.`);
}

function checkAttachable(
	world: World,
	networkInterface: NetworkInterface,
	instance: Instance,
	deviceIndex: number,
	networkCardIndex: number,
): void {
	if (networkInterface.attachment !== undefined) throw inUse(networkInterface);
	if (instance.state !== "running" && instance.state !== "stopped") {
		throw new Ec2Error(
			"IncorrectInstanceState",
			`The instance '${instance.id}' is not in the 'running' or 'stopped' state.`,
		);
	}
	if (
		zoneOf(world, networkInterface.subnetId) !== zoneOf(world, instance.subnetId) ||
		networkInterface.vpcId !== instance.vpcId
	) {
		throw invalidCombination(
			"You may not attach a network interface to an instance if they are not in the same availability zone",
		);
	}
	const taken = interfacesOf(world, instance.id).some(
		({ attachment }) =>
			attachment?.deviceIndex === deviceIndex && attachment.networkCardIndex === networkCardIndex,
	);
	if (taken) {
		throw invalidValue(
			`Instance '${instance.id}' already has an interface attached at device index '${deviceIndex}'.`,
		);
	}
}

function zoneOf(world: World, subnetId: string): string | undefined {
	return world.subnets.get(subnetId)?.availabilityZone;
}
