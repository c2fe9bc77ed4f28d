import type { Instance, InterfaceLookup } from "../../src/model/instance.ts";
import type { Route, RouteTable } from "../../src/model/route.ts";
import { isIn, type Meaning, meaningOf } from "./simulation-claims.ts";
import type { Readings } from "./simulation-readings.ts";

/** CLUSTER_CIDRS of every simulation. */
export const CLUSTER_BLOCKS = ["10.200.0.0/16", "fd00:10:200::/48"];

/** A route of a table. */
export interface Spot {
	readonly table: RouteTable;
	readonly route: Route;
}

/** Who has a route, by the contract's table of routes. */
export type Grip =
	| { readonly kind: "foreign" }
	| { readonly kind: "nobody" }
	| { readonly kind: "node"; readonly node: Instance };

/**
 * What somebody holds for true of nodes, routes and interfaces: the world itself, or what one pass was shown.
 * The contract's words in their plainest form, written apart from the code under test.
 */
export class Picture {
	readonly nodes: readonly Instance[];
	readonly tables: readonly RouteTable[];
	readonly #meanings: ReadonlyMap<string, Meaning>;
	readonly #lookUp: (interfaceId: string) => InterfaceLookup | undefined;

	constructor(
		nodes: readonly Instance[],
		tables: readonly RouteTable[],
		claimOf: (node: Instance) => Meaning,
		lookUp: (interfaceId: string) => InterfaceLookup | undefined,
	) {
		this.nodes = nodes;
		this.tables = tables;
		this.#meanings = new Map(nodes.map((node) => [node.id, claimOf(node)]));
		this.#lookUp = lookUp;
	}

	meaning({ id }: Instance): Meaning {
		return this.#meanings.get(id) ?? { kind: "unread", named: [] };
	}

	node(id: string): Instance | undefined {
		return this.nodes.find((node) => node.id === id);
	}

	/** The table's own route to a destination; propagated ones are another matter. */
	routeAt(tableId: string, destination: string): Route | undefined {
		return this.tables
			.find(({ id }) => id === tableId)
			?.routes.find((route) => route.origin !== "other" && route.destination.text === destination);
	}

	/** The routes of one VPC's tables. */
	spots(vpcId: string): readonly Spot[] {
		return this.tables
			.filter((table) => table.vpcId === vpcId)
			.flatMap((table) => table.routes.map((route) => ({ table, route })));
	}

	/** Who has a route. An interface of what is gone and no node is foreign too: nobody may conclude anything from it. */
	gripOn({ destination, origin, state, target }: Route): Grip {
		const isInside = CLUSTER_BLOCKS.some((cluster) => isIn(destination.text, cluster));
		if (!isInside || origin !== "CreateRoute" || state === "other" || target.kind !== "interface") {
			return { kind: "foreign" };
		}
		const id = target.networkInterfaceId;
		const holder = this.nodes.find(({ interfaceIds }) => interfaceIds.includes(id));
		if (holder !== undefined) return { kind: "node", node: holder };
		const found = this.#lookUp(id);
		if (found?.kind === "gone") return { kind: "nobody" };
		const node = found?.kind === "attached" ? this.node(found.instanceId) : undefined;
		return node === undefined ? { kind: "foreign" } : { kind: "node", node };
	}

	/** Whether a node stands to be routed for a block: alive, in this VPC, claiming exactly it, validly. */
	claims(node: Instance, block: string, vpcId: string): boolean {
		const { kind, named } = this.meaning(node);
		return node.life !== "gone" && node.vpcId === vpcId && kind === "valid" && named.includes(block);
	}

	/** Rule 5, and a stop: whether a node may lose the route that it has. */
	mayLose(node: Instance, { destination, state }: Route): boolean {
		if (node.life === "gone") return true;
		if (node.life === "resting" && state === "blackhole") return true;
		const { kind, named } = this.meaning(node);
		return kind === "valid" && !named.some((block) => isIn(destination.text, block));
	}

	/** Whether it is proven that nobody alive means a block in this VPC. */
	isUnclaimed(block: string, vpcId: string): boolean {
		const alive = this.nodes.filter(({ life }) => life !== "gone");
		const isElsewhere = (node: Instance) => this.meaning(node).kind === "valid" && node.vpcId !== vpcId;
		return alive.every(
			(node) =>
				this.meaning(node).kind !== "unread" &&
				(isElsewhere(node) || !this.meaning(node).named.includes(block)),
		);
	}

	/** A dead route that nobody can miss. */
	isOrphan({ table, route }: Spot): boolean {
		return (
			route.state === "blackhole" &&
			this.gripOn(route).kind === "nobody" &&
			this.nodes.length > 0 &&
			this.isUnclaimed(route.destination.text, table.vpcId)
		);
	}
}

/** The picture that readings give, whoever asks. */
export function pictureOf({ nodes, tables, userData, interfaces }: Readings): Picture {
	return new Picture(
		nodes,
		tables,
		(node) => meaningOf(node.tags.get("pod-cidr"), decode(userData.get(node.id))),
		(id) => interfaces.get(id as `eni-${string}`) ?? { kind: "gone" },
	);
}

function decode(base64: string | undefined): string | undefined {
	return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
}
