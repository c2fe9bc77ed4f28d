#!/usr/bin/env node
import { run } from "./run.ts";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) {
	// Once: a second signal ends the process at once, as people expect.
	process.once(signal, () => interruption.abort());
}

process.exitCode = await run(process.argv.slice(2), {
	environment: process.env,
	print: (text) => process.stdout.write(`${text}\n`),
	warn: (text) => process.stderr.write(`${text}\n`),
	columns: process.stdout.columns ?? 80,
	colour: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
	watched: process.stderr.isTTY === true,
	drawOver: (text) => process.stderr.write(text),
	interrupted: interruption.signal,
});
