import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { isThrottled } from "./errors.ts";
import { Pace } from "./pace.ts";

/** Attempts a request gets in all. Retries back off exponentially with jitter (SDK "standard" mode). */
const ATTEMPTS_MAX = 5;
const CONNECTION_TIMEOUT_MS = 2_000;
/** DescribeInstances pages of 1,000 take seconds; ten is a hung connection. */
const REQUEST_TIMEOUT_MS = 10_000;

/** An EC2 client and a count of what it sent. */
export interface CountingClient {
	readonly client: EC2Client;
	/** Requests sent so far, retries included, by action. */
	countCalls(): Readonly<Record<string, number>>;
	/** Those among them that EC2 refused because the account asks too much, whether tried again or not. */
	countThrottles(): number;
	/** Starts both counts anew: a warm Lambda's client outlives one pass. */
	clearCalls(): void;
}

/**
 * A client with bounded retries and timeouts that keeps within EC2's rate limits and counts its requests.
 * Region, endpoint and credentials come from the standard AWS variables unless given.
 */
export function countingClient(config: EC2ClientConfig = {}): CountingClient {
	const client = new EC2Client({
		maxAttempts: ATTEMPTS_MAX,
		requestHandler: {
			connectionTimeout: CONNECTION_TIMEOUT_MS,
			requestTimeout: REQUEST_TIMEOUT_MS,
			throwOnRequestTimeout: true,
		},
		...config,
	});
	const counts = new Map<string, number>();
	let throttles = 0;
	const pace = new Pace();
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const action = actionOf(context);
			await pace.turn(action, context.__smithy_context?.["abortSignal"] as AbortSignal | undefined);
			try {
				const answer = await next(args);
				pace.succeeded(action);
				return answer;
			} catch (error) {
				if (isThrottled(error)) {
					throttles += 1;
					pace.throttled(action);
				}
				throw error;
			}
		},
		// Behind the retry middleware of the same step, so that every attempt waits its turn.
		{ step: "finalizeRequest", priority: "low", name: "waitForTurn" },
	);
	client.middlewareStack.add(
		(next, context) => (args) => {
			const action = actionOf(context);
			counts.set(action, (counts.get(action) ?? 0) + 1);
			return next(args);
		},
		// The last of all, so that what was not sent in the end is not counted.
		{ step: "deserialize", priority: "low", name: "countCalls" },
	);
	return {
		client,
		countCalls: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
		countThrottles: () => throttles,
		clearCalls: () => {
			counts.clear();
			throttles = 0;
		},
	};
}

function actionOf({ commandName = "unknown" }: { readonly commandName?: string }): string {
	return commandName.replace(/Command$/, "");
}
