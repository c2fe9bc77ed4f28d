import fc from "fast-check";

/** What is planted where nothing may be quoted from. No word of any message contains it. */
export const SECRET = "hunter2-sesame";

/** Text of the given pieces and of any characters, so that random input gets past the first decision. */
export function textOf(...pieces: readonly string[]): fc.Arbitrary<string> {
	const piece = fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom(...pieces) },
		{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
	);
	return fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));
}

/** Everything an error says, its cause's words and every field included. */
export function everythingOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const cause = error.cause === undefined ? "" : everythingOf(error.cause);
	return [error.name, error.message, error.stack, JSON.stringify(error), cause].join("\n");
}

/** What `call` throws; `undefined` where it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
	try {
		call();
		return undefined;
	} catch (error) {
		return error;
	}
}

/**
 * How many times more processor time `work` takes of an input 8 times as long: about 8 where its growth is linear,
 * 64 where it is quadratic. The least of several tries, since whatever else runs can only add.
 */
export function growthOf(work: (input: string) => void, make: (length: number) => string): number {
	const [short, long] = [make(LENGTH), make(8 * LENGTH)];
	work(short);
	let least = Number.POSITIVE_INFINITY;
	for (let tries = 0; tries < 6 && least > LINEAR_MAX; tries += 1) {
		const base = Math.min(costOf(work, short), costOf(work, short), costOf(work, short));
		least = Math.min(least, costOf(work, long) / Math.max(base, MEASURABLE_MICROS));
	}
	return least;
}

/** Half way, on a scale of factors, between linear and quadratic growth. */
export const LINEAR_MAX = 22;

const LENGTH = 16 * 1024;
/** Below this the clock says more of itself than of the work. */
const MEASURABLE_MICROS = 100;

function costOf(work: (input: string) => void, input: string): number {
	const before = process.cpuUsage();
	work(input);
	const { user, system } = process.cpuUsage(before);
	return user + system;
}
