import { describe, expect, it } from "vitest";
import { type Ground, given, refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import { aNetwork, aNode, aSecondInterface, type Node } from "../support/contract-scenes.ts";

async function checksOf({ api }: Ground, { instanceId, interfaceId }: Node) {
	const { Reservations } = await api.describeInstances({ InstanceIds: [instanceId] });
	const { NetworkInterfaces } = await api.describeNetworkInterfaces({ NetworkInterfaceIds: [interfaceId] });
	const instance = given(Reservations?.[0]?.Instances?.[0]);
	return {
		instance: instance.SourceDestCheck,
		inInstance: instance.NetworkInterfaces?.[0]?.SourceDestCheck,
		interface: NetworkInterfaces?.[0]?.SourceDestCheck,
	};
}

describe.each(TRANSPORTS)("The source/destination check ($name)", ({ open }) => {
	it("is one flag: set on the instance it shows on the interface, and the other way round [aws-facts §8]", async () => {
		const ground = await open();
		const node = await aNode(ground, await aNetwork(ground));
		expect(await checksOf(ground, node)).toEqual({ instance: true, inInstance: true, interface: true });
		await ground.api.modifyInstanceAttribute({
			InstanceId: node.instanceId,
			SourceDestCheck: { Value: false },
		});
		expect(await checksOf(ground, node)).toEqual({ instance: false, inInstance: false, interface: false });
		await ground.api.modifyNetworkInterfaceAttribute({
			NetworkInterfaceId: node.interfaceId,
			SourceDestCheck: { Value: true },
		});
		expect(await checksOf(ground, node)).toEqual({ instance: true, inInstance: true, interface: true });
	});

	it("cannot be set on an instance that has several interfaces, only on an interface [aws-facts §1.3]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		await aSecondInterface(ground, network, node);
		const call = ground.api.modifyInstanceAttribute({
			InstanceId: node.instanceId,
			SourceDestCheck: { Value: false },
		});
		expect(await refusalOf(call)).toEqual({
			code: "InvalidInstanceID",
			message: `There are multiple interfaces attached to instance '${node.instanceId}'. Please specify an interface ID for the operation instead.`,
			status: 400,
		});
		await ground.api.modifyNetworkInterfaceAttribute({
			NetworkInterfaceId: node.interfaceId,
			SourceDestCheck: { Value: false },
		});
		expect(await checksOf(ground, node)).toEqual({ instance: false, inInstance: false, interface: false });
	});

	it("changes alone: one attribute a call [EC2 API Reference, ModifyInstanceAttribute]", async () => {
		const ground = await open();
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const none = ground.api.modifyInstanceAttribute({ InstanceId: instanceId });
		expect((await refusalOf(none)).code).toBe("InvalidParameterCombination");
		const two = ground.api.modifyInstanceAttribute({
			InstanceId: instanceId,
			SourceDestCheck: { Value: false },
			UserData: { Value: Buffer.from("x") },
		});
		expect((await refusalOf(two)).code).toBe("InvalidParameterCombination");
	});
});

describe.each(TRANSPORTS)("Network interfaces ($name)", ({ open }) => {
	it("list the primary first, index 0 on card 0 [aws-facts §1.2]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		const second = await aSecondInterface(ground, network, node);
		const { Reservations } = await ground.api.describeInstances({ InstanceIds: [node.instanceId] });
		const places = Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.map(
			({ NetworkInterfaceId, Status, Attachment }) => [
				NetworkInterfaceId,
				Status,
				Attachment?.DeviceIndex,
				Attachment?.NetworkCardIndex,
				Attachment?.DeleteOnTermination,
			],
		);
		expect(places).toEqual([
			[node.interfaceId, "in-use", 0, 0, true],
			[second.interfaceId, "in-use", 1, 0, false],
		]);
	});

	it("given to RunInstances are used as they are [EC2 API Reference, RunInstances]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { NetworkInterface } = await ground.api.createNetworkInterface({ SubnetId: network.subnetId });
		const interfaceId = given(NetworkInterface?.NetworkInterfaceId);
		const node = await aNode(ground, network, {
			NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: interfaceId }],
		});
		expect(node.interfaceId).toBe(interfaceId);
	});

	it("in use cannot be attached again or deleted [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const [first, second] = [await aNode(ground, network), await aNode(ground, network)];
		const attach = ground.api.attachNetworkInterface({
			NetworkInterfaceId: first.interfaceId,
			InstanceId: second.instanceId,
			DeviceIndex: 1,
		});
		expect((await refusalOf(attach)).code).toBe("InvalidNetworkInterface.InUse");
		const remove = ground.api.deleteNetworkInterface({ NetworkInterfaceId: first.interfaceId });
		expect(await refusalOf(remove)).toEqual({
			code: "InvalidParameterValue",
			message: `Network interface '${first.interfaceId}' is currently in use.`,
			status: 400,
		});
	});

	it("share no place on an instance [EC2 API Reference, AttachNetworkInterface]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		const { NetworkInterface } = await ground.api.createNetworkInterface({ SubnetId: network.subnetId });
		const call = ground.api.attachNetworkInterface({
			NetworkInterfaceId: given(NetworkInterface?.NetworkInterfaceId),
			InstanceId: instanceId,
			DeviceIndex: 0,
		});
		expect((await refusalOf(call)).code).toBe("InvalidParameterValue");
	});

	it("that are primary cannot be detached [moto issue 7678]", async () => {
		const ground = await open();
		const { interfaceId } = await aNode(ground, await aNetwork(ground));
		const { NetworkInterfaces } = await ground.api.describeNetworkInterfaces({
			NetworkInterfaceIds: [interfaceId],
		});
		const attachmentId = given(NetworkInterfaces?.[0]?.Attachment?.AttachmentId);
		expect(await refusalOf(ground.api.detachNetworkInterface({ AttachmentId: attachmentId }))).toEqual({
			code: "OperationNotPermitted",
			message: "The network interface at device index 0 and networkCard index 0 cannot be detached.",
			status: 400,
		});
	});

	it("are found by what holds them [aws-facts §1.1]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const node = await aNode(ground, network);
		await aNode(ground, network);
		const { NetworkInterfaces } = await ground.api.describeNetworkInterfaces({
			Filters: [{ Name: "attachment.instance-id", Values: [node.instanceId] }],
		});
		expect(NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual([
			node.interfaceId,
		]);
		expect(NetworkInterfaces?.[0]?.Attachment).toMatchObject({
			InstanceId: node.instanceId,
			InstanceOwnerId: "123456789012",
			Status: "attached",
		});
	});
});
