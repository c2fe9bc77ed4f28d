import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "./aws-cli.ts";
import { namedRoutes, startTutorialWorld, type TutorialWorld } from "./tutorial-world.ts";

/** Each call of the AWS CLI is a Python that starts. Nothing is measured; a hang ends here. */
const PATIENCE_MS = 600_000;
const root = join(import.meta.dirname, "../..");

let byLoop: TutorialWorld;
let byBackfill: TutorialWorld;

beforeAll(async () => {
	[byLoop, byBackfill] = await Promise.all([startTutorialWorld(), startTutorialWorld()]);
}, PATIENCE_MS);

afterAll(async () => {
	await Promise.all([byLoop?.stop(), byBackfill?.stop()]);
}, PATIENCE_MS);

/** The command as README.md has it, in the tutorial's world. */
function backfill(): Promise<{ readonly code: number; readonly stdout: string }> {
	const env = {
		PATH: `${join(root, "node_modules/.bin")}:/usr/local/bin:/usr/bin:/bin`,
		HOME: byBackfill.environment["HOME"] ?? "",
		AWS_ENDPOINT_URL_EC2: byBackfill.url,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "embedded",
		AWS_SECRET_ACCESS_KEY: "embedded",
		NODE_FILTERS: "tag:Name=worker-*,controller-*",
		ROUTE_TABLES: byBackfill.ids["route-table"] ?? "",
		CLUSTER_CIDRS: "10.200.0.0/16",
	};
	const args = ["run", "--silent", "podroute", "--", "backfill", "--json"];
	return new Promise((resolve) => {
		execFile("npm", args, { cwd: root, env }, (error, stdout) => {
			resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout });
		});
	});
}

describe("podroute backfill on a copy of the tutorial's cluster", { timeout: PATIENCE_MS }, () => {
	it("leaves the same table as the tutorial's loop", async () => {
		expect(await runScript("tutorial-loop.sh", byLoop.environment)).toMatchObject({ code: 0 });
		const { code, stdout } = await backfill();
		expect(code).toBe(0);
		expect(JSON.parse(stdout).apiCalls).toEqual({
			CreateRoute: 3,
			DescribeInstanceAttribute: 6,
			DescribeInstances: 1,
			DescribeRouteTables: 1,
		});
		const table = await namedRoutes(byBackfill);
		expect(table).toEqual(await namedRoutes(byLoop));
		expect(JSON.stringify(table)).toContain('"DestinationCidrBlock":"10.200.2.0/24","InstanceId":"worker-2"');
	});

	it("the second time changes nothing and writes nothing", async () => {
		const { code, stdout } = await backfill();
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ changes: [], refusals: [], findings: [] });
		expect(JSON.parse(stdout).apiCalls).toEqual({
			DescribeInstanceAttribute: 6,
			DescribeInstances: 1,
			DescribeRouteTables: 1,
		});
	});
});
