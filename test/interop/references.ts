import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { follow } from "./follow.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const venv = join(root, ".venv");
const requirements = join(import.meta.dirname, "requirements.txt");
/** Which requirements the environment holds: written last, so that a broken installation is made anew. */
const stamp = join(venv, "podroute-requirements.sha256");

/** What the suites hold the project against: another's name, and how it says its version. */
const REFERENCES = [
	{ name: "AWS CLI", command: join(venv, "bin/aws"), args: ["--version"] },
	{
		name: "MiniStack",
		command: join(venv, "bin/python"),
		args: ["-c", "from importlib.metadata import version; print(version('ministack'))"],
	},
	{ name: "cfn-lint", command: join(venv, "bin/cfn-lint"), args: ["--version"] },
	{
		name: "moto",
		command: join(venv, "bin/python"),
		args: ["-c", "from importlib.metadata import version; print(version('moto'))"],
	},
];
const PYTHONS = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const OLDEST_PYTHON = { major: 3, minor: 10 };

/** What the person who started this must put right. */
export class Problem extends Error {}

/**
 * Installs the references into .venv where they changed: the AWS CLI among them. `say` is told what takes a while.
 *
 * @throws {Problem} where there is no Python that is new enough, or the installation fails.
 */
export async function installReferences(say: (line: string) => void): Promise<void> {
	const wanted = createHash("sha256")
		.update(await readFile(requirements))
		.digest("hex");
	const held = await readFile(stamp, "utf8").catch(() => "");
	if (held === wanted) return;
	const python = await findPython();
	say(`Installing ${requirements} into ${venv}`);
	await install(python);
	await writeFile(stamp, wanted);
}

/** Each reference and its version, a line each. */
export function nameReferences(): Promise<readonly string[]> {
	return Promise.all(
		REFERENCES.map(async ({ name, command, args }) => {
			const { stdout } = await run(command, args);
			return `${name}: ${stdout.trim()}`;
		}),
	);
}

/** A Python that is new enough, by name. */
async function findPython(): Promise<string> {
	for (const python of PYTHONS) {
		const { stdout } = await run(python, ["-c", "import sys; print(*sys.version_info[:2])"]).catch(() => ({
			stdout: "",
		}));
		const [major = 0, minor = 0] = stdout.split(" ").map(Number);
		if (major === OLDEST_PYTHON.major && minor >= OLDEST_PYTHON.minor) return python;
	}
	throw new Problem("The interop tests need Python 3.10 or newer, with venv, on the PATH; there is none.");
}

/** A fresh environment, so that nothing is left of the requirements before. The pins must be whole: pip adds none. */
async function install(python: string): Promise<void> {
	const pip = join(venv, "bin/pip");
	const steps: readonly (readonly [string, readonly string[]])[] = [
		[python, ["-m", "venv", "--clear", venv]],
		[pip, ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement", requirements]],
		[pip, ["check", "--quiet", "--disable-pip-version-check"]],
	];
	for (const [command, args] of steps) {
		const code = await follow(command, args);
		if (code !== 0) throw new Problem(`${command} ${args.join(" ")} failed with ${code}; see above.`);
	}
}
