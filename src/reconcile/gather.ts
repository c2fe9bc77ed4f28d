import type { Instance, InstanceId } from "../model/instance.ts";
import type { RouteTable } from "../model/route.ts";
import type { Node, Observation } from "../plan/observation.ts";
import type { Ignored } from "../plan/plan.ts";
import type { Applied } from "./apply.ts";
import type { HeadStart } from "./head-start.ts";
import type { Observer } from "./observe.ts";
import type { FoundNode, NodeSource, TablesReading } from "./ports.ts";
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
	/** Instances asked for that EC2 does not know, not yet or not any longer. */
	readonly notFound: readonly InstanceId[];
}

/** There is no node to see to. */
export interface Nothing extends Pick<Gathered, "notFound" | "ignored"> {
	readonly kind: "nothing";
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
	if (request.operation === "launch") return gatherLaunched(request.instanceIds, sources);
	if (request.operation === "backfill" && request.instanceIds !== undefined) {
		return gatherNamed(request.instanceIds, sources);
	}
	return gatherAll(sources);
}

/** One call where no serving node is among them; the user data of those that are none is never read. */
async function gatherLaunched(ids: readonly InstanceId[], sources: Sources): Promise<Gathered | Nothing> {
	const { observer, nodes, now, signal } = sources;
	const found = await nodes.find(ids, signal);
	const serving: Instance[] = [];
	const ignored: Ignored[] = [];
	const notFound: InstanceId[] = [];
	for (const [instanceId, node] of found) {
		const why = whyNoServingNode(node);
		if (why !== undefined) ignored.push({ instanceId, why });
		else if (node.kind === "node") serving.push(node.instance);
		if (node.kind === "not-found") notFound.push(instanceId);
	}
	if (serving.length === 0) return { kind: "nothing", notFound, ignored };
	const readAt = now();
	const [read, reading] = await Promise.all([observer.readClaims(serving), observer.readTables()]);
	const [unknown, asked] = partition(read, ({ claim }) => claim.kind === "unread");
	for (const { instance } of unknown) {
		const why = "not found when asked for its user data: not visible yet, or gone";
		ignored.push({ instanceId: instance.id, why });
		notFound.push(instance.id);
	}
	if (asked.length === 0) return { kind: "nothing", notFound, ignored };
	const observe = (tables: readonly RouteTable[]) => observer.partialObservation(asked, tables);
	return { ...gathered(reading, readAt, observe, ignored), notFound };
}

function whyNoServingNode(found: FoundNode): string | undefined {
	if (found.kind === "not-a-node") return "not a node: it does not match NODE_FILTERS";
	if (found.kind === "not-found") return "not found: not visible yet, or gone";
	switch (found.instance.life) {
		case "gone":
			return "it is shutting down or terminated";
		case "resting":
			return "it is stopping or stopped: it keeps what it has";
		default:
			return undefined;
	}
}

/** Those for which it holds, and the others. */
function partition<T>(
	items: readonly T[],
	holds: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
	return [items.filter(holds), items.filter((item) => !holds(item))];
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
		notFound: [],
	};
}
