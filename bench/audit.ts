import { type Cidr, parseCidr } from "../src/model/cidr.ts";
import type { Instance } from "../src/model/instance.ts";
import type { Route } from "../src/model/route.ts";
import type { Rules } from "../src/model/rules.ts";
import { analyse } from "../src/plan/analyse.ts";
import type { Node, Observation } from "../src/plan/observation.ts";
import { makePlan } from "../src/plan/plan.ts";
import type { Figure } from "./figure.ts";
import { passesIn } from "./pass.ts";
import { inSimulatedTime } from "./simulated-time.ts";
import { aSimulatedWorld } from "./simulated-world.ts";
import { medianMs, processorMs } from "./time.ts";

const CLUSTERS = [10, 100, 1_000];
/** The function's timeout in serverless.yml, at the default period. */
const TIMEOUT_MS = 240_000;

const CLAIMS = [1_000, 10_000, 100_000];
const PLANNING_GOAL_MS = 1_000;
/**
 * Of n log n's own growth, from the least to the most claims: more than 1 by the caches and the collector, which a small
 * heap does not know. n to the power of 1.5 would be 6, and squared 60.
 */
const GROWTH_GOAL = 2;
const RUNS = 7;
const WARM_UP = 7;

/** What an audit asks of EC2 and how long it takes, and how deciding grows with the number of claims. */
export async function benchAudit(): Promise<readonly Figure[]> {
	const figures: Figure[] = [];
	for (const nodes of CLUSTERS) figures.push(...(await benchPasses(nodes)));
	return [...figures, ...(await benchPlanning())];
}

/** An audit of a healthy cluster by a function that has just started, and its next one. */
async function benchPasses(nodes: number): Promise<readonly Figure[]> {
	const { cluster, heard } = await aSimulatedWorld({ nodes, routed: true });
	const pass = passesIn(cluster);
	const written = `${nodes.toLocaleString("en-US")} nodes`;
	let startAt = cluster.ec2.now();
	return inSimulatedTime(startAt, async () => {
		const figures: Figure[] = [];
		for (const state of ["cold", "warm"]) {
			heard.calls = 0;
			startAt = Date.now();
			const { report, unfinished } = await pass({ operation: "audit", repair: "none" }, TIMEOUT_MS);
			if (unfinished.length + report.findings.length > 0)
				throw new Error("The healthy cluster is not healthy");
			figures.push(
				{ name: `${written}, ${state}`, value: heard.calls, unit: "calls" },
				{ name: `${written}, ${state}`, value: (Date.now() - startAt) / 1_000, unit: "s" },
			);
		}
		return figures;
	});
}

async function benchPlanning(): Promise<readonly Figure[]> {
	const took = new Map<number, number>();
	for (const claims of CLAIMS) {
		const observation = manyClaims(claims);
		took.set(claims, await medianMs(RUNS, WARM_UP, () => processorMs(() => decide(observation, claims))));
	}
	const [least = 0, most = 0] = [CLAIMS[0], CLAIMS.at(-1)];
	const growth = (took.get(most) ?? Number.NaN) / (took.get(least) ?? Number.NaN);
	return [
		...[...took].map(
			([claims, value]): Figure => ({
				name: `planning, ${claims.toLocaleString("en-US")} claims`,
				value,
				unit: "ms",
				...(claims === most ? { goal: PLANNING_GOAL_MS } : {}),
			}),
		),
		{
			name: "its growth, of n log n's",
			value: growth / (nLogN(most) / nLogN(least)),
			unit: "ratio",
			goal: GROWTH_GOAL,
		},
	];
}

function decide(observation: Observation, claims: number): void {
	const analysis = analyse(observation, RULES);
	const { changes } = makePlan(analysis, { scope: "all", deletes: { shareMax: 1 } });
	if (changes.length !== claims)
		throw new Error(`${changes.length} changes are planned for ${claims} claims`);
}

function nLogN(n: number): number {
	return n * Math.log2(n);
}

const RULES: Rules = {
	clusterCidrs: [block("10.0.0.0/8")],
	nodeCidrMaskSizes: "any",
	sourceDestCheck: "disable",
	routeLimit: 1_000_000,
	quotaWarnRatio: 0.8,
};

function block(text: string): Cidr {
	const parsed = parseCidr(text);
	if (!parsed.ok) throw new Error(parsed.why);
	return parsed.cidr;
}

/**
 * Nodes with a block each: half have their route; of the others, half have one to an interface that is gone, and half
 * none. The checks of the first half are on: as many changes as claims.
 */
function manyClaims(count: number): Observation {
	const indices = Array.from({ length: count }, (_, index) => index);
	const replaced = indices.filter((index) => index % 4 === 3);
	return {
		nodes: indices.map((index) => nodeAt(index, index % 2 === 0)),
		complete: true,
		tables: [
			{
				id: "rtb-1",
				vpcId: "vpc-1",
				routes: [
					...indices.filter((index) => index % 2 === 0).map((index) => routeAt(index, index, "active")),
					...replaced.map((index) => routeAt(index, count + index, "blackhole")),
				],
			},
		],
		interfaces: new Map(replaced.map((index) => [interfaceIdAt(count + index), { kind: "gone" }])),
	};
}

function routeAt(index: number, interfaceIndex: number, state: Route["state"]): Route {
	const target = { kind: "interface", networkInterfaceId: interfaceIdAt(interfaceIndex) } as const;
	return { destination: blockAt(index), state, origin: "CreateRoute", target };
}

function nodeAt(index: number, sourceDestCheck: boolean): Node {
	const id = interfaceIdAt(index);
	const instance: Instance = {
		id: `i-${hex(index)}`,
		life: "serving",
		vpcId: "vpc-1",
		primaryInterface: { id, attachedAt: 0, sourceDestCheck },
		interfaceIds: [id],
		launchedAt: 0,
		tags: new Map(),
	};
	return { instance, claim: { kind: "blocks", blocks: [blockAt(index)], place: "tag pod-cidr" } };
}

function blockAt(index: number): Cidr {
	return block([10, index >> 12, (index >> 4) & 255, (index & 15) << 4].join(".").concat("/28"));
}

function interfaceIdAt(index: number): `eni-${string}` {
	return `eni-${hex(index)}`;
}

function hex(index: number): string {
	return index.toString(16).padStart(17, "0");
}
