import { type Cidr, compareCidrs } from "./cidr.ts";
import type { InstanceId, NetworkInterfaceId } from "./instance.ts";
import { compareText } from "./order.ts";
import type { RouteTableId } from "./route.ts";

/** What a route pointed at when the change was planned. */
export interface From {
	readonly state: "active" | "blackhole";
	readonly networkInterfaceId: NetworkInterfaceId;
	readonly instanceId?: InstanceId;
}

interface RouteKey {
	readonly routeTableId: RouteTableId;
	readonly destination: Cidr;
}

interface To {
	readonly instanceId: InstanceId;
	readonly networkInterfaceId: NetworkInterfaceId;
}

export type RouteChange =
	| ({ readonly kind: "create" } & RouteKey & To)
	| ({ readonly kind: "replace"; readonly from: From } & RouteKey & To)
	| ({ readonly kind: "delete"; readonly from: From } & RouteKey);

export type CheckChange = { readonly kind: "disable-source-dest-check" } & To;

/** One write that a plan wants. */
export type Change = RouteChange | CheckChange;

/**
 * What became of a change.
 *
 * - `planned`: not attempted (dry run, `REPAIR=none`, out of time).
 * - `applied`: EC2 took it.
 * - `stale`: the table moved under it; nothing was written.
 * - `failed`: EC2 refused it, or its answer was lost; `error` says which.
 * - `withheld`: a delete that the guard kept back.
 */
export type Outcome =
	| { readonly kind: "planned" }
	| { readonly kind: "applied" }
	| { readonly kind: "stale"; readonly error: string }
	| { readonly kind: "failed"; readonly error: string }
	| { readonly kind: "withheld"; readonly error: string };

/** Names the one thing a change touches: equal where two changes would write the same route or interface. */
export function subjectOf(change: Change): string {
	return change.kind === "disable-source-dest-check"
		? change.networkInterfaceId
		: `${change.routeTableId} ${change.destination.text}`;
}

/** By table, then address order; source/dest checks last, by interface. */
export function compareChanges(a: Change, b: Change): number {
	if (a.kind === "disable-source-dest-check") {
		if (b.kind !== "disable-source-dest-check") return 1;
		return compareText(a.networkInterfaceId, b.networkInterfaceId);
	}
	if (b.kind === "disable-source-dest-check") return -1;
	return compareText(a.routeTableId, b.routeTableId) || compareCidrs(a.destination, b.destination);
}
