import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { awsEnvironment } from "./aws-cli.ts";
import { type Started, startServing } from "./started.ts";

const root = join(import.meta.dirname, "../..");
const binaries = join(root, ".venv/bin");

/** MiniStack on a port of its own: AWS services that somebody else wrote, and functions that are real Node processes. */
export interface MiniStack extends Started {
	/** For programs that talk to it, and to no AWS. */
	readonly environment: Readonly<Record<string, string>>;
	/** What the AWS CLI answers; `undefined` where it says nothing. Rejects where it is refused. */
	aws(...args: readonly string[]): Promise<unknown>;
	/** Invokes a function and waits for what it returns. Rejects, in its words, where it throws. */
	invoke(functionName: string, payload: unknown): Promise<unknown>;
}

/** Starts it in a folder of its own, where functions are unpacked too; whoever made the folder removes it. */
export async function startMiniStack(home: string): Promise<MiniStack> {
	const started = await startServing(join(binaries, "python"), ["-m", "ministack"], {
		// A function's process inherits this, so that it holds nothing a function may need: that is for the stack to say.
		// The Node on the path is the one that runs the functions.
		PATH: `${join(root, "node_modules/.bin")}:/usr/local/bin:/usr/bin:/bin`,
		HOME: home,
		TMPDIR: home,
		BIND_HOST: "127.0.0.1",
		GATEWAY_PORT: "0",
	});
	const environment = { ...awsEnvironment(started.url, home), AWS_REGION: "us-east-1" };

	async function aws(...args: readonly string[]): Promise<unknown> {
		// By argument as well: the AWS CLI takes no endpoint for SQS from its environment, and would ask AWS.
		const all = ["--endpoint-url", started.url, "--output", "json", ...args];
		const { stdout } = await promisify(execFile)(join(binaries, "aws"), all, { env: environment });
		return stdout.trim() === "" ? undefined : JSON.parse(stdout);
	}

	async function invoke(functionName: string, payload: unknown): Promise<unknown> {
		const file = join(home, "answer.json");
		const args = ["--function-name", functionName, "--payload", JSON.stringify(payload)];
		const { FunctionError } = (await aws("lambda", "invoke", ...args, file)) as { FunctionError?: string };
		const text = await readFile(file, "utf8");
		// AWS writes a page as a JSON string, MiniStack as it is.
		const answer = text.startsWith("<") ? text : JSON.parse(text);
		if (FunctionError !== undefined) throw new Error(answer.errorMessage);
		return answer;
	}

	return { ...started, environment, aws, invoke };
}
