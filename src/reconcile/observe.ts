import { readClaim } from "../claim/read-claim.ts";
import { type Cidr, overlaps } from "../model/cidr.ts";
import type { Claim } from "../model/claim.ts";
import type { Instance, InstanceId, NetworkInterfaceId } from "../model/instance.ts";
import type { RouteTable } from "../model/route.ts";
import type { Rules } from "../model/rules.ts";
import { asManaged, type ManagedRoute } from "../plan/holder.ts";
import type { Node, Observation } from "../plan/observation.ts";
import { compareSeniority } from "../plan/seniority.ts";
import { Vetting } from "../plan/vet.ts";
import { mapBounded } from "./bounded.ts";
import type { Ports, TablesReading, UserDataReading } from "./ports.ts";

/** DescribeInstanceAttribute calls under way at once: EC2 refills its bucket at 20 a second (aws-facts.md §5). */
const READS_AT_ONCE = 10;

export interface ClaimSettings {
	readonly podCidrTag: string;
	readonly podCidrKey: string;
}

/** Reads what the world is. Every method reads whole, or rejects. */
export class Observer {
	readonly #ports: Ports;
	readonly #settings: Rules & ClaimSettings;
	readonly #signal: AbortSignal;

	constructor(ports: Ports, settings: Rules & ClaimSettings, signal: AbortSignal) {
		this.#ports = ports;
		this.#settings = settings;
		this.#signal = signal;
	}

	/** Every node with its claim. */
	async readAllNodes(): Promise<readonly Node[]> {
		return this.readClaims(await this.#ports.nodes.list(this.#signal));
	}

	/** The same in waves, the most senior nodes first; `hear` is told of each wave that is not the last. */
	async readBySeniority(waveSize: number, hear: (wave: readonly Node[]) => void): Promise<readonly Node[]> {
		const listed = await this.#ports.nodes.list(this.#signal);
		const inOrder = listed.toSorted(compareSeniority);
		const nodes: Node[] = [];
		for (let read = 0; read < inOrder.length; read += waveSize) {
			const wave = await this.readClaims(inOrder.slice(read, read + waveSize));
			nodes.push(...wave);
			if (nodes.length < inOrder.length) hear(wave);
		}
		return nodes;
	}

	/**
	 * The claims of some instances. One that may not be read rejects: a part is never used. One that EC2 lists
	 * and then does not know is new rather than gone, since what has ended is listed for an hour more
	 * (aws-facts.md §1.4, §2.8): its claim is `unread` and may be any.
	 */
	readClaims(instances: readonly Instance[]): Promise<readonly Node[]> {
		return mapBounded(instances, READS_AT_ONCE, async (instance) => {
			const reading = await this.#readUserData(instance);
			if (reading?.kind !== "denied") return this.#nodeOf(instance, reading);
			throw new Error(`The user data of ${instance.id} could not be read: ${reading.why}`);
		});
	}

	readTables(): Promise<TablesReading> {
		return this.#ports.tables.read(this.#signal);
	}

	/** All nodes and tables, with every target that no node holds looked up. */
	async completeObservation(nodes: readonly Node[], tables: readonly RouteTable[]): Promise<Observation> {
		const unlisted = unlistedTargets(nodes, this.#managedRoutes(tables));
		return { nodes, complete: true, tables, interfaces: await this.#lookUp(unlisted) };
	}

	/**
	 * Some nodes, and whoever holds a route that overlaps their blocks: with an incumbent's claim, so that it
	 * can be heard. An incumbent whose claim cannot be read is taken to claim anything.
	 */
	async partialObservation(asked: readonly Node[], tables: readonly RouteTable[]): Promise<Observation> {
		const vetting = new Vetting(tables, this.#settings);
		const blocks = asked.flatMap((node) => {
			const vetted = vetting.vet(node);
			return vetted.kind === "valid" ? vetted.blocks : [];
		});
		const inTheWay = this.#managedRoutes(tables).filter(({ destination }) => isNear(destination, blocks));
		const interfaces = await this.#lookUp(unlistedTargets(asked, inTheWay));
		const known = new Set(asked.map(({ instance }) => instance.id));
		const holders = [...interfaces.values()].flatMap((lookup) =>
			lookup.kind === "attached" && !known.has(lookup.instanceId) ? [lookup.instanceId] : [],
		);
		const incumbents = await this.#readIncumbents([...new Set(holders)]);
		return { nodes: [...asked, ...incumbents], complete: false, tables, interfaces };
	}

	async #readIncumbents(ids: readonly InstanceId[]): Promise<readonly Node[]> {
		if (ids.length === 0) return [];
		const instances = await this.#ports.nodes.findAll(ids, this.#signal);
		return mapBounded(instances, READS_AT_ONCE, async (instance) =>
			this.#nodeOf(instance, await this.#readUserData(instance)),
		);
	}

	async #lookUp(ids: readonly NetworkInterfaceId[]): Promise<Observation["interfaces"]> {
		return ids.length === 0 ? new Map() : this.#ports.interfaces.lookUp(ids, this.#signal);
	}

	#managedRoutes(tables: readonly RouteTable[]): readonly ManagedRoute[] {
		return tables.flatMap((table) =>
			table.routes.flatMap((route) => {
				const managed = asManaged(route, this.#settings);
				return "foreign" in managed ? [] : [managed];
			}),
		);
	}

	/** A gone instance claims nothing any more, so nothing is read. */
	async #readUserData(instance: Instance): Promise<UserDataReading | undefined> {
		if (instance.life === "gone") return undefined;
		return this.#ports.nodes.readUserData(instance, this.#signal);
	}

	#nodeOf(instance: Instance, reading: UserDataReading | undefined): Node {
		const claim: Claim = reading === undefined ? { kind: "none" } : this.#claimOf(instance, reading);
		return { instance, claim };
	}

	#claimOf({ tags }: Instance, reading: UserDataReading): Claim {
		switch (reading.kind) {
			case "denied":
				return { kind: "unread", why: reading.why };
			case "unknown":
				return { kind: "unread", why: "EC2 lists it but does not know it when asked for its user data" };
			case "read": {
				const keys = { tag: this.#settings.podCidrTag, userData: this.#settings.podCidrKey };
				return readClaim({ tags, userData: reading.bytes }, keys);
			}
			// Stryker disable next-line ConditionalExpression: no kind is left, as the compiler holds.
			default:
				return reading satisfies never;
		}
	}
}

function isNear(destination: Cidr, blocks: readonly Cidr[]): boolean {
	return blocks.some((block) => overlaps(block, destination));
}

function unlistedTargets(
	nodes: readonly Node[],
	routes: readonly ManagedRoute[],
): readonly NetworkInterfaceId[] {
	const listed = new Set(nodes.flatMap(({ instance }) => instance.interfaceIds));
	const targets = new Set(routes.map(({ target }) => target.networkInterfaceId));
	return [...targets].filter((id) => !listed.has(id));
}
