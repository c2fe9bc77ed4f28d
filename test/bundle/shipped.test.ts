import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startServer } from "../../emulator/server.ts";
import { buildHandlers, tooLarge } from "../../scripts/build-handlers.ts";
import type { Built } from "../../scripts/bundle.ts";
import { aCluster, type Cluster } from "../support/cluster.ts";

let folder: string;
let shipped: Built;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "podroute-shipped-"));
	shipped = await buildHandlers(join(folder, "shipped"));
	await buildHandlers(join(folder, "plain"), undefined, {});
});

afterAll(() => rm(folder, { recursive: true }));

/** What Lambda does with a bundle, in a Node of its own. */
const INVOKE = `
	const { handler } = await import(process.argv[1]);
	const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: "request", invokedFunctionArn: "arn:x" };
	const told = await handler(JSON.parse(process.argv[2]), context).then(
		(answer) => ({ answer }),
		(error) => ({ error: error.message }),
	);
	process.stdout.write("\\n" + JSON.stringify(told));
	process.exit();
`;

const CREDENTIALS = {
	AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
	AWS_SECRET_ACCESS_KEY: "secret",
	AWS_SESSION_TOKEN: "token",
};

type Environment = Readonly<Record<string, string>>;

interface Run {
	/** What the invocation ended in. */
	readonly told: unknown;
	readonly cluster: Cluster;
}

/** One invocation of a bundle, with the environment that Lambda gives, in a world that is the same every time. */
async function invoke(
	bundle: string,
	event: (cluster: Cluster) => unknown,
	credentials: Environment = CREDENTIALS,
	region: Environment = { AWS_REGION: "us-east-1" },
): Promise<Run> {
	const cluster = await aCluster({ environment: { REPAIR: "all" } });
	const server = await startServer(cluster.ec2, { port: 0, clock: "manual" });
	onTestFinished(() => server.close());
	await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
	await cluster.launch("worker-1", { claims: "10.200.1.0/24", sourceDestCheck: true });
	cluster.ec2.clearCalls();
	const env = {
		...cluster.environment,
		AWS_ENDPOINT_URL_EC2: server.url,
		...region,
		...credentials,
	};
	const args = [
		"--input-type=module",
		"--eval",
		INVOKE,
		join(folder, bundle),
		JSON.stringify(event(cluster)),
	];
	const { stdout } = await promisify(execFile)(process.execPath, args, { env });
	return { told: JSON.parse(stdout.slice(stdout.lastIndexOf("\n"))), cluster };
}

/** What EC2 was asked, sorted, for requests that are under way together arrive in any order. */
function asked({ cluster }: Run): readonly string[] {
	return cluster.ec2.calls.map((call) => JSON.stringify(call)).toSorted();
}

/** Whatever else is in it, an event on the schedule says no more than that. */
const SCHEDULED = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };

describe("The bundles that are shipped", () => {
	it("are three, of at most 240 kB each", () => {
		expect(shipped.bundles.map(({ file }) => file)).toEqual([
			"backfill.mjs",
			"instance-state-change.mjs",
			"route-table-audit.mjs",
		]);
		expect(tooLarge(shipped)).toEqual([]);
	});

	it("are built as expected: the SDK's code is where it was and looks as it did", () => {
		expect(shipped.warnings).toEqual([]);
	});

	it.each(["backfill", "instance-state-change", "route-table-audit"])(
		"hold of EC2 what %s uses, and not the rest",
		async (name) => {
			const text = await readFile(join(folder, `shipped/${name}.mjs`), "utf8");
			expect(text).toContain("ReplaceRouteRequest");
			expect(text).not.toContain("DescribeFleetsRequest");
			expect(text).not.toContain("AWS_WEB_IDENTITY_TOKEN_FILE");
		},
	);

	it("have maps that lead to the sources", async () => {
		const text = await readFile(join(folder, "shipped/backfill.mjs"), "utf8");
		expect(text.trimEnd().split("\n").at(-1)).toBe("//# sourceMappingURL=backfill.mjs.map");
		const map = JSON.parse(await readFile(join(folder, "shipped/backfill.mjs.map"), "utf8"));
		expect(map.sources).toContainEqual(expect.stringMatching(/src\/reconcile\/reconcile\.ts$/));
	});

	it.each([
		[
			"instance-state-change.mjs",
			(cluster: Cluster): unknown => cluster.event("worker-0"),
			["10.200.0.0/24"],
		],
		["backfill.mjs", () => ({}), ["10.200.0.0/24", "10.200.1.0/24"]],
		["route-table-audit.mjs", () => SCHEDULED, ["10.200.0.0/24", "10.200.1.0/24"]],
	])("%s answers as the plain bundle does, and asks EC2 the same", async (file, event, destinations) => {
		const ours = await invoke(`shipped/${file}`, event);
		const plain = await invoke(`plain/${file}`, event);
		expect(ours.told).toEqual(plain.told);
		expect(ours.told).toMatchObject({ answer: { formatVersion: 1 } });
		expect(asked(ours)).toEqual(asked(plain));
		expect(Object.keys(await ours.cluster.routes())).toEqual(destinations);
	});

	it("show the map with what the audit loads later, which is no part of its bundle", async () => {
		const { told } = await invoke("shipped/route-table-audit.mjs", () => ({
			widgetContext: { theme: "light", width: 600, height: 400 },
		}));
		expect(told).toEqual({ answer: expect.stringContaining("10.200.0.0/16") });
		const words = "routed to its owner";
		expect(await readFile(join(folder, "shipped/later/widget.mjs"), "utf8")).toContain(words);
		expect(await readFile(join(folder, "shipped/route-table-audit.mjs"), "utf8")).not.toContain(words);
	});

	it.each([
		["AWS_ACCESS_KEY_ID", { AWS_SECRET_ACCESS_KEY: "secret" }],
		["AWS_SECRET_ACCESS_KEY", { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" }],
	])("say that %s lacks", async (name, credentials) => {
		const { told } = await invoke("shipped/backfill.mjs", () => ({}), credentials);
		expect(told).toMatchObject({ error: expect.stringContaining(`${name} is not set`) });
	});

	it("say why there is no region where AWS_REGION lacks", async () => {
		const { told } = await invoke("shipped/backfill.mjs", () => ({}), CREDENTIALS, {});
		expect(told).toMatchObject({
			error: expect.stringContaining("a Lambda function has its region in AWS_REGION"),
		});
	});
});
