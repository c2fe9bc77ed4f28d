import type { Cidr } from "../model/cidr.ts";
import type { VpcId } from "../model/instance.ts";
import type { Node } from "./observation.ts";
import type { Claims } from "./vet.ts";

/** What can be proven about a block that nobody can be routed for: whether nobody claims it at all. */
export interface Claimants {
	/** Whether some living node names the block, rightly or not. */
	readonly isClaimed: (block: Cidr) => boolean;
	/** Whether a block that is not claimed can be taken for unclaimed, so that its dead route is an orphan. */
	readonly mayBeOrphan: boolean;
}

/**
 * The claimants of the blocks of one VPC. Claims that were refused, and claims of nodes whose interface is
 * not visible yet, count: deletes need proof. A claim that is valid in another VPC does not: no route of this
 * one can lead there. One that could not be read may be any, and an empty listing proves nothing. `nodes` are
 * all there are.
 */
export function claimantsIn(vpcId: VpcId, nodes: readonly Node[], vetted: Claims): Claimants {
	const alive = nodes.filter(({ instance }) => instance.life !== "gone");
	const claims = alive.filter((node) => mayMean(vpcId, node, vetted)).map(({ claim }) => claim);
	const claimed = new Set(
		claims.filter((claim) => claim.kind === "blocks").flatMap(({ blocks }) => blocks.map(({ text }) => text)),
	);
	return {
		isClaimed: (block) => claimed.has(block.text),
		mayBeOrphan: nodes.length > 0 && alive.every(({ claim }) => claim.kind !== "unread"),
	};
}

function mayMean(vpcId: VpcId, { instance }: Node, vetted: Claims): boolean {
	// Stryker disable next-line OptionalChaining: every living node is vetted.
	return instance.vpcId === vpcId || vetted.get(instance.id)?.kind !== "valid";
}
