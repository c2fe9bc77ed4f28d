import type { Instance, PrimaryInterface } from "../model/instance.ts";
import { compareText } from "../model/order.ts";
import type { Node } from "./observation.ts";

/** A node whose primary interface is known: without one there is nothing to route to. */
export interface Reachable extends Node {
	readonly instance: Instance & { readonly primaryInterface: PrimaryInterface };
}

export function isReachable(node: Node): node is Reachable {
	return node.instance.primaryInterface !== undefined;
}

/** Who was first: by attach time of the primary interface, then by instance id. */
export function bySeniority(a: Reachable, b: Reachable): number {
	return (
		a.instance.primaryInterface.attachedAt - b.instance.primaryInterface.attachedAt ||
		compareText(a.instance.id, b.instance.id)
	);
}
