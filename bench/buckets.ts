/** A token bucket as Amazon EC2 documents it: what it holds when full, and what it regains each second. */
interface TokenBucket {
	readonly capacity: number;
	readonly perSecond: number;
}

/**
 * Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API", request token limits: non-mutating actions,
 * mutating actions, and ModifyNetworkInterfaceAttribute, which is among the uncategorised ones.
 */
export const BUCKETS = {
	DescribeInstanceAttribute: { capacity: 100, perSecond: 20 },
	CreateRoute: { capacity: 50, perSecond: 5 },
	ModifyNetworkInterfaceAttribute: { capacity: 100, perSecond: 5 },
} as const satisfies Readonly<Record<string, TokenBucket>>;

/**
 * The least time, in seconds, in which a full bucket lets so many requests through: after `t` seconds it has given
 * `capacity + perSecond * t` tokens at most, whoever asks and however well.
 */
export function floorSeconds(requests: number, { capacity, perSecond }: TokenBucket): number {
	return Math.max(0, (requests - capacity) / perSecond);
}
