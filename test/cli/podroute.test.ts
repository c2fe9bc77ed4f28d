import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import {
	CreateTagsCommand,
	CreateVpcCommand,
	DescribeVpcsCommand,
	EC2Client,
	StartInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { MAIN, podroute } from "../support/command.ts";

/** Ids, and the folder of the map, differ from run to run; everything else is the demo's own. */
function withoutIds(text: string): string {
	return text.replace(/\b(i|eni|rtb|igw)-[0-9a-f]{17}\b/g, "$1-…").replace(/^\S+podroute-demo-\w+/m, "…");
}

describe("podroute demo", () => {
	it("shows routes that appear, and one that is replaced in place", async () => {
		const { code, stdout, stderr } = await podroute(["demo"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(withoutIds(stdout)).toMatchInlineSnapshot(`
			"3 controllers and 3 workers launch (VPC 10.0.0.0/16, pods 10.200.0.0/16).
			Each worker's address and pod CIDR, and what its event made:

			10.0.1.20 10.200.0.0/24
			  + 10.200.0.0/24  i-…
			10.0.1.21 10.200.1.0/24
			  + 10.200.1.0/24  i-…
			10.0.1.22 10.200.2.0/24
			  + 10.200.2.0/24  i-…

			rtb-…
			  0.0.0.0/0      igw-…  active  not ours
			  10.0.0.0/16    local                  active  not ours
			  10.200.0.0/24  i-…    active
			  10.200.1.0/24  i-…    active
			  10.200.2.0/24  i-…    active

			worker-1 is terminated. EC2 keeps its route, as a blackhole. It is launched
			again with the same pod CIDR, and its event replaces the route in place:

			  ~ 10.200.1.0/24  eni-… (blackhole) -> i-…

			rtb-…
			  0.0.0.0/0      igw-…  active  not ours
			  10.0.0.0/16    local                  active  not ours
			  10.200.0.0/24  i-…    active
			  10.200.1.0/24  i-…    active
			  10.200.2.0/24  i-…    active

			3 of 3 workers are routed; 0 findings to act on.
			The same as a map, for a browser:
			…/map.html
			"
		`);
	});

	it("fits into 80 columns", async () => {
		const { stdout } = await podroute(["demo"]);
		expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
	});

	it("prints a last audit's report, and nothing else, with --json", async () => {
		const { code, stdout, stderr } = await podroute(["demo", "--json"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const report = JSON.parse(stdout);
		expect(report.operation).toBe("audit");
		const managed = report.routes.filter(({ managed }: { managed: boolean }) => managed);
		expect(managed).toEqual(
			["10.200.0.0/24", "10.200.1.0/24", "10.200.2.0/24"].map((destination) => ({
				routeTableId: expect.stringMatching(/^rtb-/),
				destination,
				state: "active",
				owner: expect.stringMatching(/^i-/),
				instanceId: expect.stringMatching(/^i-/),
				networkInterfaceId: expect.stringMatching(/^eni-/),
				managed: true,
			})),
		);
		expect(report.findings.map(({ code }: { code: string }) => code)).toEqual([
			"missing-claim",
			"missing-claim",
			"missing-claim",
		]);
	});
});

describe("podroute emulator", () => {
	async function listening(emulator: ChildProcess): Promise<string> {
		if (emulator.stdout === null) throw new Error("the emulator has no output");
		const ended = once(emulator, "exit").then(([code]) => {
			throw new Error(`the emulator ended with ${code} before it listened`);
		});
		const [line] = await Promise.race([once(createInterface(emulator.stdout), "line"), ended]);
		return String(line);
	}

	it("says where it listens, answers as EC2, and ends when it is interrupted", async () => {
		const emulator = spawn(process.execPath, [MAIN, "emulator", "--port", "0"]);
		const line = await listening(emulator);
		expect(line).toMatch(/^EC2 emulator listening on http:\/\/127\.0\.0\.1:\d+$/);
		const client = new EC2Client({
			region: "us-east-1",
			endpoint: line.split(" ").at(-1) ?? "",
			credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
		});
		expect((await client.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
		client.destroy();
		emulator.kill("SIGINT");
		expect(await once(emulator, "exit")).toEqual([0, null]);
	});

	it("counts requests with --throttle aws, and sends events to --events, the last ones at its end", async () => {
		const received: string[] = [];
		const endpoint = createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk);
			const [entry] = JSON.parse(Buffer.concat(chunks).toString()).Entries;
			received.push(`${request.url} ${entry.Source} ${JSON.parse(entry.Detail)["changed-tag-keys"]}`);
			response.end('{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}');
		});
		endpoint.listen(0, "127.0.0.1");
		await once(endpoint, "listening");
		const events = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/bus`;
		const args = ["emulator", "--port", "0", "--throttle", "aws", "--events", events];
		const emulator = spawn(process.execPath, [MAIN, ...args]);
		const client = new EC2Client({
			region: "us-east-1",
			endpoint: (await listening(emulator)).split(" ").at(-1) ?? "",
			credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
			maxAttempts: 1,
		});
		const start = () => client.send(new StartInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] }));
		const codes = (await Promise.allSettled(Array.from({ length: 20 }, start))).map(
			(result) => result.status === "rejected" && result.reason.name,
		);
		expect(new Set(codes)).toEqual(new Set(["InvalidInstanceID.NotFound", "RequestLimitExceeded"]));
		const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
		for (const Key of ["one", "two", "three"]) {
			await client.send(new CreateTagsCommand({ Resources: [Vpc?.VpcId ?? ""], Tags: [{ Key, Value: "" }] }));
		}
		client.destroy();
		emulator.kill("SIGTERM");
		expect(await once(emulator, "exit")).toEqual([0, null]);
		endpoint.close();
		expect(received).toEqual(["/bus aws.tag one", "/bus aws.tag two", "/bus aws.tag three"]);
	});

	it("says so where the port is taken", async () => {
		const first = spawn(process.execPath, [MAIN, "emulator", "--port", "0"]);
		const port = new URL((await listening(first)).split(" ").at(-1) ?? "").port;
		const second = await podroute(["emulator", "--port", port]);
		first.kill("SIGTERM");
		expect(second).toEqual({
			code: 1,
			stdout: "",
			stderr: `podroute: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
		});
	});

	it.each([
		[["emulator", "--port", "http"], "podroute: --port must be a whole number from 0 to 65535."],
		[["emulator", "--latency-ms", "-1"], "podroute: Option '--latency-ms' argument is ambiguous."],
		[["emulator", "--throttle", "azure"], "podroute: --throttle must be aws or none."],
		[
			["emulator", "--events", "127.0.0.1:4566"],
			"podroute: --events must be an http or https URL without credentials in it.",
		],
		[
			["emulator", "--events", "http://me:secret@127.0.0.1"],
			"podroute: --events must be an http or https URL without credentials in it.",
		],
		[["emulator", "--colour"], "podroute: Unknown option '--colour'"],
		[["demo", "twice"], "podroute: Unexpected argument 'twice'."],
		[["route"], 'podroute: There is no command "route".'],
	])("%j is an error that says what is wrong", async (args, sentence) => {
		const { code, stdout, stderr } = await podroute([...args]);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
		expect(stderr).toContain(sentence);
		expect(stderr).toContain("Run podroute --help for the commands.");
	});
});

describe("podroute --help", () => {
	it("names the commands, in 80 columns", async () => {
		const { code, stdout } = await podroute(["--help"]);
		expect(code).toBe(0);
		expect(stdout).toContain("demo [--json]");
		expect(stdout).toContain("emulator [--port N] [--latency-ms N] [--throttle aws|none] [--events URL]");
		expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
	});

	it("is printed, as an error, where no command is given", async () => {
		const { code, stdout } = await podroute([]);
		expect(code).toBe(1);
		expect(stdout).toContain("Usage: podroute <command> [options]");
	});
});
