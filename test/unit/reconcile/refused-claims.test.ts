import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { aCluster, type Launch } from "../../support/cluster.ts";

interface BadInput {
	readonly name: string;
	readonly launch: Launch;
	readonly environment?: Readonly<Record<string, string>>;
	readonly reason: string;
	/** What the refusal names, beside the instance. */
	readonly names: readonly string[];
}

const BAD: readonly BadInput[] = [
	{
		name: "a block outside the cluster",
		launch: { claims: "10.201.0.0/24" },
		reason: "claim-outside-cluster",
		names: ["10.201.0.0/24", "CLUSTER_CIDRS", "10.200.0.0/16, fd00:10:200::/48"],
	},
	{
		name: "the default route",
		launch: { claims: "0.0.0.0/0" },
		reason: "claim-outside-cluster",
		names: ["0.0.0.0/0", "CLUSTER_CIDRS"],
	},
	{
		name: "the whole cluster",
		launch: { claims: "10.200.0.0/16" },
		reason: "claim-wrong-size",
		names: ["10.200.0.0/16", "CLUSTER_CIDRS"],
	},
	{
		name: "a size that is not allowed",
		launch: { claims: "10.200.0.0/23" },
		environment: { NODE_CIDR_MASK_SIZES: "24" },
		reason: "claim-wrong-size",
		names: ["10.200.0.0/23", "/24", "NODE_CIDR_MASK_SIZES"],
	},
	{
		name: "host bits",
		launch: { claims: "10.200.0.7/24" },
		reason: "malformed-claim",
		names: ["user data line 1", "host bits"],
	},
	{
		name: "a block inside the VPC",
		launch: { claims: "10.0.5.0/24" },
		environment: { CLUSTER_CIDRS: "10.0.0.0/8" },
		reason: "claim-overlaps-vpc",
		names: ["10.0.5.0/24", "10.0.0.0/16"],
	},
	{
		name: "a good block and a bad one",
		launch: { claims: "10.200.0.0/24,2001:db8::/64" },
		reason: "claim-outside-cluster",
		names: ["2001:db8::/64", "CLUSTER_CIDRS"],
	},
	{
		name: "a tag that says otherwise",
		launch: { claims: "10.200.0.0/24", tags: { "pod-cidr": "10.200.1.0/24" } },
		reason: "contradictory-claim",
		names: ["tag pod-cidr", "user data line 1"],
	},
	{
		name: "a gzip bomb",
		launch: { userData: gzipSync(Buffer.alloc(12_000_000)) },
		reason: "malformed-claim",
		names: ["user data", "gzip unpacks to more than 1 MiB"],
	},
	{
		name: "half a gzip",
		launch: { userData: gzipSync("pod-cidr=10.200.0.0/24").subarray(0, 20) },
		reason: "malformed-claim",
		names: ["user data", "gzip is damaged or cut short"],
	},
];

describe("Bad input", () => {
	it.each(BAD)(
		"$name is refused with a sentence, nothing is written, and the next node is routed",
		async (bad) => {
			const cluster = await aCluster();
			const options = bad.environment === undefined ? {} : { environment: bad.environment };
			await cluster.launch("bad", bad.launch);
			const { report, unfinished } = await cluster.routeLaunched("bad", options);
			expect(cluster.writes()).toEqual([]);
			expect(report.changes).toEqual([]);
			expect(report.refusals).toMatchObject([{ reason: bad.reason, instanceId: cluster.id("bad") }]);
			for (const name of [cluster.id("bad"), ...bad.names])
				expect(report.refusals[0]?.detail).toContain(name);
			expect(unfinished).toEqual([]);

			await cluster.launch("good", { claims: "10.200.9.0/24" });
			await cluster.routeLaunched("good");
			expect(await cluster.routes()).toEqual({ "10.200.9.0/24": "good" });
		},
	);

	it.each([
		{ name: "no user data", userData: "none" },
		{ name: "binary user data", userData: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
		{ name: "16 KB of noise", userData: noise(16_384) },
		{ name: "a controller's user data", userData: "name=controller-0" },
	] as const)("$name is no claim: said so, and nothing is written", async ({ userData }) => {
		const cluster = await (await aCluster()).launch("silent", { userData });
		const { report, unfinished } = await cluster.routeLaunched("silent");
		expect(cluster.writes()).toEqual([]);
		expect(report.refusals).toEqual([]);
		expect(report.ignored).toEqual([
			{ instanceId: cluster.id("silent"), why: "it claims no block, by tag or user data" },
		]);
		expect(unfinished).toEqual([]);
	});

	it("an instance of a VPC without a table of ours is refused", async () => {
		const cluster = await aCluster();
		const { subnetId, vpcId } = await cluster.anotherVpc();
		await cluster.launch("stranger", { claims: "10.200.0.0/24", subnetId });
		const { report } = await cluster.routeLaunched("stranger");
		expect(report.refusals).toMatchObject([
			{ reason: "wrong-vpc", instanceId: cluster.id("stranger"), destination: "10.200.0.0/24" },
		]);
		for (const name of [cluster.id("stranger"), vpcId, "NODE_FILTERS", "ROUTE_TABLES"]) {
			expect(report.refusals[0]?.detail).toContain(name);
		}
		expect(cluster.writes()).toEqual([]);
	});
});

describe("Route tables", () => {
	it("that are gone are named, and the others are seen to", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		const environment = { ROUTE_TABLES: `rtb-0123456789abcdef0,${cluster.tableId}` };
		const { report } = await cluster.routeLaunched("worker-0", { environment });
		expect(report.ignored).toEqual([
			{ why: "rtb-0123456789abcdef0 of ROUTE_TABLES does not exist: correct ROUTE_TABLES" },
		]);
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("of which none exists are an error, and nothing is written", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		const environment = { ROUTE_TABLES: "rtb-0123456789abcdef0" };
		await expect(cluster.routeLaunched("worker-0", { environment })).rejects.toThrow(
			"There is no route table to look after: rtb-0123456789abcdef0 of ROUTE_TABLES does not exist: correct ROUTE_TABLES",
		);
		expect(cluster.writes()).toEqual([]);
	});

	it("by filters that match none are an error", async () => {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		const environment = { ROUTE_TABLES: "tag:Name=mispelt" };
		await expect(cluster.routeLaunched("worker-0", { environment })).rejects.toThrow(
			"There is no route table to look after: the filters of ROUTE_TABLES match none",
		);
	});

	it("of a gateway are skipped, and said so", async () => {
		const cluster = await aCluster();
		const edge = await cluster.edgeTable();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		const environment = { ROUTE_TABLES: "tag:kubernetes.io/cluster/hard-way=owned" };
		const { report } = await cluster.routeLaunched("worker-0", { environment });
		expect(report.ignored).toEqual([
			{ why: `${edge} is associated with a gateway: edge tables are not looked after` },
		]);
		expect(await cluster.routes(edge)).toEqual({});
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("of a gateway alone are an error that names them", async () => {
		const cluster = await aCluster();
		const edge = await cluster.edgeTable();
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await expect(cluster.routeLaunched("worker-0", { environment: { ROUTE_TABLES: edge } })).rejects.toThrow(
			`There is no route table to look after: ${edge} is associated with a gateway: edge tables are not looked after`,
		);
	});
});

/** Bytes without order, the same in every run (a linear congruential generator). */
function noise(length: number): Uint8Array {
	let state = 1;
	return Uint8Array.from({ length }, () => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return state >> 16;
	});
}
