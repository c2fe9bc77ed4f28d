import { describe, expect, it } from "vitest";
import type { Fault, InterceptedCall } from "../../../emulator/faults.ts";
import { aCluster, type Cluster, type ClusterOptions } from "../../support/cluster.ts";

const DENIED = {
	when: "before",
	status: 403,
	code: "UnauthorizedOperation",
	message: "You are not authorized to perform this operation.",
} as const;
const INTERNAL = {
	when: "before",
	status: 500,
	code: "InternalError",
	message: "An internal error has occurred",
} as const;
const THROTTLED = {
	when: "before",
	status: 503,
	code: "RequestLimitExceeded",
	message: "Request limit exceeded.",
} as const;

async function aWorker(options: ClusterOptions = {}): Promise<Cluster> {
	return (await aCluster(options)).launch("worker-0", { claims: "10.200.0.0/24" });
}

/** Every call that `hits` fails so. */
function fault(cluster: Cluster, fault: Fault, hits: (call: InterceptedCall) => boolean): void {
	cluster.ec2.intercept = (call) => (hits(call) ? fault : undefined);
}

describe("A read that fails", () => {
	it.each(["DescribeInstances", "DescribeInstanceAttribute", "DescribeRouteTables"])(
		"%s denied: the pass rejects, says what was denied, and writes nothing",
		async (action) => {
			const cluster = await aWorker();
			fault(cluster, DENIED, (call) => call.action === action);
			await expect(cluster.routeLaunched("worker-0")).rejects.toThrow(
				"UnauthorizedOperation: You are not authorized to perform this operation.",
			);
			expect(cluster.writes()).toEqual([]);
		},
	);

	it.each([
		["DescribeInstances", INTERNAL],
		["DescribeInstances", THROTTLED],
		["DescribeInstanceAttribute", INTERNAL],
		["DescribeRouteTables", INTERNAL],
		["DescribeRouteTables", { when: "after", kind: "connection-reset" }],
	] as const)("%s once, with %o: is tried again, and both tries are counted", async (action, failure) => {
		const cluster = await aWorker();
		let failures = 1;
		fault(cluster, failure, (call) => call.action === action && failures-- > 0);
		const { report } = await cluster.routeLaunched("worker-0", { maxAttempts: 2 });
		expect(report.apiCalls[action]).toBe(2);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("for good rejects after the last try, and nothing is written", async () => {
		const cluster = await aWorker();
		fault(cluster, INTERNAL, (call) => call.action === "DescribeRouteTables");
		await expect(cluster.routeLaunched("worker-0", { maxAttempts: 2 })).rejects.toThrow(
			"DescribeRouteTables failed: InternalError: An internal error has occurred",
		);
		expect(cluster.calls()["DescribeRouteTables"]).toBe(2);
		expect(cluster.writes()).toEqual([]);
	});

	it("of an incumbent's user data leaves the incumbent what it has: the newcomer is refused", async () => {
		const cluster = await aWorker();
		await cluster.routeLaunched("worker-0");
		await cluster.launch("newcomer", { claims: "10.200.0.0/24" });
		fault(
			cluster,
			DENIED,
			({ action, parameters }) =>
				action === "DescribeInstanceAttribute" && parameters["InstanceId"] === cluster.id("worker-0"),
		);
		const { report } = await cluster.routeLaunched("newcomer");
		expect(report.refusals).toMatchObject([
			{ reason: "contested-claim", instanceId: cluster.id("newcomer") },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});
});

const NOT_FOUND = {
	when: "before",
	status: 400,
	code: "InvalidInstanceID.NotFound",
	message: "The instance ID does not exist",
} as const;

describe("An instance that EC2 lists and then does not know", () => {
	it("is not found, when it is the one asked for", async () => {
		const cluster = await aWorker();
		fault(cluster, NOT_FOUND, ({ action }) => action === "DescribeInstanceAttribute");
		const { report, notFound } = await cluster.routeLaunched("worker-0");
		expect(notFound).toEqual([cluster.id("worker-0")]);
		expect(report.ignored).toEqual([
			{
				instanceId: cluster.id("worker-0"),
				why: "not found when asked for its user data: not visible yet, or gone",
			},
		]);
		expect(report.quota).toEqual([]);
		expect(cluster.writes()).toEqual([]);
	});

	it("keeps its route, when it is the incumbent", async () => {
		const cluster = await aWorker();
		await cluster.routeLaunched("worker-0");
		await cluster.launch("newcomer", { claims: "10.200.0.0/24" });
		fault(
			cluster,
			NOT_FOUND,
			({ action, parameters }) =>
				action === "DescribeInstanceAttribute" && parameters["InstanceId"] === cluster.id("worker-0"),
		);
		const { report } = await cluster.routeLaunched("newcomer");
		expect(report.refusals).toMatchObject([
			{ reason: "contested-claim", instanceId: cluster.id("newcomer") },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("may claim anything as far as an audit knows: it deletes nothing then, and says why", async () => {
		const cluster = await aWorker();
		await cluster.routeLaunched("worker-0");
		await cluster.terminate("worker-0");
		await cluster.launch("heir", { claims: "10.200.0.0/24" });
		fault(cluster, NOT_FOUND, ({ action }) => action === "DescribeInstanceAttribute");
		const { report } = await cluster.audit("all");
		expect(cluster.writes()).toEqual([]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0 (blackhole)" });
		expect(report.ignored).toEqual([
			{
				instanceId: cluster.id("heir"),
				why: "its claim could not be read: EC2 lists it but does not know it when asked for its user data",
			},
		]);
	});
});

describe("A write that fails", () => {
	it("in one of two tables: the other is written, the failure is told, the pass is unfinished", async () => {
		const cluster = await aWorker({ tables: 2 });
		const [first = "", second = ""] = cluster.tableIds.toSorted();
		fault(
			cluster,
			DENIED,
			({ action, parameters }) => action === "CreateRoute" && parameters["RouteTableId"] === first,
		);
		const { report, unfinished } = await cluster.routeLaunched("worker-0");
		const error = "UnauthorizedOperation: You are not authorized to perform this operation.";
		expect(report.changes).toMatchObject([
			{ routeTableId: first, outcome: "failed", error },
			{ routeTableId: second, outcome: "applied" },
		]);
		expect(unfinished).toEqual([
			{ instanceId: cluster.id("worker-0"), why: `create ${first} 10.200.0.0/24: ${error}` },
		]);
		expect(await cluster.routes(second)).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("RouteLimitExceeded is told and leaves the rest alone", async () => {
		const cluster = await aWorker({ routeLimit: 1 });
		const { report } = await cluster.routeLaunched("worker-0");
		expect(report.changes).toMatchObject([
			{ outcome: "failed", error: expect.stringMatching(/^RouteLimitExceeded: /) },
		]);
	});

	it.each([
		{ when: "after", kind: "connection-reset" },
		{ when: "after", kind: "timeout" },
		{ when: "after", kind: "malformed-xml" },
		{ when: "after", status: 500, code: "InternalError", message: "An internal error has occurred" },
	] as const)(
		"whose answer is lost after it took effect: told as failed, right on the next run: %o",
		async (failure) => {
			const cluster = await aWorker();
			fault(cluster, failure, ({ action }) => action === "CreateRoute");
			const { report, unfinished } = await cluster.routeLaunched("worker-0");
			expect(report.changes).toMatchObject([{ outcome: "failed" }]);
			expect(unfinished).toHaveLength(1);

			cluster.ec2.intercept = undefined;
			const next = await cluster.routeLaunched("worker-0");
			expect(next.report.changes).toEqual([]);
			expect(next.unfinished).toEqual([]);
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
		},
	);

	it.each(["exists", "succeeds"] as const)(
		"whose answer is lost is tried again and ends well, whatever EC2 says to the repeat: %s",
		async (identicalCreateRoute) => {
			const cluster = await aWorker({ switches: { identicalCreateRoute } });
			let failures = 1;
			fault(
				cluster,
				{ when: "after", kind: "connection-reset" },
				({ action }) => action === "CreateRoute" && failures-- > 0,
			);
			const { unfinished } = await cluster.routeLaunched("worker-0", { maxAttempts: 2 });
			expect(unfinished).toEqual([]);
			expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
		},
	);

	it("a delete that is refused is told as left undone for nobody: its route has no owner", async () => {
		const cluster = await (await aWorker()).launch("ended");
		await cluster.route("10.200.9.0/24", cluster.eni("ended"));
		await cluster.terminate("ended");
		fault(cluster, DENIED, ({ action }) => action === "DeleteRoute");
		const { unfinished } = await cluster.audit("all");
		expect(unfinished).toStrictEqual([
			{
				why: `delete ${cluster.tableId} 10.200.9.0/24: UnauthorizedOperation: You are not authorized to perform this operation.`,
			},
		]);
	});

	it("a check that cannot be turned off is told, and the route stands", async () => {
		const cluster = await (await aCluster()).launch("worker-0", {
			claims: "10.200.0.0/24",
			sourceDestCheck: true,
		});
		fault(cluster, DENIED, ({ action }) => action === "ModifyNetworkInterfaceAttribute");
		const { report, unfinished } = await cluster.routeLaunched("worker-0");
		expect(report.changes).toMatchObject([
			{ kind: "create", outcome: "applied" },
			{ kind: "disable-source-dest-check", outcome: "failed" },
		]);
		expect(unfinished).toHaveLength(1);
	});

	it("an encoded refusal of kilobytes is cut short in the report", async () => {
		const cluster = await aWorker();
		fault(cluster, { ...DENIED, message: "x".repeat(5_000) }, ({ action }) => action === "CreateRoute");
		const { report } = await cluster.routeLaunched("worker-0");
		expect(report.changes[0]?.error).toBe(`UnauthorizedOperation: ${"x".repeat(300)}…`);
	});
});
