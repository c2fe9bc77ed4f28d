import { describe, expect, it } from "vitest";
import { type PassResult, UnfinishedError } from "../../../src/reconcile/reconcile.ts";
import { aCluster } from "../../support/cluster.ts";

const BACKFILL = { operation: "backfill", dryRun: false } as const;

function flags({ notFound, planRefused }: PassResult) {
	return { notFound, planRefused };
}

describe("What a pass says of itself beside its report", () => {
	it("is nothing where it did what was asked, or where there was nothing to do", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("bastion", { isNode: false });
		await cluster.launch("stopped");
		await cluster.stop("stopped");
		const passes = [
			await cluster.routeLaunched("bastion"),
			await cluster.routeLaunched("stopped"),
			await cluster.routeLaunched("worker-0"),
			await cluster.pass({ ...BACKFILL, instanceIds: [cluster.id("worker-0")] }),
			await cluster.audit("routes"),
			await cluster.pass(BACKFILL),
		];
		expect(passes.map(flags)).toEqual(passes.map(() => ({ notFound: [], planRefused: false })));
		expect(passes.map(({ report }) => [report.operation, report.dryRun])).toEqual([
			["launch", false],
			["launch", false],
			["launch", false],
			["backfill", false],
			["audit", false],
			["backfill", false],
		]);
	});

	it("is that the instance is not found, where EC2 does not know it, with an empty report", async () => {
		const cluster = await aCluster();
		const result = await cluster.pass({ operation: "launch", instanceIds: ["i-0123456789abcdef0"] });
		expect(flags(result)).toEqual({ notFound: ["i-0123456789abcdef0"], planRefused: false });
		expect(result.report).toMatchObject({
			dryRun: false,
			planId: "4f53cda18c2b",
			changes: [],
			refusals: [],
			findings: [],
			routes: [],
			quota: [],
			ignored: [{ instanceId: "i-0123456789abcdef0", why: "not found: not visible yet, or gone" }],
		});
	});

	it("is that the plan is refused, where another one was approved", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		const { report } = await cluster.pass({ ...BACKFILL, dryRun: true });
		expect(flags(await cluster.pass({ ...BACKFILL, planId: "0123456789ab" }))).toMatchObject({
			planRefused: true,
		});
		expect(flags(await cluster.pass({ ...BACKFILL, planId: report.planId }))).toMatchObject({
			planRefused: false,
		});
	});
});

describe("The findings of a backfill", () => {
	it("of every node are that there is none, and no other", async () => {
		const cluster = await aCluster();
		expect((await cluster.pass(BACKFILL)).report.findings.map(({ code }) => code)).toEqual(["no-nodes"]);
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("worker-1", { claims: "10.200.0.0/24" });
		expect((await cluster.pass(BACKFILL)).report.findings).toEqual([]);
	});

	it("of named nodes are none, though not one of them is a node", async () => {
		const cluster = await (await aCluster()).launch("bastion", { isNode: false });
		const { report } = await cluster.pass({ ...BACKFILL, instanceIds: [cluster.id("bastion")] });
		expect(report.findings).toEqual([]);
	});

	it("are none of a launch's, where it is refused", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { userData: "pod-cidr=x" });
		const { report } = await cluster.routeLaunched("worker-0");
		expect(report.findings).toEqual([]);
		expect(report.refusals).toMatchObject([{ reason: "malformed-claim" }]);
	});
});

describe("An unfinished pass's error", () => {
	it("names everything that was left undone", () => {
		const error = new UnfinishedError([
			{ instanceId: "i-0a", why: "create a: no" },
			{ why: "replace b: no" },
		]);
		expect(`${error}`).toBe("UnfinishedError: The pass is unfinished: create a: no; replace b: no");
	});
});
