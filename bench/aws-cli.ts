import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsEnvironment } from "../test/interop/aws-cli.ts";
import { installReferences, Problem } from "../test/interop/references.ts";

/**
 * Makes sure that the pinned AWS CLI is in .venv, as the interop tests install it. Resolves to whether it is: it needs
 * Python and PyPI.
 */
export async function prepareAwsCli(): Promise<boolean> {
	try {
		await installReferences((line) => process.stderr.write(`${line}\n`));
		return true;
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		process.stderr.write(`${error.message}\n`);
		return false;
	}
}

/** Runs `work` with an environment in which `aws` is the pinned AWS CLI, talks to `url` alone, and reads nobody's configuration. */
export async function withAwsCli<T>(
	url: string,
	work: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
	const home = await mkdtemp(join(tmpdir(), "podroute-bench-"));
	try {
		return await work(awsEnvironment(url, home));
	} finally {
		await rm(home, { recursive: true });
	}
}
