import type { Block } from "./cidr.ts";

/** Tags by key, in the order they were given. */
export type Tags = Map<string, string>;

/** The life of an instance (aws-facts.md §1.2 has the codes). */
export type InstanceStateName =
	| "pending"
	| "running"
	| "stopping"
	| "stopped"
	| "shutting-down"
	| "terminated";

/** One launched machine, listed for an hour after it ends. */
export interface Instance {
	readonly id: string;
	readonly reservationId: string;
	readonly launchIndex: number;
	readonly imageId: string;
	readonly keyName: string | undefined;
	readonly clientToken: string | undefined;
	readonly vpcId: string;
	readonly subnetId: string;
	instanceType: string;
	privateIpAddress: string;
	/** Base64, as RunInstances or ModifyInstanceAttribute gave it. */
	userData: string | undefined;
	state: InstanceStateName;
	/** Whether traffic can reach it: what makes a route to it active rather than a blackhole. */
	reachable: boolean;
	hasRun: boolean;
	/** Last launched: refreshed by a start (aws-facts.md §3). */
	launchTime: number;
	readonly tags: Tags;
}

/** What holds an interface to an instance. */
export interface Attachment {
	readonly id: string;
	readonly instanceId: string;
	readonly deviceIndex: number;
	readonly networkCardIndex: number;
	readonly attachTime: number;
	deleteOnTermination: boolean;
}

/** An elastic network interface: the holder of the address and of the source/destination check. */
export interface NetworkInterface {
	readonly id: string;
	readonly vpcId: string;
	readonly subnetId: string;
	readonly privateIpAddress: string;
	readonly macAddress: string;
	description: string;
	sourceDestCheck: boolean;
	attachment: Attachment | undefined;
	readonly tags: Tags;
}

/** A block of a VPC, under the id of its association. */
export interface BlockAssociation {
	readonly id: string;
	readonly block: Block;
}

/** A virtual private cloud: its first IPv4 block is the primary one. */
export interface Vpc {
	readonly id: string;
	readonly blocks: BlockAssociation[];
	internetGatewayId: string | undefined;
	readonly tags: Tags;
}

/** A part of a VPC's blocks in one availability zone. */
export interface Subnet {
	readonly id: string;
	readonly vpcId: string;
	readonly block: Block;
	readonly ipv6: BlockAssociation | undefined;
	readonly availabilityZone: string;
	readonly tags: Tags;
}

/** A gateway to the internet, attached to at most one VPC. */
export interface InternetGateway {
	readonly id: string;
	readonly tags: Tags;
}

/** What a table serves: the subnets nobody else claims, one subnet, or the traffic that enters by a gateway (an edge table). */
export type RouteTableAssociation = { readonly id: string } & (
	| { readonly kind: "main" }
	| { readonly kind: "subnet"; readonly subnetId: string }
	| { readonly kind: "gateway"; readonly gatewayId: string }
);

/** Where a route leads from. */
export type Destination =
	| { readonly kind: "block"; readonly block: Block }
	| { readonly kind: "prefix-list"; readonly prefixListId: string };

/** Targets named by one id and held by no part of this world. */
export type OpaqueTargetKind =
	| "carrier-gateway"
	| "core-network"
	| "egress-only-internet-gateway"
	| "gateway"
	| "local-gateway"
	| "nat-gateway"
	| "odb-network"
	| "transit-gateway"
	| "vpc-peering-connection";

/** Where a route leads to. */
export type RouteTarget =
	| { readonly kind: "local" }
	| { readonly kind: "interface"; readonly networkInterfaceId: string }
	| {
			readonly kind: "foreign-interface";
			readonly networkInterfaceId: string;
			readonly ownerId: string;
			readonly instanceId: string | undefined;
	  }
	| { readonly kind: OpaqueTargetKind; readonly id: string };

/** EC2's own words for how a route came to be (aws-facts.md §1.2). */
export type RouteOrigin = "CreateRouteTable" | "CreateRoute" | "EnableVgwRoutePropagation" | "Advertisement";

/** One line of a table. Its state is worked out from its target, except where it was seeded. */
export interface Route {
	readonly destination: Destination;
	target: RouteTarget;
	origin: RouteOrigin;
	/** The route of a VPC block to itself: replaceable, never deletable (aws-facts.md §2.6). */
	readonly local: boolean;
	/** A state that does not follow from the target. */
	fixedState: "active" | "blackhole" | "filtered" | undefined;
	/** A start did not revive it, under the switch that says so. */
	severed: boolean;
	/** The instance last seen behind an interface that is gone. */
	lastInstanceId: string | undefined;
}

/** A route table and what it serves. */
export interface RouteTable {
	readonly id: string;
	readonly vpcId: string;
	readonly routes: Route[];
	readonly associations: RouteTableAssociation[];
	readonly tags: Tags;
}
