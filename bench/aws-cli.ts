import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsEnvironment } from "../test/interop/aws-cli.ts";

const root = join(import.meta.dirname, "..");

/**
 * Makes sure that the pinned AWS CLI is in .venv, as the interop tests install it. Resolves to whether it is: it needs
 * Python and PyPI.
 */
export async function prepareAwsCli(): Promise<boolean> {
	const installed = () => existsSync(join(root, ".venv/bin/aws"));
	if (installed()) return true;
	// It installs first, and is asked to run nothing.
	const child = spawn(process.execPath, [join(root, "test/interop/main.ts"), "--version"], {
		cwd: root,
		stdio: ["ignore", "ignore", "inherit"],
	});
	await once(child, "exit");
	return installed();
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
