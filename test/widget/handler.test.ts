import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aContext, deployed } from "../support/deployed.ts";
import { widgetEvent } from "../support/widget-event.ts";
import { ask, healthyNodes } from "../support/widget-world.ts";

beforeEach(() => {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

afterEach(() => {
	vi.unstubAllEnvs();
});

describe("The audit function, asked by a dashboard", () => {
	it("answers describe with Markdown, and looks at nothing", async () => {
		const { cluster, handler } = await deployed("route-table-audit");
		expect(await handler({ describe: true }, aContext())).toMatch(/^## podroute\n/);
		expect(await handler({ ...Object(widgetEvent()), describe: true }, aContext())).toMatch(/^## podroute\n/);
		expect(cluster.calls()).toEqual({});
	});

	it.each([
		["as CloudWatch sends it", widgetEvent()],
		[
			"with parameters that somebody set",
			{ ...Object(widgetEvent()), repair: "all", params: { repair: "all" } },
		],
		["with a context that is odd", { widgetContext: null }],
		["with a size that is none", widgetEvent({ theme: "sepia", width: "wide", height: -1 })],
	])("never repairs, whatever REPAIR says (%s)", async (_, event) => {
		const { cluster, handler } = await deployed("route-table-audit", { environment: { REPAIR: "all" } });
		await cluster.launch("w0", { claims: "10.200.0.0/24", sourceDestCheck: true });
		await cluster.launch("w1", { claims: "10.200.1.0/24" });
		await cluster.route("10.200.1.0/24", cluster.eni("w1"));
		await cluster.terminate("w1");
		const answer = await ask(handler, event);
		expect(answer).toContain("missing-route");
		expect(answer).toContain("orphan-route");
		expect(cluster.writes()).toEqual([]);
	});

	it("follows the theme, and offers to look again", async () => {
		const { handler } = await deployed("route-table-audit");
		expect(await ask(handler, widgetEvent({ theme: "dark" }))).toContain('<div class="podroute is-dark');
		const light = await ask(handler, widgetEvent());
		expect(light).toContain('<div class="podroute is-light');
		expect(light).toContain(
			'<button type="button" class="btn">Look again</button><cwdb-action action="call" display="widget" endpoint="arn:aws:lambda:us-east-1:123456789012:function:podroute-dev-routeTableAudit">{}</cwdb-action>',
		);
	});

	it("makes rows of 16 blocks in a narrow widget, and of 32 in a wide one", async () => {
		const { handler } = await healthyNodes(3);
		expect(await ask(handler, widgetEvent({ width: 420 }))).toContain('<table class="grid of16 ipv4">');
		expect(await ask(handler, widgetEvent({ width: 1_700 }))).toContain('<table class="grid of32 ipv4">');
	});

	it("throws where it could not look", async () => {
		const { cluster, handler } = await deployed("route-table-audit");
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeInstances"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		await expect(ask(handler)).rejects.toThrow("DescribeInstances failed: UnauthorizedOperation: No.");
	});

	it("still audits and repairs for every other event", async () => {
		const { cluster, handler } = await deployed("route-table-audit", { environment: { REPAIR: "routes" } });
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const report = await handler({ source: "aws.events", describe: false }, aContext());
		expect(report.changes).toMatchObject([{ kind: "create", outcome: "applied" }]);
	});
});

describe("A widget beside a warm audit", () => {
	it("reads no user data", async () => {
		const { cluster, handler } = await healthyNodes(20);
		await handler({}, aContext());
		cluster.ec2.clearCalls();
		expect(await ask(handler)).toContain("20 routed · 236 of 256 free");
		expect(cluster.calls()).toEqual({ DescribeInstances: 1, DescribeRouteTables: 1 });
	});
});

describe("A widget in a cold function", () => {
	it("reads the user data of 50 nodes at most, and says of how many it knows no claim", async () => {
		const { cluster, handler } = await healthyNodes(80);
		const answer = await ask(handler);
		expect(cluster.calls()).toMatchObject({ DescribeInstanceAttribute: 50 });
		expect(answer).toContain("The claims of 30 nodes are not read yet");
		expect(answer).toContain("50 routed · 176 of 256 free");
		expect(answer).toContain("routed, owner not known <small>30</small>");
		expect(answer).toContain("free as far as is known");
		expect(answer).toContain("Nothing found so far");
		expect(answer).not.toContain("could not be read");
	});

	it("leaves to the next audit what it has read already, and shows all after that", async () => {
		const { cluster, handler } = await healthyNodes(80);
		await ask(handler);
		cluster.ec2.clearCalls();
		await handler({}, aContext());
		expect(cluster.calls()).toMatchObject({ DescribeInstanceAttribute: 30 });
		expect(await ask(handler)).toContain("80 routed · 176 of 256 free");
	});

	it("takes no unread claim for a fact: what it may turn around is kept back", async () => {
		const { cluster, handler } = await healthyNodes(60);
		// Of the first 50 nodes, read: one whose route leads to a node that is unread, and one without its route.
		const at = { RouteTableId: cluster.tableId };
		await cluster.api.replaceRoute({
			...at,
			DestinationCidrBlock: "10.200.0.0/24",
			NetworkInterfaceId: cluster.eni("w59"),
		});
		await cluster.api.deleteRoute({ ...at, DestinationCidrBlock: "10.200.1.0/24" });
		await cluster.route("10.200.99.0/24", cluster.eni("w2"));
		const answer = await ask(handler);
		expect(answer).toContain("missing-route");
		expect(answer).not.toMatch(/unclaimed-route|contested-claim|misdirected-route/);
		expect(answer).toContain("Kept back until then: 2 findings that depend on them.");
		await handler({}, aContext());
		const known = await ask(handler);
		expect(known).toContain("misdirected-route");
		expect(known).toContain("unclaimed-route");
	});
});
