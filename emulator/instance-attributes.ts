import type { Instance, NetworkInterface } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue, multipleInterfaces, notInState } from "./errors.ts";
import { KINDS, lookUp } from "./ids.ts";
import { booleanOf, type Ec2Request, optional, required } from "./query.ts";
import { checkedUserData } from "./user-data.ts";
import { interfacesOf, type World } from "./world.ts";
import type { XmlElement, XmlNode } from "./xml.ts";

/** DescribeInstanceAttribute: `<userData/>` where none was given (aws-facts.md §1.2). */
export function describeInstanceAttribute(world: World, request: Ec2Request): XmlElement {
	const instance = lookUp(KINDS.instance, world.instances, required(request, "InstanceId"));
	const attribute = required(request, "Attribute");
	const attributes = readableAttributes(world, instance);
	if (!Object.hasOwn(attributes, attribute)) {
		throw invalidValue(`Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`);
	}
	return { instanceId: instance.id, [attribute]: attributes[attribute] };
}

/** ModifyInstanceAttribute: the source/destination check in any state, user data only when stopped; one attribute a call. */
export function modifyInstanceAttribute(world: World, request: Ec2Request): XmlElement {
	const instance = lookUp(KINDS.instance, world.instances, required(request, "InstanceId"));
	const named = namedAttributes(request);
	const [attribute] = named;
	if (attribute === undefined) throw invalidCombination("No attributes specified.");
	if (named.length > 1)
		throw invalidCombination(`Fields for multiple attribute types specified: ${named.join(", ")}`);
	if (attribute === "sourceDestCheck") setSourceDestCheck(world, instance, request);
	else if (attribute === "userData") setUserData(instance, request);
	else throw new Ec2Error("UnsupportedOperation", `The attribute ${attribute} cannot be modified here.`);
	return { return: true };
}

function setSourceDestCheck(world: World, instance: Instance, request: Ec2Request): void {
	const check = booleanOf(
		request,
		request.parameters["Value"] === undefined ? "SourceDestCheck.Value" : "Value",
	);
	if (check === undefined) throw invalidValue("The value of sourceDestCheck is missing.");
	onlyInterface(world, instance).sourceDestCheck = check;
}

function setUserData(instance: Instance, request: Ec2Request): void {
	if (instance.state !== "stopped") throw notInState(instance.id, "stopped");
	instance.userData =
		checkedUserData(request.parameters["UserData.Value"] ?? request.parameters["Value"] ?? "") || undefined;
}

/** The one interface of an instance; throws `InvalidInstanceID` where there are several (aws-facts.md §1.3). */
function onlyInterface(world: World, instance: Instance): NetworkInterface {
	const [first, second] = interfacesOf(world, instance.id);
	if (second !== undefined) throw multipleInterfaces(instance.id);
	if (first === undefined) {
		throw new Ec2Error(
			"IncorrectInstanceState",
			`The instance '${instance.id}' is in the '${instance.state}' state.`,
		);
	}
	return first;
}

/** Attributes come as `Attribute=name&Value=…` or as `Name.Value=…`. */
function namedAttributes(request: Ec2Request): readonly string[] {
	const named = new Set<string>();
	const attribute = optional(request, "Attribute");
	if (attribute !== undefined) named.add(attribute);
	for (const name of Object.keys(request.parameters)) {
		const match = /^([A-Z][A-Za-z]+)\.(Value|\d+.*)$/.exec(name);
		if (match?.[1] !== undefined) named.add(match[1].charAt(0).toLowerCase() + match[1].slice(1));
	}
	return [...named];
}

function readableAttributes(world: World, instance: Instance): Readonly<Record<string, XmlNode>> {
	const [primary] = interfacesOf(world, instance.id);
	return {
		instanceType: { value: instance.instanceType },
		userData: instance.userData === undefined ? {} : { value: instance.userData },
		sourceDestCheck: primary === undefined ? {} : { value: primary.sourceDestCheck },
		disableApiTermination: { value: false },
		disableApiStop: { value: false },
		instanceInitiatedShutdownBehavior: { value: "stop" },
		rootDeviceName: { value: "/dev/sda1" },
		ebsOptimized: { value: false },
		enaSupport: { value: true },
		enclaveOptions: { enabled: false },
		sriovNetSupport: {},
		kernel: {},
		ramdisk: {},
		blockDeviceMapping: [],
		productCodes: [],
		groupSet: [],
	};
}
