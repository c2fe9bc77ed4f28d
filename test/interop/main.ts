import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

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

/**
 * Installs the references into .venv where they changed, says what it runs against, and runs the suites. Arguments go
 * to vitest. Resolves to the exit code.
 */
async function main(): Promise<number> {
	const wanted = createHash("sha256")
		.update(await readFile(requirements))
		.digest("hex");
	const held = await readFile(stamp, "utf8").catch(() => "");
	if (held !== wanted) {
		await install(await findPython());
		await writeFile(stamp, wanted);
	}
	for (const { name, command, args } of REFERENCES) {
		const { stdout } = await run(command, args);
		say(`${name}: ${stdout.trim()}`);
	}
	const vitest = join(root, "node_modules/vitest/vitest.mjs");
	return follow(process.execPath, [vitest, "run", "--project", "interop", ...process.argv.slice(2)]);
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
	say(`Installing ${requirements} into ${venv}`);
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

/** Runs a command on this terminal; resolves to its exit code. */
async function follow(command: string, args: readonly string[]): Promise<number> {
	const child = spawn(command, args, { cwd: root, stdio: "inherit" });
	const pass = (signal: NodeJS.Signals) => child.kill(signal);
	process.on("SIGINT", pass).on("SIGTERM", pass);
	const [code] = await once(child, "exit");
	process.off("SIGINT", pass).off("SIGTERM", pass);
	return typeof code === "number" ? code : 1;
}

/** What the person who started this must put right. */
class Problem extends Error {}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

try {
	process.exitCode = await main();
} catch (error) {
	if (!(error instanceof Problem)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
