import { join } from "node:path";
import { follow } from "./follow.ts";
import { installReferences, nameReferences, Problem } from "./references.ts";

const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");

/**
 * Installs the references into .venv where they changed, says what it runs against, and runs the suites. Arguments go
 * to vitest. Resolves to the exit code.
 */
async function main(): Promise<number> {
	await installReferences(say);
	for (const reference of await nameReferences()) say(reference);
	return follow(process.execPath, [vitest, "run", "--project", "interop", ...process.argv.slice(2)]);
}

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
