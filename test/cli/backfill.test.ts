import { beforeEach, describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { type Ended, podrouteOn, withNames } from "../support/command.ts";

let cluster: Cluster;

beforeEach(async () => {
	cluster = await aCluster();
});

function backfill(...args: readonly string[]): Promise<Ended> {
	return podrouteOn(cluster, ["backfill", ...args]);
}

describe("podroute backfill", () => {
	it("routes every node of a cluster that exists, and the second time finds nothing to do", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.launch("w1", { claims: "10.200.1.0/24", sourceDestCheck: true });
		await cluster.launch("controller");
		const first = await backfill();
		expect(first.code).toBe(0);
		expect(withNames(first.stdout, cluster, "w0", "w1", "controller")).toMatchInlineSnapshot(`
			"rtb-0
			  + 10.200.0.0/24  w0·················
			  + 10.200.1.0/24  w1·················

			Network interfaces
			  ! w1·················  source/dest check off

			Left alone: controller·········: it claims no block, by tag or user data

			Done: 2 created, 0 replaced, 0 deleted, 1 source/dest check turned off.
			"
		`);
		expect(await cluster.routes()).toMatchObject({ "10.200.0.0/24": "w0", "10.200.1.0/24": "w1" });

		const second = await backfill("--json");
		expect(second.code).toBe(0);
		expect(JSON.parse(second.stdout)).toMatchObject({
			operation: "backfill",
			dryRun: false,
			changes: [],
			refusals: [],
			apiCalls: { DescribeInstances: 1, DescribeInstanceAttribute: 3, DescribeRouteTables: 1 },
		});
		expect(Object.keys(JSON.parse(second.stdout).apiCalls)).toEqual([
			"DescribeInstanceAttribute",
			"DescribeInstances",
			"DescribeRouteTables",
		]);
	});

	it("with --dry-run writes nothing, shows the plan, and ends 2 because there is something to act on", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const { code, stdout } = await backfill("--dry-run");
		expect(code).toBe(2);
		expect(withNames(stdout, cluster, "w0")).toMatchInlineSnapshot(`
			"rtb-0
			  + 10.200.0.0/24  w0·················

			Plan …: 1 to create, 0 to replace, 0 to delete.
			"
		`);
		expect(cluster.writes()).toEqual([]);
	});

	it("with --plan-id applies the plan that was shown", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const { planId } = JSON.parse((await backfill("--dry-run", "--json")).stdout);
		const { code, stdout } = await backfill("--plan-id", planId, "--json");
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ planId, changes: [{ kind: "create", outcome: "applied" }] });
	});

	it("with --plan-id refuses any other plan, writes nothing, and ends 2", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const { planId } = JSON.parse((await backfill("--dry-run", "--json")).stdout);
		await cluster.launch("w1", { claims: "10.200.1.0/24" });
		const { code, stdout } = await backfill("--plan-id", planId);
		expect(code).toBe(2);
		expect(stdout).toContain(`plan ${planId} is refused`);
		expect(cluster.writes()).toEqual([]);
	});

	it("with --instance routes the nodes that are named and no other", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.launch("w1", { claims: "10.200.1.0/24" });
		await cluster.launch("w2", { claims: "10.200.2.0/24" });
		const { code } = await backfill("--instance", cluster.id("w0"), "--instance", cluster.id("w2"));
		expect(code).toBe(0);
		expect(Object.keys(await cluster.routes()).filter((block) => block.startsWith("10.200."))).toEqual([
			"10.200.0.0/24",
			"10.200.2.0/24",
		]);
	});

	it("ends 2 where a claim is refused, and says which and why", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.launch("stray", { claims: "10.99.0.0/24" });
		const { code, stdout } = await backfill();
		expect(code).toBe(2);
		expect(withNames(stdout, cluster, "w0", "stray")).toMatchInlineSnapshot(`
			"rtb-0
			  + 10.200.0.0/24  w0·················

			Refused: stray·············· claims 10.99.0.0/24 (user data line 1), which is
			    not inside CLUSTER_CIDRS (10.200.0.0/16, fd00:10:200::/48): claim a block of
			    the cluster

			Done: 1 created, 0 replaced, 0 deleted. 1 refused.
			"
		`);
	});

	it("ends 2 where the filters match no instance at all, since a typing error looks just like that", async () => {
		const { code, stdout } = await backfill();
		expect(code).toBe(2);
		expect(stdout).toBe(
			"NODE_FILTERS match no instance at all: check their spelling, and the region\n\nNo changes.\n",
		);
	});

	it("ends 1 where a change failed, and says which and why", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "You are not authorized." }
				: undefined;
		const { code, stdout } = await backfill();
		expect(code).toBe(1);
		expect(withNames(stdout, cluster, "w0")).toMatchInlineSnapshot(`
			"rtb-0
			  + 10.200.0.0/24  w0·················
			      failed: UnauthorizedOperation: You are not authorized.

			Done: 0 created, 0 replaced, 0 deleted. 1 not done.
			"
		`);
	});

	it("ends 1 with a sentence where it could not look, and prints no report", async () => {
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeInstances"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "You are not authorized." }
				: undefined;
		expect(await backfill("--json")).toEqual({
			code: 1,
			stdout: "",
			stderr: "podroute: DescribeInstances failed: UnauthorizedOperation: You are not authorized.\n",
		});
	});

	it.each([
		[["--instance", "web-1"], "--instance must be an instance id, i-…; web-1 is none."],
		[["--instances", "i-1"], "Unknown option '--instances'"],
	])("%j is an error that says what is wrong, before anything is read", async (args, sentence) => {
		const { code, stderr } = await backfill(...args);
		expect(code).toBe(1);
		expect(stderr).toContain(sentence);
		expect(cluster.calls()).toEqual({});
	});

	it("shows no progress where nobody watches", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		expect((await backfill()).stderr).toBe("");
	});
});
