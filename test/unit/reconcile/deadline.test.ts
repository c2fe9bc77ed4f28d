import { describe, expect, it, vi } from "vitest";
import { deadlineIn } from "../../../src/reconcile/deadline.ts";
import { aCluster, type Cluster } from "../../support/cluster.ts";

/** Twelve tables: ten writes go together, two wait. */
async function aLongPass(): Promise<Cluster> {
	return (await aCluster({ tables: 12 })).launch("worker-0", { claims: "10.200.0.0/24" });
}

function aDeadline() {
	const [stop, abandon] = [new AbortController(), new AbortController()];
	return { stop, abandon, deadline: { stopStarting: stop.signal, abandon: abandon.signal } };
}

describe("A deadline", () => {
	it("that comes while writes are under way: they are heard out, the others stay planned, and are named", async () => {
		const cluster = await aLongPass();
		const { stop, deadline } = aDeadline();
		cluster.justBefore("CreateRoute", () => stop.abort());
		const { report, unfinished } = await cluster.routeLaunched("worker-0", { deadline });
		const outcomes = report.changes.map(({ outcome }) => outcome);
		expect(outcomes).toEqual([...Array(10).fill("applied"), "planned", "planned"]);
		const left = cluster.tableIds.toSorted().slice(10);
		expect(unfinished.map(({ why }) => why)).toEqual(
			left.map((id) => `create ${id} 10.200.0.0/24: not attempted, out of time`),
		);
		expect(cluster.writes()).toHaveLength(10);
	});

	it("that has come: the pass rejects before it reads or writes", async () => {
		const cluster = await aLongPass();
		const { stop, deadline } = aDeadline();
		stop.abort();
		await expect(cluster.routeLaunched("worker-0", { deadline })).rejects.toThrow(
			`DescribeInstances of ${cluster.id("worker-0")} failed: OutOfTime: no answer before the deadline`,
		);
		expect(cluster.calls()).toEqual({});
	});

	it("for answers: a write not answered by then is told as failed, and that it may have taken effect", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		const { stop, abandon, deadline } = aDeadline();
		cluster.justBefore("CreateRoute", () => {
			stop.abort();
			abandon.abort();
		});
		const { report } = await cluster.routeLaunched("worker-0", { deadline });
		expect(report.changes).toMatchObject([
			{
				outcome: "failed",
				error: "OutOfTime: no answer before the deadline, so it may have taken effect",
			},
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("after a surprise: the surprise is told as stale, and nothing is read again", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		const { stop, deadline } = aDeadline();
		cluster.justBefore("CreateRoute", () => {
			stop.abort();
			cluster.request("CreateRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.0.0/24",
				NetworkInterfaceId: cluster.eni("worker-0"),
			});
		});
		const { report } = await cluster.routeLaunched("worker-0", { deadline });
		expect(report.changes).toMatchObject([{ outcome: "stale" }]);
		expect(report.apiCalls["DescribeRouteTables"]).toBe(1);
	});

	it.each([
		{ remainingMs: 60_000, stopMs: 55_000, abandonMs: 58_000 },
		{ remainingMs: 3_000, stopMs: 0, abandonMs: 1_000 },
		{ remainingMs: 0, stopMs: 0, abandonMs: 0 },
	])(
		"of an invocation with $remainingMs ms left leaves room to tell the report",
		({ remainingMs, stopMs, abandonMs }) => {
			const timeout = vi.spyOn(AbortSignal, "timeout");
			deadlineIn(remainingMs);
			expect(timeout.mock.calls).toEqual([[stopMs], [abandonMs]]);
			timeout.mockRestore();
		},
	);
});
