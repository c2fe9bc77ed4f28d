import type { Instance as Ec2Instance, Route as Ec2Route } from "../../emulator/entities.ts";
import { describeTarget } from "../../emulator/route-state.ts";
import { interfacesOf, type World } from "../../emulator/world.ts";
import { type Cidr, parseCidr } from "../../src/model/cidr.ts";
import type {
	Instance,
	InstanceId,
	InterfaceLookup,
	Life,
	NetworkInterfaceId,
	VpcId,
} from "../../src/model/instance.ts";
import type { Route, RouteTable, RouteTableId, Target } from "../../src/model/route.ts";
import { CLUSTER_TAG } from "./cluster.ts";

/** Everything that EC2's readings can say at one instant: true if taken from the world, stale if kept for later. */
export interface Readings {
	/** Instances that carry the cluster's tag, in order of launch. */
	readonly nodes: readonly Instance[];
	/** Of every instance EC2 knows, nodes or not; `undefined` where none is set. */
	readonly userData: ReadonlyMap<InstanceId, string | undefined>;
	readonly tables: readonly RouteTable[];
	/** Of every interface there is. */
	readonly interfaces: ReadonlyMap<NetworkInterfaceId, InterfaceLookup>;
}

/** Reads the world whole, without calls. Only the tables named are read. */
export function readWorld(world: World, tableIds: readonly string[]): Readings {
	const instances = [...world.instances.values()];
	return {
		nodes: instances
			.filter(({ tags }) => tags.get(CLUSTER_TAG) === "owned")
			.map((instance) => readInstance(world, instance)),
		userData: new Map(instances.map(({ id, userData }) => [id as InstanceId, userData])),
		tables: tableIds.flatMap((id) => readTable(world, id)),
		interfaces: new Map(
			[...world.networkInterfaces.values()].map(({ id, attachment }) => [
				id as NetworkInterfaceId,
				attachment === undefined
					? { kind: "detached" }
					: { kind: "attached", instanceId: attachment.instanceId as InstanceId },
			]),
		),
	};
}

const LIVES: Readonly<Record<Ec2Instance["state"], Life>> = {
	pending: "serving",
	running: "serving",
	stopping: "resting",
	stopped: "resting",
	"shutting-down": "gone",
	terminated: "gone",
};

function readInstance(world: World, instance: Ec2Instance): Instance {
	const interfaces = interfacesOf(world, instance.id);
	const primary = interfaces.find(({ attachment }) => attachment?.deviceIndex === 0);
	return {
		id: instance.id as InstanceId,
		life: LIVES[instance.state],
		vpcId: primary === undefined ? undefined : (instance.vpcId as VpcId),
		primaryInterface:
			primary?.attachment === undefined
				? undefined
				: {
						id: primary.id as NetworkInterfaceId,
						attachedAt: primary.attachment.attachTime,
						sourceDestCheck: primary.sourceDestCheck,
					},
		interfaceIds: interfaces.map(({ id }) => id as NetworkInterfaceId),
		launchedAt: instance.launchTime,
		tags: new Map(instance.tags),
	};
}

function readTable(world: World, id: string): readonly RouteTable[] {
	const table = world.routeTables.get(id);
	if (table === undefined) return [];
	const routes = table.routes.flatMap((route) =>
		route.destination.kind === "block" ? [readRoute(world, route, route.destination.block.cidr)] : [],
	);
	return [{ id: id as RouteTableId, vpcId: table.vpcId as VpcId, routes: routes.sort(byPrefixLength) }];
}

/** The order EC2 lists them in. */
function byPrefixLength(a: Route, b: Route): number {
	const length = b.destination.prefixLength - a.destination.prefixLength;
	return length || (a.destination.first < b.destination.first ? -1 : 1);
}

function readRoute(world: World, route: Ec2Route, destination: string): Route {
	const { state, ...fields } = describeTarget(world, route);
	const { origin } = route;
	return {
		destination: knownCidr(destination),
		state: state === "active" || state === "blackhole" ? state : "other",
		origin: origin === "CreateRoute" || origin === "CreateRouteTable" ? origin : "other",
		target: targetOf(fields, world.settings.accountId),
	};
}

function targetOf(fields: Readonly<Record<string, unknown>>, accountId: string): Target {
	const { networkInterfaceId, instanceId, instanceOwnerId = accountId } = fields;
	if (networkInterfaceId === undefined) {
		return { kind: "other", description: String(Object.values(fields)[0]) };
	}
	if (instanceOwnerId !== accountId) {
		return { kind: "other", description: `${networkInterfaceId} of account ${instanceOwnerId}` };
	}
	return {
		kind: "interface",
		networkInterfaceId: networkInterfaceId as NetworkInterfaceId,
		...(instanceId === undefined ? {} : { instanceId: instanceId as InstanceId }),
	};
}

const cidrs = new Map<string, Cidr>();

/** Parsed once, since a simulation meets the same few blocks millions of times. */
function knownCidr(text: string): Cidr {
	const known = cidrs.get(text);
	if (known !== undefined) return known;
	const parsed = parseCidr(text);
	if (!parsed.ok) throw new Error(`${text}: ${parsed.why}`);
	cidrs.set(text, parsed.cidr);
	return parsed.cidr;
}
