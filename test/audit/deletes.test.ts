import { describe, expect, it } from "vitest";
import { aCluster, type Cluster, type PassOptions } from "../support/cluster.ts";
import { codes, detach, editUserData, repoint } from "./world.ts";

/** worker-0 with its route, and 10.200.9.0/24 left behind by `ended`: the one route that may be deleted. */
async function withAnOrphan(): Promise<Cluster> {
	const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
	await cluster.launch("ended", { claims: "10.200.9.0/24" });
	await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.9.0/24", cluster.eni("ended"));
	return cluster.terminate("ended");
}

/** What became of 10.200.9.0/24 in an audit that may delete. */
async function fateOf(cluster: Cluster, options: PassOptions = {}): Promise<string> {
	await cluster.audit("all", options);
	return (await cluster.routes())["10.200.9.0/24"] ?? "deleted";
}

describe("A route is deleted", () => {
	it("where all conditions hold", async () => {
		const cluster = await withAnOrphan();
		expect(await fateOf(cluster)).toBe("deleted");
		expect(cluster.writes()).toEqual(["DeleteRoute"]);
	});

	it.each(["none", "routes"] as const)("by no audit with REPAIR=%s", async (repair) => {
		const cluster = await withAnOrphan();
		await cluster.audit(repair);
		expect(cluster.writes()).toEqual([]);
	});

	it("by no backfill", async () => {
		const cluster = await withAnOrphan();
		await cluster.pass({ operation: "backfill", dryRun: false });
		expect(cluster.writes()).toEqual([]);
	});

	it("by no launch, not even of another node", async () => {
		const cluster = await withAnOrphan();
		await cluster.routeLaunched("worker-0");
		expect(cluster.writes()).toEqual([]);
	});
});

describe("No route is deleted that is not a blackhole:", () => {
	it("an active one whose interface is not found is a stale read, and told as unfinished", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
		cluster.ec2.seedRoute(cluster.tableId, {
			destinationCidrBlock: "10.200.9.0/24",
			kind: "interface",
			networkInterfaceId: "eni-0dead0dead0dead00",
			origin: "CreateRoute",
			state: "active",
		});
		const { report, unfinished } = await cluster.audit("all");
		expect(cluster.writes()).toEqual([]);
		expect(report.findings).toEqual([]);
		expect(unfinished.map(({ why }) => why)).toEqual([
			`the route to 10.200.9.0/24 in ${cluster.tableId} is active, though its target eni-0dead0dead0dead00 was not found: one of the two reads is stale, so nothing is done until they agree`,
		]);
	});
});

describe("No route is deleted whose interface still exists:", () => {
	it("that of a stopped node, whatever it claims by now", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("worker-9", { claims: "10.200.9.0/24" });
		await cluster.route("10.200.9.0/24", cluster.eni("worker-9"));
		await cluster.stop("worker-9");
		expect(await fateOf(cluster)).toBe("worker-9 (blackhole)");
		await editUserData(cluster, "worker-9", "name=worker-9|pod-cidr=10.200.8.0/24");
		await cluster.stop("worker-9");
		expect(await fateOf(cluster)).toBe("worker-9 (blackhole)");
	});

	it("that of a stopped instance that is not a node", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("nat", { isNode: false });
		await cluster.route("10.200.9.0/24", cluster.eni("nat"));
		await cluster.stop("nat");
		expect(await fateOf(cluster)).toBe("nat (blackhole)");
	});

	it("one that is attached to nothing", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.attachInterface("worker-0");
		await cluster.route("10.200.9.0/24", cluster.eni("worker-0", 1));
		await detach(cluster, "worker-0", 1);
		expect(await fateOf(cluster)).toBe("worker-0/1 (blackhole)");
	});
});

describe("No route is deleted that a living node claims, though it cannot have it:", () => {
	it("a stopped one", async () => {
		const cluster = await withAnOrphan();
		await cluster.launch("heir", { claims: "10.200.9.0/24" });
		await cluster.stop("heir");
		expect(await fateOf(cluster)).toBe("ended (blackhole)");
	});

	it("one whose claim is refused for another block of it", async () => {
		const cluster = await withAnOrphan();
		await cluster.launch("heir", { claims: "10.200.9.0/24,2001:db8::/64" });
		expect(await fateOf(cluster)).toBe("ended (blackhole)");
	});

	it("one whose block has a size that is not allowed", async () => {
		const cluster = await withAnOrphan();
		await cluster.launch("heir", { claims: "10.200.9.0/24" });
		expect(await fateOf(cluster, { environment: { NODE_CIDR_MASK_SIZES: "25" } })).toBe("ended (blackhole)");
	});

	it("one in whose way a foreign route lies", async () => {
		const cluster = await withAnOrphan();
		cluster.ec2.seedRoute(cluster.tableId, {
			destinationCidrBlock: "10.200.9.128/25",
			kind: "vpc-peering",
			vpcPeeringConnectionId: "pcx-0a0a0a0a0a0a0a0a0",
		});
		await cluster.launch("heir", { claims: "10.200.9.0/24" });
		expect(await fateOf(cluster)).toBe("ended (blackhole)");
	});

	it("one that EC2 lists, but does not know when asked what it claims", async () => {
		const cluster = await withAnOrphan();
		const id = cluster.id("worker-0");
		cluster.ec2.intercept = ({ action, parameters }) =>
			action === "DescribeInstanceAttribute" && parameters["InstanceId"] === id
				? { when: "before", status: 400, code: "InvalidInstanceID.NotFound", message: "It does not exist." }
				: undefined;
		expect(await fateOf(cluster)).toBe("ended (blackhole)");
	});
});

describe("No route is deleted without a whole listing of nodes:", () => {
	it("an empty one", async () => {
		const cluster = await withAnOrphan();
		const environment = { NODE_FILTERS: "tag:Name=mispelt", DELETE_SHARE_MAX: "1" };
		expect(await fateOf(cluster, { environment })).toBe("ended (blackhole)");
	});

	it("one that failed", async () => {
		const cluster = await withAnOrphan();
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeInstances"
				? { when: "after", status: 500, code: "InternalError", message: "An internal error has occurred" }
				: undefined;
		await expect(fateOf(cluster)).rejects.toThrow("DescribeInstances failed: InternalError");
		expect(cluster.writes()).toEqual([]);
	});
});

describe("No route is deleted unless a reading taken just before shows it as it was:", () => {
	it("one that somebody gave to a node meanwhile", async () => {
		const cluster = await withAnOrphan();
		cluster.justBefore("DescribeNetworkInterfaces", () =>
			cluster.request("ReplaceRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.9.0/24",
				NetworkInterfaceId: cluster.eni("worker-0"),
			}),
		);
		expect(await fateOf(cluster)).toBe("worker-0");
		expect(cluster.writes()).toEqual([]);
	});

	it("one whose table cannot be read again", async () => {
		const cluster = await withAnOrphan();
		let readings = 0;
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeRouteTables" && ++readings === 2
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		const { report } = await cluster.audit("all");
		expect(report.changes).toMatchObject([
			{
				kind: "delete",
				outcome: "failed",
				error: "TablesUnread: DescribeRouteTables failed: UnauthorizedOperation: No.",
			},
		]);
		expect(cluster.writes()).toEqual([]);
	});

	it("one that somebody deleted just before us is gone, and nothing failed", async () => {
		const cluster = await withAnOrphan();
		cluster.justBefore("DeleteRoute", () =>
			cluster.request("DeleteRoute", {
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: "10.200.9.0/24",
			}),
		);
		const { report, unfinished } = await cluster.audit("all");
		expect([report.changes, unfinished]).toEqual([[], []]);
	});
});

/** Live and dead routes, each of a block of its own, beside one node's. */
async function withRoutes(live: number, dead: number): Promise<Cluster> {
	const cluster = await aCluster();
	for (let number = 0; number < live; number += 1) {
		await cluster.launch(`worker-${number}`, { claims: `10.200.${number}.0/24` });
		await cluster.route(`10.200.${number}.0/24`, cluster.eni(`worker-${number}`));
	}
	if (live === 0) await cluster.launch("controller-0");
	await cluster.launch("ended");
	for (let number = 0; number < dead; number += 1) {
		await cluster.route(`10.200.${100 + number}.0/24`, cluster.eni("ended"));
	}
	return cluster.terminate("ended");
}

describe("DELETE_SHARE_MAX", () => {
	it.each([
		{ live: 7, dead: 3, max: "0.3", writes: 3, name: "3 of 10 are just the share: deleted" },
		{ live: 6, dead: 4, max: "0.3", writes: 0, name: "4 of 10 are one over: withheld" },
		{ live: 9, dead: 4, max: "0.3", writes: 0, name: "4 of 13 are a little over: withheld" },
		{ live: 1, dead: 2, max: "0.3", writes: 2, name: "2 of 3 are always allowed" },
		{ live: 0, dead: 2, max: "0", writes: 2, name: "2 of 2 are always allowed, even with a share of 0" },
		{ live: 7, dead: 3, max: "0", writes: 0, name: "3 of 10 with a share of 0: withheld" },
		{ live: 0, dead: 5, max: "1", writes: 5, name: "all of them with a share of 1: deleted" },
	])("$name", async ({ live, dead, max, writes }) => {
		const cluster = await withRoutes(live, dead);
		const { report } = await cluster.audit("all", { environment: { DELETE_SHARE_MAX: max } });
		expect(cluster.writes()).toHaveLength(writes);
		expect(new Set(report.changes.map(({ outcome }) => outcome))).toEqual(
			new Set([writes > 0 ? "applied" : "withheld"]),
		);
	});

	it("withholds the deletes alone, and says how a person lets them through", async () => {
		const cluster = await withRoutes(6, 4);
		await cluster.launch("worker-7", { claims: "10.200.7.0/24" });
		await cluster.launch("worker-8", { claims: "10.200.100.0/24" });
		await cluster.route("10.200.101.128/25", cluster.eni("worker-7"));
		await repoint(cluster, "10.200.0.0/24", cluster.eni("worker-1"));
		const environment = { DELETE_SHARE_MAX: "0.2" };
		const { report, unfinished } = await cluster.audit("all", { environment });
		expect(
			report.changes.map(({ kind, destination, outcome, error }) => [kind, destination, outcome, error]),
		).toEqual([
			["replace", "10.200.0.0/24", "applied", undefined],
			["create", "10.200.7.0/24", "applied", undefined],
			["replace", "10.200.100.0/24", "applied", undefined],
			...[101, 102, 103].map((number) => [
				"delete",
				`10.200.${number}.0/24`,
				"withheld",
				`TooManyDeletes: 3 of 11 managed routes of ${cluster.tableId} would be deleted, more than DELETE_SHARE_MAX (0.2) allows. If that is right, run: REPAIR=all DELETE_SHARE_MAX=1 podroute audit`,
			]),
		]);
		expect(unfinished).toEqual([]);

		const next = await cluster.audit("all", { environment: { DELETE_SHARE_MAX: "1" } });
		expect(new Set(next.report.changes.map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
		expect(codes(await cluster.audit("all"))).toEqual(["unclaimed-route"]);
	});

	it("is counted table by table: one is withheld, the other goes on", async () => {
		const cluster = await aCluster({ tables: 2 });
		const [many = "", few = ""] = cluster.tableIds;
		await cluster.launch("controller-0");
		await cluster.launch("ended");
		for (const number of [1, 2, 3]) {
			await cluster.route(`10.200.${number}.0/24`, cluster.eni("ended"), many);
		}
		for (const number of [1, 2]) await cluster.route(`10.200.${number}.0/24`, cluster.eni("ended"), few);
		await cluster.terminate("ended");
		await cluster.audit("all");
		expect(Object.keys(await cluster.routes(many))).toHaveLength(3);
		expect(await cluster.routes(few)).toEqual({});
	});
});
