import { dispatch } from "./dispatch.ts";
import type { Tags } from "./entities.ts";
import { Ec2Error } from "./errors.ts";
import type { Ec2Event } from "./events.ts";
import { type Fault, type InterceptedCall, TransportFault } from "./faults.ts";
import { type Ec2Request, parseQuery } from "./query.ts";
import { type SeededRoute, seedRoute } from "./seeding.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";
import { World } from "./world.ts";
import { errorDocument, successDocument } from "./xml.ts";

/** What a world starts with; every field has a default. */
export interface Ec2Options {
	accountId?: string;
	region?: string;
	/** Epoch milliseconds; a fixed instant unless given, so that runs are alike. */
	startAt?: number;
	/** How long each change of an instance's state takes, in world time. */
	transitionMs?: number;
	/** Routes per table and address family; 500 unless given (aws-facts.md §2.7). */
	routeLimit?: number;
	/** `aws`: what asks too often is refused, by the documented token buckets (aws-facts.md §5). `none` unless given. */
	throttle?: "none" | "aws";
	switches?: Partial<Switches>;
}

/** A request as it was, and how it was answered. */
export interface Ec2Call {
	readonly action: string;
	readonly parameters: Readonly<Record<string, string>>;
	/** `ok`, an error code, or the kind of the injected failure. */
	readonly outcome: string;
}

/** What a caller may do: nothing for a call that it may make, EC2's sentence for one that is denied. */
export type Authorize = (call: Pick<Ec2Call, "action" | "parameters">) => Promise<string | undefined>;

/** An answer as HTTP carries it. */
export interface Ec2Answer {
	readonly status: number;
	readonly headers: Record<string, string>;
	readonly body: string;
}

const DEFAULTS = {
	accountId: "123456789012",
	region: "us-east-1",
	startAt: Date.UTC(2026, 0, 2, 3, 4, 5),
	transitionMs: 5_000,
	routeLimit: 500,
	throttle: "none",
} as const;

/** An EC2 in this process: strict where EC2 is strict, and at rest until its clock is moved. */
export class EmbeddedEc2 {
	/** Consulted for each call; returns a fault to inject. */
	intercept: ((call: InterceptedCall) => Fault | undefined) | undefined;
	readonly #world: World;
	#recorded: Ec2Call[] = [];
	#callCount = 0;

	constructor(options: Ec2Options = {}) {
		const { routeLimit, switches, ...settings } = { ...DEFAULTS, ...options };
		this.#world = new World({ ...settings, switches: { ...DEFAULT_SWITCHES, ...switches } }, routeLimit);
	}

	/**
	 * Answers one Query request: the form body in; status, headers and XML out. Every call goes through here, and takes
	 * effect before this returns; where the caller's rights are given, once these are known. They come before anything
	 * that the request names is looked at (aws-facts.md §1.3). Rejects with {@link TransportFault} where a fault says
	 * that no answer comes.
	 */
	async handle(body: string, authorize?: Authorize): Promise<Ec2Answer> {
		const request = parseQuery(body);
		const denial = authorize === undefined ? undefined : await authorize(request);
		if (denial !== undefined) return this.#deny(request, denial);
		const { action, parameters } = request;
		const fault = this.intercept?.({ action, parameters, index: this.#callCount });
		this.#callCount += 1;
		const requestId = this.#world.ids.uuid();
		const result = fault?.when === "before" ? failed(fault) : answer(this.#world, request, requestId);
		const told = fault?.when === "after" ? failed(fault) : result;
		this.#recorded.push({ action, parameters, outcome: told.outcome });
		return deliver(told, request, requestId);
	}

	#deny(request: Ec2Request, sentence: string): Ec2Answer {
		const { action, parameters } = request;
		this.#callCount += 1;
		const error = new Ec2Error("UnauthorizedOperation", sentence, 403);
		this.#recorded.push({ action, parameters, outcome: error.code });
		return deliver({ outcome: error.code, error }, request, this.#world.ids.uuid());
	}

	/** Every request since the last {@link clearCalls}, in order of arrival. */
	get calls(): readonly Ec2Call[] {
		return this.#recorded;
	}

	/** Forgets the calls so far; a fault's index keeps counting. */
	clearCalls(): void {
		this.#recorded = [];
	}

	/** How many calls of each action there were since the last {@link clearCalls}. */
	countCalls(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { action } of this.#recorded) counts[action] = (counts[action] ?? 0) + 1;
		return counts;
	}

	/** Hears every event in the order of emission, before the call or the move of the clock that caused it returns. The returned function ends the subscription. */
	subscribe(listener: (event: Ec2Event) => void): () => void {
		return this.#world.events.subscribe(listener);
	}

	/** The tags of a resource, whatever its kind; none of one that this world has not. Not a call. */
	tagsOf(resourceId: string): Readonly<Record<string, string>> {
		const world = this.#world;
		const kinds: readonly ReadonlyMap<string, { readonly tags: Tags }>[] = [
			world.instances,
			world.networkInterfaces,
			world.vpcs,
			world.subnets,
			world.routeTables,
			world.internetGateways,
		];
		const found = kinds.find((kind) => kind.has(resourceId))?.get(resourceId);
		return Object.fromEntries(found?.tags ?? []);
	}

	/** World time, epoch milliseconds. */
	now(): number {
		return this.#world.clock.now();
	}

	/** Moves the clock, performing what falls due at its own instant, in order. Throws `RangeError` for a negative span. */
	advance(ms: number): void {
		this.#world.clock.advance(ms);
	}

	/** Moves the clock until no instance is between two states. */
	settle(): void {
		this.#world.clock.settle();
	}

	/** Puts a route into a table that no action here makes. Throws for an unknown table and for a destination that is no block. */
	seedRoute(routeTableId: string, route: SeededRoute): void {
		seedRoute(this.#world, routeTableId, route);
	}

	/** Changes the quota of routes per table and address family. */
	setRouteLimit(limit: number): void {
		this.#world.routeLimit = limit;
	}
}

/** How a request ended, before it is written for the wire. */
type Result =
	| { readonly outcome: "ok"; readonly body: string }
	| { readonly outcome: string; readonly error: Ec2Error }
	| { readonly outcome: "connection-reset" | "timeout" | "malformed-xml"; readonly injected: true };

/** The one place where a request meets the world. */
function answer(world: World, request: Ec2Request, requestId: string): Result {
	try {
		world.clock.advance(0);
		return { outcome: "ok", body: successDocument(request.action, requestId, dispatch(world, request)) };
	} catch (error) {
		if (error instanceof Ec2Error) return { outcome: error.code, error };
		throw error;
	}
}

function failed(fault: Fault): Result {
	if ("kind" in fault) return { outcome: fault.kind, injected: true };
	return { outcome: fault.code, error: new Ec2Error(fault.code, fault.message, fault.status) };
}

function deliver(result: Result, request: Ec2Request, requestId: string): Ec2Answer {
	if ("body" in result) return written(200, requestId, result.body);
	if ("error" in result) {
		const { code, message, status } = result.error;
		return written(status, requestId, errorDocument(requestId, code, message));
	}
	if (result.outcome === "malformed-xml") {
		return written(200, requestId, successDocument(request.action, requestId, {}).slice(0, -10));
	}
	throw new TransportFault(result.outcome);
}

/** The SDK reads the request id from the header only (aws-facts.md §1.3). */
function written(status: number, requestId: string, body: string): Ec2Answer {
	return {
		status,
		headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId },
		body,
	};
}
