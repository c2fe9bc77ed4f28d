import { execFile } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startServer } from "../../emulator/server.ts";
import type { Cluster } from "./cluster.ts";

/** The command line's entry, as npm runs it. */
export const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

export interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the command line in a process of its own, with this environment and no other. */
export function podroute(
	args: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
	return new Promise((resolve) => {
		execFile(process.execPath, [MAIN, ...args], { env: environment }, (error, stdout, stderr) => {
			resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
		});
	});
}

/** The same beside a cluster: its settings, and its EC2 on a port that is closed when the test ends. */
export async function podrouteOn(
	cluster: Cluster,
	args: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
	const server = await startServer(cluster.ec2, { port: 0, clock: "manual" });
	onTestFinished(() => server.close());
	return podroute(args, {
		...cluster.environment,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "test",
		AWS_SECRET_ACCESS_KEY: "test",
		AWS_ENDPOINT_URL_EC2: server.url,
		...environment,
	});
}

/** `text` with names in place of ids, padded to the same width so that columns stay columns. */
export function withNames(text: string, cluster: Cluster, ...names: readonly string[]): string {
	const byName = names.reduce((told, name) => {
		const id = cluster.id(name);
		return told
			.replaceAll(id, name.padEnd(id.length, "·"))
			.replaceAll(cluster.eni(name), `eni:${name}`.padEnd(21, "·"));
	}, text);
	return cluster.tableIds
		.reduce((told, id, index) => told.replaceAll(id, `rtb-${index}`), byName)
		.replace(/Plan [0-9a-f]{12}/g, "Plan …");
}
