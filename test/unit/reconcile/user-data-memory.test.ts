import { describe, expect, it } from "vitest";
import type { Instance, InstanceId } from "../../../src/model/instance.ts";
import type { NodeSource, UserDataReading } from "../../../src/reconcile/ports.ts";
import { UserDataMemory } from "../../../src/reconcile/user-data-memory.ts";

const { signal } = new AbortController();
const NOW = 1_000_000_000;
const SETTLED = NOW - 300_000;

function anInstance(id: InstanceId, over: Partial<Instance> = {}): Instance {
	return {
		id,
		life: "serving",
		vpcId: "vpc-0a",
		primaryInterface: undefined,
		interfaceIds: [],
		launchedAt: SETTLED,
		tags: new Map(),
		...over,
	};
}

function aPrimaryInterface(attachedAt: number): Instance["primaryInterface"] {
	return { id: "eni-0a", attachedAt, sourceDestCheck: false };
}

/** Nodes that answer each question of theirs with a new object, and the ids they were asked for. */
function someNodes(answer: UserDataReading["kind"] = "read") {
	const asked: string[] = [];
	let listed: readonly Instance[] = [];
	const nodes: NodeSource = {
		list: async () => listed,
		find: async () => new Map(),
		findAll: async () => [],
		readUserData: async ({ id }) => {
			asked.push(id);
			if (answer === "read") return { kind: "read", bytes: Buffer.from(`${id} ${asked.length}`) };
			return answer === "denied" ? { kind: "denied", why: "no" } : { kind: "unknown" };
		},
	};
	const remembering = new UserDataMemory().over(nodes, () => NOW);
	const list = (...instances: readonly Instance[]) => {
		listed = instances;
		return remembering.list(signal);
	};
	return { remembering, asked, list };
}

describe("Remembered user data", () => {
	it("is what was read the first time, and is read once", async () => {
		const { remembering, asked } = someNodes();
		const first = await remembering.readUserData(anInstance("i-0a"), signal);
		expect(first).toEqual({ kind: "read", bytes: Buffer.from("i-0a 1") });
		expect(await remembering.readUserData(anInstance("i-0a"), signal)).toBe(first);
		expect(asked).toEqual(["i-0a"]);
	});

	it("is each instance's own", async () => {
		const { remembering, asked } = someNodes();
		for (const id of ["i-0a", "i-0b", "i-0a", "i-0b"] as const)
			await remembering.readUserData(anInstance(id), signal);
		expect(asked).toEqual(["i-0a", "i-0b"]);
	});

	it.each(["resting", "gone"] as const)(
		"is not trusted of an instance that is %s, nor kept",
		async (life) => {
			const { remembering, asked } = someNodes();
			await remembering.readUserData(anInstance("i-0a"), signal);
			await remembering.readUserData(anInstance("i-0a", { life }), signal);
			await remembering.readUserData(anInstance("i-0b", { life }), signal);
			await remembering.readUserData(anInstance("i-0b"), signal);
			expect(asked).toEqual(["i-0a", "i-0a", "i-0b", "i-0b"]);
		},
	);

	it("ends with the launch that it was read of", async () => {
		const { remembering, asked } = someNodes();
		await remembering.readUserData(anInstance("i-0a"), signal);
		await remembering.readUserData(anInstance("i-0a", { launchedAt: SETTLED - 1 }), signal);
		expect(asked).toEqual(["i-0a", "i-0a"]);
	});

	it("of an instance that was started again is kept from five minutes after that on", async () => {
		const { remembering, asked } = someNodes();
		const primaryInterface = aPrimaryInterface(SETTLED - 1);
		for (const launchedAt of [SETTLED + 1, SETTLED + 1, SETTLED, SETTLED]) {
			await remembering.readUserData(anInstance("i-0a", { launchedAt, primaryInterface }), signal);
		}
		expect(asked).toHaveLength(3);
	});

	it("of an instance that was never stopped is kept at once", async () => {
		const { remembering, asked } = someNodes();
		const first = anInstance("i-0a", { launchedAt: NOW, primaryInterface: aPrimaryInterface(NOW) });
		await remembering.readUserData(first, signal);
		await remembering.readUserData(first, signal);
		expect(asked).toEqual(["i-0a"]);
	});

	it("of a young instance whose primary interface is not known is not kept", async () => {
		const { remembering, asked } = someNodes();
		const unknown = anInstance("i-0a", { launchedAt: NOW, primaryInterface: undefined });
		await remembering.readUserData(unknown, signal);
		await remembering.readUserData(unknown, signal);
		expect(asked).toEqual(["i-0a", "i-0a"]);
	});

	it.each(["denied", "unknown"] as const)("is never an answer that was %s", async (kind) => {
		const { remembering, asked } = someNodes(kind);
		await remembering.readUserData(anInstance("i-0a"), signal);
		expect(await remembering.readUserData(anInstance("i-0a"), signal)).toMatchObject({ kind });
		expect(asked).toHaveLength(2);
	});

	it("is forgotten of an instance that a listing does not name, and of no other", async () => {
		const { remembering, asked, list } = someNodes();
		const [a, b] = [anInstance("i-0a"), anInstance("i-0b")];
		await remembering.readUserData(a, signal);
		await remembering.readUserData(b, signal);
		expect(await list(a)).toEqual([a]);
		await remembering.readUserData(a, signal);
		await remembering.readUserData(b, signal);
		expect(asked).toEqual(["i-0a", "i-0b", "i-0b"]);
	});
});
