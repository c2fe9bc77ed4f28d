import type { From } from "../model/change.ts";
import { contains } from "../model/cidr.ts";
import type { InstanceId, NetworkInterfaceId } from "../model/instance.ts";
import type { Route, Target } from "../model/route.ts";
import type { Rules } from "../model/rules.ts";
import type { Node, Observation } from "./observation.ts";

/**
 * Who has a route.
 *
 * - `node`: a node, by an interface attached to it.
 * - `nobody`: the interface no longer exists.
 * - `foreign`: not ours, so never changed; `why` says by which rule.
 *
 * `from` is what a route that may be ours points at now.
 */
export type Holder =
	| { readonly kind: "node"; readonly node: Node; readonly from: From }
	| { readonly kind: "nobody"; readonly node: undefined; readonly from: From }
	| { readonly kind: "foreign"; readonly why: string };

/** Who has a route that may be ours. */
export type Held = Exclude<Holder, { kind: "foreign" }>;

export type HeldByNode = Extract<Holder, { kind: "node" }>;

/** A route whose destination lies in `CLUSTER_CIDRS`, made by CreateRoute, at an interface. */
export type ManagedRoute = Route & {
	readonly state: "active" | "blackhole";
	readonly target: Extract<Target, { kind: "interface" }>;
};

/**
 * Why `route` is foreign whatever its target turns out to be, or the same route as one that may be ours.
 * Everything unknown is foreign, so that a state or origin that EC2 adds is left alone.
 */
export function asManaged(
	route: Route,
	rules: Pick<Rules, "clusterCidrs">,
): ManagedRoute | { readonly foreign: string } {
	const { destination, origin, state, target } = route;
	if (!rules.clusterCidrs.some((cluster) => contains(cluster, destination))) {
		return { foreign: "it lies outside CLUSTER_CIDRS" };
	}
	if (origin === "CreateRouteTable") return { foreign: "it is the VPC's local route" };
	if (origin !== "CreateRoute") return { foreign: "it was not made by CreateRoute" };
	if (state === "other") return { foreign: "it is neither active nor a blackhole" };
	if (target.kind !== "interface") return { foreign: `its target is ${target.description}` };
	return { destination, origin, state, target };
}

/** Looks up who holds a route, among the nodes of one observation. */
export class Holders {
	readonly #byInterface = new Map<NetworkInterfaceId, Node>();
	readonly #nodes: Observation["nodes"];
	#byInstance: ReadonlyMap<InstanceId, Node> | undefined;
	readonly #interfaces: Observation["interfaces"];
	readonly #rules: Pick<Rules, "clusterCidrs">;

	constructor(observation: Pick<Observation, "nodes" | "interfaces">, rules: Pick<Rules, "clusterCidrs">) {
		this.#interfaces = observation.interfaces;
		this.#nodes = observation.nodes;
		this.#rules = rules;
		for (const node of observation.nodes) {
			for (const id of node.instance.interfaceIds) this.#byInterface.set(id, node);
		}
	}

	of(route: Route): Holder {
		const managed = asManaged(route, this.#rules);
		if ("foreign" in managed) return { kind: "foreign", why: managed.foreign };
		const { networkInterfaceId, instanceId } = managed.target;
		const { state } = managed;
		const from: From =
			instanceId === undefined ? { state, networkInterfaceId } : { state, networkInterfaceId, instanceId };
		const node = this.#byInterface.get(networkInterfaceId);
		return node === undefined ? this.#ofUnlisted(from) : { kind: "node", node, from };
	}

	#ofUnlisted(from: From): Holder {
		const id = from.networkInterfaceId;
		const lookup = this.#interfaces.get(id);
		if (lookup === undefined) return { kind: "foreign", why: `its target ${id} was not looked up` };
		if (lookup.kind === "gone") return { kind: "nobody", node: undefined, from };
		if (lookup.kind === "detached")
			return { kind: "foreign", why: `its target ${id} is attached to nothing` };
		if (lookup.kind === "unusable") return { kind: "foreign", why: lookup.why };
		// Made where it is needed, which is seldom: a node's interfaces are listed with it, unless one is new.
		this.#byInstance ??= new Map(this.#nodes.map((node) => [node.instance.id, node]));
		const node = this.#byInstance.get(lookup.instanceId);
		if (node !== undefined) return { kind: "node", node, from };
		return { kind: "foreign", why: `its target is ${id} of ${lookup.instanceId}, which is not a node` };
	}
}
