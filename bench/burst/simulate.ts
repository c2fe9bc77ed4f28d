import type { Cluster } from "../../test/support/cluster.ts";
import { inSimulatedTime, sleep } from "../simulated-time.ts";
import {
	aSimulatedWorld,
	claimOf,
	nameOf,
	type SimulatedWorld,
	type WorldOptions,
} from "../simulated-world.ts";
import { type AsyncOptions, invokeAsync } from "./async-invocation.ts";
import { EventSourceMapping, type MappingOptions } from "./event-source-mapping.ts";
import { type Delivery, eventsOf } from "./events.ts";
import { LambdaFunction, type LambdaOptions } from "./lambda.ts";
import { passPerBatch, passPerEvent } from "./passes.ts";
import { Queue, type QueueOptions } from "./queue.ts";

/** How events reach the function. */
export type Design =
	| { readonly kind: "direct"; readonly lambda: LambdaOptions; readonly retry: AsyncOptions }
	| {
			readonly kind: "queue";
			readonly lambda: LambdaOptions;
			readonly queue: QueueOptions;
			readonly mapping: MappingOptions;
	  };

/** What became of a burst. Times in seconds from the first event. */
export interface BurstOutcome {
	readonly nodes: number;
	/** Nodes with their route and their check as they should be. */
	readonly routed: number;
	/** When the last of them was, and when half of them were. */
	readonly lastAfter: number;
	readonly halfAfter: number;
	readonly calls: number;
	/** Calls that EC2 answered with RequestLimitExceeded. */
	readonly refused: number;
	/** Events in the failure queue. */
	readonly deadLetters: number;
	readonly lambdaSeconds: number;
	readonly environments: number;
	/** Seconds. */
	readonly longestInvocation: number;
	/** When nothing was left to be tried again. */
	readonly overAfter: number;
}

/** Lets a burst happen, under AWS's token buckets, and waits until its events are done with. */
export async function simulateBurst(options: WorldOptions, design: Design): Promise<BurstOutcome> {
	const { nodes } = options;
	const world = await aSimulatedWorld(options);
	const deliveries = eventsOf(world.cluster, nodes);
	const startAt = world.cluster.ec2.now();
	return inSimulatedTime(startAt, async () => {
		const { target, deadLetters, overAt } = await (design.kind === "direct"
			? deliverDirectly(world.cluster, deliveries, design)
			: deliverByQueue(world.cluster, deliveries, design));
		const times = routedAt(world, nodes).map((at) => (at - startAt) / 1_000);
		return {
			nodes,
			routed: times.length,
			lastAfter: times.at(-1) ?? Number.NaN,
			halfAfter: times[Math.floor(nodes / 2) - 1] ?? Number.NaN,
			calls: world.heard.calls,
			refused: world.heard.refused,
			deadLetters,
			lambdaSeconds: target.billedMs / 1_000,
			environments: target.started,
			longestInvocation: target.longestMs / 1_000,
			overAfter: (overAt - startAt) / 1_000,
		};
	});
}

interface Delivered {
	/** As it stood when nothing was left to be tried again. */
	readonly target: Pick<LambdaFunction<never, unknown>, "billedMs" | "started" | "longestMs">;
	readonly deadLetters: number;
	/** Epoch milliseconds. */
	readonly overAt: number;
}

async function deliverDirectly(
	cluster: Cluster,
	deliveries: readonly Delivery[],
	{ lambda, retry }: Design & { kind: "direct" },
): Promise<Delivered> {
	const target = new LambdaFunction(() => passPerEvent(cluster), lambda);
	const outcomes = await Promise.all(
		deliveries.map(async ({ afterMs, event }) => {
			await sleep(afterMs);
			return invokeAsync(target, event, retry);
		}),
	);
	const deadLetters = outcomes.filter((outcome) => outcome === "failed").length;
	return { target, deadLetters, overAt: Date.now() };
}

async function deliverByQueue(
	cluster: Cluster,
	deliveries: readonly Delivery[],
	design: Design & { kind: "queue" },
): Promise<Delivered> {
	const target = new LambdaFunction(() => passPerBatch(cluster), design.lambda);
	const queue = new Queue(design.queue);
	const mapping = new EventSourceMapping(queue, target, design.mapping);
	const working = mapping.run();
	await Promise.all(
		deliveries.map(async ({ afterMs, event }) => {
			await sleep(afterMs);
			queue.send(JSON.stringify(event));
		}),
	);
	while (!queue.isEmpty) await sleep(100);
	const overAt = Date.now();
	mapping.stop();
	await working;
	return { target, deadLetters: queue.deadLetters, overAt };
}

/** When each node that is right in every table came to be so, in order of time. */
function routedAt({ cluster, heard: { written } }: SimulatedWorld, nodes: number): readonly number[] {
	return Array.from({ length: nodes }, (_, index) => {
		const routes = cluster.tableIds.map((tableId) => written.get(`${tableId} ${claimOf(index)}`));
		const needed = [...routes, written.get(cluster.eni(nameOf(index)))];
		return needed.every((at) => at !== undefined) ? [Math.max(...needed)] : [];
	})
		.flat()
		.sort((a, b) => a - b);
}
