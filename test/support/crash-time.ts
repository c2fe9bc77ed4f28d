import { vi } from "vitest";
import { inProcess } from "../../emulator/request-handler.ts";
import { countingClient } from "../../src/ec2/client.ts";
import { ec2Ports } from "../../src/ec2/ports.ts";
import { type PassResult, reconcile } from "../../src/reconcile/reconcile.ts";
import type { Request } from "../../src/reconcile/request.ts";
import { parseSettings } from "../../src/settings.ts";
import type { Cluster } from "./cluster.ts";

/** What a request to EC2 takes, to and fro. */
export const ROUND_TRIP_MS = 40;

/** A request that came to EC2. `at`: milliseconds from the start of the pass. */
interface Arrival {
	readonly action: string;
	readonly at: number;
}

export interface TimedPass extends PassResult {
	/** How long it took, in world time. */
	readonly tookMs: number;
	/** Requests of the pass that EC2 refused because they were too many. */
	readonly refused: number;
	/** In the order in which they came. */
	readonly arrivals: readonly Arrival[];
}

/**
 * A pass of a deployed function's client, its waiting and its deadline included, in world time: the timers and the date
 * of this process are the world's, and move only when nothing is left to do.
 */
export async function passInWorldTime(
	cluster: Cluster,
	request: Request,
	timeLimitMs: number,
): Promise<TimedPass> {
	const { ec2 } = cluster;
	vi.useFakeTimers({ now: ec2.now(), toFake: ["setTimeout", "clearTimeout", "Date"] });
	const handle: Cluster["ec2"]["handle"] = async (body, authorize) => {
		await sleep(ROUND_TRIP_MS / 2);
		ec2.advance(Date.now() - ec2.now());
		arrivals.push({ action: new URLSearchParams(body).get("Action") ?? "", at: Date.now() - startedAt });
		const answer = await ec2.handle(body, authorize);
		await sleep(ROUND_TRIP_MS / 2);
		return answer;
	};
	ec2.clearCalls();
	const arrivals: Arrival[] = [];
	const startedAt = Date.now();
	try {
		const result = await untilOver(() => deployedPass(cluster, handle, request, timeLimitMs));
		const tookMs = Date.now() - startedAt;
		const refused = ec2.calls.filter(({ outcome }) => outcome === "RequestLimitExceeded").length;
		return { ...result, tookMs, refused, arrivals };
	} finally {
		vi.useRealTimers();
	}
}

function deployedPass(
	cluster: Cluster,
	handle: Cluster["ec2"]["handle"],
	request: Request,
	timeLimitMs: number,
): Promise<PassResult> {
	const settings = parseSettings(cluster.environment);
	const client = countingClient({
		region: "us-east-1",
		credentials: { accessKeyId: "test", secretAccessKey: "test" },
		requestHandler: inProcess({ handle }),
	});
	return reconcile(request, {
		ports: ec2Ports(client, settings),
		settings,
		now: Date.now,
		deadline: { stopStarting: after(timeLimitMs - 5_000), abandon: after(timeLimitMs - 2_000) },
	});
}

function after(ms: number): AbortSignal {
	const controller = new AbortController();
	setTimeout(() => controller.abort(), ms);
	return controller.signal;
}

/** Those of {@link after}: a pass that waits for nothing else is at work and does not wait. */
const DEADLINE_TIMERS = 2;

/** Lets everything happen that needs no waiting, then moves to the next timer, and so on. */
async function untilOver<T>(run: () => Promise<T>): Promise<T> {
	let isOver = false;
	const outcome = run().finally(() => {
		isOver = true;
	});
	outcome.catch(() => {});
	while (!isOver) {
		for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
		if (vi.getTimerCount() > DEADLINE_TIMERS) vi.advanceTimersToNextTimer();
	}
	return outcome;
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
