import type { EC2 } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import type { EmbeddedEc2 } from "../../emulator/ec2.ts";
import { TRANSPORTS } from "../support/contract-clients.ts";
import { aNetwork, aNode, IMAGE_ID, routesOf } from "../support/contract-scenes.ts";

const LIMIT = "RequestLimitExceeded";
const FILTERS = [{ Name: "instance-state-name", Values: ["running"] }];

/** Makes `count` calls, one after another: the index of the first that is refused (-1: none is), and how many are. */
async function outcomes(ec2: EmbeddedEc2, count: number, call: () => Promise<unknown>) {
	ec2.clearCalls();
	for (let done = 0; done < count; done += 1) await call().catch(() => {});
	const outcomes = ec2.calls.map(({ outcome }) => outcome);
	return {
		firstRefused: outcomes.indexOf(LIMIT),
		refused: outcomes.filter((outcome) => outcome === LIMIT).length,
	};
}

/** As many calls as a bucket holds, all answered. */
async function drain(ec2: EmbeddedEc2, count: number, call: () => Promise<unknown>): Promise<void> {
	expect(await outcomes(ec2, count, call)).toEqual({ firstRefused: -1, refused: 0 });
}

/** How many milliseconds after now the next call is answered; every earlier one is refused. */
async function refillOf(ec2: EmbeddedEc2, call: () => Promise<unknown>): Promise<number> {
	for (let ms = 0; ; ms += 1) {
		ec2.clearCalls();
		await call().catch(() => {});
		if (ec2.calls[0]?.outcome !== LIMIT) return ms;
		ec2.advance(1);
	}
}

type Caller = (api: EC2) => Promise<unknown>;

const MISSING = { instance: "i-0123456789abcdef0", table: "rtb-0123456789abcdef0" };
const launch =
	(count: number): Caller =>
	(api) =>
		api.runInstances({ ImageId: IMAGE_ID, MinCount: 1, MaxCount: count });

/** A request is counted whether it succeeds or not, so these need no world to act on. */
const BUCKETS: readonly [string, number, number, Caller][] = [
	["DescribeRouteTables", 100, 50, (api) => api.describeRouteTables({})],
	["DescribeVpcs", 100, 50, (api) => api.describeVpcs({})],
	[
		"DescribeInstanceAttribute",
		100,
		50,
		(api) => api.describeInstanceAttribute({ InstanceId: MISSING.instance, Attribute: "userData" }),
	],
	["DescribeInstances, filtered", 100, 50, (api) => api.describeInstances({ Filters: FILTERS })],
	["DescribeInstances, paginated", 100, 50, (api) => api.describeInstances({ MaxResults: 5 })],
	["DescribeInstances, neither", 50, 100, (api) => api.describeInstances({})],
	["DescribeNetworkInterfaces, neither", 50, 100, (api) => api.describeNetworkInterfaces({})],
	["CreateRoute", 50, 200, (api) => api.createRoute({ RouteTableId: MISSING.table })],
	["CreateVpc", 50, 200, (api) => api.createVpc({ CidrBlock: "10.0.0.0/16" })],
	["StopInstances", 50, 200, (api) => api.stopInstances({ InstanceIds: [MISSING.instance] })],
	["CreateTags", 100, 100, (api) => api.createTags({ Resources: [MISSING.instance], Tags: [{ Key: "k" }] })],
	["DeleteTags", 100, 100, (api) => api.deleteTags({ Resources: [MISSING.instance] })],
	["CreateNetworkInterface", 100, 200, (api) => api.createNetworkInterface({ SubnetId: "subnet-12345678" })],
	[
		"ModifyNetworkInterfaceAttribute",
		100,
		200,
		(api) => api.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: "eni-12345678" }),
	],
	["RunInstances", 5, 500, launch(1)],
	["StartInstances", 5, 500, (api) => api.startInstances({ InstanceIds: [MISSING.instance] })],
	["TerminateInstances", 100, 200, (api) => api.terminateInstances({ InstanceIds: [MISSING.instance] })],
];

describe("Requests without throttling", () => {
	it.each(TRANSPORTS)("are as many as one likes ($name)", async ({ open }) => {
		const { api, ec2 } = await open();
		await drain(ec2, 120, () => api.describeInstances({}));
	});
});

describe.each(TRANSPORTS)("A token bucket ($name)", ({ open }) => {
	it("refuses with EC2's words, and before the call takes effect [aws-facts §5]", async () => {
		const ground = await open({ throttle: "aws" });
		const { tableId } = await aNetwork(ground);
		const create = (index: number) =>
			ground.api.createRoute({
				RouteTableId: tableId,
				DestinationCidrBlock: `10.200.${index}.0/24`,
				InstanceId: MISSING.instance,
			});
		await drain(ground.ec2, 50, () => create(0));
		const { instanceId } = await aNode(ground, await aNetwork(ground, "10.1.0.0/16", "10.1.0.0/24"));
		await ground.api.describeVpcs({});
		// Settling the launch took five seconds, and so gave back 25.
		await drain(ground.ec2, 25, () => create(0));
		const refused = ground.api.createRoute({
			RouteTableId: tableId,
			DestinationCidrBlock: "10.200.0.0/24",
			InstanceId: instanceId,
		});
		await expect(refused).rejects.toMatchObject({
			name: LIMIT,
			message: "Request limit exceeded.",
			$metadata: { httpStatusCode: 503 },
		});
		expect(ground.ec2.calls.at(-1)).toMatchObject({ action: "CreateRoute", outcome: LIMIT });
		expect(await routesOf(ground, tableId)).toHaveLength(1);
	});

	it("is each action's own [aws-facts §5]", async () => {
		const { api, ec2 } = await open({ throttle: "aws" });
		const call = () => api.createRoute({ RouteTableId: MISSING.table });
		expect(await outcomes(ec2, 52, call)).toEqual({ firstRefused: 50, refused: 2 });
		await drain(ec2, 50, () => api.deleteRoute({ RouteTableId: MISSING.table }));
	});
});

describe("A token bucket", () => {
	const [inProcess] = TRANSPORTS;
	if (inProcess === undefined) throw new Error("there is no transport");

	it.each(BUCKETS)(
		"of %s holds %d and regains one in %d ms [EC2 Developer Guide, Request throttling]",
		async (_name, capacity, regainMs, caller) => {
			const { api, ec2 } = await inProcess.open({ throttle: "aws" });
			expect(await outcomes(ec2, capacity + 1, () => caller(api))).toEqual({
				firstRefused: capacity,
				refused: 1,
			});
			expect(await refillOf(ec2, () => caller(api))).toBe(regainMs);
			expect(await refillOf(ec2, () => caller(api))).toBe(regainMs);
		},
	);

	it("keeps what part of a token it has regained, and never holds more than its capacity", async () => {
		const { api, ec2 } = await inProcess.open({ throttle: "aws" });
		const call = () => api.createRoute({ RouteTableId: MISSING.table });
		await drain(ec2, 50, call);
		ec2.advance(390);
		await drain(ec2, 1, call);
		expect(await refillOf(ec2, call)).toBe(10);
		ec2.advance(3_600_000);
		expect(await outcomes(ec2, 51, call)).toEqual({ firstRefused: 50, refused: 1 });
	});

	it("of unfiltered requests is not that of filtered ones [EC2 Developer Guide, Request throttling]", async () => {
		const { api, ec2 } = await inProcess.open({ throttle: "aws" });
		await drain(ec2, 50, () => api.describeInstances({}));
		await drain(ec2, 100, () => api.describeInstances({ Filters: FILTERS }));
		expect(await outcomes(ec2, 1, () => api.describeInstances({}))).toMatchObject({ refused: 1 });
	});

	it.each([
		[false, 50],
		[true, 100],
	])("takes ids for a filter: %s, by the switch [aws-facts §5]", async (idsCountAsFilter, capacity) => {
		const { api, ec2 } = await inProcess.open({ throttle: "aws", switches: { idsCountAsFilter } });
		const call = () => api.describeInstances({ InstanceIds: [MISSING.instance] });
		expect(await outcomes(ec2, capacity + 1, call)).toEqual({ firstRefused: capacity, refused: 1 });
	});

	it("of resources counts instances, on top of requests [EC2 Developer Guide, Request throttling]", async () => {
		const { api, ec2 } = await inProcess.open({ throttle: "aws" });
		await drain(ec2, 2, () => launch(450)(api));
		expect(await outcomes(ec2, 1, () => launch(101)(api))).toMatchObject({ refused: 1 });
		await drain(ec2, 1, () => launch(100)(api));
		expect(await refillOf(ec2, () => launch(1)(api))).toBe(500);
	});

	it.each<[string, number, (api: EC2, ids: string[]) => Promise<unknown>]>([
		["StopInstances", 50, (api, InstanceIds) => api.stopInstances({ InstanceIds })],
		["TerminateInstances", 50, (api, InstanceIds) => api.terminateInstances({ InstanceIds })],
		["StartInstances", 500, (api, InstanceIds) => api.startInstances({ InstanceIds })],
	])(
		"of resources has a token for each id of %s [EC2 Developer Guide, Request throttling]",
		async (_name, regainMs, caller) => {
			const { api, ec2 } = await inProcess.open({ throttle: "aws" });
			const call = (ids: number) => () =>
				caller(
					api,
					Array.from({ length: ids }, () => MISSING.instance),
				);
			await drain(ec2, 2, call(500));
			ec2.advance(regainMs - 1);
			expect(await outcomes(ec2, 1, call(1))).toMatchObject({ refused: 1 });
			ec2.advance(1);
			await drain(ec2, 1, call(1));
		},
	);

	it("is not drawn upon by a call that never arrives, nor by an action that is not there", async () => {
		const { api, ec2 } = await inProcess.open({ throttle: "aws" });
		ec2.intercept = () => ({ when: "before", kind: "connection-reset" });
		await outcomes(ec2, 60, () => api.createRoute({ RouteTableId: MISSING.table }));
		ec2.intercept = undefined;
		await drain(ec2, 50, () => api.createRoute({ RouteTableId: MISSING.table }));
		await drain(ec2, 60, () => ec2.handle("Action=MakeCoffee"));
	});
});
