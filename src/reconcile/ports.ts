import type { CheckChange, RouteChange } from "../model/change.ts";
import type { Instance, InstanceId, InterfaceLookup, NetworkInterfaceId } from "../model/instance.ts";
import type { RouteTable } from "../model/route.ts";

/** What a pass needs of the world. Each promise is kept whole or rejected: no part of a listing is ever given. */
export interface Ports {
	readonly nodes: NodeSource;
	readonly tables: TableStore;
	readonly interfaces: InterfaceStore;
	/** EC2 requests sent so far, retries included, by action. */
	countCalls(): Readonly<Record<string, number>>;
}

export interface NodeSource {
	/** Every instance that matches `NODE_FILTERS`, in any state; all pages. */
	list(signal: AbortSignal): Promise<readonly Instance[]>;
	/** Each of these few instances, told apart from one that is no node and one that EC2 does not (yet, or any longer) know. */
	find(ids: readonly InstanceId[], signal: AbortSignal): Promise<ReadonlyMap<InstanceId, FoundNode>>;
	/** Those of `ids` that are nodes; the others are simply absent. */
	findAll(ids: readonly InstanceId[], signal: AbortSignal): Promise<readonly Instance[]>;
	/** The user data of one instance, base64 undone. */
	readUserData(instance: Instance, signal: AbortSignal): Promise<UserDataReading>;
}

export type FoundNode =
	| { readonly kind: "node"; readonly instance: Instance }
	| { readonly kind: "not-a-node" }
	| { readonly kind: "not-found" };

/** `bytes` is absent where none is set; `unknown`: EC2 knows no instance of this id, not yet or not any longer. */
export type UserDataReading =
	| { readonly kind: "read"; readonly bytes: Uint8Array | undefined }
	| { readonly kind: "unknown" }
	| { readonly kind: "denied"; readonly why: string };

export interface TableStore {
	/** The configured tables, all pages. Rejects where not one of them exists. */
	read(signal: AbortSignal): Promise<TablesReading>;
	/** Makes one route so. Never rejects: what goes wrong is a result, since other writes are yet to be told. */
	write(change: RouteChange, signal: AbortSignal, beforeSending: BeforeSending): Promise<WriteResult>;
}

export interface TablesReading {
	readonly tables: readonly RouteTable[];
	/** Configured tables that are not looked after (edge tables, ids that are gone), a sentence each. */
	readonly skipped: readonly string[];
}

export interface InterfaceStore {
	/** What each of these interfaces is attached to; every id asked for is answered. */
	lookUp(
		ids: readonly NetworkInterfaceId[],
		signal: AbortSignal,
	): Promise<ReadonlyMap<NetworkInterfaceId, InterfaceLookup>>;
	/** Makes one interface forward packets that are not addressed to it. Never rejects, as `write` does not. */
	disableSourceDestCheck(
		change: CheckChange,
		signal: AbortSignal,
		beforeSending: BeforeSending,
	): Promise<WriteResult>;
}

/**
 * Asked each time just before a write is sent, retries included: a write may wait its turn for seconds. What it
 * answers, if anything, is what the write comes to, and nothing is sent.
 */
export type BeforeSending = () => Promise<WriteResult | undefined>;

/**
 * What became of a write. `unsent`: it was out of time; `moved`: the table is not as it was read, so deciding
 * again may help; `failed`: EC2 refused, or its answer was lost. `error` is `Code: message`.
 */
export type WriteResult =
	| { readonly kind: "applied" }
	| { readonly kind: "unsent" }
	| { readonly kind: "moved"; readonly error: string }
	| { readonly kind: "failed"; readonly error: string };
