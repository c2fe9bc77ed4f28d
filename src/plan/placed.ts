import { compareCidrs } from "../model/cidr.ts";
import { compareText } from "../model/order.ts";
import type { Route, RouteTable, RouteTableId } from "../model/route.ts";
import type { Holder, Holders } from "./holder.ts";

/** A route in its table, with whoever holds it. */
export interface Placed {
	readonly routeTableId: RouteTableId;
	readonly route: Route;
	readonly holder: Holder;
}

/** The routes of some tables by destination, so that one block's routes are found without a search. */
export class PlacedRoutes {
	/** In the order of the tables, then in address order, however a table lists them. */
	readonly all: readonly Placed[];
	readonly #byDestination: ReadonlyMap<string, readonly Placed[]>;

	constructor(tables: readonly RouteTable[], holders: Holders) {
		this.all = tables.flatMap((table) =>
			table.routes
				.toSorted(compareRoutes)
				.map((route) => ({ routeTableId: table.id, route, holder: holders.of(route) })),
		);
		this.#byDestination = Map.groupBy(this.all, ({ route }) => route.destination.text);
	}

	/** The routes to exactly this block, foreign ones included, in any table. */
	at(destination: { readonly text: string }): readonly Placed[] {
		return this.#byDestination.get(destination.text) ?? [];
	}
}

/** Only a static and a propagated route can share a destination, so the origin decides between equals. */
function compareRoutes(a: Route, b: Route): number {
	return compareCidrs(a.destination, b.destination) || compareText(a.origin, b.origin);
}
