import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Cluster, ClusterOptions } from "../support/cluster.ts";
import { aContext, deployed } from "../support/deployed.ts";

/** What was logged at any level. */
let told: string[] = [];

beforeEach(() => {
	told = [];
	// Powertools writes to its own console unless this is set.
	vi.stubEnv("POWERTOOLS_DEV", "true");
	for (const level of ["debug", "info", "warn", "error"] as const) {
		vi.spyOn(console, level).mockImplementation((...args) => {
			told.push(args.map(String).join(" "));
		});
	}
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

/** A world whose launch function takes the bodies of a queue's messages, named 1, 2, … */
async function aQueue(options: ClusterOptions = {}) {
	const { cluster, handler } = await deployed("instance-state-change", options);
	const deliver = async (bodies: readonly unknown[], remainingMs?: number): Promise<readonly string[]> => {
		const Records = bodies.map((body, index) => ({
			eventSource: "aws:sqs",
			messageId: String(index + 1),
			body: typeof body === "string" ? body : JSON.stringify(body),
		}));
		const answer: unknown = await handler({ Records }, aContext(remainingMs));
		const { batchItemFailures } = answer as { batchItemFailures: readonly { itemIdentifier: string }[] };
		expect(answer).toEqual({ batchItemFailures });
		return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
	};
	return { cluster, deliver };
}

async function launchThree(cluster: Cluster): Promise<void> {
	for (const block of [0, 1, 2]) await cluster.launch(`worker-${block}`, { claims: `10.200.${block}.0/24` });
}

const ALL_ROUTED = { "10.200.0.0/24": "worker-0", "10.200.1.0/24": "worker-1", "10.200.2.0/24": "worker-2" };

function recorded(name: string): string {
	return readFileSync(new URL(`../events/${name}.json`, import.meta.url), "utf8");
}

/** An event of an instance that no world has, as young as can be. */
function ofNobody(): unknown {
	return { ...JSON.parse(recorded("state-change-running")), time: new Date().toISOString() };
}

describe("A batch of events", () => {
	it("is one pass: every instance is routed, none is given back, and one report is logged", async () => {
		const { cluster, deliver } = await aQueue();
		await launchThree(cluster);
		expect(await deliver([0, 1, 2].map((block) => cluster.event(`worker-${block}`)))).toEqual([]);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
		expect(cluster.calls()).toEqual({
			CreateRoute: 3,
			DescribeInstanceAttribute: 3,
			DescribeInstances: 1,
			DescribeRouteTables: 1,
		});
		expect(told).toHaveLength(1);
		expect(JSON.parse(told[0] ?? "")).toMatchObject({
			level: "INFO",
			message: "The pass is done",
			instanceIds: [cluster.id("worker-0"), cluster.id("worker-1"), cluster.id("worker-2")],
			report: { operation: "launch", changes: [{}, {}, {}] },
		});
	});

	it("that names an instance twice looks at it once", async () => {
		const { cluster, deliver } = await aQueue();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		expect(await deliver([cluster.event("worker-0"), cluster.event("worker-0")])).toEqual([]);
		expect(cluster.calls()).toMatchObject({ DescribeInstanceAttribute: 1, CreateRoute: 1 });
	});

	it("of instances that are no nodes costs one read", async () => {
		const { cluster, deliver } = await aQueue();
		await cluster.launch("bastion", { isNode: false });
		await cluster.launch("nat", { isNode: false });
		expect(await deliver([cluster.event("bastion"), cluster.event("nat")])).toEqual([]);
		expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
	});

	it("of two that claim one block routes the senior and refuses the other by name", async () => {
		const { cluster, deliver } = await aQueue();
		await cluster.launch("senior", { claims: "10.200.0.0/24" });
		cluster.ec2.advance(60_000);
		await cluster.launch("junior", { claims: "10.200.0.0/24" });
		expect(await deliver([cluster.event("junior"), cluster.event("senior")])).toEqual([]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "senior" });
		expect(told[0]).toContain("Claims were refused");
		expect(told[0]).toContain(cluster.id("junior"));
	});
});

describe("Of a batch is given back, alone,", () => {
	it.each([
		["no JSON", "{"],
		["a volume's tags", recorded("tag-change-volume")],
		["a JSON of nothing", "null"],
	])("a message that is %s: the others are done, and it is logged without its text", async (_, body) => {
		const { cluster, deliver } = await aQueue();
		await launchThree(cluster);
		const events = [0, 1, 2].map((block) => cluster.event(`worker-${block}`));
		expect(await deliver([body, ...events])).toEqual(["1"]);
		expect(await cluster.routes()).toEqual(ALL_ROUTED);
		expect(told).toHaveLength(2);
		expect(JSON.parse(told[1] ?? "")).toMatchObject({
			level: "ERROR",
			message: "An event was not understood",
			messageId: "1",
			why: expect.stringContaining("This is no state or tag change of an EC2 instance"),
		});
	});

	it("the event of an instance that is not visible yet", async () => {
		const { cluster, deliver } = await aQueue();
		await launchThree(cluster);
		expect(await deliver([cluster.event("worker-0"), ofNobody(), cluster.event("worker-1")])).toEqual(["2"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0", "10.200.1.0/24": "worker-1" });
		expect(told[0]).toContain("i-0abcdef1234567890 is not visible yet");
	});

	it("the event of an instance whose user data EC2 does not show yet", async () => {
		const { cluster, deliver } = await aQueue();
		await launchThree(cluster);
		cluster.ec2.intercept = ({ action, parameters }) =>
			action === "DescribeInstanceAttribute" && parameters["InstanceId"] === cluster.id("worker-1")
				? { when: "before", status: 400, code: "InvalidInstanceID.NotFound", message: "It does not exist" }
				: undefined;
		const young = { ...cluster.event("worker-1"), time: new Date().toISOString() };
		expect(await deliver([cluster.event("worker-0"), young])).toEqual(["2"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("the events of an instance whose route EC2 refuses", async () => {
		const { cluster, deliver } = await aQueue();
		await launchThree(cluster);
		cluster.ec2.intercept = ({ action, parameters }) =>
			action === "CreateRoute" && parameters["DestinationCidrBlock"] === "10.200.1.0/24"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		const events = [0, 1, 2, 1].map((block) => cluster.event(`worker-${block}`));
		expect(await deliver(events)).toEqual(["2", "4"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0", "10.200.2.0/24": "worker-2" });
	});

	it("what there was no time for", async () => {
		const { cluster, deliver } = await aQueue({ tables: 6 });
		await launchThree(cluster);
		const stop = new AbortController();
		vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) =>
			ms === 55_000 ? stop.signal : new AbortController().signal,
		);
		cluster.justBefore("CreateRoute", () => stop.abort());
		const events = [0, 1].map((block) => cluster.event(`worker-${block}`));
		// Twelve writes, ten at once, table by table: those of the last table are not attempted.
		expect(await deliver(events)).toEqual(["1", "2"]);
		const last = cluster.tableIds.toSorted().at(-1);
		expect(await cluster.routes(last)).toEqual({});
	});
});

describe("A batch", () => {
	it("of which nothing is understood reads nothing and is given back whole", async () => {
		const { cluster, deliver } = await aQueue();
		expect(await deliver(["{", "null"])).toEqual(["1", "2"]);
		expect(cluster.calls()).toEqual({});
	});

	it("that cannot be looked at throws, and so comes again whole", async () => {
		const { cluster, deliver } = await aQueue();
		await launchThree(cluster);
		cluster.ec2.intercept = () => ({
			when: "before",
			status: 403,
			code: "UnauthorizedOperation",
			message: "No.",
		});
		await expect(deliver([cluster.event("worker-0"), cluster.event("worker-1")])).rejects.toThrow(
			"DescribeInstances of",
		);
	});
});
