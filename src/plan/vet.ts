import { type Cidr, compareCidrs, contains, overlaps } from "../model/cidr.ts";
import type { Claim } from "../model/claim.ts";
import type { Refusal, RefusalReason } from "../model/finding.ts";
import type { Instance, InstanceId, VpcId } from "../model/instance.ts";
import { type RouteTable, vpcBlocks } from "../model/route.ts";
import type { Rules } from "../model/rules.ts";
import type { Node } from "./observation.ts";

/**
 * A node's claim, judged by itself: no other node and no route can change this judgement.
 *
 * - `valid`: every block may be routed as far as the claim alone goes.
 * - `none`: the node claims nothing.
 * - `refused`: one bad block refuses the whole claim.
 * - `unread`: the claim could not be read.
 */
export type Vetted =
	| { readonly kind: "valid"; readonly blocks: readonly Cidr[] }
	| { readonly kind: "none" }
	| { readonly kind: "refused"; readonly refusal: Refusal }
	| { readonly kind: "unread"; readonly why: string };

/** The judgement of every node that is not gone, by instance id. */
export type Claims = ReadonlyMap<InstanceId, Vetted>;

type Claimed = Extract<Claim, { kind: "blocks" }>;

/** Why a block may not be claimed by an instance; `undefined` where it may. */
type Test = (block: Cidr, instance: Instance) => string | undefined;

/** Judges claims against the rules and the VPCs of the configured tables. */
export class Vetting {
	readonly #rules: Rules;
	/** In address order, by VPC. */
	readonly #vpcBlocks: ReadonlyMap<VpcId | undefined, readonly Cidr[]>;
	/** In the contract's order. */
	readonly #tests: readonly (readonly [RefusalReason, Test])[] = [
		["claim-outside-cluster", (block) => this.#whyOutside(block)],
		["claim-wrong-size", (block) => this.#whyWrongSize(block)],
		["claim-overlaps-vpc", (block, { vpcId }) => whyOverlaps(block, this.#vpcBlocks.get(vpcId))],
		["wrong-vpc", (_, { vpcId }) => (this.#vpcBlocks.has(vpcId) ? undefined : whyWrongVpc(vpcId))],
	];

	constructor(tables: readonly RouteTable[], rules: Rules) {
		this.#rules = rules;
		const byVpc = Map.groupBy(tables, ({ vpcId }) => vpcId);
		this.#vpcBlocks = new Map(
			[...byVpc].map(([vpcId, own]) => [vpcId, own.flatMap(vpcBlocks).sort(compareCidrs)]),
		);
	}

	vet({ claim, instance }: Node): Vetted {
		if (claim.kind === "refused") {
			const detail = `${instance.id}: ${claim.detail}`;
			return { kind: "refused", refusal: { reason: claim.reason, instanceId: instance.id, detail } };
		}
		if (claim.kind === "blocks") {
			const refusal = this.#refusalOf(instance, claim);
			return refusal === undefined ? { kind: "valid", blocks: claim.blocks } : { kind: "refused", refusal };
		}
		return claim;
	}

	/** The first reason that holds: a reason is sought in every block before the next one is. */
	#refusalOf(instance: Instance, { blocks, place }: Claimed): Refusal | undefined {
		for (const [reason, test] of this.#tests) {
			for (const block of blocks) {
				const why = test(block, instance);
				if (why === undefined) continue;
				const detail = `${instance.id} claims ${block.text} (${place}), ${why}`;
				return { reason, instanceId: instance.id, destination: block, detail };
			}
		}
		return undefined;
	}

	#whyOutside(block: Cidr): string | undefined {
		const { clusterCidrs } = this.#rules;
		if (clusterCidrs.some((cluster) => contains(cluster, block))) return undefined;
		return `which is not inside CLUSTER_CIDRS (${clusterCidrs.map(({ text }) => text).join(", ")}): claim a block of the cluster`;
	}

	#whyWrongSize(block: Cidr): string | undefined {
		if (this.#rules.clusterCidrs.some(({ text }) => text === block.text)) {
			return `which is the whole of ${block.text} in CLUSTER_CIDRS: claim a part of it`;
		}
		const sizes = this.#rules.nodeCidrMaskSizes;
		if (sizes === "any" || sizes.has(block.prefixLength)) return undefined;
		const allowed = [...sizes].map((size) => `/${size}`).join(" or ");
		return `a /${block.prefixLength}, where NODE_CIDR_MASK_SIZES allows ${allowed}`;
	}
}

function whyOverlaps(block: Cidr, vpcOwn: readonly Cidr[] | undefined): string | undefined {
	const overlapped = vpcOwn?.find((own) => overlaps(own, block));
	if (overlapped === undefined) return undefined;
	return `which overlaps ${overlapped.text} of its own VPC: pods need addresses that the VPC does not use`;
}

function whyWrongVpc(vpcId: string | undefined): string {
	return `but none of the configured route tables belongs to its VPC ${vpcId ?? "(none)"}: correct NODE_FILTERS or ROUTE_TABLES`;
}
