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
	return compareSeniority(a.instance, b.instance);
}

/** The same; an instance whose primary interface is not visible yet comes first, since it may turn out to be. */
export function compareSeniority(a: Instance, b: Instance): number {
	return attachedAt(a) - attachedAt(b) || compareText(a.id, b.id);
}

function attachedAt({ primaryInterface }: Instance): number {
	return primaryInterface?.attachedAt ?? 0;
}
