import { parseArgs } from "node:util";
import { simulateMany } from "../test/support/simulation-runs.ts";

const { values } = parseArgs({
	options: { runs: { type: "string", default: "10000" }, seed: { type: "string" } },
});
const runs = wholeNumber(values.runs);
const seed = values.seed === undefined ? Date.now() | 0 : wholeNumber(values.seed);

const startedAt = performance.now();
const tally = await simulateMany(runs, seed, {}, (done) => {
	if (process.stderr.isTTY && done % 100 === 0) process.stderr.write(`\r${done} of ${runs}`);
});
const seconds = Math.round((performance.now() - startedAt) / 1000);
const { exempted, violation } = tally;
print("runs", tally.runs);
print("violations", violation === undefined ? 0 : 1);
print("exempted", `${sum(exempted)} ${JSON.stringify(exempted)}`);
print("seed", seed);
print("commands", tally.commands);
print("passes", tally.passes);
print("writes", tally.writes);
print("seconds", seconds);
if (violation !== undefined) {
	print("violation", violation.sentences.join("; "));
	print("path", violation.path);
	print("history", JSON.stringify(violation.history));
	process.exitCode = 1;
}

function print(name: string, value: string | number): void {
	process.stdout.write(`${name}: ${value}\n`);
}

function sum(counts: Readonly<Record<string, number>>): number {
	return Object.values(counts).reduce((total, count) => total + count, 0);
}

function wholeNumber(text: string): number {
	const value = Number(text);
	if (!Number.isInteger(value)) throw new Error(`${text} is not a whole number: --runs N [--seed S]`);
	return value;
}
