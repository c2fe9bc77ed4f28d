import { beforeEach, describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { podrouteOn, withNames } from "../support/command.ts";

let cluster: Cluster;

beforeEach(async () => {
	cluster = await aCluster();
});

/** One of each kind of trouble: a blackhole, a missing route, an orphan, a contest, a stopped owner. */
async function drift(): Promise<void> {
	for (const [name, claims] of Object.entries({
		healthy: "10.200.0.0/24",
		old: "10.200.1.0/24",
		gone: "10.200.2.0/24",
		resting: "10.200.3.0/24",
	})) {
		await cluster.launch(name, { claims });
		await cluster.routeLaunched(name);
	}
	await cluster.terminate("old");
	await cluster.launch("new", { claims: "10.200.1.0/24" });
	await cluster.terminate("gone");
	await cluster.stop("resting");
	await cluster.launch("unrouted", { claims: "10.200.4.0/24" });
	await cluster.launch("rival", { claims: "10.200.0.0/24" });
	await cluster.launch("controller");
	cluster.ec2.clearCalls();
}

const NAMES = ["healthy", "new", "resting", "unrouted", "rival", "controller"];

describe("podroute audit", () => {
	it("on a healthy cluster ends 0, writes nothing, and says that nothing is wrong", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.routeLaunched("w0");
		cluster.ec2.clearCalls();
		const { code, stdout, stderr } = await podrouteOn(cluster, ["audit"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(withNames(stdout, cluster, "w0")).toMatchInlineSnapshot(`
			"rtb-0  2 of 500 IPv4 routes
			  10.0.0.0/16    local                active  not ours
			  10.200.0.0/24  w0·················  active

			1 of 2 routes are ours. Nothing is wrong.
			"
		`);
		expect(cluster.writes()).toEqual([]);
	});

	it("on a drifted one ends 2, writes nothing, and shows routes and findings", async () => {
		await drift();
		const { code, stdout } = await podrouteOn(cluster, ["audit"]);
		expect(code).toBe(2);
		expect(withNames(stdout, cluster, ...NAMES)).toMatchInlineSnapshot(`
			"rtb-0  5 of 500 IPv4 routes
			  10.0.0.0/16    local                  active     not ours
			  10.200.0.0/24  healthy············    active
			  10.200.1.0/24  new················    blackhole  blackhole-route
			  10.200.2.0/24  eni-0b918943df0962bc7  blackhole  orphan-route
			  10.200.3.0/24  resting············    blackhole  stopped-owner

			critical
			contested-claim: rival·············· claims 10.200.0.0/24, which is routed to
			    healthy············ already and stays there: give each node a block of its
			    own
			blackhole-route: 10.200.1.0/24 in rtb-0 is a blackhole at
			    eni-5f9c4ab08cac7457e, but new················ serves it: its pods get no
			    traffic; an audit with REPAIR=routes, or a backfill, puts it right
			missing-route: 10.200.4.0/24 of unrouted··········· has no route in
			    rtb-0: traffic to its pods is dropped; an audit with
			    REPAIR=routes, or a backfill, puts it right

			warning
			orphan-route: 10.200.2.0/24 in rtb-0 is a blackhole at
			    eni-0b918943df0962bc7, which no longer exists, and no node claims it: an
			    audit with REPAIR=all deletes it

			info
			missing-claim: controller········· claims no block, by tag or user data: normal
			    for a control-plane instance, a mistake for a worker
			stopped-owner: 10.200.3.0/24 in rtb-0 is a blackhole, and its
			    owner resting············ is stopped: kept until the node runs again or is
			    terminated

			rtb-0
			  ~ 10.200.1.0/24  eni-5f9c4ab08cac7457e (blackhole) -> new················
			  + 10.200.4.0/24  unrouted···········

			4 of 5 routes are ours. Found 3 critical, 1 warning, 2 info. Plan …:
			    1 to create, 1 to replace, 0 to delete. 4 to act on.
			"
		`);
		expect(cluster.writes()).toEqual([]);
	});

	it("fits into 80 columns, and has no colour where nobody watches", async () => {
		await drift();
		const { stdout } = await podrouteOn(cluster, ["audit"]);
		expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
		expect(stdout).not.toContain("\u001b");
	});

	it("with REPAIR=all puts right what it may, and ends 2 for what a person must decide", async () => {
		await drift();
		const { code, stdout } = await podrouteOn(cluster, ["audit"], { REPAIR: "all" });
		expect(code).toBe(2);
		expect(withNames(stdout.split("\n").slice(-9).join("\n"), cluster, ...NAMES)).toMatchInlineSnapshot(`
			"
			rtb-0
			  ~ 10.200.1.0/24  eni-5f9c4ab08cac7457e (blackhole) -> new················
			  - 10.200.2.0/24  eni-0b918943df0962bc7 (blackhole)
			  + 10.200.4.0/24  unrouted···········

			4 of 5 routes are ours. Found 3 critical, 1 warning, 2 info. Done: 1 created, 1
			    replaced, 1 deleted. 1 to act on.
			"
		`);
		expect(await cluster.routes()).toMatchObject({
			"10.200.0.0/24": "healthy",
			"10.200.1.0/24": "new",
			"10.200.4.0/24": "unrouted",
		});
	});

	it("ends 0 once repair has made everything as it should be; what was found stays listed", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24", sourceDestCheck: true });
		const { code, stdout } = await podrouteOn(cluster, ["audit", "--json"], { REPAIR: "routes" });
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({
			operation: "audit",
			findings: [{ code: "source-dest-check-on" }, { code: "missing-route" }],
			changes: [{ outcome: "applied" }, { outcome: "applied" }],
		});
	});

	it("ends 1 with a sentence where it could not look", async () => {
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeRouteTables"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		expect(await podrouteOn(cluster, ["audit", "--json"])).toEqual({
			code: 1,
			stdout: "",
			stderr: "podroute: DescribeRouteTables failed: UnauthorizedOperation: No.\n",
		});
	});

	it("names every setting that is missing", async () => {
		const { code, stderr } = await podrouteOn(cluster, ["audit"], { NODE_FILTERS: "", CLUSTER_CIDRS: " " });
		expect(code).toBe(1);
		expect(stderr).toContain("- NODE_FILTERS is required");
		expect(stderr).toContain("- CLUSTER_CIDRS is required");
	});
});
