import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { parseArgs } from "node:util";
import { type FolderScore, missedGoals, scoresOf, tabulate } from "./mutation-scores.ts";

/** The share of mutants that the tests must kill. What decides which routes are deleted has no room for a gap. */
const GOALS: Readonly<Record<string, number>> = { claim: 1, plan: 1, model: 0.95, reconcile: 0.95 };

const root = join(import.meta.dirname, "..");
const reportFile = join(root, "coverage/mutation.json");
const stryker = join(root, "node_modules/@stryker-mutator/core/bin/stryker.js");

const { positionals } = parseArgs({ allowPositionals: true });
const folders = positionals.length === 0 ? Object.keys(GOALS) : positionals;
const goals = Object.fromEntries(folders.map((folder) => [folder, goalOf(folder)]));
const scores = folders.flatMap(mutate);
process.stdout.write(`${tabulate(scores)}\n`);
for (const missed of missedGoals(scores, goals)) {
	process.stderr.write(`${missed}\n`);
	process.exitCode = 1;
}

function mutate(folder: string): readonly FolderScore[] {
	// A run that ends early must not be judged by the report of the one before.
	rmSync(reportFile, { force: true });
	const { status, signal } = spawnSync(
		process.execPath,
		[stryker, "run", "--mutate", `src/${folder}/**/*.ts`],
		{
			cwd: root,
			env: { ...env, MUTATED: folder },
			stdio: "inherit",
		},
	);
	if (status !== 0) throw new Error(`Stryker failed on src/${folder}: ${signal ?? "it says why above"}`);
	return scoresOf(JSON.parse(readFileSync(reportFile, "utf8")));
}

function goalOf(folder: string): number {
	const goal = GOALS[folder];
	if (goal === undefined)
		throw new Error(`${folder} is not mutated: name some of ${Object.keys(GOALS).join(", ")}`);
	return goal;
}
