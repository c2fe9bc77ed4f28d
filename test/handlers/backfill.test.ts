import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aContext, deployed } from "../support/deployed.ts";

beforeEach(() => {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

afterEach(() => {
	vi.unstubAllEnvs();
});

describe("The function backfill", () => {
	it("routes every node where nobody is named, and finds nothing to do the second time", async () => {
		const { cluster, handler } = await deployed("backfill");
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.launch("w1", { claims: "10.200.1.0/24" });
		const first = await handler({}, aContext(900_000));
		expect(first.changes.map(({ destination, outcome }) => [destination, outcome])).toEqual([
			["10.200.0.0/24", "applied"],
			["10.200.1.0/24", "applied"],
		]);
		const second = await handler({}, aContext(900_000));
		expect(second).toMatchObject({ operation: "backfill", changes: [], refusals: [], findings: [] });
		expect(second.apiCalls).toEqual({
			DescribeInstanceAttribute: 2,
			DescribeInstances: 1,
			DescribeRouteTables: 1,
		});
	});

	it("routes the nodes that are named and no other", async () => {
		const { cluster, handler } = await deployed("backfill");
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.launch("w1", { claims: "10.200.1.0/24" });
		const report = await handler({ instanceIds: [cluster.id("w1")] }, aContext(900_000));
		expect(report.changes.map(({ destination }) => destination)).toEqual(["10.200.1.0/24"]);
		expect(await cluster.routes()).not.toHaveProperty(["10.200.0.0/24"]);
	});

	it("writes nothing in a dry run, and the plan it shows can be applied by its id", async () => {
		const { cluster, handler } = await deployed("backfill");
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const shown = await handler({ dryRun: true }, aContext(900_000));
		expect(shown).toMatchObject({ dryRun: true, changes: [{ outcome: "planned" }] });
		expect(cluster.writes()).toEqual([]);
		const applied = await handler({ planId: shown.planId }, aContext(900_000));
		expect(applied).toMatchObject({ planId: shown.planId, changes: [{ outcome: "applied" }] });
	});

	it("tells changes that failed in its report and does not throw", async () => {
		const { cluster, handler } = await deployed("backfill");
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		cluster.ec2.intercept = ({ action }) =>
			action === "CreateRoute"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		const report = await handler({}, aContext(900_000));
		expect(report.changes).toMatchObject([{ outcome: "failed", error: "UnauthorizedOperation: No." }]);
	});

	it("throws where it could not look", async () => {
		const { cluster, handler } = await deployed("backfill");
		cluster.ec2.intercept = ({ action }) =>
			action === "DescribeRouteTables"
				? { when: "before", status: 403, code: "UnauthorizedOperation", message: "No." }
				: undefined;
		await expect(handler({}, aContext(900_000))).rejects.toThrow(
			"DescribeRouteTables failed: UnauthorizedOperation: No.",
		);
	});

	it.each([
		[null, "the input: Invalid type"],
		["i-0123456789abcdef0", "the input: Invalid type"],
		[{ instanceIds: [] }, "instanceIds: is empty: leave it out for every node"],
		[{ instanceIds: ["web-1"] }, "instanceIds.0: is not an instance id"],
		[{ instanceIds: "i-0123456789abcdef0" }, "instanceIds: Invalid type"],
		[{ dryRun: "yes" }, "dryRun: Invalid type"],
		[{ dryrun: true }, "dryrun: Invalid key"],
		[{ planId: 7 }, "planId: Invalid type"],
	])("refuses the input %j, says what is wrong, and reads nothing", async (input, problem) => {
		const { cluster, handler } = await deployed("backfill");
		await expect(handler(input, aContext(900_000))).rejects.toThrow(problem);
		expect(cluster.calls()).toEqual({});
	});

	it("out of time, reports what is left, and the next one finishes it", async () => {
		const { cluster, handler } = await deployed("backfill");
		const blocks = Array.from({ length: 30 }, (_, index) => `10.200.${index}.0/24`);
		for (const [index, claims] of blocks.entries()) await cluster.launch(`w${index}`, { claims });
		// The first signal a pass asks for says when to start nothing new: here after the twelfth write.
		const stop = new AbortController();
		vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(stop.signal);
		let created = 0;
		cluster.ec2.intercept = ({ action }) => {
			if (action === "CreateRoute" && ++created === 12) stop.abort();
			return undefined;
		};
		const cut = await handler({}, aContext(900_000));
		vi.restoreAllMocks();
		const outcomes = Object.groupBy(cut.changes, ({ outcome }) => outcome);
		expect(Object.keys(outcomes).sort()).toEqual(["applied", "planned"]);
		expect(outcomes.planned?.length).toBeGreaterThan(0);
		expect(cut.changes).toHaveLength(30);

		const rest = await handler({}, aContext(900_000));
		expect(rest.changes.map(({ destination }) => destination)).toEqual(
			outcomes.planned?.map(({ destination }) => destination),
		);
		expect(rest.changes.every(({ outcome }) => outcome === "applied")).toBe(true);
		expect(Object.keys(await cluster.routes())).toEqual(expect.arrayContaining(blocks));
	});
});
