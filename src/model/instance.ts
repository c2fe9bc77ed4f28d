export type InstanceId = `i-${string}`;
export type NetworkInterfaceId = `eni-${string}`;
export type VpcId = `vpc-${string}`;

/**
 * Where an instance stands in its life, as far as routes go: `serving` while pending or running, `resting`
 * while stopping or stopped, `gone` after. A state EC2 may add later counts as resting: nothing is made for
 * it and nothing is taken from it.
 */
export type Life = "serving" | "resting" | "gone";

export interface Instance {
	readonly id: InstanceId;
	readonly life: Life;
	/** EC2 omits it once an instance is terminated. */
	readonly vpcId: VpcId | undefined;
	/** Device index 0 on network card 0: the one target of a node's routes. Absent while not visible yet, or gone. */
	readonly primaryInterface: PrimaryInterface | undefined;
	/** Every attached interface, the primary one included. */
	readonly interfaceIds: readonly NetworkInterfaceId[];
	readonly tags: ReadonlyMap<string, string>;
	/** Epoch milliseconds of the last launch: moves with every start (aws-facts.md §3). */
	readonly launchedAt: number;
}

export interface PrimaryInterface {
	readonly id: NetworkInterfaceId;
	/** Epoch milliseconds of the first launch: LaunchTime moves with every start, this does not (aws-facts.md §3). */
	readonly attachedAt: number;
	/** While true, the interface drops packets that are not addressed to itself, pods' packets included. */
	readonly sourceDestCheck: boolean;
}

/**
 * What holds a network interface that no listed node has: an instance by its id, nothing, or something that
 * is no instance of ours (`unusable`, with the reason). `gone`: EC2 knows no such interface.
 */
export type InterfaceLookup =
	| { readonly kind: "gone" }
	| { readonly kind: "detached" }
	| { readonly kind: "attached"; readonly instanceId: InstanceId }
	| { readonly kind: "unusable"; readonly why: string };

const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

/** Whether `text` has the form of an instance id: `i-` and 8 to 17 hexadecimal digits (EC2 gives 8 or 17). */
export function isInstanceId(text: string): text is InstanceId {
	return INSTANCE_ID.test(text);
}
