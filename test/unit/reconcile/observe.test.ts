import { describe, expect, it } from "vitest";
import type {
	Instance,
	InstanceId,
	InterfaceLookup,
	NetworkInterfaceId,
} from "../../../src/model/instance.ts";
import type { RouteTable } from "../../../src/model/route.ts";
import type { Node } from "../../../src/plan/observation.ts";
import { Observer } from "../../../src/reconcile/observe.ts";
import type { Ports, UserDataReading } from "../../../src/reconcile/ports.ts";
import { cidr, RULES } from "../../support/plan-world.ts";

const SETTINGS = { ...RULES, podCidrTag: "pod-cidr", podCidrKey: "pod-cidr" };
const { signal } = new AbortController();

/** `i-a` has the primary interface `eni-a`, and no user data. */
function anInstance(id: InstanceId, over: Partial<Instance> = {}): Instance {
	const primary: NetworkInterfaceId = `eni-${id.slice(2)}`;
	return {
		id,
		life: "serving",
		vpcId: "vpc-a",
		primaryInterface: { id: primary, attachedAt: 0, sourceDestCheck: false },
		interfaceIds: [primary],
		tags: new Map(),
		launchedAt: 0,
		...over,
	};
}

function aNode(id: InstanceId, block: string): Node {
	const claim = { kind: "blocks", blocks: [cidr(block)], place: "tag pod-cidr" } as const;
	return { instance: anInstance(id), claim };
}

function aTable(routes: Readonly<Record<string, NetworkInterfaceId>>): RouteTable {
	return {
		id: "rtb-a",
		vpcId: "vpc-a",
		routes: Object.entries(routes).map(([destination, networkInterfaceId]) => ({
			destination: cidr(destination),
			state: "active",
			origin: "CreateRoute",
			target: { kind: "interface", networkInterfaceId },
		})),
	};
}

interface World {
	readonly instances?: readonly Instance[];
	readonly userData?: Readonly<Record<InstanceId, UserDataReading>>;
	readonly interfaces?: Readonly<Record<NetworkInterfaceId, InterfaceLookup>>;
}

/** An observer of that world, and every question it asked. */
function anObserver({ instances = [], userData = {}, interfaces = {} }: World) {
	const asked: string[] = [];
	const ports: Ports = {
		nodes: {
			list: async () => instances,
			find: async () => new Map(),
			findAll: async (ids) => {
				asked.push(`instances ${ids.join(",")}`);
				return instances.filter(({ id }) => ids.includes(id));
			},
			readUserData: async ({ id }) => {
				asked.push(`user data ${id}`);
				return userData[id] ?? { kind: "read", bytes: undefined };
			},
		},
		tables: {
			read: async () => ({ tables: [], skipped: [] }),
			write: async () => ({ kind: "unsent" }),
		},
		interfaces: {
			lookUp: async (ids) => {
				asked.push(`interfaces ${ids.join(",")}`);
				return new Map(ids.map((id) => [id, interfaces[id] ?? { kind: "gone" }]));
			},
			disableSourceDestCheck: async () => ({ kind: "unsent" }),
		},
		countCalls: () => ({}),
	};
	return { observer: new Observer(ports, SETTINGS, signal), asked };
}

describe("The claim of an instance", () => {
	it("is what its tag and its user data say", async () => {
		const tagged = anInstance("i-a", { tags: new Map([["pod-cidr", "10.200.0.0/24"]]) });
		const userData = { "i-b": { kind: "read", bytes: Buffer.from("pod-cidr=10.200.1.0/24") } } as const;
		const { observer } = anObserver({ userData });
		expect(await observer.readClaims([tagged, anInstance("i-b"), anInstance("i-c")])).toEqual([
			{
				instance: tagged,
				claim: { kind: "blocks", blocks: [cidr("10.200.0.0/24")], place: "tag pod-cidr" },
			},
			{
				instance: anInstance("i-b"),
				claim: { kind: "blocks", blocks: [cidr("10.200.1.0/24")], place: "user data line 1" },
			},
			{ instance: anInstance("i-c"), claim: { kind: "none" } },
		]);
	});

	it("that has ended is none, whatever its tag says, and its user data is not read", async () => {
		const ended = anInstance("i-a", { life: "gone", tags: new Map([["pod-cidr", "10.200.0.0/24"]]) });
		const { observer, asked } = anObserver({});
		expect(await observer.readClaims([ended])).toEqual([{ instance: ended, claim: { kind: "none" } }]);
		expect(asked).toEqual([]);
	});

	it("that EC2 does not know when asked for its user data is unread, whatever its tag says", async () => {
		const tagged = anInstance("i-a", { tags: new Map([["pod-cidr", "10.200.0.0/24"]]) });
		const { observer } = anObserver({ userData: { "i-a": { kind: "unknown" } } });
		expect(await observer.readClaims([tagged])).toEqual([
			{
				instance: tagged,
				claim: { kind: "unread", why: "EC2 lists it but does not know it when asked for its user data" },
			},
		]);
	});

	it("that may not be read rejects, since a part is never used", async () => {
		const { observer } = anObserver({ userData: { "i-b": { kind: "denied", why: "Denied: no" } } });
		await expect(observer.readClaims([anInstance("i-a"), anInstance("i-b")])).rejects.toThrow(
			/^The user data of i-b could not be read: Denied: no$/,
		);
	});
});

describe("All nodes in waves", () => {
	it.each([
		{
			waveSize: 2,
			heard: [
				["i-e", "i-d"],
				["i-c", "i-b"],
			],
		},
		{ waveSize: 3, heard: [["i-e", "i-d", "i-c"]] },
		{ waveSize: 5, heard: [] },
	])(
		"of $waveSize are the most senior first, and all but the last are heard of",
		async ({ waveSize, heard: expected }) => {
			const instances = (["i-a", "i-b", "i-c", "i-d", "i-e"] as const).map((id, at) =>
				anInstance(id, {
					primaryInterface: { id: `eni-${id.slice(2)}`, attachedAt: 10 - at, sourceDestCheck: false },
				}),
			);
			const { observer } = anObserver({ instances });
			const heard: string[][] = [];
			const read = await observer.readBySeniority(waveSize, (wave) => {
				heard.push(wave.map(({ instance }) => instance.id));
			});
			expect(read.map(({ instance }) => instance.id)).toEqual(["i-e", "i-d", "i-c", "i-b", "i-a"]);
			expect(heard).toEqual(expected);
		},
	);
});

describe("An observation of all nodes", () => {
	it("is complete, and looks up each target that no node has, once", async () => {
		const { observer, asked } = anObserver({ interfaces: { "eni-x": { kind: "detached" } } });
		const nodes = [aNode("i-a", "10.200.0.0/24")];
		const tables = [aTable({ "10.200.0.0/24": "eni-a", "10.200.1.0/24": "eni-x", "10.200.2.0/24": "eni-x" })];
		expect(await observer.completeObservation(nodes, tables)).toEqual({
			nodes,
			complete: true,
			tables,
			interfaces: new Map([["eni-x", { kind: "detached" }]]),
		});
		expect(asked).toEqual(["interfaces eni-x"]);
	});

	it("looks up nothing where nodes have every target, or where the route is outside the cluster", async () => {
		const { observer, asked } = anObserver({});
		const nodes = [aNode("i-a", "10.200.0.0/24")];
		const tables = [aTable({ "10.200.0.0/24": "eni-a", "192.168.0.0/24": "eni-x" })];
		expect((await observer.completeObservation(nodes, tables)).interfaces).toEqual(new Map());
		expect(asked).toEqual([]);
	});
});

describe("An observation of some nodes", () => {
	const ASKED = [aNode("i-a", "10.200.0.0/23")];

	it("is not complete, and asks nothing more where no route is in the way", async () => {
		const { observer, asked } = anObserver({});
		const tables = [aTable({ "10.200.4.0/24": "eni-x" })];
		expect(await observer.partialObservation(ASKED, tables)).toEqual({
			nodes: ASKED,
			complete: false,
			tables,
			interfaces: new Map(),
		});
		expect(asked).toEqual([]);
	});

	it("hears whoever has a route that overlaps a block: inside it, around it, or equal to it", async () => {
		const incumbent = anInstance("i-x", { tags: new Map([["pod-cidr", "10.200.1.0/24"]]) });
		const { observer, asked } = anObserver({
			instances: [incumbent],
			interfaces: {
				"eni-x": { kind: "attached", instanceId: "i-x" },
				"eni-y": { kind: "attached", instanceId: "i-x" },
				"eni-z": { kind: "detached" },
			},
		});
		const tables = [
			aTable({
				"10.200.0.0/22": "eni-y",
				"10.200.0.0/23": "eni-z",
				"10.200.1.0/24": "eni-x",
				"10.200.4.0/24": "eni-w",
			}),
		];
		const { nodes, interfaces } = await observer.partialObservation(ASKED, tables);
		expect([...interfaces.keys()].toSorted()).toEqual(["eni-x", "eni-y", "eni-z"]);
		expect(nodes).toEqual([
			...ASKED,
			{
				instance: incumbent,
				claim: { kind: "blocks", blocks: [cidr("10.200.1.0/24")], place: "tag pod-cidr" },
			},
		]);
		expect(asked).toEqual(["interfaces eni-y,eni-z,eni-x", "instances i-x", "user data i-x"]);
	});

	it("looks around each block of a node, and around none that is refused", async () => {
		const { observer, asked } = anObserver({});
		const blocks = [cidr("10.200.0.0/24"), cidr("fd00:10:200::/64")];
		const both: Node = {
			instance: anInstance("i-a"),
			claim: { kind: "blocks", blocks, place: "tag pod-cidr" },
		};
		const refused: Node = {
			instance: anInstance("i-b"),
			claim: { kind: "refused", reason: "malformed-claim", detail: "It has host bits." },
		};
		const tables = [aTable({ "10.200.9.0/24": "eni-x", "fd00:10:200::/64": "eni-y" })];
		await observer.partialObservation([both, refused], tables);
		expect(asked).toEqual(["interfaces eni-y"]);
	});

	it("has a node that was asked for once, though it turns out to have an interface more by now", async () => {
		const { observer, asked } = anObserver({
			instances: [anInstance("i-a")],
			interfaces: { "eni-x": { kind: "attached", instanceId: "i-a" } },
		});
		const { nodes } = await observer.partialObservation(ASKED, [aTable({ "10.200.0.0/24": "eni-x" })]);
		expect(nodes).toEqual(ASKED);
		expect(asked).toEqual(["interfaces eni-x"]);
	});

	it("takes an incumbent whose user data may not be read to claim anything", async () => {
		const incumbent = anInstance("i-x");
		const { observer } = anObserver({
			instances: [incumbent],
			userData: { "i-x": { kind: "denied", why: "Denied: no" } },
			interfaces: { "eni-x": { kind: "attached", instanceId: "i-x" } },
		});
		const { nodes } = await observer.partialObservation(ASKED, [aTable({ "10.200.0.0/24": "eni-x" })]);
		expect(nodes).toEqual([...ASKED, { instance: incumbent, claim: { kind: "unread", why: "Denied: no" } }]);
	});
});
