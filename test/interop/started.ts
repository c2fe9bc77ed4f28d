import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { assertListens } from "./own-listener.ts";

/** A server that a suite started for itself. */
export interface Started {
	readonly url: string;
	/** Ends it, and resolves once it has ended. */
	stop(): Promise<void>;
}

/**
 * Starts a server that prints its address on 127.0.0.1, and makes sure that it is this very process that listens
 * there. Throws, with what it wrote, where it ends instead; nothing is left running then.
 */
export async function startServing(
	command: string,
	args: readonly string[],
	environment: Readonly<Record<string, string>>,
): Promise<Started> {
	const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
	const kill = () => child.kill("SIGKILL");
	// Should this process end before the suite does, the server must not outlive it.
	process.once("exit", kill);
	const stop = async () => {
		process.off("exit", kill);
		if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
		child.kill("SIGTERM");
		await once(child, "exit");
	};
	try {
		const url = await firstAddress(child);
		await assertListens(child.pid ?? 0, Number(new URL(url).port));
		return { url, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Whichever stream it comes on. */
function firstAddress(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		let written = "";
		let open = 2;
		for (const stream of [child.stdout, child.stderr]) {
			// Read to the end, address or not: a full pipe would stop the server.
			stream.on("data", (chunk) => {
				written += chunk;
				const [url] = /http:\/\/127\.0\.0\.1:\d+(?=\s)/.exec(written) ?? [];
				if (url !== undefined) resolve(url);
			});
			stream.on("end", () => {
				open -= 1;
				if (open === 0) reject(new Error(`The server ended without an address:\n${written}`));
			});
		}
	});
}
