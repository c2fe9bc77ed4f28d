import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsEnvironment, runScript } from "./aws-cli.ts";
import { startServing } from "./started.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

/** The tutorial's cluster, built by the AWS CLI on an emulator of its own. */
export interface TutorialWorld {
	readonly url: string;
	/** What chapter 3 made: names and ids. */
	readonly ids: Readonly<Record<string, string>>;
	/** For the tutorial's commands: the AWS CLI, this world, and `ROUTE_TABLE_ID`. */
	readonly environment: Readonly<Record<string, string>>;
	/** Ends the emulator. */
	stop(): Promise<void>;
}

/** Starts an emulator and runs chapter 3 on it. Leaves nothing running where that fails. */
export async function startTutorialWorld(): Promise<TutorialWorld> {
	const home = await mkdtemp(join(tmpdir(), "podroute-interop-"));
	const emulator = await startServing(process.execPath, [main, "emulator", "--port", "0"], {});
	const stop = async () => {
		await emulator.stop();
		await rm(home, { recursive: true });
	};
	const aws = awsEnvironment(emulator.url, home);
	const { code, output } = await runScript("tutorial-cluster.sh", aws);
	if (code !== 0) {
		await stop();
		throw new Error(`The cluster could not be built:\n${output}`);
	}
	const ids = Object.fromEntries(
		output
			.trim()
			.split("\n")
			.map((line) => line.split("=")),
	);
	return { url: emulator.url, ids, environment: { ...aws, ROUTE_TABLE_ID: ids["route-table"] ?? "" }, stop };
}

/** The tutorial's route table as the AWS CLI shows it, with names in place of ids. */
export async function namedRoutes({ ids, environment }: TutorialWorld): Promise<unknown> {
	const { output } = await runScript("tutorial-routes.sh", environment);
	const named = Object.entries(ids).reduce((text, [name, id]) => text.replaceAll(id, name), output);
	// An interface is told by its instance, and the ids that are left are interfaces alone.
	return JSON.parse(named.replace(/eni-[0-9a-f]{17}/g, "its interface"));
}
