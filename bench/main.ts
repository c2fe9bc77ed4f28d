import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Figure } from "./figure.ts";
import { PARTS } from "./parts.ts";
import { renderTable, standingOf } from "./table.ts";

/** The load, a processor, from which on others are in the way. */
const BUSY = 0.5;

const results = join(import.meta.dirname, "results");

/** Measures the parts named, or all; prints a table of each, and writes what was measured to results/latest.json. */
async function main(names: readonly string[]): Promise<void> {
	const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
	if (unknown.length > 0) {
		throw new Error(`There is no part ${unknown.join()}; the parts are ${Object.keys(PARTS).join()}`);
	}
	const parts: Record<string, readonly Figure[]> = {};
	const [load = 0] = loadavg();
	if (load > BUSY * cpus().length)
		say(`The computer is busy (load ${load.toFixed(1)}): measured times are too long.\n`);
	for (const [name, { title, onRequest = false }] of Object.entries(PARTS)) {
		if (names.length === 0 ? onRequest : !names.includes(name)) continue;
		const figures = await measure(name);
		parts[name] = figures;
		say(renderTable(title, figures));
	}
	await mkdir(results, { recursive: true });
	const file = join(results, "latest.json");
	await writeFile(file, `${JSON.stringify({ ...(await surroundings(load)), parts }, undefined, "\t")}\n`);
	say(`Written to ${file}.`);
	say(verdict(Object.values(parts).flat()));
}

/** In a process of its own, so that no part finds the heap, the environment or the modules of another. */
async function measure(name: string): Promise<readonly Figure[]> {
	// What the functions log is not what this prints.
	const child = fork(join(import.meta.dirname, "run-part.ts"), [name], {
		serialization: "advanced",
		stdio: ["ignore", "ignore", "inherit", "ipc"],
	});
	const ended = once(child, "exit").then(([code]) => {
		throw new Error(`The part ${name} ended with ${code} and no figures`);
	});
	const [figures] = await Promise.race([once(child, "message"), ended]);
	ended.catch(() => {});
	return figures as readonly Figure[];
}

/** What the figures depend on, beside the code; the load as it was before they were measured. */
async function surroundings(load: number): Promise<Readonly<Record<string, unknown>>> {
	const [{ model = "unknown" } = {}] = cpus();
	const commit = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname }).catch(
		() => ({ stdout: "unknown" }),
	);
	return {
		measuredAt: new Date().toISOString(),
		commit: commit.stdout.trim(),
		node: process.version,
		system: `${platform()} ${arch()}`,
		load,
		processors: `${cpus().length} x ${model}`,
	};
}

function verdict(figures: readonly Figure[]): string {
	const standings = figures.map((figure) => ({ figure, standing: standingOf(figure) }));
	const missed = standings.filter(({ standing }) => standing === "MISSED").map(({ figure }) => figure.name);
	const absent = standings.filter(({ standing }) => standing === "not measured").length;
	const goals = missed.length === 0 ? "Every goal is met." : `MISSED ${missed.length}: ${missed.join("; ")}.`;
	return absent === 0 ? goals : `${goals} Not measured: ${absent}.`;
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

await main(process.argv.slice(2));
