import type { InstanceId } from "../model/instance.ts";
import type { RouteTable } from "../model/route.ts";
import type { Node, Observation } from "../plan/observation.ts";
import type { Ignored } from "../plan/plan.ts";
import type { Applied } from "./apply.ts";
import type { HeadStart } from "./head-start.ts";
import type { Observer } from "./observe.ts";
import type { NodeSource, TablesReading } from "./ports.ts";
import type { Request } from "./request.ts";

/** What a pass read once: nodes and their claims. Tables are read again as often as it takes. */
export interface Gathered {
	readonly kind: "gathered";
	readonly tables: readonly RouteTable[];
	/** Epoch milliseconds when the tables' reading was asked for. */
	readonly tablesReadAt: number;
	/** The nodes beside these tables, with the holders of their routes looked up. */
	readonly observe: (tables: readonly RouteTable[]) => Promise<Observation>;
	readonly ignored: readonly Ignored[];
	/** What was written while the rest was read. */
	readonly ahead: readonly Applied[];
}

/** There is no node to see to. `notFound`: EC2 does not know the instance, not yet or not any longer. */
export interface Nothing {
	readonly kind: "nothing";
	readonly notFound: boolean;
	readonly ignored: readonly Ignored[];
}

interface Sources {
	readonly observer: Observer;
	readonly nodes: NodeSource;
	readonly now: () => number;
	readonly signal: AbortSignal;
	/** For a request that may write before everything is read. */
	readonly headStart: HeadStart | undefined;
}

/** Reads what a request needs, tables last and whole. */
export function gather(request: Request, sources: Sources): Promise<Gathered | Nothing> {
	if (request.operation === "launch") return gatherLaunched(request.instanceId, sources);
	if (request.operation === "backfill" && request.instanceIds !== undefined) {
		return gatherNamed(request.instanceIds, sources);
	}
	return gatherAll(sources);
}

/** One call for an instance that is no serving node; its user data is then never read. */
async function gatherLaunched(instanceId: InstanceId, sources: Sources): Promise<Gathered | Nothing> {
	const { observer, nodes, now, signal } = sources;
	const found = await nodes.find(instanceId, signal);
	const nothing = (why: string, notFound: boolean) =>
		({ kind: "nothing", notFound, ignored: [{ instanceId, why }] }) as const;
	if (found.kind === "not-a-node") return nothing("not a node: it does not match NODE_FILTERS", false);
	if (found.kind === "not-found") return nothing("not found: not visible yet, or gone", true);
	const { instance } = found;
	if (instance.life === "gone") return nothing("it is shutting down or terminated", false);
	if (instance.life === "resting") return nothing("it is stopping or stopped: it keeps what it has", false);
	const readAt = now();
	const [asked, reading] = await Promise.all([observer.readClaims([instance]), observer.readTables()]);
	const isUnknown = asked.some(({ claim }) => claim.kind === "unread");
	if (isUnknown) return nothing("not found when asked for its user data: not visible yet, or gone", true);
	const observe = (tables: readonly RouteTable[]) => observer.partialObservation(asked, tables);
	return gathered(reading, readAt, observe, []);
}

async function gatherNamed(ids: readonly InstanceId[], sources: Sources): Promise<Gathered> {
	const { observer, nodes, now, signal } = sources;
	const asked = await observer.readClaims(await nodes.findAll(ids, signal));
	const found = new Set(asked.map(({ instance }) => instance.id));
	const missing = ids.filter((id) => !found.has(id));
	const ignored = missing.map((instanceId) => ({ instanceId, why: "not a node, or not found" }));
	const readAt = now();
	const reading = await observer.readTables();
	return gathered(reading, readAt, (tables) => observer.partialObservation(asked, tables), ignored);
}

async function gatherAll({ observer, now, headStart }: Sources): Promise<Gathered> {
	const read = await (headStart === undefined ? observer.readAllNodes() : headStart.readNodes(observer));
	const ahead = (await headStart?.end()) ?? [];
	const nodes = withChecksOff(read, ahead);
	const readAt = now();
	const reading = await observer.readTables();
	return {
		...gathered(reading, readAt, (tables) => observer.completeObservation(nodes, tables), []),
		ahead,
	};
}

/** The nodes as they are by now: unlike the tables, they are not read again. */
function withChecksOff(nodes: readonly Node[], ahead: readonly Applied[]): readonly Node[] {
	const off = new Set(
		ahead.flatMap(({ change, outcome }) =>
			change.kind === "disable-source-dest-check" && outcome.kind === "applied"
				? [change.networkInterfaceId]
				: [],
		),
	);
	return nodes.map((node) => {
		const { primaryInterface } = node.instance;
		if (primaryInterface === undefined || !off.has(primaryInterface.id)) return node;
		const instance = { ...node.instance, primaryInterface: { ...primaryInterface, sourceDestCheck: false } };
		return { ...node, instance };
	});
}

function gathered(
	{ tables, skipped }: TablesReading,
	tablesReadAt: number,
	observe: Gathered["observe"],
	ignored: readonly Ignored[],
): Gathered {
	return {
		kind: "gathered",
		tables,
		tablesReadAt,
		observe,
		ignored: [...ignored, ...skipped.map((why) => ({ why }))],
		ahead: [],
	};
}
