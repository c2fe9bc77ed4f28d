import type { Cidr } from "./cidr.ts";
import type { InstanceId, NetworkInterfaceId, VpcId } from "./instance.ts";

export type RouteTableId = `rtb-${string}`;

export interface RouteTable {
	readonly id: RouteTableId;
	readonly vpcId: VpcId;
	/** Every route whose destination is an address block; prefix-list routes have none and are left out. */
	readonly routes: readonly Route[];
}

/** `other`: a value EC2 has, or will have, that podroute does not act on (`filtered`, `Advertisement`, …). */
export interface Route {
	readonly destination: Cidr;
	readonly state: "active" | "blackhole" | "other";
	readonly origin: "CreateRouteTable" | "CreateRoute" | "other";
	readonly target: Target;
}

/** EC2 shows a dead target by its interface alone, so the instance id is for people and never decides. */
export type Target =
	| {
			readonly kind: "interface";
			readonly networkInterfaceId: NetworkInterfaceId;
			readonly instanceId?: InstanceId;
	  }
	| { readonly kind: "other"; readonly description: string };

/** The VPC's own blocks: the destinations of the routes that came with the table. */
export function vpcBlocks(table: RouteTable): readonly Cidr[] {
	return table.routes
		.filter((route) => route.origin === "CreateRouteTable")
		.map((route) => route.destination);
}
