import { checkRoom, chooseAddress } from "./addresses.ts";
import { describeReservation, describeState } from "./describe-instances.ts";
import type { Instance, NetworkInterface, Subnet, Tags } from "./entities.ts";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import { checkId, KINDS, lookUp, lookUpAll } from "./ids.ts";
import { askedAddress, inUse, openInterface, tie } from "./interfaces.ts";
import { launch, start, stop, terminate } from "./lifecycle.ts";
import { booleanOf, type Ec2Request, integerOf, listOf, optional, required, structuresOf } from "./query.ts";
import { tagsFor } from "./tags.ts";
import { checkedUserData } from "./user-data.ts";
import type { World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** RunInstances: one reservation, its instances `pending`. A repeated client token answers with the reservation it made. */
export function runInstances(world: World, request: Ec2Request): XmlElement {
	const token = optional(request, "ClientToken");
	const asked = JSON.stringify(Object.entries(request.parameters).sort());
	const earlier = token === undefined ? undefined : world.launchesByToken.get(token);
	if (earlier !== undefined && earlier.asked !== asked) {
		throw new Ec2Error(
			"IdempotentParameterMismatch",
			"Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
		);
	}
	const reservationId = earlier?.reservationId ?? reserve(world, request, token);
	if (token !== undefined) world.launchesByToken.set(token, { asked, reservationId });
	const instances = [...world.instances.values()].filter(
		(instance) => instance.reservationId === reservationId,
	);
	return describeReservation(world, { id: reservationId, instances });
}

/** StopInstances: all or none; stopping what is stopped changes nothing. */
export function stopInstances(world: World, request: Ec2Request): XmlElement {
	const instances = instancesIn(world, request);
	for (const instance of instances) checkStoppable(instance);
	return { instancesSet: change(instances, ["running"], (instance) => stop(world, instance)) };
}

/** StartInstances: all or none; starting what runs changes nothing. */
export function startInstances(world: World, request: Ec2Request): XmlElement {
	const instances = instancesIn(world, request);
	for (const { id, state } of instances) {
		if (["stopping", "shutting-down", "terminated"].includes(state)) throw wrongState(id, "started");
	}
	return { instancesSet: change(instances, ["stopped"], (instance) => start(world, instance)) };
}

/** TerminateInstances: all or none; "this operation is idempotent" (EC2 API Reference, TerminateInstances). */
export function terminateInstances(world: World, request: Ec2Request): XmlElement {
	const instances = instancesIn(world, request);
	const alive = ["pending", "running", "stopping", "stopped"];
	return { instancesSet: change(instances, alive, (instance) => terminate(world, instance)) };
}

function instancesIn(world: World, request: Ec2Request): readonly Instance[] {
	const ids = listOf(request, "InstanceId");
	if (ids.length === 0) throw missingParameter("InstanceId");
	return lookUpAll(KINDS.instance, world.instances, ids);
}

function change(
	instances: readonly Instance[],
	from: readonly string[],
	perform: (instance: Instance) => void,
): readonly XmlElement[] {
	return instances.map((instance) => {
		const previousState = describeState(instance.state);
		if (from.includes(instance.state)) perform(instance);
		return { instanceId: instance.id, currentState: describeState(instance.state), previousState };
	});
}

/** The text for a pending instance is pasted in cloud-custodian pull request #6014. */
function checkStoppable({ id, state, hasRun }: Instance): void {
	if (state === "pending" && !hasRun) {
		throw new Ec2Error(
			"IncorrectInstanceState",
			`Instance '${id}' cannot be stopped as it has never reached the 'running' state.`,
		);
	}
	if (["pending", "shutting-down", "terminated"].includes(state)) throw wrongState(id, "stopped");
}

function wrongState(id: string, verb: string): Ec2Error {
	return new Ec2Error(
		"IncorrectInstanceState",
		`The instance '${id}' is not in a state from which it can be ${verb}.`,
	);
}

/** Everything RunInstances asks for, checked before anything exists. */
interface LaunchOrder {
	readonly count: number;
	readonly imageId: string;
	readonly userData: string | undefined;
	readonly primary: InterfaceOrder;
	readonly others: readonly InterfaceOrder[];
	readonly tags: Tags;
	readonly interfaceTags: Tags;
}

/** An interface a launch brings: an existing one, or a new one in a subnet. */
interface InterfaceOrder {
	readonly existing: NetworkInterface | undefined;
	readonly subnet: Subnet;
	readonly address: string | undefined;
	readonly deviceIndex: number;
	readonly networkCardIndex: number;
	readonly deleteOnTermination: boolean;
}

function reserve(world: World, request: Ec2Request, clientToken: string | undefined): string {
	const order = readOrder(world, request);
	const reservationId = world.ids.next("r");
	for (let launchIndex = 0; launchIndex < order.count; launchIndex += 1) {
		const instance = build(world, request, order, { reservationId, launchIndex, clientToken });
		launch(world, instance);
		if (world.settings.switches.taggedLaunchEmitsTagEvent) {
			world.announceTags("instance", instance.id, [...instance.tags.keys()], instance.tags);
		}
	}
	return reservationId;
}

function readOrder(world: World, request: Ec2Request): LaunchOrder {
	const imageId = required(request, "ImageId");
	checkId(KINDS.image, imageId);
	const count = countOf(request);
	const userData = optional(request, "UserData");
	const interfaces = interfaceOrders(world, request);
	if (
		count > 1 &&
		interfaces.some(({ existing, address }) => existing !== undefined || address !== undefined)
	) {
		throw invalidCombination(
			"Network interfaces and an instance-level private address may be given for one instance only",
		);
	}
	const primary = interfaces.find(
		({ deviceIndex, networkCardIndex }) => deviceIndex === 0 && networkCardIndex === 0,
	);
	if (primary === undefined) throw invalidCombination("A network interface with device index 0 is required");
	for (const { subnet } of interfaces) checkRoom(world, subnet, count * interfaces.length);
	return {
		count,
		imageId,
		primary,
		others: interfaces.filter((order) => order !== primary),
		userData: userData === undefined ? undefined : checkedUserData(userData),
		tags: tagsFor(request, "instance"),
		interfaceTags: tagsFor(request, "network-interface"),
	};
}

function countOf(request: Ec2Request): number {
	const minimum = integerOf(request, "MinCount");
	const maximum = integerOf(request, "MaxCount");
	if (minimum === undefined) throw missingParameter("MinCount");
	if (maximum === undefined) throw missingParameter("MaxCount");
	if (minimum < 1 || maximum < minimum) {
		throw invalidValue(
			`Value (${minimum}) for parameter minCount is invalid. It must be between 1 and maxCount.`,
		);
	}
	return maximum;
}

function build(
	world: World,
	request: Ec2Request,
	order: LaunchOrder,
	place: Pick<Instance, "reservationId" | "launchIndex" | "clientToken">,
): Instance {
	const id = world.ids.next("i");
	const primary = connect(world, id, order.primary, order.interfaceTags);
	for (const other of order.others) connect(world, id, other, order.interfaceTags);
	const instance: Instance = {
		id,
		...place,
		imageId: order.imageId,
		keyName: optional(request, "KeyName"),
		instanceType: optional(request, "InstanceType") ?? "m1.small",
		vpcId: primary.vpcId,
		subnetId: primary.subnetId,
		privateIpAddress: primary.privateIpAddress,
		userData: order.userData,
		state: "pending",
		reachable: true,
		hasRun: false,
		launchTime: world.clock.now(),
		tags: new Map(order.tags),
	};
	world.instances.set(id, instance);
	return instance;
}

function interfaceOrders(world: World, request: Ec2Request): readonly InterfaceOrder[] {
	const specifications = structuresOf(request, "NetworkInterface");
	if (specifications.length === 0) return [interfaceOrder(world, request, 0)];
	if (optional(request, "SubnetId") !== undefined) {
		throw invalidCombination(
			"Network interfaces and an instance-level subnet ID may not be specified on the same request",
		);
	}
	return specifications.map((specification) => interfaceOrder(world, specification, undefined));
}

function connect(world: World, instanceId: string, order: InterfaceOrder, tags: Tags): NetworkInterface {
	const { existing, subnet, address, ...place } = order;
	const networkInterface =
		existing ?? openInterface(world, subnet, { address, description: "", tags: new Map(tags) });
	const { deviceIndex, networkCardIndex, deleteOnTermination } = place;
	tie(world, networkInterface, instanceId, { deviceIndex, networkCardIndex, deleteOnTermination });
	return networkInterface;
}

function interfaceOrder(world: World, specification: Ec2Request, index: number | undefined): InterfaceOrder {
	const deviceIndex = index ?? integerOf(specification, "DeviceIndex");
	if (deviceIndex === undefined) throw invalidValue("Each network interface requires a device index.");
	const interfaceId = index === undefined ? optional(specification, "NetworkInterfaceId") : undefined;
	const existing =
		interfaceId === undefined
			? undefined
			: lookUp(KINDS.networkInterface, world.networkInterfaces, interfaceId);
	if (existing?.attachment !== undefined) throw inUse(existing);
	const subnet = lookUp(KINDS.subnet, world.subnets, existing?.subnetId ?? askedSubnet(specification));
	const address = askedAddress(specification);
	// Refused here, while nothing exists yet.
	if (existing === undefined) chooseAddress(world, subnet, address);
	return {
		existing,
		subnet,
		address,
		deviceIndex,
		networkCardIndex: integerOf(specification, "NetworkCardIndex") ?? 0,
		deleteOnTermination: booleanOf(specification, "DeleteOnTermination") ?? existing === undefined,
	};
}

/** This world has no default VPC. */
function askedSubnet(specification: Ec2Request): string {
	const subnetId = optional(specification, "SubnetId");
	if (subnetId === undefined) throw new Ec2Error("VPCIdNotSpecified", "No default VPC for this user");
	return subnetId;
}
