import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const root = join(import.meta.dirname, "../..");
const binaries = join(root, ".venv/bin");

/** What a script wrote, standard error among it in the order a person sees, and how it ended. */
export interface Ended {
	/** `null` where a signal ended it. */
	readonly code: number | null;
	readonly output: string;
}

/** An environment in which `aws` is the pinned AWS CLI, talks to `url` alone, and reads nobody's configuration. */
export function awsEnvironment(url: string, home: string): Readonly<Record<string, string>> {
	if (!existsSync(join(binaries, "aws"))) {
		throw new Error("There is no AWS CLI in .venv: `npm run test:interop` installs it and runs these tests.");
	}
	return {
		PATH: `${binaries}:/usr/local/bin:/usr/bin:/bin`,
		HOME: home,
		AWS_CONFIG_FILE: "/dev/null",
		AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
		AWS_EC2_METADATA_DISABLED: "true",
		AWS_ENDPOINT_URL: url,
		AWS_DEFAULT_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "embedded",
		AWS_SECRET_ACCESS_KEY: "embedded",
		AWS_PAGER: "",
	};
}

/** Runs a bash script of this folder. */
export async function runScript(name: string, environment: Readonly<Record<string, string>>): Promise<Ended> {
	const script = join(import.meta.dirname, name);
	const child = spawn("bash", ["-c", 'exec bash "$0" 2>&1', script], {
		env: environment,
		stdio: ["ignore", "pipe", "inherit"],
	});
	const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
	return { code, output };
}
