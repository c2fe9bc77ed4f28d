import { describe, expect, it } from "vitest";
import type { Ec2Event } from "../../emulator/events.ts";
import { type Ground, given, refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import { aNetwork, aNode, aPendingNode } from "../support/contract-scenes.ts";

function statesHeard(ground: Ground): string[] {
	const states: string[] = [];
	ground.ec2.subscribe((event) => {
		if (event.source === "aws.ec2") states.push(event.detail.state);
	});
	return states;
}

async function tagsOf({ api }: Ground, instanceId: string) {
	const { Reservations } = await api.describeInstances({ InstanceIds: [instanceId] });
	return given(Reservations?.[0]?.Instances?.[0]?.Tags);
}

describe.each(TRANSPORTS)("State-change events ($name)", ({ open }) => {
	it("have the documented shape, to the second [aws-facts §4]", async () => {
		const ground = await open({ startAt: Date.UTC(2021, 10, 11, 21, 29, 54, 987) });
		const heard: Ec2Event[] = [];
		ground.ec2.subscribe((event) => heard.push(event));
		const { instanceId } = await aPendingNode(ground, await aNetwork(ground));
		expect(heard).toEqual([
			{
				version: "0",
				id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
				"detail-type": "EC2 Instance State-change Notification",
				source: "aws.ec2",
				account: "123456789012",
				time: "2021-11-11T21:29:54Z",
				region: "us-east-1",
				resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`],
				detail: { "instance-id": instanceId, state: "pending" },
			},
		]);
	});

	it("come in the documented order for launch, stop, start and terminate [aws-facts §4]", async () => {
		const ground = await open();
		const states = statesHeard(ground);
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const InstanceIds = [instanceId];
		await ground.api.stopInstances({ InstanceIds });
		ground.ec2.settle();
		await ground.api.startInstances({ InstanceIds });
		ground.ec2.settle();
		await ground.api.terminateInstances({ InstanceIds });
		ground.ec2.settle();
		expect(states).toEqual([
			"pending",
			"running",
			"stopping",
			"stopped",
			"pending",
			"running",
			"shutting-down",
			"terminated",
		]);
	});

	it("are due in the order their changes were begun, each at its own instant [aws-facts §4]", async () => {
		const ground = await open({ startAt: Date.UTC(2026, 0, 1), transitionMs: 10_000 });
		const network = await aNetwork(ground);
		const times: string[] = [];
		ground.ec2.subscribe(({ time, detail }) =>
			times.push(`${"state" in detail ? detail.state : "tags"} ${time}`),
		);
		const first = await aPendingNode(ground, network);
		ground.ec2.advance(4_000);
		await aPendingNode(ground, network);
		await ground.api.terminateInstances({ InstanceIds: [first.instanceId] });
		ground.ec2.advance(60_000);
		expect(times).toEqual([
			"pending 2026-01-01T00:00:00Z",
			"pending 2026-01-01T00:00:04Z",
			"shutting-down 2026-01-01T00:00:04Z",
			"running 2026-01-01T00:00:14Z",
			"terminated 2026-01-01T00:00:14Z",
		]);
	});

	it("stop for a listener that has left [aws-facts §4]", async () => {
		const ground = await open();
		const heard: Ec2Event[] = [];
		const leave = ground.ec2.subscribe((event) => heard.push(event));
		await aPendingNode(ground, await aNetwork(ground));
		leave();
		ground.ec2.settle();
		expect(heard).toHaveLength(1);
	});
});

describe.each(TRANSPORTS)("Tags ($name)", ({ open }) => {
	it("when changed emit the documented event: changed keys, all tags, a counting version [Tagging AWS Resources User Guide, Monitor tag changes]", async () => {
		const ground = await open({ startAt: Date.UTC(2018, 8, 18, 20, 41, 38) });
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const heard: Ec2Event[] = [];
		ground.ec2.subscribe((event) => heard.push(event));
		const Resources = [instanceId];
		await ground.api.createTags({ Resources, Tags: [{ Key: "role", Value: "worker" }] });
		await ground.api.createTags({
			Resources,
			Tags: [
				{ Key: "role", Value: "worker" },
				{ Key: "empty", Value: "" },
			],
		});
		await ground.api.createTags({ Resources, Tags: [{ Key: "role", Value: "worker" }] });
		await ground.api.deleteTags({ Resources, Tags: [{ Key: "role" }] });
		expect(heard).toMatchObject([
			{
				version: "0",
				"detail-type": "Tag Change on Resource",
				source: "aws.tag",
				time: "2018-09-18T20:41:43Z",
				resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`],
				detail: {
					"changed-tag-keys": ["role"],
					service: "ec2",
					"resource-type": "instance",
					version: 1,
					tags: { role: "worker" },
				},
			},
			{ detail: { "changed-tag-keys": ["empty"], version: 2, tags: { role: "worker", empty: "" } } },
			{ detail: { "changed-tag-keys": ["role"], version: 3, tags: { empty: "" } } },
		]);
		expect(heard).toHaveLength(3);
		expect(await tagsOf(ground, instanceId)).toEqual([{ Key: "empty", Value: "" }]);
	});

	it("that are as they were emit no event [Tagging AWS Resources User Guide, Monitor tag changes]", async () => {
		const ground = await open();
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const Resources = [instanceId];
		const Tags = [{ Key: "role", Value: "worker" }];
		await ground.api.createTags({ Resources, Tags });
		const heard: Ec2Event[] = [];
		ground.ec2.subscribe((event) => heard.push(event));
		await ground.api.createTags({ Resources, Tags });
		await ground.api.deleteTags({ Resources, Tags: [{ Key: "absent" }, { Key: "role", Value: "other" }] });
		expect(heard).toEqual([]);
	});

	it.each([
		[true, ["pending", "Name"]],
		[false, ["pending"]],
	])("given at launch emit an event: %s, by the switch [aws-facts §10]", async (emits, expected) => {
		const ground = await open({ switches: { taggedLaunchEmitsTagEvent: emits } });
		const network = await aNetwork(ground);
		const heard: string[] = [];
		ground.ec2.subscribe(({ detail }) =>
			heard.push("state" in detail ? detail.state : detail["changed-tag-keys"].join()),
		);
		await aPendingNode(ground, network, {
			TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "worker-0" }] }],
		});
		expect(heard).toEqual(expected);
	});

	it("are deleted by key, by key and value, or all [EC2 API Reference, DeleteTags]", async () => {
		const ground = await open();
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const Resources = [instanceId];
		const Tags = ["a", "b", "c"].map((Key) => ({ Key, Value: "1" }));
		await ground.api.createTags({ Resources, Tags });
		await ground.api.deleteTags({
			Resources,
			Tags: [
				{ Key: "a", Value: "2" },
				{ Key: "b", Value: "1" },
			],
		});
		expect((await tagsOf(ground, instanceId)).map(({ Key }) => Key)).toEqual(["a", "c"]);
		await ground.api.deleteTags({ Resources });
		expect(await tagsOf(ground, instanceId)).toEqual([]);
	});

	it("survive the wire whatever they hold [aws-facts §1.2]", async () => {
		const ground = await open();
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const Tags = [{ Key: "a<b>&\"'", Value: "é ] ]> \t\r\n 日本 & <x/>" }];
		await ground.api.createTags({ Resources: [instanceId], Tags });
		expect(await tagsOf(ground, instanceId)).toEqual(Tags);
	});

	it.each([
		["foo", "InvalidID"],
		["i-0123456789abcdef0", "InvalidInstanceID.NotFound"],
		["rtb-0123456789abcdef0", "InvalidRouteTableID.NotFound"],
	])("on %s are refused as %s [aws-facts §1.3]", async (id, code) => {
		const { api } = await open();
		const call = api.createTags({ Resources: [id], Tags: [{ Key: "k", Value: "v" }] });
		expect((await refusalOf(call)).code).toBe(code);
	});

	it("beyond fifty, or under aws:, are refused [Amazon EC2 User Guide, Tag your Amazon EC2 resources]", async () => {
		const ground = await open();
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
		const many = ground.api.createTags({ Resources: [instanceId], Tags });
		expect((await refusalOf(many)).code).toBe("TagLimitExceeded");
		const reserved = ground.api.createTags({ Resources: [instanceId], Tags: [{ Key: "aws:x", Value: "" }] });
		expect((await refusalOf(reserved)).code).toBe("InvalidParameterValue");
	});
});
