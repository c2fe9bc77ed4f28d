import { describe, expect, it } from "vitest";
import type { Fault, InterceptedCall } from "../../emulator/faults.ts";
import type { Cluster } from "../support/cluster.ts";
import { aHealthyCluster, codes, told, unroute } from "./world.ts";

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
const UNKNOWN = {
	when: "before",
	status: 400,
	code: "InvalidInstanceID.NotFound",
	message: "The instance ID does not exist",
} as const;

/** A cluster where an audit with REPAIR=all has a route to make, one to replace and one to delete. */
async function muchToDo(options: Parameters<typeof aHealthyCluster>[0] = {}): Promise<Cluster> {
	const cluster = await aHealthyCluster(options);
	await cluster.launch("ended", { claims: "10.200.8.0/24" });
	await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
	await cluster.launch("worker-3", { claims: "10.200.3.0/24" });
	await cluster.route("10.200.8.0/24", cluster.eni("ended"));
	await cluster.route("10.200.3.0/24", cluster.eni("ended"));
	return cluster.terminate("ended");
}

function fault(cluster: Cluster, fault: Fault, hits: (call: InterceptedCall) => boolean): void {
	cluster.ec2.intercept = (call) => (hits(call) ? fault : undefined);
}

describe("A listing of the nodes", () => {
	it("that is empty is told, and nothing else is said or done", async () => {
		const cluster = await muchToDo();
		const result = await cluster.audit("all", { environment: { NODE_FILTERS: "tag:Name=mispelt" } });
		expect(told(cluster, result, [])).toEqual([
			[
				"no-nodes",
				"warning",
				{},
				"NODE_FILTERS match no instance at all: check their spelling, and the region",
			],
		]);
		expect(cluster.writes()).toEqual([]);
	});

	it.each([
		{ failure: DENIED, error: "UnauthorizedOperation: You are not authorized to perform this operation." },
		{ failure: INTERNAL, error: "InternalError: An internal error has occurred" },
	])("that fails with $failure.code ends the audit before it writes", async ({ failure, error }) => {
		const cluster = await muchToDo();
		fault(cluster, failure, ({ action }) => action === "DescribeInstances");
		await expect(cluster.audit("all")).rejects.toThrow(`DescribeInstances failed: ${error}`);
		expect(cluster.writes()).toEqual([]);
	});

	it.each([1, 2, 3])(
		"of three pages of which page %i fails ends the audit before it writes",
		async (page) => {
			const cluster = await threePages();
			let pages = 0;
			fault(cluster, INTERNAL, ({ action }) => action === "DescribeInstances" && ++pages === page);
			await expect(cluster.audit("all")).rejects.toThrow(
				"DescribeInstances failed: InternalError: An internal error has occurred",
			);
			expect(pages).toBe(page);
			expect(cluster.writes()).toEqual([]);
		},
	);

	it("of three pages, one of them without a node, is read to its end", async () => {
		const cluster = await threePages();
		const { report } = await cluster.audit("all");
		expect(report.apiCalls["DescribeInstances"]).toBe(3);
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "worker-0",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
			"10.200.4.0/24": "worker-4",
		});
	});
});

/** The listing comes in pages of five, whatever is asked for: five nodes, five other instances, one more node. */
async function threePages(): Promise<Cluster> {
	const cluster = await muchToDo({ switches: { pagesCount: "examined" } });
	for (let other = 0; other < 5; other += 1) await cluster.launch(`other-${other}`, { isNode: false });
	await cluster.launch("worker-4", { claims: "10.200.4.0/24" });
	const { ec2 } = cluster;
	const handle = ec2.handle.bind(ec2);
	ec2.handle = (body) => {
		const isListing = new URLSearchParams(body).get("Action") === "DescribeInstances";
		return handle(isListing ? body.replace("MaxResults=1000", "MaxResults=5") : body);
	};
	return cluster;
}

describe("User data", () => {
	const ofWorker1 = (cluster: Cluster) => {
		const id = cluster.id("worker-1");
		return ({ action, parameters }: InterceptedCall) =>
			action === "DescribeInstanceAttribute" && parameters["InstanceId"] === id;
	};

	it("of one node that fails to be read ends the audit before it writes, and names the node", async () => {
		const cluster = await muchToDo();
		fault(cluster, INTERNAL, ofWorker1(cluster));
		await expect(cluster.audit("all")).rejects.toThrow(
			`DescribeInstanceAttribute userData of ${cluster.id("worker-1")} failed: InternalError: An internal error has occurred`,
		);
		expect(cluster.writes()).toEqual([]);
	});

	it("of one node that is denied ends the audit before it writes, and names the node", async () => {
		const cluster = await muchToDo();
		fault(cluster, DENIED, ofWorker1(cluster));
		await expect(cluster.audit("all")).rejects.toThrow(
			`The user data of ${cluster.id("worker-1")} could not be read: UnauthorizedOperation: You are not authorized to perform this operation.`,
		);
		expect(cluster.writes()).toEqual([]);
	});

	it("of a node that vanished after it was listed: told, the others are repaired, nothing is deleted", async () => {
		const cluster = await muchToDo();
		fault(cluster, UNKNOWN, ofWorker1(cluster));
		const result = await cluster.audit("all");
		expect(result.report.ignored).toEqual([
			{
				instanceId: cluster.id("worker-1"),
				why: "its claim could not be read: EC2 lists it but does not know it when asked for its user data",
			},
		]);
		expect(cluster.writes().toSorted()).toEqual(["CreateRoute", "ReplaceRoute"]);
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "worker-0",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
			"10.200.8.0/24": "ended (blackhole)",
		});
	});
});

describe("An instance that ends", () => {
	it("between the listing and the table leads to a failed change, which is told", async () => {
		const cluster = await aHealthyCluster();
		await unroute(cluster, "10.200.1.0/24");
		cluster.justBefore("DescribeRouteTables", () => {
			cluster.request("TerminateInstances", { "InstanceId.1": cluster.id("worker-1") });
			cluster.ec2.settle();
		});
		const { report, unfinished } = await cluster.audit("all");
		expect(report.changes).toMatchObject([
			{
				kind: "create",
				outcome: "failed",
				error: expect.stringMatching(/^InvalidNetworkInterfaceID\.NotFound: /),
			},
		]);
		expect(unfinished).toHaveLength(1);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("keeps its route while it shuts down, and is not asked for its user data", async () => {
		const cluster = await aHealthyCluster();
		await cluster.terminate("worker-1", { settle: false });
		const { report } = await cluster.audit("all");
		expect([report.findings, report.changes]).toEqual([[], []]);
		expect(report.apiCalls["DescribeInstanceAttribute"]).toBe(1);
	});

	it("is still listed once terminated: its route is an orphan, and it claims nothing any more", async () => {
		const cluster = await aHealthyCluster();
		await cluster.terminate("worker-1");
		const result = await cluster.audit("all");
		expect(codes(result)).toEqual(["orphan-route"]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});
});

describe("A route table", () => {
	const PROPAGATED = "vgw-0a0a0a0a0a0a0a0a0";

	/** Routes of every other kind, outside CLUSTER_CIDRS, around them and inside. */
	function seedForeignRoutes({ ec2, tableId }: Cluster): void {
		const seed = ec2.seedRoute.bind(ec2, tableId);
		seed({ destinationPrefixListId: "pl-0a0a0a0a", kind: "gateway", gatewayId: "vpce-0a0a0a0a0a0a0a0a0" });
		seed({ destinationCidrBlock: "0.0.0.0/0", kind: "nat-gateway", natGatewayId: "nat-0a0a0a0a0a0a0a0a0" });
		seed({
			destinationIpv6CidrBlock: "::/0",
			kind: "egress-only-internet-gateway",
			egressOnlyInternetGatewayId: "eigw-0a0a0a0a0a0a0a0a0",
		});
		seed({
			destinationCidrBlock: "10.0.0.0/8",
			kind: "transit-gateway",
			transitGatewayId: "tgw-0a0a0a0a0a0a0a0a0",
		});
		seed({
			destinationCidrBlock: "10.200.0.0/16",
			kind: "transit-gateway",
			transitGatewayId: "tgw-0a0a0a0a0a0a0a0a0",
			state: "blackhole",
		});
		seed({
			destinationCidrBlock: "10.200.40.0/24",
			kind: "vpc-peering",
			vpcPeeringConnectionId: "pcx-0a0a0a0a0a0a0a0a0",
			state: "blackhole",
		});
		seed({ destinationCidrBlock: "10.200.41.0/24", kind: "gateway", gatewayId: PROPAGATED });
		seed({
			destinationIpv6CidrBlock: "fd00:10:200:41::/64",
			kind: "gateway",
			gatewayId: PROPAGATED,
			state: "blackhole",
		});
		seed({
			destinationCidrBlock: "10.200.42.0/24",
			kind: "core-network",
			coreNetworkArn: "arn:aws:networkmanager::123456789012:core-network/core-network-0a",
			state: "filtered",
		});
	}

	it("with routes of every other kind is left alone but for our own, and crashes nothing", async () => {
		const cluster = await muchToDo();
		await cluster.launch("nat", { isNode: false });
		await cluster.route("192.168.0.0/16", cluster.eni("nat"));
		await cluster.route("10.200.43.0/24", cluster.eni("nat"));
		seedForeignRoutes(cluster);
		await cluster.stop("nat");
		const { unfinished } = await cluster.audit("all");
		expect(unfinished).toEqual([]);
		expect(cluster.writes().toSorted()).toEqual(["CreateRoute", "DeleteRoute", "ReplaceRoute"]);
		expect(await cluster.routes()).toEqual({
			"pl-0a0a0a0a": "vpce-0a0a0a0a0a0a0a0a0",
			"0.0.0.0/0": "?",
			"::/0": "?",
			"10.0.0.0/8": "?",
			"192.168.0.0/16": "nat (blackhole)",
			"10.200.0.0/16": "? (blackhole)",
			"10.200.0.0/24": "worker-0",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
			"10.200.40.0/24": "pcx-0a0a0a0a0a0a0a0a0 (blackhole)",
			"10.200.41.0/24": PROPAGATED,
			"fd00:10:200:41::/64": `${PROPAGATED} (blackhole)`,
			"10.200.42.0/24": "?",
			"10.200.43.0/24": "nat (blackhole)",
		});
		const { report } = await cluster.audit("all");
		expect([report.findings, report.changes]).toEqual([[], []]);
		expect(report.routes.filter(({ managed }) => managed).map(({ destination }) => destination)).toEqual([
			"10.200.0.0/24",
			"10.200.1.0/24",
			"10.200.2.0/24",
			"10.200.3.0/24",
		]);
	});

	it("of 1,000 routes is audited whole: one is dead, one is missing", async () => {
		const environment = { ROUTE_LIMIT: "1000", QUOTA_WARN_RATIO: "1" };
		const cluster = await aHealthyCluster({ routeLimit: 1_000, environment });
		for (let number = 0; number < 997; number += 1) {
			cluster.ec2.seedRoute(cluster.tableId, {
				destinationCidrBlock: `10.${100 + Math.floor(number / 256)}.${number % 256}.0/24`,
				kind: "vpc-peering",
				vpcPeeringConnectionId: "pcx-0a0a0a0a0a0a0a0a0",
			});
		}
		await cluster.terminate("worker-1");
		await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
		const { report } = await cluster.audit("all");
		expect(report.quota).toEqual([
			{ routeTableId: cluster.tableId, family: "ipv4", used: 1_000, limit: 1_000 },
		]);
		expect(report.routes).toHaveLength(1_000);
		expect(report.changes.map(({ kind, outcome }) => [kind, outcome])).toEqual([
			["delete", "applied"],
			["create", "applied"],
		]);
	});
});

describe("A route table that disappears", () => {
	it("before the audit, the only one, is an error that names it", async () => {
		const cluster = await aHealthyCluster();
		await cluster.api.deleteRouteTable({ RouteTableId: cluster.tableId });
		await expect(cluster.audit("all")).rejects.toThrow(
			`There is no route table to look after: ${cluster.tableId} of ROUTE_TABLES does not exist: correct ROUTE_TABLES`,
		);
		expect(cluster.writes()).toEqual([]);
	});

	it("before the audit, one of two, is told, and the other is repaired", async () => {
		const cluster = await aHealthyCluster({ tables: 2 });
		const [lost = "", kept = ""] = cluster.tableIds;
		await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
		await cluster.api.deleteRouteTable({ RouteTableId: lost });
		const { report } = await cluster.audit("all");
		expect(report.ignored).toEqual([{ why: gone(lost) }]);
		expect(report.changes).toMatchObject([{ routeTableId: kept, outcome: "applied" }]);
	});

	it("just before a write, one of two: that change failed, the other was made", async () => {
		const cluster = await aHealthyCluster({ tables: 2 });
		const [lost = "", kept = ""] = cluster.tableIds;
		await cluster.launch("worker-2", { claims: "10.200.2.0/24" });
		cluster.justBefore("CreateRoute", () => remove(cluster, lost));
		const { report, unfinished } = await cluster.audit("all");
		const outcomes = report.changes.map(({ routeTableId, outcome }) => [routeTableId, outcome]);
		expect(Object.fromEntries(outcomes)).toEqual({ [lost]: "failed", [kept]: "applied" });
		expect(unfinished.map(({ why }) => why)).toEqual([
			`create ${lost} 10.200.2.0/24: InvalidRouteTableID.NotFound: The routeTable ID '${lost}' does not exist`,
		]);
	});

	it("between two readings, one of two, is told, and the other is repaired", async () => {
		const cluster = await muchToDo({ tables: 2 });
		const [lost = "", kept = ""] = cluster.tableIds;
		slowly(cluster, () => remove(cluster, lost));
		const { report } = await cluster.audit("all", { now: () => cluster.ec2.now() });
		expect(report.ignored).toEqual([{ why: gone(lost) }]);
		expect(report.changes.map(({ routeTableId, outcome }) => [routeTableId, outcome])).toEqual([
			[kept, "applied"],
			[kept, "applied"],
		]);
		expect(await cluster.routes(kept)).toMatchObject({
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
		});
	});

	it("between two readings, the only one: every change failed, and why is told", async () => {
		const cluster = await muchToDo();
		slowly(cluster, () => remove(cluster, cluster.tableId));
		const { report, unfinished } = await cluster.audit("all", { now: () => cluster.ec2.now() });
		const error = `TablesUnread: There is no route table to look after: ${gone(cluster.tableId)}`;
		expect(report.changes.map(({ outcome, error }) => [outcome, error])).toEqual([
			["failed", error],
			["failed", error],
			["failed", error],
		]);
		expect(unfinished).toHaveLength(3);
		expect(cluster.writes()).toEqual([]);
	});

	const gone = (id: string) => `${id} of ROUTE_TABLES does not exist: correct ROUTE_TABLES`;

	function remove(cluster: Cluster, id: string): void {
		cluster.request("DeleteRouteTable", { RouteTableId: id });
	}

	/** The reading of the tables is too old by the time of the first write. */
	function slowly(cluster: Cluster, happen: () => void): void {
		cluster.justBefore("DescribeNetworkInterfaces", () => {
			cluster.ec2.advance(6_000);
			happen();
		});
	}
});

describe("A listing of the tables", () => {
	it.each([1, 2])("of two pages of which page %i fails ends the audit before it writes", async (page) => {
		const cluster = await aHealthyCluster({ tables: 101 });
		await unroute(cluster, "10.200.0.0/24");
		let pages = 0;
		fault(cluster, INTERNAL, ({ action }) => action === "DescribeRouteTables" && ++pages === page);
		await expect(cluster.audit("all")).rejects.toThrow(
			"DescribeRouteTables failed: InternalError: An internal error has occurred",
		);
		expect(cluster.writes()).toEqual([]);
	});

	it("with an edge table among them skips it, says so, and repairs the others", async () => {
		const cluster = await muchToDo();
		const edge = await cluster.edgeTable();
		const environment = { ROUTE_TABLES: "tag:kubernetes.io/cluster/hard-way=owned" };
		const { report } = await cluster.audit("all", { environment });
		expect(report.ignored).toEqual([
			{ why: `${edge} is associated with a gateway: edge tables are not looked after` },
		]);
		expect(new Set(report.changes.map(({ routeTableId }) => routeTableId))).toEqual(
			new Set([cluster.tableId]),
		);
		expect(await cluster.routes(edge)).toEqual({});
	});

	it("of an edge table alone is an error that names it", async () => {
		const cluster = await muchToDo();
		const edge = await cluster.edgeTable();
		await expect(cluster.audit("all", { environment: { ROUTE_TABLES: edge } })).rejects.toThrow(
			`There is no route table to look after: ${edge} is associated with a gateway: edge tables are not looked after`,
		);
	});
});

describe("The interfaces of routes that no node has", () => {
	it.each([DENIED, INTERNAL])(
		"that cannot be looked up end the audit before it writes: $code",
		async (failure) => {
			const cluster = await muchToDo();
			fault(cluster, failure, ({ action }) => action === "DescribeNetworkInterfaces");
			await expect(cluster.audit("all")).rejects.toThrow(
				`DescribeNetworkInterfaces failed: ${failure.code}: `,
			);
			expect(cluster.writes()).toEqual([]);
		},
	);
});
