import { describe, expect, it } from "vitest";
import { type Ground, given, refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import { aNetwork, aNode, aPendingNode } from "../support/contract-scenes.ts";

const UNKNOWN = "i-0123456789abcdef0";

async function namesFor(ground: Ground, name: string, ...values: string[]): Promise<readonly string[]> {
	const { Reservations } = await ground.api.describeInstances({ Filters: [{ Name: name, Values: values }] });
	const instances = given(Reservations).flatMap(({ Instances }) => given(Instances));
	return instances.map(({ Tags }) => Tags?.find(({ Key }) => Key === "Name")?.Value ?? "-");
}

async function aNamedNode(ground: Ground, subnetId: string, name: string) {
	const tags = [{ ResourceType: "instance" as const, Tags: [{ Key: "Name", Value: name }] }];
	return await aNode(ground, { subnetId }, { TagSpecifications: tags });
}

describe.each(TRANSPORTS)("Filters ($name)", ({ open }) => {
	it.each([
		["worker-?", ["worker-1", "worker-2", "worker-"]],
		["worker-*", ["worker-1", "worker-2", "worker-", "worker-10"]],
		["*-1*", ["worker-1", "worker-10"]],
		["WORKER-1", []],
		["worker.1", []],
		["\\*", ["*"]],
		["\\?", []],
	])(
		"%s matches %o: an asterisk any text, a question mark at most one character, case counts [Amazon EC2 User Guide, Find your Amazon EC2 resources]",
		async (value, names) => {
			const ground = await open();
			const { subnetId } = await aNetwork(ground);
			for (const name of ["worker-1", "worker-2", "worker-", "worker-10", "*"])
				await aNamedNode(ground, subnetId, name);
			expect(await namesFor(ground, "tag:Name", value)).toEqual(names);
		},
	);

	it("match on any value of each and on all filters [EC2 API Reference, Filter]", async () => {
		const ground = await open();
		const { subnetId } = await aNetwork(ground);
		const first = await aNamedNode(ground, subnetId, "worker-1");
		await aNamedNode(ground, subnetId, "worker-2");
		await aNode(ground, { subnetId });
		await ground.api.stopInstances({ InstanceIds: [first.instanceId] });
		ground.ec2.settle();
		expect(await namesFor(ground, "tag:Name", "worker-1", "worker-2")).toEqual(["worker-1", "worker-2"]);
		expect(await namesFor(ground, "tag-key", "Name")).toEqual(["worker-1", "worker-2"]);
		expect(await namesFor(ground, "instance-state-name", "pending", "running")).toEqual(["worker-2", "-"]);
		expect(await namesFor(ground, "network-interface.network-interface-id", first.interfaceId)).toEqual([
			"worker-1",
		]);
		const both = await ground.api.describeInstances({
			Filters: [
				{ Name: "tag:Name", Values: ["worker-*"] },
				{ Name: "instance-state-name", Values: ["running"] },
			],
		});
		expect(both.Reservations).toHaveLength(1);
	});

	it("of an unknown name are refused [boto3 issue 1299]", async () => {
		const { api } = await open();
		expect(
			await refusalOf(api.describeInstances({ Filters: [{ Name: "public-ip", Values: ["x"] }] })),
		).toEqual({
			code: "InvalidParameterValue",
			message: "The filter 'public-ip' is invalid",
			status: 400,
		});
		const inherited = api.describeRouteTables({ Filters: [{ Name: "constructor", Values: ["x"] }] });
		expect((await refusalOf(inherited)).code).toBe("InvalidParameterValue");
	});

	it("beyond 200 values or 255 characters are refused [Amazon EC2 User Guide, Find your Amazon EC2 resources]", async () => {
		const { api } = await open();
		const values = Array.from({ length: 201 }, (_, index) => `v${index}`);
		const many = api.describeInstances({ Filters: [{ Name: "tag:Name", Values: values }] });
		expect((await refusalOf(many)).code).toBe("FilterLimitExceeded");
		const long = api.describeInstances({ Filters: [{ Name: "tag:Name", Values: ["x".repeat(256)] }] });
		expect((await refusalOf(long)).message).toBe("The maximum length for a filter value is 255 characters");
	});
});

describe.each(TRANSPORTS)("Listings by id ($name)", ({ open }) => {
	it("refuse an unknown id, several at once, and a malformed one [aws-facts §1.3, §1.4]", async () => {
		const { api } = await open();
		expect(await refusalOf(api.describeInstances({ InstanceIds: [UNKNOWN] }))).toEqual({
			code: "InvalidInstanceID.NotFound",
			message: "The instance ID 'i-0123456789abcdef0' does not exist",
			status: 400,
		});
		const two = await refusalOf(api.describeInstances({ InstanceIds: [UNKNOWN, "i-12345678"] }));
		expect(two.message).toBe("The instance IDs 'i-0123456789abcdef0, i-12345678' do not exist");
		expect((await refusalOf(api.describeInstances({ InstanceIds: ["foo"] }))).code).toBe(
			"InvalidInstanceID.Malformed",
		);
		expect((await refusalOf(api.describeVpcs({ VpcIds: ["vpc-12345678"] }))).code).toBe(
			"InvalidVpcID.NotFound",
		);
		expect((await refusalOf(api.describeSubnets({ SubnetIds: ["subnet-12345678"] }))).code).toBe(
			"InvalidSubnetID.NotFound",
		);
	});

	it("with filters are empty for a known id that does not match, and refuse an unknown one [aws-facts §1.4]", async () => {
		const ground = await open();
		const { instanceId } = await aNode(ground, await aNetwork(ground));
		const Filters = [{ Name: "instance-state-name", Values: ["stopped"] }];
		expect((await ground.api.describeInstances({ InstanceIds: [instanceId], Filters })).Reservations).toEqual(
			[],
		);
		const unknown = ground.api.describeInstances({ InstanceIds: [UNKNOWN], Filters });
		expect((await refusalOf(unknown)).code).toBe("InvalidInstanceID.NotFound");
	});
});

describe.each(TRANSPORTS)("Pages ($name)", ({ open }) => {
	it("of DescribeInstances hold whole reservations, each once [aws-facts §1.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		for (let count = 0; count < 6; count += 1)
			await aPendingNode(ground, network, { MinCount: 2, MaxCount: 2 });
		const first = await ground.api.describeInstances({ MaxResults: 5 });
		const second = await ground.api.describeInstances({ MaxResults: 5, NextToken: given(first.NextToken) });
		const sizes = [first, second].map(({ Reservations }) =>
			Reservations?.map(({ Instances }) => Instances?.length),
		);
		expect(sizes).toEqual([[2, 2, 2, 2, 2], [2]]);
		expect(second.NextToken).toBeUndefined();
		const ids = [first, second].flatMap((page) =>
			given(page.Reservations).map(({ ReservationId }) => ReservationId),
		);
		expect(new Set(ids).size).toBe(6);
	});

	it("lose nothing when an item vanishes or appears between them [aws-facts §1.4]", async () => {
		const ground = await open();
		const { vpcId } = await aNetwork(ground);
		const tables: string[] = [];
		for (let count = 0; count < 6; count += 1) {
			const { RouteTable } = await ground.api.createRouteTable({ VpcId: vpcId });
			tables.push(given(RouteTable?.RouteTableId));
		}
		const first = await ground.api.describeRouteTables({ MaxResults: 5 });
		await ground.api.deleteRouteTable({ RouteTableId: given(tables[0]) });
		await ground.api.deleteRouteTable({ RouteTableId: given(tables[2]) });
		const second = await ground.api.describeRouteTables({ MaxResults: 5, NextToken: given(first.NextToken) });
		expect(second.RouteTables?.map(({ RouteTableId }) => RouteTableId)).toEqual(tables.slice(3));
	});

	it.each([
		["matches", [1, undefined]],
		["examined", [0, 1]],
	] as const)(
		"count %s, by the switch, so that a page may be empty with more to come [aws-facts §1.4]",
		async (pagesCount, sizes) => {
			const ground = await open({ switches: { pagesCount } });
			const { subnetId } = await aNetwork(ground);
			for (let count = 0; count < 5; count += 1) await aNode(ground, { subnetId });
			await aNamedNode(ground, subnetId, "worker-1");
			const Filters = [{ Name: "tag:Name", Values: ["worker-1"] }];
			const first = await ground.api.describeInstances({ Filters, MaxResults: 5 });
			const second =
				first.NextToken === undefined
					? undefined
					: await ground.api.describeInstances({ Filters, MaxResults: 5, NextToken: first.NextToken });
			expect([first.Reservations?.length, second?.Reservations?.length]).toEqual(sizes);
		},
	);

	it.each([
		[
			"describeInstances",
			4,
			"Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
		],
		[
			"describeInstances",
			1001,
			"Value ( 1001 ) for parameter maxResults is invalid. Expecting a value less than 1000.",
		],
		[
			"describeRouteTables",
			4,
			"Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
		],
		[
			"describeRouteTables",
			101,
			"Value ( 101 ) for parameter maxResults is invalid. Expecting a value less than 100.",
		],
		[
			"describeNetworkInterfaces",
			4,
			"Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
		],
		[
			"describeNetworkInterfaces",
			1001,
			"Value ( 1001 ) for parameter maxResults is invalid. Expecting a value less than 1000.",
		],
	] as const)("%s refuses MaxResults %i [aws-facts §1.4]", async (action, MaxResults, message) => {
		const { api } = await open();
		const refusal = await refusalOf(api[action]({ MaxResults }));
		expect(refusal).toEqual({ code: "InvalidParameterValue", message, status: 400 });
	});

	it("and ids exclude each other for instances and interfaces, not for tables [aws-facts §1.3, §1.4]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId, interfaceId } = await aNode(ground, network);
		expect(
			await refusalOf(ground.api.describeInstances({ InstanceIds: [instanceId], MaxResults: 5 })),
		).toEqual({
			code: "InvalidParameterCombination",
			message: "The parameter instancesSet cannot be used with the parameter maxResults",
			status: 400,
		});
		const interfaces = ground.api.describeNetworkInterfaces({
			NetworkInterfaceIds: [interfaceId],
			MaxResults: 5,
		});
		expect((await refusalOf(interfaces)).code).toBe("InvalidParameterCombination");
		const tables = await ground.api.describeRouteTables({ RouteTableIds: [network.tableId], MaxResults: 5 });
		expect(tables.RouteTables).toHaveLength(1);
	});

	it("are not given for a token of another listing [EC2 API Reference, error codes]", async () => {
		const ground = await open();
		const network = await aNetwork(ground);
		for (let count = 0; count < 6; count += 1) await aPendingNode(ground, network);
		const { NextToken } = await ground.api.describeInstances({ MaxResults: 5 });
		const foreign = ground.api.describeNetworkInterfaces({ NextToken: given(NextToken) });
		expect(await refusalOf(foreign)).toEqual({
			code: "InvalidParameterValue",
			message: "Unable to parse pagination token",
			status: 400,
		});
		expect((await refusalOf(ground.api.describeInstances({ NextToken: "nonsense" }))).code).toBe(
			"InvalidParameterValue",
		);
	});
});
