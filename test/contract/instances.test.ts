import { describe, expect, it } from "vitest";
import { given, refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import {
	aNetwork,
	aNode,
	aPendingNode,
	aSecondInterface,
	base64,
	IMAGE_ID,
	stateOf,
} from "../support/contract-scenes.ts";

describe.each(TRANSPORTS)("The life of an instance ($name)", ({ open }) => {
	it("is pending, then runs; stops, then is stopped; each change takes its time [aws-facts §4]", async () => {
		const ground = await open({ transitionMs: 10_000 });
		const network = await aNetwork(ground);
		const { instanceId } = await aPendingNode(ground, network);
		const states = [await stateOf(ground, instanceId)];
		ground.ec2.advance(9_999);
		states.push(await stateOf(ground, instanceId));
		ground.ec2.advance(1);
		states.push(await stateOf(ground, instanceId));
		await ground.api.stopInstances({ InstanceIds: [instanceId] });
		states.push(await stateOf(ground, instanceId));
		ground.ec2.advance(10_000);
		states.push(await stateOf(ground, instanceId));
		expect(states).toEqual(["pending", "pending", "running", "stopping", "stopped"]);
	});

	it("once terminated keeps its tags, loses its interface, and is listed for an hour more [aws-facts §1.4, §2.5]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network, {
			TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "worker-0" }] }],
		});
		await ground.api.terminateInstances({ InstanceIds: [instanceId] });
		ground.ec2.settle();
		const { Reservations } = await ground.api.describeInstances({ InstanceIds: [instanceId] });
		const instance = given(Reservations?.[0]?.Instances?.[0]);
		expect(instance.State).toEqual({ Code: 48, Name: "terminated" });
		expect(instance.NetworkInterfaces).toEqual([]);
		expect(instance.Tags).toEqual([{ Key: "Name", Value: "worker-0" }]);
		expect(instance.PrivateIpAddress).toBeUndefined();
		const interfaces = ground.api.describeNetworkInterfaces({ NetworkInterfaceIds: [interfaceId] });
		expect((await refusalOf(interfaces)).code).toBe("InvalidNetworkInterfaceID.NotFound");
		ground.ec2.advance(3_599_999);
		expect(await stateOf(ground, instanceId)).toBe("terminated");
		ground.ec2.advance(1);
		expect(await stateOf(ground, instanceId)).toBeUndefined();
	});

	it("leaves behind an interface not marked to go with it [EC2 API Reference, NetworkInterfaceAttachment]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		const second = await aSecondInterface(ground, network, node);
		await ground.api.terminateInstances({ InstanceIds: [node.instanceId] });
		ground.ec2.settle();
		const { NetworkInterfaces } = await ground.api.describeNetworkInterfaces({});
		expect(NetworkInterfaces?.map(({ NetworkInterfaceId, Status }) => [NetworkInterfaceId, Status])).toEqual([
			[second.interfaceId, "available"],
		]);
	});

	it("has a new launch time after a start, its interface the old attach time [aws-facts §3]", async () => {
		const ground = await open({ startAt: Date.UTC(2026, 0, 2, 3, 4, 5), transitionMs: 1_000 });
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		await ground.api.stopInstances({ InstanceIds: [instanceId] });
		ground.ec2.settle();
		ground.ec2.advance(58_000);
		await ground.api.startInstances({ InstanceIds: [instanceId] });
		const { Reservations } = await ground.api.describeInstances({ InstanceIds: [instanceId] });
		const instance = given(Reservations?.[0]?.Instances?.[0]);
		expect(instance.LaunchTime?.toISOString()).toBe("2026-01-02T03:05:05.000Z");
		expect(instance.NetworkInterfaces?.[0]?.Attachment?.AttachTime?.toISOString()).toBe(
			"2026-01-02T03:04:05.000Z",
		);
	});

	it("cannot be stopped before it ever ran [cloud-custodian pull request 6014]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aPendingNode(ground, network);
		expect(await refusalOf(ground.api.stopInstances({ InstanceIds: [instanceId] }))).toEqual({
			code: "IncorrectInstanceState",
			message: `Instance '${instanceId}' cannot be stopped as it has never reached the 'running' state.`,
			status: 400,
		});
	});

	it("cannot be started while it stops, nor once it is terminated; terminating twice succeeds [EC2 API Reference, TerminateInstances; error codes]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		const InstanceIds = [instanceId];
		await ground.api.stopInstances({ InstanceIds });
		expect(await refusalOf(ground.api.startInstances({ InstanceIds }))).toEqual({
			code: "IncorrectInstanceState",
			message: `The instance '${instanceId}' is not in a state from which it can be started.`,
			status: 400,
		});
		await ground.api.terminateInstances({ InstanceIds });
		ground.ec2.settle();
		expect((await refusalOf(ground.api.startInstances({ InstanceIds }))).code).toBe("IncorrectInstanceState");
		const { TerminatingInstances } = await ground.api.terminateInstances({ InstanceIds });
		expect(TerminatingInstances?.[0]?.CurrentState?.Name).toBe("terminated");
	});

	it("changes with all others asked for, or none does [EC2 API Reference, TerminateInstances]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		const call = ground.api.terminateInstances({ InstanceIds: [instanceId, "i-0123456789abcdef0"] });
		expect((await refusalOf(call)).code).toBe("InvalidInstanceID.NotFound");
		expect(await stateOf(ground, instanceId)).toBe("running");
	});

	it("launched twice with one client token exists once [EC2 API Reference, Ensuring idempotency]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const first = await aPendingNode(ground, network, { ClientToken: "token" });
		expect(await aPendingNode(ground, network, { ClientToken: "token" })).toEqual(first);
		const other = aPendingNode(ground, network, { ClientToken: "token", KeyName: "kubernetes" });
		expect((await refusalOf(other)).code).toBe("IdempotentParameterMismatch");
	});

	it("takes the address asked for, once [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network, { PrivateIpAddress: "10.0.1.20" });
		const { Reservations } = await ground.api.describeInstances({
			Filters: [{ Name: "private-ip-address", Values: ["10.0.1.20"] }],
		});
		expect(Reservations?.[0]?.Instances?.[0]?.InstanceId).toBe(instanceId);
		const again = aNode(ground, network, { PrivateIpAddress: "10.0.1.20" });
		expect((await refusalOf(again)).code).toBe("InvalidIPAddress.InUse");
		const outside = aNode(ground, network, { PrivateIpAddress: "10.0.2.20" });
		expect((await refusalOf(outside)).code).toBe("InvalidParameterValue");
	});

	it("needs an image, a count and a subnet [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const { subnetId } = await aNetwork(ground);
		const code = async (input: object) =>
			(await refusalOf(ground.api.runInstances({ MinCount: 1, MaxCount: 1, ImageId: IMAGE_ID, ...input })))
				.code;
		expect(await code({})).toBe("VPCIdNotSpecified");
		expect(await code({ SubnetId: subnetId, ImageId: undefined })).toBe("MissingParameter");
		expect(await code({ SubnetId: subnetId, MinCount: 2 })).toBe("InvalidParameterValue");
		expect(await code({ SubnetId: subnetId, ImageId: "foo" })).toBe("InvalidAMIID.Malformed");
	});
});

describe.each(TRANSPORTS)("User data ($name)", ({ open }) => {
	it("is read back as given, and absent as an empty attribute [aws-facts §1.2, §3]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const worker = await aNode(ground, network, {
			UserData: "bmFtZT13b3JrZXItMHxwb2QtY2lkcj0xMC4yMDAuMC4wLzI0",
		});
		const bare = await aNode(ground, network);
		const read = async (InstanceId: string) =>
			(await ground.api.describeInstanceAttribute({ InstanceId, Attribute: "userData" })).UserData;
		expect(await read(worker.instanceId)).toEqual({
			Value: "bmFtZT13b3JrZXItMHxwb2QtY2lkcj0xMC4yMDAuMC4wLzI0",
		});
		expect(await read(bare.instanceId)).toEqual({});
	});

	it.each([
		[16_384, undefined],
		[16_385, "InvalidParameterValue"],
	])("of %i raw bytes ends in %s [aws-facts §3]", async (length, code) => {
		const ground = await open();
		const network = await aNetwork(ground);
		const outcome = await aPendingNode(ground, network, { UserData: base64("x".repeat(length)) }).then(
			() => undefined,
			(error: Error) => error.name,
		);
		expect(outcome).toBe(code);
	});

	it("that is not base64 is refused [aws-facts §3]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const launch = aPendingNode(ground, network, { UserData: "name=worker-0" });
		expect(await refusalOf(launch)).toMatchObject({ code: "InvalidUserData.Malformed", status: 400 });
	});

	it("changes only while the instance is stopped [aws-facts §1.3, §3]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network, { UserData: base64("old") });
		const change = () =>
			ground.api.modifyInstanceAttribute({ InstanceId: instanceId, UserData: { Value: Buffer.from("new") } });
		expect(await refusalOf(change())).toEqual({
			code: "IncorrectInstanceState",
			message: `The instance '${instanceId}' is not in the 'stopped' state.`,
			status: 400,
		});
		await ground.api.stopInstances({ InstanceIds: [instanceId] });
		ground.ec2.settle();
		await change();
		const { UserData } = await ground.api.describeInstanceAttribute({
			InstanceId: instanceId,
			Attribute: "userData",
		});
		expect(UserData).toEqual({ Value: "bmV3" });
	});
});
