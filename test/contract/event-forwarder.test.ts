import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { EventForwarder, type ForwarderLimits } from "../../emulator/event-forwarder.ts";
import type { Ec2Event } from "../../emulator/events.ts";

interface Received {
	readonly method: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly entries: readonly Record<string, unknown>[];
}

type Answer = (response: ServerResponse, index: number) => void;

const ACCEPTED = '{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}';
const accept: Answer = (response) => response.end(ACCEPTED);

/** An endpoint that answers as told, and what it was sent. It ends with the test. */
async function anEndpoint(answer: Answer = accept) {
	const received: Received[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const { method, headers } = request;
		received.push({ method, headers, entries: JSON.parse(Buffer.concat(chunks).toString()).Entries });
		answer(response, received.length - 1);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	onTestFinished(close);
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, received, close };
}

function aForwarder(url: string, limits: Partial<ForwarderLimits> = {}) {
	const told: string[] = [];
	return { told, forwarder: new EventForwarder(url, (line) => told.push(line), { pauseMs: 1, ...limits }) };
}

const ARN = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";

function anEvent(id: string): Ec2Event {
	return {
		version: "0",
		id,
		"detail-type": "EC2 Instance State-change Notification",
		source: "aws.ec2",
		account: "123456789012",
		time: "2026-01-02T03:04:05Z",
		region: "eu-west-1",
		resources: [ARN],
		detail: { "instance-id": id, state: "running" },
	};
}

const idsOf = (received: readonly Received[]) =>
	received.flatMap(({ entries }) => entries.map(({ Detail }) => JSON.parse(String(Detail))["instance-id"]));

function givenUp(id: string, reason: string): string {
	return `Event ${id} (EC2 Instance State-change Notification of ${ARN}) was not forwarded: ${reason}.`;
}

describe("Forwarded events", () => {
	it("are PutEvents requests to the default bus [EventBridge API Reference, PutEvents]", async () => {
		const { url, received } = await anEndpoint();
		const { forwarder, told } = aForwarder(url);
		forwarder.forward(anEvent("i-1"));
		await forwarder.close();
		expect(received).toEqual([
			{
				method: "POST",
				headers: expect.objectContaining({
					"content-type": "application/x-amz-json-1.1",
					"x-amz-target": "AWSEvents.PutEvents",
					"x-amz-date": "20260102T030405Z",
					authorization: expect.stringMatching(
						/^AWS4-HMAC-SHA256 Credential=embedded\/20260102\/eu-west-1\/events\/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$/,
					),
				}),
				entries: [
					{
						Source: "aws.ec2",
						DetailType: "EC2 Instance State-change Notification",
						Detail: '{"instance-id":"i-1","state":"running"}',
						Resources: [ARN],
						Time: 1_767_323_045,
						EventBusName: "default",
					},
				],
			},
		]);
		expect(told).toEqual([]);
	});

	it("come in order, one after another, however slow the endpoint is", async () => {
		let open = 0;
		let most = 0;
		const { url, received } = await anEndpoint((response) => {
			open += 1;
			most = Math.max(most, open);
			setTimeout(() => {
				open -= 1;
				response.end(ACCEPTED);
			}, 5);
		});
		const { forwarder } = aForwarder(url);
		const ids = ["i-1", "i-2", "i-3", "i-4"];
		for (const id of ids) forwarder.forward(anEvent(id));
		await forwarder.close();
		expect(idsOf(received)).toEqual(ids);
		expect(most).toBe(1);
		forwarder.forward(anEvent("i-5"));
		await forwarder.close();
		expect(idsOf(received).at(-1)).toBe("i-5");
	});

	it.each<[string, Answer]>([
		["an error", (response) => response.writeHead(500).end()],
		["a refused entry", (response) => response.end('{"FailedEntryCount":1,"Entries":[{"ErrorCode":"X"}]}')],
		["a lost connection", (response) => response.destroy()],
	])("are tried again after %s, and the next waits", async (_what, fail) => {
		const { url, received } = await anEndpoint((response, index) =>
			(index < 2 ? fail : accept)(response, index),
		);
		const { forwarder, told } = aForwarder(url);
		forwarder.forward(anEvent("i-1"));
		forwarder.forward(anEvent("i-2"));
		await forwarder.close();
		expect(idsOf(received)).toEqual(["i-1", "i-1", "i-1", "i-2"]);
		expect(told).toEqual([]);
	});

	it.each<[string, Answer, string]>([
		["an error", (response) => response.writeHead(503).end(), "the endpoint answered 503"],
		[
			"a refusal",
			(response) => response.end('{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure"}]}'),
			"the endpoint refused it: InternalFailure",
		],
		["a page", (response) => response.end("<html></html>"), "the endpoint's answer is not that of PutEvents"],
		["silence", () => {}, "The operation was aborted due to timeout"],
	])(
		"are given up, each told in one line, where the endpoint answers with %s to the end",
		async (_what, answer, reason) => {
			const { url, received } = await anEndpoint(answer);
			const { forwarder, told } = aForwarder(url, { attempts: 2, attemptMs: 100 });
			forwarder.forward(anEvent("i-1"));
			forwarder.forward(anEvent("i-2"));
			await forwarder.close();
			expect(told).toEqual([givenUp("i-1", reason), givenUp("i-2", reason)]);
			expect(idsOf(received)).toEqual(["i-1", "i-1", "i-2", "i-2"]);
		},
	);

	it("are given up where nobody listens", async () => {
		const { url, close } = await anEndpoint();
		close();
		const { forwarder, told } = aForwarder(url);
		forwarder.forward(anEvent("i-1"));
		await forwarder.close();
		expect(told).toEqual([givenUp("i-1", `connect ECONNREFUSED ${new URL(url).host}`)]);
	});

	it("beyond those that may wait are told, and not forwarded", async () => {
		const { url, received } = await anEndpoint();
		const { forwarder, told } = aForwarder(url, { queue: 2 });
		for (const id of ["i-1", "i-2", "i-3", "i-4"]) forwarder.forward(anEvent(id));
		await forwarder.close();
		// The first is under way, and waits no more.
		expect(idsOf(received)).toEqual(["i-1", "i-2", "i-3"]);
		expect(told).toEqual([givenUp("i-4", "2 events are waiting already")]);
	});

	it("hold up the end only so long as the flush may take", async () => {
		const { url } = await anEndpoint(() => {});
		const { forwarder, told } = aForwarder(url, { attemptMs: 3_600_000, flushMs: 20 });
		forwarder.forward(anEvent("i-1"));
		forwarder.forward(anEvent("i-2"));
		await forwarder.close();
		expect(told).toEqual([givenUp("i-1", "the emulator ends"), givenUp("i-2", "the emulator ends")]);
	});
});
