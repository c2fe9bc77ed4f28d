import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUNDLE_BYTES_MAX, buildHandlers } from "../scripts/build-handlers.ts";
import { MODULES_FIRST, type Recipe, SHIPPED } from "../scripts/bundle.ts";
import { leaveOut, UNREACHABLE } from "../scripts/leave-out.ts";
import { pruneEc2Schemas } from "../scripts/prune-ec2-schemas.ts";
import type { Figure } from "./figure.ts";

/** The function that the others are compared by: a node waits for it. */
const LAUNCH = "instance-state-change";
const ROUNDS = 15;
/** Of the plain bundle's import time, measured beside it. */
const SHARE_GOAL = 0.2;

/** Each with one measure more than the one before it. */
const RECIPES: Readonly<Record<string, Recipe>> = {
	"plain esbuild": {},
	"+ the SDK's ES modules": { mainFields: MODULES_FIRST },
	"+ schemas pruned": { mainFields: MODULES_FIRST, plugins: () => [pruneEc2Schemas()] },
	"+ credentials from the environment": {
		mainFields: MODULES_FIRST,
		plugins: () => [pruneEc2Schemas(), leaveOut(only("credential-provider-node"))],
	},
	"+ no event streams": {
		mainFields: MODULES_FIRST,
		plugins: () => [pruneEc2Schemas(), leaveOut(only("credential-provider-node", "event-streams"))],
	},
	"+ all that is left out": { ...SHIPPED, isMinifiedTwice: false },
	"+ minified again: shipped": SHIPPED,
};

function only(...names: readonly string[]) {
	return UNREACHABLE.filter(({ module }) => names.some((name) => module.includes(name)));
}

/** A bundle on disk, under the name that figures have it by. */
interface Candidate {
	readonly name: string;
	readonly path: string;
	readonly bytes: number;
}

/**
 * What it costs to start a function: the size of each bundle, and how long a fresh Node takes to import it. Every
 * round imports each bundle once, so that whatever else the machine does meets them all alike.
 */
export async function benchColdStart(): Promise<readonly Figure[]> {
	const folder = await mkdtemp(join(tmpdir(), "podroute-cold-start-"));
	try {
		const recipes: Candidate[] = [];
		for (const [index, [name, recipe]] of Object.entries(RECIPES).entries()) {
			recipes.push(...(await built(join(folder, String(index)), recipe, [`${LAUNCH}.ts`], () => name)));
		}
		const shipped = await built(join(folder, "shipped"), SHIPPED, undefined, (file) => file);
		const took = await importTimes([...recipes, ...shipped]);
		return [
			...recipes.flatMap((made) => recipeFigures(made, took)),
			...shippedFigures(shipped, recipes, took),
		];
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function built(
	folder: string,
	recipe: Recipe,
	names: readonly string[] | undefined,
	nameOf: (file: string) => string,
): Promise<readonly Candidate[]> {
	const { bundles } = await buildHandlers(folder, names, recipe);
	return bundles.map(({ file, bytes }) => ({ name: nameOf(file), path: join(folder, file), bytes }));
}

/** The median of each, milliseconds, by path. */
async function importTimes(candidates: readonly Candidate[]): Promise<ReadonlyMap<string, number>> {
	const times = new Map<string, number[]>(candidates.map(({ path }) => [path, []]));
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const { path } of candidates) times.get(path)?.push(await importMs(path));
	}
	return new Map([...times].map(([path, taken]) => [path, medianOf(taken)]));
}

const IMPORT =
	"const at = performance.now(); await import(process.argv[1]); process.stdout.write(String(performance.now() - at)); process.exit();";

/** In a Node of its own, the one that runs this, with the environment of a Lambda function. */
async function importMs(path: string): Promise<number> {
	const env = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
	const args = ["--input-type=module", "--eval", IMPORT, path];
	const { stdout } = await promisify(execFile)(process.execPath, args, { env });
	return Number(stdout);
}

function recipeFigures(
	{ name, path, bytes }: Candidate,
	took: ReadonlyMap<string, number>,
): readonly Figure[] {
	return [
		{ name: `${LAUNCH}, ${name}: size`, value: bytes / 1_000, unit: "kB" },
		{ name: `${LAUNCH}, ${name}: import`, value: took.get(path) ?? Number.NaN, unit: "ms" },
	];
}

function shippedFigures(
	shipped: readonly Candidate[],
	[plain]: readonly Candidate[],
	took: ReadonlyMap<string, number>,
): readonly Figure[] {
	const whole = plain === undefined ? Number.NaN : (took.get(plain.path) ?? Number.NaN);
	return shipped.flatMap(({ name, path, bytes }): readonly Figure[] => {
		const ms = took.get(path) ?? Number.NaN;
		return [
			{ name: `${name}: size`, value: bytes / 1_000, unit: "kB", goal: BUNDLE_BYTES_MAX / 1_000 },
			{ name: `${name}: import`, value: ms, unit: "ms" },
			{
				name: `${name}: import, share of the plain bundle's`,
				value: ms / whole,
				unit: "ratio",
				goal: SHARE_GOAL,
				note: `median of ${ROUNDS} fresh processes each, the plain bundle of ${LAUNCH} between them`,
			},
		];
	});
}

/** Of an odd number of values. */
function medianOf(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[(values.length - 1) / 2] ?? Number.NaN;
}
