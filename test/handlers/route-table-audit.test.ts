import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aContext, deployed } from "../support/deployed.ts";

beforeEach(() => {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

afterEach(() => {
	vi.unstubAllEnvs();
});

describe("The function routeTableAudit", () => {
	it("finds a route that is missing and, with REPAIR=none, writes nothing", async () => {
		const { cluster, handler } = await deployed("route-table-audit");
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const report = await handler({}, aContext(240_000));
		expect(report).toMatchObject({
			operation: "audit",
			findings: [{ code: "missing-route", severity: "critical", destination: "10.200.0.0/24" }],
			changes: [{ kind: "create", outcome: "planned" }],
		});
		expect(cluster.writes()).toEqual([]);
	});

	it("puts it right with REPAIR=routes, and finds nothing the next time", async () => {
		const { cluster, handler } = await deployed("route-table-audit", { environment: { REPAIR: "routes" } });
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const repaired = await handler({}, aContext(240_000));
		expect(repaired.changes).toMatchObject([{ kind: "create", outcome: "applied" }]);
		expect(await handler({}, aContext(240_000))).toMatchObject({ findings: [], changes: [] });
	});

	it("ignores its input", async () => {
		const { handler } = await deployed("route-table-audit");
		expect(await handler("whatever the schedule sends", aContext(240_000))).toMatchObject({
			operation: "audit",
			findings: [{ code: "no-nodes" }],
		});
	});

	it("throws where it could not look", async () => {
		const { cluster, handler } = await deployed("route-table-audit");
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeInstances"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		await expect(handler({}, aContext(240_000))).rejects.toThrow(
			"DescribeInstances failed: UnauthorizedOperation: No.",
		);
	});
});

describe("A warm audit", () => {
	/** `count` healthy nodes, each routed already. */
	async function healthy(count: number) {
		const { cluster, handler } = await deployed("route-table-audit", {
			routeLimit: 2_000,
			environment: { ROUTE_LIMIT: "2000" },
		});
		const { Subnet } = await cluster.api.createSubnet({ VpcId: cluster.vpcId, CidrBlock: "10.0.16.0/20" });
		for (let index = 0; index < count; index += 1) {
			const block = `10.200.${index >> 4}.${(index & 15) << 4}/28`;
			const name = `w${index}`;
			await cluster.launch(name, { claims: block, subnetId: Subnet?.SubnetId ?? "", isPending: true });
			await cluster.route(block, cluster.eni(name));
		}
		cluster.ec2.settle();
		cluster.ec2.clearCalls();
		return { cluster, handler };
	}

	it("of 1,000 nodes that it has seen asks for their user data no more", async () => {
		const { cluster, handler } = await healthy(1_000);
		expect(await handler({}, aContext(240_000))).toMatchObject({ findings: [], changes: [] });
		expect(cluster.calls()).toEqual({
			DescribeInstances: 1,
			DescribeInstanceAttribute: 1_000,
			DescribeRouteTables: 1,
		});
		cluster.ec2.clearCalls();
		expect(await handler({}, aContext(240_000))).toMatchObject({ findings: [], changes: [] });
		expect(cluster.calls()).toEqual({ DescribeInstances: 1, DescribeRouteTables: 1 });
	});

	it("asks again of a node that was stopped meanwhile, since its user data may have been edited", async () => {
		const { cluster, handler } = await healthy(2);
		await handler({}, aContext(240_000));
		await cluster.stop("w0");
		await cluster.api.modifyInstanceAttribute({
			InstanceId: cluster.id("w0"),
			UserData: { Value: Buffer.from("name=w0|pod-cidr=10.200.9.0/28") },
		});
		await cluster.start("w0");
		cluster.ec2.clearCalls();
		const report = await handler({}, aContext(240_000));
		expect(report.findings.map(({ code, destination }) => [code, destination])).toEqual([
			["missing-route", "10.200.9.0/28"],
			["unclaimed-route", "10.200.0.0/28"],
		]);
		expect(cluster.calls()).toMatchObject({ DescribeInstanceAttribute: 1 });
	});

	it("asks each time of a node that is stopped", async () => {
		const { cluster, handler } = await healthy(1);
		await cluster.stop("w0");
		await handler({}, aContext(240_000));
		cluster.ec2.clearCalls();
		await handler({}, aContext(240_000));
		expect(cluster.calls()).toMatchObject({ DescribeInstanceAttribute: 1 });
	});

	it("sees a tag that changed, which needs no user data", async () => {
		const { cluster, handler } = await healthy(1);
		await handler({}, aContext(240_000));
		await cluster.retag("w0", { "pod-cidr": "10.200.7.0/28" });
		const report = await handler({}, aContext(240_000));
		expect(report.findings.map(({ code }) => code)).toEqual(["contradictory-claim"]);
	});
});
