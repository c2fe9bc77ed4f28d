import { DescribeInstancesCommand, EC2 } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { EmbeddedEc2 } from "../../emulator/ec2.ts";
import type { Fault } from "../../emulator/faults.ts";
import { inProcess } from "../../emulator/request-handler.ts";
import { startServer } from "../../emulator/server.ts";
import { refusalOf, TRANSPORTS } from "../support/contract-clients.ts";
import { aNetwork, aNode, routeTo } from "../support/contract-scenes.ts";

const POD = "10.200.1.0/24";

describe("The Query protocol", () => {
	it("refuses an action it does not know [EC2 API Reference, error codes]", async () => {
		const answer = await new EmbeddedEc2().handle("Action=MakeCoffee&Version=2016-11-15");
		expect(answer.status).toBe(400);
		expect(answer.body).toContain("<Code>InvalidAction</Code>");
		expect(answer.body).toContain(
			"<Message>The action MakeCoffee is not valid for this web service.</Message>",
		);
	});

	it("refuses a parameter the action has not [aws-sdk-js issue 54]", async () => {
		const answer = await new EmbeddedEc2().handle("Action=DescribeInstances&Item.1=x");
		expect(answer.body).toContain(
			"<Code>UnknownParameter</Code><Message>The parameter Item is not recognized</Message>",
		);
	});

	it("answers with a request id first in the body and in the header [aws-facts §1.2, §1.3]", async () => {
		const answer = await new EmbeddedEc2().handle("Action=DescribeVpcs&Version=2016-11-15");
		const requestId = answer.headers["x-amzn-requestid"];
		expect(answer.body).toBe(
			`<?xml version="1.0" encoding="UTF-8"?>\n<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${requestId}</requestId><vpcSet/></DescribeVpcsResponse>`,
		);
	});

	it("wraps an error in Response, its id in capitals [aws-facts §1.3]", async () => {
		const answer = await new EmbeddedEc2().handle("Action=DescribeVpcs&VpcId.1=vpc-12345678");
		const requestId = answer.headers["x-amzn-requestid"];
		expect(answer.body).toBe(
			`<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>The vpc ID 'vpc-12345678' does not exist</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
		);
	});

	it("never runs the clock backwards", () => {
		expect(() => new EmbeddedEc2().advance(-1)).toThrow(RangeError);
	});
});

describe.each(TRANSPORTS)("Every call ($name)", ({ open }) => {
	it("is recorded with its parameters and its outcome, and counted by action [aws-facts §1.1]", async () => {
		const { api, ec2 } = await open();
		await api.describeVpcs({ Filters: [{ Name: "vpc-id", Values: ["a", "b"] }] });
		await refusalOf(api.describeVpcs({ VpcIds: ["vpc-12345678"] }));
		expect(ec2.calls).toEqual([
			{
				action: "DescribeVpcs",
				parameters: {
					Action: "DescribeVpcs",
					Version: "2016-11-15",
					"Filter.1.Name": "vpc-id",
					"Filter.1.Value.1": "a",
					"Filter.1.Value.2": "b",
				},
				outcome: "ok",
			},
			{
				action: "DescribeVpcs",
				parameters: { Action: "DescribeVpcs", Version: "2016-11-15", "VpcId.1": "vpc-12345678" },
				outcome: "InvalidVpcID.NotFound",
			},
		]);
		expect(ec2.countCalls()).toEqual({ DescribeVpcs: 2 });
		ec2.clearCalls();
		expect(ec2.calls).toEqual([]);
	});

	it.each([
		["before", undefined],
		["after", "active"],
	] as const)("may fail %s it takes effect [aws-facts §1.3]", async (when, state) => {
		const ground = await open();
		const network = await aNetwork(ground);
		const { instanceId } = await aNode(ground, network);
		const fault: Fault = {
			when,
			status: 503,
			code: "RequestLimitExceeded",
			message: "Request limit exceeded.",
		};
		ground.ec2.intercept = ({ action }) => (action === "CreateRoute" ? fault : undefined);
		const call = ground.api.createRoute({
			RouteTableId: network.tableId,
			DestinationCidrBlock: POD,
			InstanceId: instanceId,
		});
		expect(await refusalOf(call)).toEqual({
			code: "RequestLimitExceeded",
			message: "Request limit exceeded.",
			status: 503,
		});
		expect((await routeTo(ground, network.tableId, POD))?.State).toBe(state);
	});

	it("may lose its connection, or be answered by no XML; the index tells calls apart [aws-facts §1.3]", async () => {
		const { api, ec2 } = await open();
		const kinds = ["connection-reset", "malformed-xml"] as const;
		ec2.intercept = ({ index }) => {
			const kind = kinds[index];
			return kind && { when: "before", kind };
		};
		await expect(api.describeVpcs({})).rejects.toMatchObject({ code: "ECONNRESET" });
		await expect(api.describeVpcs({})).rejects.toThrow();
		expect((await api.describeVpcs({})).Vpcs).toEqual([]);
		expect(ec2.calls.map(({ outcome }) => outcome)).toEqual(["connection-reset", "malformed-xml", "ok"]);
	});

	it("may time out, until the caller gives up [aws-facts §1.3]", async () => {
		const { api, ec2 } = await open();
		ec2.intercept = () => ({ when: "before", kind: "timeout" });
		const giveUp = new AbortController();
		const call = api.send(new DescribeInstancesCommand({}), { abortSignal: giveUp.signal });
		setTimeout(() => giveUp.abort(), 5);
		expect((await refusalOf(call)).code).toMatch(/^(TimeoutError|AbortError)$/);
	});

	it("is not made once its signal is aborted", async () => {
		const { api, ec2 } = await open();
		const call = api.send(new DescribeInstancesCommand({}), { abortSignal: AbortSignal.abort() });
		expect((await refusalOf(call)).code).toBe("AbortError");
		expect(ec2.calls).toEqual([]);
	});
});

describe("A client left to its own retries", () => {
	it("launches once though the first answer is lost, by its client token [EC2 API Reference, Ensuring idempotency]", async () => {
		const ec2 = new EmbeddedEc2();
		const credentials = { accessKeyId: "test", secretAccessKey: "test" };
		const api = new EC2({ region: "us-east-1", credentials, requestHandler: inProcess(ec2), maxAttempts: 3 });
		const network = await aNetwork({ ec2, api });
		ec2.clearCalls();
		let failures = 0;
		ec2.intercept = ({ action }) => {
			if (action !== "RunInstances" || failures > 0) return undefined;
			failures += 1;
			return { when: "after", kind: "connection-reset" };
		};
		await aNode({ ec2, api }, network);
		const { Reservations } = await api.describeInstances({});
		expect(ec2.countCalls()).toEqual({ RunInstances: 2, DescribeInstances: 1 });
		expect(Reservations).toHaveLength(1);
	});
});

describe("The server", () => {
	it("listens on the loopback interface and takes POST alone", async () => {
		const server = await startServer(new EmbeddedEc2(), { port: 0, clock: "manual" });
		try {
			expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
			expect((await fetch(server.url)).status).toBe(405);
		} finally {
			await server.close();
		}
	});

	it("rejects where the port is taken", async () => {
		const server = await startServer(new EmbeddedEc2(), { port: 0, clock: "manual" });
		try {
			await expect(startServer(new EmbeddedEc2(), { port: server.port })).rejects.toMatchObject({
				code: "EADDRINUSE",
			});
		} finally {
			await server.close();
		}
	});
});
