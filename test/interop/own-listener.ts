import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * Throws unless the process itself listens on the port of 127.0.0.1: a suite that talks to somebody else's server
 * would tell us nothing. Asks /proc, or `lsof` where there is none.
 */
export async function assertListens(pid: number, port: number): Promise<void> {
	const listens = existsSync("/proc/net/tcp") ? await ownsSocket(pid, port) : await lsofNames(pid, port);
	if (!listens) throw new Error(`The listener on port ${port} is not the process ${pid} that was started`);
}

/** A listening socket is known by its inode, which the process holds as `socket:[inode]`. */
async function ownsSocket(pid: number, port: number): Promise<boolean> {
	// Addresses are little-endian hexadecimal; state 0A is LISTEN.
	const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
	const sockets = (await readFile("/proc/net/tcp", "utf8"))
		.split("\n")
		.map((line) => line.trim().split(/\s+/));
	const inodes = sockets
		.filter((fields) => fields[1] === address && fields[3] === "0A")
		.map((fields) => fields[9]);
	const descriptors = await readdir(`/proc/${pid}/fd`);
	const held = await Promise.all(
		// A descriptor may close while we look.
		descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")),
	);
	return inodes.length > 0 && inodes.every((inode) => held.includes(`socket:[${inode}]`));
}

async function lsofNames(pid: number, port: number): Promise<boolean> {
	const args = ["-nP", "-a", "-t", "-p", String(pid), `-iTCP@127.0.0.1:${port}`, "-sTCP:LISTEN"];
	const { stdout } = await promisify(execFile)("lsof", args).catch(() => ({ stdout: "" }));
	return stdout.trim() === String(pid);
}
