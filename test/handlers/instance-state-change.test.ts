import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Report } from "../../src/model/report.ts";
import type { Cluster, ClusterOptions } from "../support/cluster.ts";
import { aContext, type Deployed, deployed as loaded } from "../support/deployed.ts";

const SECRET = "hunter2-sesame";

/** What was logged at any level, and what was thrown, as text. */
let told: string[] = [];

beforeEach(() => {
	told = [];
	// Powertools writes to its own console unless this is set.
	vi.stubEnv("POWERTOOLS_DEV", "true");
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
	for (const level of ["debug", "info", "warn", "error", "log", "trace"] as const) {
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

function deployed(options: ClusterOptions = {}): Promise<Deployed> {
	return loaded("instance-state-change", options, SECRET);
}

/** The message a call rejects with, kept among what was told. */
async function refusal(call: Promise<Report>): Promise<string> {
	const error = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Error)) throw new Error("The handler succeeded");
	told.push(`${error.stack} ${JSON.stringify(error)} ${error.cause}`);
	return error.message;
}

function recorded(name: string): unknown {
	return JSON.parse(readFileSync(new URL(`../events/${name}.json`, import.meta.url), "utf8"));
}

describe("The event of an instance that runs", () => {
	it("has its route made, and the report is returned and logged", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		const report = await handler(cluster.event("worker-0"), aContext());
		expect(report).toMatchObject({
			formatVersion: 1,
			operation: "launch",
			dryRun: false,
			refusals: [],
			findings: [],
		});
		expect(report.changes).toMatchObject([
			{ kind: "create", destination: "10.200.0.0/24", outcome: "applied" },
		]);
		expect(report.apiCalls).toEqual({
			CreateRoute: 1,
			DescribeInstanceAttribute: 1,
			DescribeInstances: 1,
			DescribeRouteTables: 1,
		});
		expect(cluster.calls()).toEqual(report.apiCalls);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
		expect(told).toHaveLength(1);
		expect(JSON.parse(told[0] ?? "")).toMatchObject({
			level: "INFO",
			message: "The pass is done",
			report,
		});
	});

	it("delivered twice, the second time by a warm function, counts calls anew and changes nothing", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await handler(cluster.event("worker-0"), aContext());
		const report = await handler(cluster.event("worker-0"), aContext());
		expect(report.changes).toEqual([]);
		expect(report.apiCalls).toEqual({
			DescribeInstanceAttribute: 1,
			DescribeInstances: 1,
			DescribeRouteTables: 1,
		});
	});

	it("of one that is no node costs one read", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("bastion", { isNode: false });
		await handler(cluster.event("bastion"), aContext());
		expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
	});

	it("late, after the instance has ended, changes nothing", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		const late = cluster.event("worker-0");
		await cluster.terminate("worker-0");
		const report = await handler(late, aContext());
		expect(report.ignored).toEqual([
			{ instanceId: cluster.id("worker-0"), why: "it is shutting down or terminated" },
		]);
		expect(await cluster.routes()).toEqual({});
	});

	it("and one of its tags, given after the launch, both lead to the route", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { userData: "none" });
		await handler(cluster.event("worker-0"), aContext());
		expect(await cluster.routes()).toEqual({});
		await cluster.retag("worker-0", { "pod-cidr": "10.200.0.0/24" });
		await handler(cluster.events.at(-1), aContext());
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("beside another for the same block: one is routed, the other refused by name, and logged as a warning", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("one", { claims: "10.200.0.0/24" });
		await cluster.launch("two", { claims: "10.200.0.0/24" });
		const reports = await Promise.all(["one", "two"].map((name) => handler(cluster.event(name), aContext())));
		const owner = (await cluster.routes())["10.200.0.0/24"] === "one" ? "one" : "two";
		const loser = owner === "one" ? "two" : "one";
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": owner });
		const refusals = reports.flatMap((report) => report.refusals);
		expect(refusals).toMatchObject([{ reason: "contested-claim", instanceId: cluster.id(loser) }]);
		expect(refusals[0]?.detail).toContain(cluster.id(owner));
		expect(
			told.filter((line) => line.includes("Claims were refused") && line.includes('"WARN"')),
		).toHaveLength(1);
	});
});

describe("An instance that EC2 does not know", () => {
	it("is not visible yet while the event is young: the handler throws after logging the report", async () => {
		const { cluster, handler } = await deployed();
		vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2021-11-11T21:34:53Z") });
		expect(await refusal(handler(recorded("state-change-running"), aContext()))).toBe(
			"The pass is unfinished: i-0abcdef1234567890 is not visible yet",
		);
		expect(told[0]).toContain("not found: not visible yet, or gone");
		expect(cluster.writes()).toEqual([]);
	});

	it("costs one read, and is found by the retry once it is visible", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		const event = { ...cluster.event("worker-0"), time: new Date().toISOString() };
		cluster.ec2.intercept = () => ({
			when: "before",
			status: 400,
			code: "InvalidInstanceID.NotFound",
			message: `The instance ID '${cluster.id("worker-0")}' does not exist`,
		});
		expect(await refusal(handler(event, aContext()))).toContain("is not visible yet");
		expect(cluster.calls()).toEqual({ DescribeInstances: 1 });
		cluster.ec2.intercept = undefined;
		await handler(event, aContext());
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("is gone once the event is five minutes old: the report says so, and nothing is thrown", async () => {
		const { handler } = await deployed();
		vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2021-11-11T21:34:54Z") });
		const report = await handler(recorded("state-change-running"), aContext());
		expect(report.ignored).toEqual([
			{ instanceId: "i-0abcdef1234567890", why: "not found: not visible yet, or gone" },
		]);
	});
});

describe("An event that is not understood", () => {
	it.each([
		["null", null],
		["a list", [recorded("state-change-running")]],
		["an empty object", {}],
		["another source", { ...(recorded("state-change-running") as object), source: "aws.s3" }],
		["no instance id", { ...(recorded("state-change-running") as object), detail: {} }],
		["a volume's tags", recorded("tag-change-volume")],
		["a spot interruption", recorded("spot-interruption")],
	])("%s throws, reads nothing, and the next good event works", async (_, event) => {
		const { cluster, handler } = await deployed();
		expect(await refusal(handler(event, aContext()))).toContain(
			"This is no state or tag change of an EC2 instance",
		);
		expect(cluster.calls()).toEqual({});
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await handler(cluster.event("worker-0"), aContext());
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});
});

describe("Settings", () => {
	it("that cannot be used are told all at once, nothing is read, and corrected ones work without a new start", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		vi.stubEnv("CLUSTER_CIDRS", "10.200.0.1/16");
		vi.stubEnv("NODE_FILTERS", undefined);
		const message = await refusal(handler(cluster.event("worker-0"), aContext()));
		expect(message).toContain("CLUSTER_CIDRS entry 1 is no block: host bits are set");
		expect(message).toContain("NODE_FILTERS is required");
		expect(cluster.calls()).toEqual({});
		vi.stubEnv("CLUSTER_CIDRS", cluster.environment["CLUSTER_CIDRS"]);
		vi.stubEnv("NODE_FILTERS", cluster.environment["NODE_FILTERS"]);
		await handler(cluster.event("worker-0"), aContext());
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});
});

describe("A change that fails", () => {
	it("is reported, logged as an error, and then thrown, with the other table written", async () => {
		const { cluster, handler } = await deployed({ tables: 2 });
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		const [first = "", second = ""] = cluster.tableIds.toSorted();
		cluster.ec2.intercept = ({ action, parameters }) =>
			action === "CreateRoute" && parameters["RouteTableId"] === first
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		expect(await refusal(handler(cluster.event("worker-0"), aContext()))).toBe(
			`The pass is unfinished: create ${first} 10.200.0.0/24: UnauthorizedOperation: No.`,
		);
		expect(JSON.parse(told[0] ?? "")).toMatchObject({
			level: "ERROR",
			message: "The pass is unfinished",
			report: {
				changes: [
					{ routeTableId: first, outcome: "failed" },
					{ routeTableId: second, outcome: "applied" },
				],
			},
		});
		expect(await cluster.routes(second)).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("for want of requests is tried again by the client, and ends well", async () => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		let failures = 1;
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute" && failures-- > 0
				? { when: "before", status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded." }
				: undefined;
		const report = await handler(cluster.event("worker-0"), aContext());
		expect(report.apiCalls["CreateRoute"]).toBe(2);
		expect(report.changes).toMatchObject([{ outcome: "applied" }]);
	});
});

describe("The end of the invocation's time", () => {
	/** Time is up when the first write arrives: the platform's timers, moved by hand. */
	function stopAtFirstWrite(cluster: Cluster): void {
		const stop = new AbortController();
		vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) =>
			ms === 55_000 ? stop.signal : new AbortController().signal,
		);
		cluster.justBefore("CreateRoute", () => stop.abort());
	}

	it("leaves what was not attempted planned, and the handler throws naming it", async () => {
		const { cluster, handler } = await deployed({ tables: 12 });
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		stopAtFirstWrite(cluster);
		const message = await refusal(handler(cluster.event("worker-0"), aContext()));
		const [left, last] = cluster.tableIds.toSorted().slice(10);
		expect(message).toBe(
			`The pass is unfinished: create ${left} 10.200.0.0/24: not attempted, out of time; create ${last} 10.200.0.0/24: not attempted, out of time`,
		);
		const { report } = JSON.parse(told[0] ?? "") as { report: Report };
		expect(report.changes.map(({ outcome }) => outcome)).toEqual([
			...Array(10).fill("applied"),
			"planned",
			"planned",
		]);
	});

	it.each([5_000, 900, 0])(
		"come already, with %i ms left: it throws and has written nothing",
		async (remainingMs) => {
			const { cluster, handler } = await deployed();
			await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
			expect(await refusal(handler(cluster.event("worker-0"), aContext(remainingMs)))).not.toBe("");
			await new Promise((resolve) => setTimeout(resolve, 50));
			expect(cluster.writes()).toEqual([]);
		},
	);
});

describe("User data and the environment", () => {
	const userDatas = {
		plain: `name=worker-0|password=${SECRET}|pod-cidr=10.200.0.0/24`,
		"with a malformed claim": `password=${SECRET}\npod-cidr=${SECRET}`,
		"with two claims": `password=${SECRET}\npod-cidr=10.200.0.0/24\npod-cidr=10.200.1.0/24`,
		"that contains the secret as its block": `pod-cidr=10.200.0.0/24,${SECRET}`,
	};

	it.each(Object.entries(userDatas))("appear in no log line, report or error: %s", async (_, userData) => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { userData });
		const report = await handler(cluster.event("worker-0"), aContext());
		told.push(JSON.stringify(report));
		expectNoSecret();
	});

	it.each([
		{ when: "after", kind: "malformed-xml" },
		{ when: "after", status: 400, code: "InvalidParameterValue", message: "An odd refusal." },
		{ when: "before", status: 403, code: "UnauthorizedOperation", message: "No." },
	] as const)("appear in no error when EC2 answers %o", async (fault) => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { userData: userDatas.plain });
		cluster.ec2.intercept = ({ action }) => (action === "DescribeInstanceAttribute" ? fault : undefined);
		const message = await refusal(handler(cluster.event("worker-0"), aContext()));
		expect(message).toContain(cluster.id("worker-0"));
		expectNoSecret();
	});

	it.each([
		["cut off after the user data", (body: string) => body.slice(0, body.indexOf("</value>"))],
		["with the user data in a tag", (body: string) => body.replace(/<value>(.*)<\/value>/, "<$1></value>")],
		["with the user data in front", (body: string) => `${/<value>(.*)<\/value>/.exec(body)?.[1]}${body}`],
		["with the user data decoded and unescaped", () => `<a>${userDatas.plain}<${SECRET}></b>`],
	])("appear in no error when EC2's answer is broken: %s", async (_, broken) => {
		const { cluster, handler } = await deployed();
		await cluster.launch("worker-0", { userData: userDatas.plain });
		const handle = cluster.ec2.handle.bind(cluster.ec2);
		cluster.ec2.handle = async (request) => {
			const answer = await handle(request);
			return request.includes("DescribeInstanceAttribute")
				? { ...answer, body: broken(answer.body) }
				: answer;
		};
		const message = await refusal(handler(cluster.event("worker-0"), aContext()));
		expect(message).toMatch(/^DescribeInstanceAttribute userData of i-[0-9a-f]+ failed: /);
		expect(cluster.writes()).toEqual([]);
		expectNoSecret();
	});

	function expectNoSecret(): void {
		const everything = told.join("\n");
		expect(everything).not.toContain(SECRET);
		for (const text of Object.values(userDatas)) {
			expect(everything).not.toContain(Buffer.from(text).toString("base64").slice(0, 24));
		}
		expect(everything).not.toContain("AKIAEXAMPLE");
	}
});
