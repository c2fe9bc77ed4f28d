import { describeInstanceInterface } from "./describe-interfaces.ts";
import type { Instance } from "./entities.ts";
import { type FilterTable, filtersOf } from "./filters.ts";
import { KINDS, lookUpAll } from "./ids.ts";
import { STATE_CODES } from "./lifecycle.ts";
import { pageOf } from "./pagination.ts";
import { type Ec2Request, listOf } from "./query.ts";
import { tagSet } from "./tags.ts";
import { interfacesOf, type World } from "./world.ts";
import type { XmlElement } from "./xml.ts";

/** 5 to 1000, and never together with ids (aws-facts.md §1.4). */
const PAGE_RULES = {
	minimum: 5,
	maximum: 1000,
	idsExclude: { parameter: "InstanceId", name: "instancesSet" },
};

/** The instances launched by one call. */
interface Reservation {
	readonly id: string;
	readonly instances: readonly Instance[];
}

/** DescribeInstances: pages count reservations, and a reservation shows only its matching instances (aws-facts.md §1.4). */
export function describeInstances(world: World, request: Ec2Request): XmlElement {
	const ids = listOf(request, "InstanceId");
	const instances =
		ids.length > 0 ? lookUpAll(KINDS.instance, world.instances, ids) : [...world.instances.values()];
	const matches = filtersOf(request, filterTable(world));
	const { items, nextToken } = pageOf(world, request, PAGE_RULES, reservationsOf(instances), (reservation) =>
		reservation.instances.some(matches),
	);
	const shown = items.map((reservation) => ({
		...reservation,
		instances: reservation.instances.filter(matches),
	}));
	return { reservationSet: shown.map((reservation) => describeReservation(world, reservation)), nextToken };
}

/** A reservation as RunInstances answers it and DescribeInstances lists it. */
export function describeReservation(world: World, { id, instances }: Reservation): XmlElement {
	return {
		reservationId: id,
		ownerId: world.settings.accountId,
		groupSet: [],
		instancesSet: instances.map((instance) => describeInstance(world, instance)),
	};
}

/** `instanceState`, and the states of InstanceStateChange. */
export function describeState(state: Instance["state"]): XmlElement {
	return { code: STATE_CODES[state], name: state };
}

function reservationsOf(instances: readonly Instance[]): readonly Reservation[] {
	const byId = Map.groupBy(instances, ({ reservationId }) => reservationId);
	return [...byId].map(([id, members]) => ({ id, instances: members }));
}

function describeInstance(world: World, instance: Instance): XmlElement {
	return {
		instanceId: instance.id,
		imageId: instance.imageId,
		instanceState: describeState(instance.state),
		privateDnsName: "",
		dnsName: "",
		keyName: instance.keyName,
		amiLaunchIndex: instance.launchIndex,
		productCodes: [],
		instanceType: instance.instanceType,
		launchTime: new Date(instance.launchTime).toISOString(),
		placement: { availabilityZone: zoneOf(world, instance), tenancy: "default" },
		monitoring: { state: "disabled" },
		...networkFields(world, instance),
		architecture: "x86_64",
		rootDeviceType: "ebs",
		rootDeviceName: "/dev/sda1",
		virtualizationType: "hvm",
		hypervisor: "xen",
		clientToken: instance.clientToken ?? "",
		tagSet: tagSet(instance.tags),
	};
}

/** A terminated instance has lost its interfaces, and with them its network fields. */
function networkFields(world: World, instance: Instance): XmlElement {
	const interfaces = interfacesOf(world, instance.id);
	const [primary] = interfaces;
	if (primary === undefined) return { groupSet: [], networkInterfaceSet: [] };
	return {
		subnetId: instance.subnetId,
		vpcId: instance.vpcId,
		privateIpAddress: instance.privateIpAddress,
		sourceDestCheck: primary.sourceDestCheck,
		groupSet: [],
		networkInterfaceSet: interfaces.map((networkInterface) =>
			describeInstanceInterface(world, networkInterface),
		),
	};
}

function zoneOf(world: World, { subnetId }: Instance): string | undefined {
	return world.subnets.get(subnetId)?.availabilityZone;
}

function filterTable(world: World): FilterTable<Instance> {
	const whileAttached = (read: (instance: Instance) => string) => (instance: Instance) =>
		instance.state === "terminated" ? [] : [read(instance)];
	return {
		architecture: () => ["x86_64"],
		"availability-zone": (instance) => [zoneOf(world, instance)],
		"client-token": ({ clientToken }) => [clientToken],
		"image-id": ({ imageId }) => [imageId],
		"instance-id": ({ id }) => [id],
		"instance-state-code": ({ state }) => [String(STATE_CODES[state])],
		"instance-state-name": ({ state }) => [state],
		"instance-type": ({ instanceType }) => [instanceType],
		"key-name": ({ keyName }) => [keyName],
		"launch-index": ({ launchIndex }) => [String(launchIndex)],
		"launch-time": ({ launchTime }) => [new Date(launchTime).toISOString()],
		"owner-id": () => [world.settings.accountId],
		"private-ip-address": whileAttached(({ privateIpAddress }) => privateIpAddress),
		"reservation-id": ({ reservationId }) => [reservationId],
		"root-device-type": () => ["ebs"],
		"source-dest-check": ({ id }) =>
			interfacesOf(world, id)
				.slice(0, 1)
				.map(({ sourceDestCheck }) => String(sourceDestCheck)),
		"subnet-id": whileAttached(({ subnetId }) => subnetId),
		"vpc-id": whileAttached(({ vpcId }) => vpcId),
		...interfaceFilters(world),
	};
}

function interfaceFilters(world: World): FilterTable<Instance> {
	const interfaces = ({ id }: Instance) => interfacesOf(world, id);
	return {
		"network-interface.addresses.private-ip-address": (it) =>
			interfaces(it).map((item) => item.privateIpAddress),
		"network-interface.attachment.attachment-id": (it) =>
			interfaces(it).map(({ attachment }) => attachment?.id),
		"network-interface.attachment.device-index": (it) =>
			interfaces(it).map(({ attachment }) => String(attachment?.deviceIndex)),
		"network-interface.attachment.instance-id": (it) => interfaces(it).map(() => it.id),
		"network-interface.attachment.status": (it) => interfaces(it).map(() => "attached"),
		"network-interface.description": (it) => interfaces(it).map(({ description }) => description),
		"network-interface.mac-address": (it) => interfaces(it).map(({ macAddress }) => macAddress),
		"network-interface.network-interface-id": (it) => interfaces(it).map(({ id }) => id),
		"network-interface.owner-id": (it) => interfaces(it).map(() => world.settings.accountId),
		"network-interface.private-ip-address": (it) => interfaces(it).map((item) => item.privateIpAddress),
		"network-interface.source-dest-check": (it) => interfaces(it).map((item) => String(item.sourceDestCheck)),
		"network-interface.status": (it) => interfaces(it).map(() => "in-use"),
		"network-interface.subnet-id": (it) => interfaces(it).map(({ subnetId }) => subnetId),
		"network-interface.vpc-id": (it) => interfaces(it).map(({ vpcId }) => vpcId),
	};
}
