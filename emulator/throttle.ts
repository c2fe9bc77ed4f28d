import { Ec2Error } from "./errors.ts";
import { type Ec2Request, listOf } from "./query.ts";

/** What a bucket holds when full, and what it regains each second. */
interface BucketSize {
	readonly capacity: number;
	readonly perSecond: number;
}

/** The categories of Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API", request token limits. */
const NON_MUTATING: BucketSize = { capacity: 100, perSecond: 20 };
const UNFILTERED: BucketSize = { capacity: 50, perSecond: 10 };
const MUTATING: BucketSize = { capacity: 50, perSecond: 5 };

/** Non-mutating actions that draw on a smaller bucket where they name neither a filter nor a page (same page). */
const COSTLY_UNFILTERED: ReadonlySet<string> = new Set(["DescribeInstances", "DescribeNetworkInterfaces"]);

/** "Uncategorized actions", which have numbers of their own (same page); of those, the ones this world answers. */
const OWN_SIZES: ReadonlyMap<string, BucketSize> = new Map([
	["CreateNetworkInterface", { capacity: 100, perSecond: 5 }],
	["CreateTags", { capacity: 100, perSecond: 10 }],
	["DeleteNetworkInterface", { capacity: 100, perSecond: 5 }],
	["DeleteTags", { capacity: 100, perSecond: 10 }],
	["ModifyNetworkInterfaceAttribute", { capacity: 100, perSecond: 5 }],
	["RunInstances", { capacity: 5, perSecond: 2 }],
	["StartInstances", { capacity: 5, perSecond: 2 }],
	["TerminateInstances", { capacity: 100, perSecond: 5 }],
]);

/** Buckets of instances rather than of requests, on top of the former (same page, resource token limits). */
const RESOURCE_SIZES: ReadonlyMap<string, BucketSize> = new Map([
	["RunInstances", { capacity: 1000, perSecond: 2 }],
	["StartInstances", { capacity: 1000, perSecond: 2 }],
	["StopInstances", { capacity: 1000, perSecond: 20 }],
	["TerminateInstances", { capacity: 1000, perSecond: 20 }],
]);

/**
 * Counts what an account asks of each action in a region, and refuses what is too much: a bucket each action, full at
 * first and refilled evenly with world time. Every action has a documented category: by its own line, or by what it does.
 */
export class Throttle {
	readonly #buckets = new Map<string, Bucket>();
	readonly #idsCountAsFilter: boolean;

	constructor(idsCountAsFilter: boolean) {
		this.#idsCountAsFilter = idsCountAsFilter;
	}

	/**
	 * Takes the tokens a request costs at an instant (epoch milliseconds); throws `RequestLimitExceeded` (503) where a
	 * bucket holds too few. A request that its resource bucket refuses has been made all the same: its request token is gone.
	 */
	admit(request: Ec2Request, now: number): void {
		const { action } = request;
		const unfiltered = COSTLY_UNFILTERED.has(action) && !this.#isNarrowed(request);
		const size = unfiltered ? UNFILTERED : sizeOf(action);
		this.#take(`${action} ${unfiltered ? "unfiltered" : "requests"}`, size, 1, now);
		const resources = RESOURCE_SIZES.get(action);
		if (resources !== undefined) this.#take(`${action} resources`, resources, instanceCount(request), now);
	}

	#take(key: string, size: BucketSize, tokens: number, now: number): void {
		const bucket = this.#buckets.get(key) ?? new Bucket(size, now);
		this.#buckets.set(key, bucket);
		if (!bucket.take(tokens, now)) throw new Ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503);
	}

	#isNarrowed({ parameters }: Ec2Request): boolean {
		const narrowing = ["MaxResults", "NextToken", "Filter", ...(this.#idsCountAsFilter ? ID_LISTS : [])];
		return Object.keys(parameters).some((name) => narrowing.includes(name.split(".")[0] ?? ""));
	}
}

const ID_LISTS = ["InstanceId", "NetworkInterfaceId"];

/** Held in thousandths of a token: with rates per second and a clock in milliseconds, every sum is a whole number. */
class Bucket {
	readonly #size: BucketSize;
	#thousandths: number;
	#filledAt: number;

	constructor(size: BucketSize, now: number) {
		this.#size = size;
		this.#thousandths = size.capacity * 1000;
		this.#filledAt = now;
	}

	/** All of them or none. */
	take(tokens: number, now: number): boolean {
		const refilled = this.#thousandths + (now - this.#filledAt) * this.#size.perSecond;
		this.#thousandths = Math.min(refilled, this.#size.capacity * 1000);
		this.#filledAt = now;
		if (this.#thousandths < tokens * 1000) return false;
		this.#thousandths -= tokens * 1000;
		return true;
	}
}

function sizeOf(action: string): BucketSize {
	return OWN_SIZES.get(action) ?? (action.startsWith("Describe") ? NON_MUTATING : MUTATING);
}

/** One token an instance. A count that is no number costs nothing: the action itself will refuse it. */
function instanceCount(request: Ec2Request): number {
	if (request.action !== "RunInstances") return listOf(request, "InstanceId").length;
	return Math.max(0, Number.parseInt(request.parameters["MaxCount"] ?? "", 10) || 0);
}
