/** Runs `work` so many times after `warmUp` runs that do not count; resolves to the median of what they took, milliseconds. */
export async function medianMs(
	runs: number,
	warmUp: number,
	work: (run: number) => Promise<number> | number,
): Promise<number> {
	const took: number[] = [];
	for (let run = 0; run < warmUp + runs; run += 1) {
		const ms = await work(run);
		if (run >= warmUp) took.push(ms);
	}
	return medianOf(took);
}

/** Milliseconds that `work` takes on the wall clock, also where the time of this process is simulated. */
export async function wallMs(work: () => Promise<unknown> | unknown): Promise<number> {
	const startedAt = process.hrtime.bigint();
	await work();
	return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

/** Milliseconds of processor time that `work` takes on this thread: for pure work, what an idle computer's clock would show. */
export function processorMs(work: () => void): number {
	const before = process.threadCpuUsage();
	work();
	const { user, system } = process.threadCpuUsage(before);
	return (user + system) / 1_000;
}

/** Of an even number of values, the lower middle one. */
export function medianOf(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
