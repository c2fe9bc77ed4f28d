import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Runs a command on this terminal; resolves to its exit code. */
export async function follow(command: string, args: readonly string[]): Promise<number> {
	const child = spawn(command, args, { cwd: root, stdio: "inherit" });
	const pass = (signal: NodeJS.Signals) => child.kill(signal);
	process.on("SIGINT", pass).on("SIGTERM", pass);
	const [code] = await once(child, "exit");
	process.off("SIGINT", pass).off("SIGTERM", pass);
	return typeof code === "number" ? code : 1;
}
