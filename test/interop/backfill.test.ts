import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "./aws-cli.ts";
import { EMBEDDED, MOTO } from "./moto.ts";
import { namedRoutes, resolvedRoutes, startTutorialWorld, type TutorialWorld } from "./tutorial-world.ts";

/** Each call of the AWS CLI is a Python that starts. Nothing is measured; a hang ends here. */
const PATIENCE_MS = 600_000;
const root = join(import.meta.dirname, "../..");

const READS = { DescribeInstanceAttribute: 6, DescribeInstances: 1, DescribeRouteTables: 1 };

/** The table after the loop and after the backfill: destination, state, origin, and the instance that gets it. */
const TABLE = [
	"0.0.0.0/0 active CreateRoute internet-gateway",
	"10.0.0.0/16 active CreateRouteTable local",
	"10.200.0.0/24 active CreateRoute worker-0",
	"10.200.1.0/24 active CreateRoute worker-1",
	"10.200.2.0/24 active CreateRoute worker-2",
];

/** The command as README.md has it, in a tutorial's world. */
function backfill(world: TutorialWorld): Promise<{ readonly code: number; readonly stdout: string }> {
	const env = {
		PATH: `${join(root, "node_modules/.bin")}:/usr/local/bin:/usr/bin:/bin`,
		HOME: world.environment["HOME"] ?? "",
		AWS_ENDPOINT_URL_EC2: world.url,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "embedded",
		AWS_SECRET_ACCESS_KEY: "embedded",
		NODE_FILTERS: "tag:Name=worker-*,controller-*",
		ROUTE_TABLES: world.ids["route-table"] ?? "",
		CLUSTER_CIDRS: "10.200.0.0/16",
	};
	const args = ["run", "--silent", "podroute", "--", "backfill", "--json"];
	return new Promise((resolve) => {
		execFile("npm", args, { cwd: root, env }, (error, stdout) => {
			resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout });
		});
	});
}

const WORLDS = [
	{ name: EMBEDDED.name, server: EMBEDDED, writes: { CreateRoute: 3 } },
	// Chapter 3 turns checks off by instance. On EC2 that is the interface's flag; moto leaves that one on.
	{ name: MOTO.name, server: MOTO, writes: { CreateRoute: 3, ModifyNetworkInterfaceAttribute: 3 } },
];

describe.each(WORLDS)(
	"podroute backfill on a copy of the tutorial's cluster, on $name",
	{
		timeout: PATIENCE_MS,
	},
	({ server, writes }) => {
		let byLoop: TutorialWorld;
		let byBackfill: TutorialWorld;

		beforeAll(async () => {
			[byLoop, byBackfill] = await Promise.all([startTutorialWorld(server), startTutorialWorld(server)]);
		}, PATIENCE_MS);

		afterAll(async () => {
			await Promise.all([byLoop?.stop(), byBackfill?.stop()]);
		}, PATIENCE_MS);

		it("leaves the same table as the tutorial's loop", async () => {
			expect(await runScript("tutorial-loop.sh", byLoop.environment)).toMatchObject({ code: 0 });
			const { code, stdout } = await backfill(byBackfill);
			expect(code).toBe(0);
			expect(JSON.parse(stdout).apiCalls).toEqual({ ...writes, ...READS });
			expect(await resolvedRoutes(byLoop)).toEqual(TABLE);
			expect(await resolvedRoutes(byBackfill)).toEqual(TABLE);
			// moto tells of a target only what it was given: the loop gives instances, the backfill interfaces.
			if (server === EMBEDDED) expect(await namedRoutes(byBackfill)).toEqual(await namedRoutes(byLoop));
		});

		it("the second time changes nothing and writes nothing", async () => {
			const { code, stdout } = await backfill(byBackfill);
			expect(code).toBe(0);
			expect(JSON.parse(stdout)).toMatchObject({ changes: [], refusals: [], findings: [] });
			expect(JSON.parse(stdout).apiCalls).toEqual(READS);
		});
	},
);
