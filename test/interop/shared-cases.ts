import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { parseCidr } from "../../src/model/cidr.ts";
import type { InstanceId, NetworkInterfaceId } from "../../src/model/instance.ts";
import type { RouteTableId } from "../../src/model/route.ts";
import { clusterOn, runningEvent, type ServedCluster } from "./shared-cases-cluster.ts";

/** One thing podroute does against an EC2 that it knows by the wire alone. */
interface Case {
	readonly name: string;
	/** Builds a cluster of its own on the server, and throws where the fact does not hold. */
	readonly check: (url: string) => Promise<void>;
}

/** A case that moto decides as EC2 does. */
export interface SharedCase extends Case {
	/** What it needs of EC2, and why moto may be asked. */
	readonly faithful: string;
}

/** A case that moto decides otherwise than EC2, so that only the embedded EC2 is held to it. */
export interface EmbeddedCase extends Case {
	/** What moto does instead, measured with 5.2.5. */
	readonly unfaithful: string;
}

const A = "10.200.0.0/24";
const B = "10.200.1.0/24";
const V6 = "fd00:10:200::/64";
const UNKNOWN_INSTANCE = "i-0123456789abcdef0";
const UNKNOWN_TABLE = "rtb-0123456789abcdef0";
const THREE_READS = { DescribeInstanceAttribute: 1, DescribeInstances: 1, DescribeRouteTables: 1 };
const HOURS_AGO = new Date("2021-11-11T21:29:54Z");
const NOTHING_WRONG = { changes: [], refusals: [], findings: [] };
const signal = new AbortController().signal;
/** Nothing has come between. */
const atOnce = async () => undefined;

/** User data that claims {@link A} in every form it may have, as it goes over the wire. */
const FORMS: readonly (readonly [string, string | Uint8Array])[] = [
	["lines with Windows ends", `name=worker-0\r\npod-cidr = ${A}\r\n`],
	["a cloud-config", `#cloud-config\nhostname: worker-0\npod-cidr: "${A}"\n`],
	["a shell script", `#!/bin/bash\nexport POD_CIDR="${A}"\n`],
	["gzip", gzipSync(`name=worker-0|pod-cidr=${A}`)],
	[
		"MIME parts",
		[
			'Content-Type: multipart/mixed; boundary="B"',
			"MIME-Version: 1.0",
			"",
			"--B",
			'Content-Type: text/cloud-config; charset="us-ascii"',
			"",
			"hostname: worker-0",
			"--B",
			"Content-Type: text/x-shellscript",
			"",
			`POD_CIDR=${A}`,
			"--B--",
			"",
		].join("\n"),
	],
	["text that XML would have to escape", `<name attr="1">&amp;</name>]]>\npod-cidr=${A}`],
	["text beyond ASCII", `größe=ä😀|pod-cidr=${A}`],
];

const LAUNCHES: readonly SharedCase[] = [
	{
		name: "an instance that is no node costs one request",
		faithful: "DescribeInstances by id and filter gives an empty set, as EC2 does.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("bastion", { isNode: false, claims: A });
			const report = await cluster.routeLaunched("bastion");
			expect(report.ignored).toEqual([
				{ instanceId: cluster.id("bastion"), why: "not a node: it does not match NODE_FILTERS" },
			]);
			expect(report.apiCalls).toEqual({ DescribeInstances: 1 });
			expect(await cluster.routes()).toEqual({});
		},
	},
	{
		name: "a node that claims nothing is left alone, with user data and without any",
		faithful: "User data that is not set is an empty element, as EC2 sends it.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("controller-0");
			await cluster.launch("controller-1", { userData: "none" });
			for (const name of ["controller-0", "controller-1"]) {
				const report = await cluster.routeLaunched(name);
				expect(report).toMatchObject({
					...NOTHING_WRONG,
					ignored: [{ instanceId: cluster.id(name), why: "it claims no block, by tag or user data" }],
				});
				expect(report.apiCalls).toEqual(THREE_READS);
			}
			expect(await cluster.routes()).toEqual({});
		},
	},
	{
		name: "a new node is routed by three reads and a write, and the second time by none",
		faithful: "CreateRoute by interface is read back by DescribeRouteTables: active, origin CreateRoute.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			const report = await cluster.routeLaunched("worker-0");
			expect(report).toMatchObject({
				refusals: [],
				ignored: [],
				changes: [
					{
						kind: "create",
						routeTableId: cluster.tableId,
						destination: A,
						instanceId: cluster.id("worker-0"),
						networkInterfaceId: cluster.eni("worker-0"),
						from: null,
						outcome: "applied",
					},
				],
			});
			expect(report.apiCalls).toEqual({ CreateRoute: 1, ...THREE_READS });
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });

			const again = await cluster.routeLaunched("worker-0");
			expect(again).toMatchObject(NOTHING_WRONG);
			expect(again.apiCalls).toEqual(THREE_READS);
		},
	},
	{
		name: "a new node is routed in both tables of its VPC",
		faithful: "DescribeRouteTables by route-table-id gives every table named.",
		async check(url) {
			const cluster = await clusterOn(url, { tables: 2 });
			await cluster.launch("worker-0", { claims: A });
			const report = await cluster.routeLaunched("worker-0");
			expect(report.changes.map(({ outcome }) => outcome)).toEqual(["applied", "applied"]);
			expect(report.apiCalls).toEqual({ CreateRoute: 2, ...THREE_READS });
			for (const tableId of cluster.tableIds)
				expect(await cluster.routes(tableId)).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "a node with a block of each family has two routes",
		faithful: "An IPv6 destination comes back in the element of its own that EC2 has for it.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: `${A},${V6}` });
			await cluster.routeLaunched("worker-0");
			expect(await cluster.routes()).toEqual({ [A]: "worker-0", [V6]: "worker-0" });
			expect((await cluster.routeLaunched("worker-0")).apiCalls).toEqual(THREE_READS);
		},
	},
	{
		name: "a node with two interfaces is routed by its primary one",
		faithful: "Attachments say their device index; CreateRoute gets an interface, of which there is one.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.attachInterface("worker-0");
			await cluster.routeLaunched("worker-0");
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "a node whose source/dest check is on has it turned off, on its interface",
		faithful: "ModifyNetworkInterfaceAttribute shows in both listings of the interface.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A, sourceDestCheck: true });
			expect(await cluster.checks("worker-0")).toBe(true);
			const report = await cluster.routeLaunched("worker-0");
			expect(report.apiCalls).toEqual({
				CreateRoute: 1,
				ModifyNetworkInterfaceAttribute: 1,
				...THREE_READS,
			});
			expect(await cluster.checks("worker-0")).toBe(false);
			expect((await cluster.routeLaunched("worker-0")).apiCalls).toEqual(THREE_READS);
		},
	},
	{
		name: "a claim in a tag counts, and one that user data contradicts is refused",
		faithful: "Tags given to RunInstances are listed with the instance.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { tags: { "pod-cidr": A } });
			await cluster.launch("worker-1", { tags: { "pod-cidr": B }, claims: "10.200.2.0/24" });
			await cluster.routeLaunched("worker-0");
			expect((await cluster.routeLaunched("worker-1")).refusals).toMatchObject([
				{ reason: "contradictory-claim", instanceId: cluster.id("worker-1") },
			]);
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "a contested block stays with its incumbent, whose claim is read for it",
		faithful: "DescribeNetworkInterfaces by filter says which instance an interface is attached to.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.launch("impostor", { claims: A });
			await cluster.routeLaunched("worker-0");
			const report = await cluster.routeLaunched("impostor");
			expect(report.changes).toEqual([]);
			expect(report.refusals).toMatchObject([
				{ reason: "contested-claim", instanceId: cluster.id("impostor"), destination: A },
			]);
			expect(report.refusals[0]?.detail).toContain(cluster.id("worker-0"));
			expect(report.apiCalls).toEqual({
				DescribeInstanceAttribute: 2,
				DescribeInstances: 2,
				DescribeNetworkInterfaces: 1,
				DescribeRouteTables: 1,
			});
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "a block that a route to a gateway holds is refused, and the route stays",
		faithful: "A route to an internet gateway is listed with its gateway alone.",
		async check(url) {
			const cluster = await clusterOn(url);
			const gateway = await cluster.gateway();
			await cluster.api.createRoute({
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: A,
				GatewayId: gateway,
			});
			await cluster.launch("worker-0", { claims: A });
			const report = await cluster.routeLaunched("worker-0");
			expect(report).toMatchObject({ changes: [], refusals: [{ reason: "foreign-route-conflict" }] });
			expect(await cluster.routes()).toEqual({ [A]: gateway });
		},
	},
	...[
		["outside the cluster", "192.168.0.0/24", "claim-outside-cluster"],
		["inside the VPC", "10.0.5.0/24", "claim-overlaps-vpc"],
		["with host bits", "10.200.0.7/24", "malformed-claim"],
	].map(
		([what, claims = "", reason]): SharedCase => ({
			name: `a claim ${what} is refused, and nothing is written`,
			faithful: "The table's local route says what the VPC's own block is; the rest is decided before EC2.",
			async check(url) {
				const cluster = await clusterOn(url);
				await cluster.launch("worker-0", { claims });
				const settings = reason === "claim-overlaps-vpc" ? { CLUSTER_CIDRS: "10.0.0.0/8" } : {};
				const report = await cluster.routeLaunched("worker-0", settings);
				expect(report).toMatchObject({ changes: [], refusals: [{ reason }] });
				expect(report.apiCalls).toEqual(THREE_READS);
				expect(await cluster.routes()).toEqual({});
			},
		}),
	),
	{
		name: "a node in a VPC without a configured table is refused",
		faithful: "Instances and tables say their VPC.",
		async check(url) {
			const cluster = await clusterOn(url);
			const { subnetId } = await cluster.anotherVpc();
			await cluster.launch("stray", { claims: A, subnetId });
			const report = await cluster.routeLaunched("stray");
			expect(report).toMatchObject({ changes: [], refusals: [{ reason: "wrong-vpc" }] });
			expect(await cluster.routes()).toEqual({});
		},
	},
	...FORMS.map(
		([form, userData]): SharedCase => ({
			name: `a claim is read from user data that is ${form}`,
			faithful: "User data comes back in the base64 it was sent in, byte for byte.",
			async check(url) {
				const cluster = await clusterOn(url);
				await cluster.launch("worker-0", { userData });
				await cluster.routeLaunched("worker-0");
				expect(await cluster.routes()).toEqual({ [A]: "worker-0" });
			},
		}),
	),
	{
		name: "an instance that EC2 does not know is asked for again while its event is new, and then no more",
		faithful: "InvalidInstanceID.NotFound, with status 400, as EC2 has it.",
		async check(url) {
			const cluster = await clusterOn(url);
			await expect(cluster.deliver(runningEvent(UNKNOWN_INSTANCE, new Date()))).rejects.toThrow(
				`${UNKNOWN_INSTANCE} is not visible yet`,
			);
			const report = await cluster.deliver(runningEvent(UNKNOWN_INSTANCE, HOURS_AGO));
			expect(report.ignored).toEqual([
				{ instanceId: UNKNOWN_INSTANCE, why: "not found: not visible yet, or gone" },
			]);
			expect(report.apiCalls).toEqual({ DescribeInstances: 1 });
		},
	},
	{
		name: "an instance that has ended by the time its event arrives is left alone",
		faithful: "A terminated instance is listed for a while, with its tags and its state.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.terminate("worker-0");
			const report = await cluster.routeLaunched("worker-0");
			expect(report.ignored).toMatchObject([{ why: "it is shutting down or terminated" }]);
			expect(report.apiCalls).toEqual({ DescribeInstances: 1 });
			expect(await cluster.routes()).toEqual({});
		},
	},
];

const BACKFILLS: readonly SharedCase[] = [
	{
		name: "a backfill makes what its dry run showed, under that plan's id and no other",
		faithful: "It needs DescribeInstances by tag, user data, and CreateRoute by interface.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("controller-0");
			await cluster.launch("worker-0", { claims: A });
			const early = await cluster.command(["backfill", "--dry-run"]);
			expect(early.code).toBe(2);
			await cluster.launch("worker-1", { claims: B });
			const refused = await cluster.command(["backfill", "--plan-id", early.report.planId]);
			expect(refused.code).toBe(2);
			expect(await cluster.routes()).toEqual({});

			const shown = await cluster.command(["backfill", "--dry-run"]);
			expect(shown.report.changes.map(({ destination, outcome }) => [destination, outcome])).toEqual([
				[A, "planned"],
				[B, "planned"],
			]);
			const { code, report } = await cluster.command(["backfill", "--plan-id", shown.report.planId]);
			expect(code).toBe(0);
			expect(report.planId).toBe(shown.report.planId);
			expect(report.apiCalls).toEqual({
				CreateRoute: 2,
				DescribeInstanceAttribute: 3,
				DescribeInstances: 1,
				DescribeRouteTables: 1,
			});
			expect(await cluster.routes()).toEqual({ [A]: "worker-0", [B]: "worker-1" });
		},
	},
	{
		name: "a backfill of one instance routes that one, and tells of one that is not there",
		faithful: "The filter instance-id leaves out ids that do not exist, where a list of ids would fail.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.launch("worker-1", { claims: B });
			const named = ["--instance", cluster.id("worker-1"), "--instance", UNKNOWN_INSTANCE];
			const { report } = await cluster.command(["backfill", ...named]);
			expect(report.ignored).toEqual([{ instanceId: UNKNOWN_INSTANCE, why: "not a node, or not found" }]);
			expect(await cluster.routes()).toEqual({ [B]: "worker-1" });
		},
	},
	{
		name: "nodes are found by wildcards, and tables by tag",
		faithful: "Tag filters take wildcards and several values, as EC2's do.",
		async check(url) {
			const cluster = await clusterOn(url, { tables: 2 });
			const prefix = cluster.tag.slice(-12);
			await cluster.launch("worker-0", { claims: A, tags: { role: `${prefix}-worker-0` } });
			await cluster.launch("worker-1", { claims: B, tags: { role: `${prefix}-other` } });
			const settings = {
				NODE_FILTERS: `tag:role=${prefix}-none,${prefix}-work*-?;tag:${cluster.tag}=owned,shared`,
				ROUTE_TABLES: `tag:${cluster.tag}=owned`,
			};
			expect(await cluster.command(["backfill"], settings)).toMatchObject({ code: 0 });
			for (const tableId of cluster.tableIds)
				expect(await cluster.routes(tableId)).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "more nodes than DescribeInstances gives at once are all seen",
		faithful: "DescribeInstances counts reservations to a page and gives a token until the last.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.addEnded(PAGE);
			await cluster.launch("worker-1", { claims: B });
			const { code, report } = await cluster.command(["backfill"]);
			expect(code).toBe(0);
			expect(report.apiCalls).toEqual({
				CreateRoute: 2,
				DescribeInstanceAttribute: 2,
				DescribeInstances: 2,
				DescribeRouteTables: 2,
			});
			expect(await cluster.routes()).toEqual({ [A]: "worker-0", [B]: "worker-1" });
		},
	},
];

/** The most reservations that DescribeInstances gives at once. */
const PAGE = 1_000;

const AUDITS: readonly SharedCase[] = [
	{
		name: "an audit finds a missing route and a check that is on, repairs them when told to, and is content",
		faithful: "It needs what a backfill needs, and ModifyNetworkInterfaceAttribute.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.launch("worker-1", { claims: B, sourceDestCheck: true });
			await cluster.route(A, "worker-0");
			const found = await cluster.command(["audit"]);
			expect(found.code).toBe(2);
			expect(found.report.findings).toMatchObject([
				{ code: "source-dest-check-on", instanceId: cluster.id("worker-1") },
				{ code: "missing-route", destination: B, instanceId: cluster.id("worker-1") },
			]);
			expect(found.report.changes.map(({ outcome }) => outcome)).toEqual(["planned", "planned"]);
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });

			expect(await cluster.command(["audit"], { REPAIR: "routes" })).toMatchObject({ code: 0 });
			expect(await cluster.routes()).toEqual({ [A]: "worker-0", [B]: "worker-1" });
			expect(await cluster.checks("worker-1")).toBe(false);

			const content = await cluster.command(["audit"]);
			expect(content.code).toBe(0);
			expect(content.report).toMatchObject(NOTHING_WRONG);
			expect(content.report.apiCalls).toEqual({
				DescribeInstanceAttribute: 2,
				DescribeInstances: 1,
				DescribeRouteTables: 1,
			});
		},
	},
	{
		name: "an audit replaces a route that leads to the wrong node, in place",
		faithful: "ReplaceRoute by interface changes the one route and leaves the others.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.launch("worker-1", { claims: B });
			await cluster.route(A, "worker-1");
			await cluster.route(B, "worker-1");
			const { code, report } = await cluster.command(["audit"], { REPAIR: "routes" });
			expect(code).toBe(0);
			expect(report.changes).toMatchObject([
				{
					kind: "replace",
					destination: A,
					networkInterfaceId: cluster.eni("worker-0"),
					from: { state: "active", networkInterfaceId: cluster.eni("worker-1") },
					outcome: "applied",
				},
			]);
			expect(report.apiCalls["ReplaceRoute"]).toBe(1);
			expect(await cluster.routes()).toEqual({ [A]: "worker-0", [B]: "worker-1" });
		},
	},
	{
		name: "an audit names a table that is gone, and looks after the other",
		faithful: "The filter route-table-id leaves out ids that do not exist, where a list of ids would fail.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			const { report } = await cluster.command(["audit"], {
				REPAIR: "routes",
				ROUTE_TABLES: `${cluster.tableId},${UNKNOWN_TABLE}`,
			});
			expect(report.ignored).toEqual([
				{ why: `${UNKNOWN_TABLE} of ROUTE_TABLES does not exist: correct ROUTE_TABLES` },
			]);
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "an audit leaves a gateway's own table alone",
		faithful: "An association with a gateway says its gateway.",
		async check(url) {
			const cluster = await clusterOn(url, { tables: 2 });
			const [edge = "", table] = cluster.tableIds;
			await cluster.api.associateRouteTable({ RouteTableId: edge, GatewayId: await cluster.gateway() });
			await cluster.launch("worker-0", { claims: A });
			const { report } = await cluster.command(["audit"], { REPAIR: "routes" });
			expect(report.ignored).toMatchObject([{ why: expect.stringContaining(edge) }]);
			expect(await cluster.routes(edge)).toEqual({});
			expect(await cluster.routes(table)).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "an audit whose filters match no instance says so",
		faithful: "An empty set is an empty element.",
		async check(url) {
			const cluster = await clusterOn(url);
			const { code, report } = await cluster.command(["audit"]);
			expect(code).toBe(2);
			expect(report.findings).toMatchObject([{ code: "no-nodes", severity: "warning" }]);
		},
	},
	{
		name: "a route that is gone by the time it is replaced or deleted has moved, rather than failed",
		faithful: "Both refusals have EC2's code and its words: our client tells them from mistakes by these.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			const { tables } = cluster.ports();
			expect(
				await tables.write(
					{ kind: "replace", ...key(cluster), ...to(cluster), from: from(cluster) },
					signal,
					atOnce,
				),
			).toEqual({
				kind: "moved",
				error:
					"InvalidParameterValue: There is no route defined for '10.200.0.0/24' in the route table. Use CreateRoute instead.",
			});
			expect(
				await tables.write({ kind: "delete", ...key(cluster), from: from(cluster) }, signal, atOnce),
			).toEqual({
				kind: "moved",
				error: `InvalidRoute.NotFound: no route with destination-cidr-block 10.200.0.0/24 in route table ${cluster.tableId}`,
			});
		},
	},
];

/** Run on the embedded EC2 and on moto alike. */
export const SHARED_CASES: readonly SharedCase[] = [...LAUNCHES, ...BACKFILLS, ...AUDITS];

/**
 * Run on the embedded EC2. On moto the fact itself must fail to hold: where a later moto has it right, its reason is
 * lost, and it belongs among {@link SHARED_CASES}.
 */
export const EMBEDDED_CASES: readonly EmbeddedCase[] = [
	{
		name: "a route that the tutorial's loop made, by instance, is right",
		unfaithful: "A route made by InstanceId has no NetworkInterfaceId, so its target is no interface.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.api.createRoute({
				RouteTableId: cluster.tableId,
				DestinationCidrBlock: A,
				InstanceId: cluster.id("worker-0"),
			});
			expect(await cluster.command(["audit"])).toMatchObject({ code: 0, report: NOTHING_WRONG });
		},
	},
	{
		name: "a route that podroute made, by interface, names its instance",
		unfaithful: "A route made by NetworkInterfaceId has no InstanceId and no InstanceOwnerId.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.routeLaunched("worker-0");
			const { RouteTables } = await cluster.api.describeRouteTables({ RouteTableIds: [cluster.tableId] });
			const route = RouteTables?.[0]?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === A);
			expect(route).toMatchObject({ InstanceId: cluster.id("worker-0"), InstanceOwnerId: "123456789012" });
		},
	},
	{
		name: "a route that another writer made first is not overwritten",
		unfaithful: "CreateRoute by NetworkInterfaceId succeeds on a destination that exists, and overwrites it.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.launch("worker-1", { claims: A });
			await cluster.route(A, "worker-1");
			const written = await cluster
				.ports()
				.tables.write({ kind: "create", ...key(cluster), ...to(cluster) }, signal, atOnce);
			expect(written).toEqual({
				kind: "moved",
				error: "RouteAlreadyExists: The route identified by 10.200.0.0/24 already exists.",
			});
			expect(await cluster.routes()).toEqual({ [A]: "worker-1" });
		},
	},
	{
		name: "a check that the tutorial turned off, on the instance, is off",
		unfaithful: "ModifyInstanceAttribute leaves the interface's flag on, where EC2 has one flag.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A, sourceDestCheck: true });
			await cluster.api.modifyInstanceAttribute({
				InstanceId: cluster.id("worker-0"),
				SourceDestCheck: { Value: false },
			});
			const report = await cluster.routeLaunched("worker-0");
			expect(report.apiCalls).toEqual({ CreateRoute: 1, ...THREE_READS });
		},
	},
	{
		name: "the route of a node that was terminated is a blackhole, which its successor replaces in place",
		unfaithful: "Every route is active for ever, and the interface of a terminated instance stays attached.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.routeLaunched("worker-0");
			await cluster.terminate("worker-0");
			expect(await cluster.routes()).toEqual({ [A]: "worker-0 (blackhole)" });
			await cluster.launch("worker-1", { claims: A });
			expect((await cluster.routeLaunched("worker-1")).changes).toMatchObject([
				{ kind: "replace", from: { state: "blackhole" }, outcome: "applied" },
			]);
			expect(await cluster.routes()).toEqual({ [A]: "worker-1" });
		},
	},
	{
		name: "a stopped node keeps its route, which is a blackhole",
		unfaithful: "Every route is active for ever.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.routeLaunched("worker-0");
			await cluster.stop("worker-0");
			const { report } = await cluster.command(["audit"], { REPAIR: "all" });
			expect(report).toMatchObject({ changes: [], findings: [{ code: "stopped-owner" }] });
			expect(await cluster.routes()).toEqual({ [A]: "worker-0 (blackhole)" });
		},
	},
	{
		name: "a route whose instance is gone and whose block nobody claims is deleted",
		unfaithful: "A delete needs a blackhole whose interface is gone, and there are none.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			await cluster.launch("worker-1", { claims: B });
			await cluster.command(["backfill"]);
			await cluster.terminate("worker-1");
			const { report } = await cluster.command(["audit"], { REPAIR: "all" });
			expect(report.changes).toMatchObject([{ kind: "delete", destination: B, outcome: "applied" }]);
			expect(await cluster.routes()).toEqual({ [A]: "worker-0" });
		},
	},
	{
		name: "a route to an interface that is nobody's is a blackhole, and foreign",
		unfaithful: "Every route is active for ever.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.freeInterface("spare");
			await cluster.route(A, "spare");
			await cluster.launch("worker-0", { claims: A });
			expect((await cluster.routeLaunched("worker-0")).refusals).toMatchObject([
				{ reason: "foreign-route-conflict" },
			]);
			expect(await cluster.routes()).toEqual({ [A]: "spare (blackhole)" });
		},
	},
	{
		name: "a table that is full takes no more routes",
		unfaithful: "There is no quota.",
		async check(url) {
			const cluster = await clusterOn(url);
			await cluster.launch("worker-0", { claims: A });
			for (let made = 1; made < QUOTA; made += 1) {
				await cluster.route(`172.16.${made >> 8}.${made & 255}/32`, "worker-0");
			}
			// As an account would say whose quota was raised, and then was not.
			const { code, report } = await cluster.command(["backfill"], { ROUTE_LIMIT: "1000" });
			expect(code).toBe(1);
			expect(report.changes).toMatchObject([
				{ outcome: "failed", error: expect.stringContaining("RouteLimitExceeded") },
			]);
		},
	},
];

/** Routes that a table takes, its local one included. */
const QUOTA = 500;

function key(cluster: ServedCluster) {
	const parsed = parseCidr(A);
	if (!parsed.ok) throw new Error(parsed.why);
	return { routeTableId: cluster.tableId as RouteTableId, destination: parsed.cidr };
}

function to(cluster: ServedCluster) {
	return {
		instanceId: cluster.id("worker-0") as InstanceId,
		networkInterfaceId: cluster.eni("worker-0") as NetworkInterfaceId,
	};
}

function from(cluster: ServedCluster) {
	return { state: "active", networkInterfaceId: cluster.eni("worker-0") as NetworkInterfaceId } as const;
}
