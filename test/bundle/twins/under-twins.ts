import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { EC2, EC2ClientConfig } from "@aws-sdk/client-ec2";
import { afterAll, afterEach, inject } from "vitest";
import { openings } from "../../support/contract-clients.ts";
import {
	type BundledSdk,
	differenceOf,
	type Exchange,
	outcomeOf,
	type WireRequest,
	type WireResponse,
} from "./twin.ts";

/*
 * Setup of a suite: every call that a client makes in it is made once more with the SDK of each bundle, and where the
 * request or the outcome differs the test fails.
 */

const twins: readonly BundledSdk[] = await Promise.all(
	inject("twins").map(async (file) => (await import(file)).sdk),
);
let asked = 0;
let differences: string[] = [];

/** What the transport did for a call, by the call's context. */
interface Wire {
	request: WireRequest;
	response: WireResponse | { readonly error: unknown };
}

openings.onClient = (api: EC2, config: EC2ClientConfig) => {
	const wires = new WeakMap<object, Wire>();
	api.middlewareStack.add(
		(next, context) => async (args) => {
			const request = args.request as WireRequest;
			try {
				const result = await next(args);
				const response = result.response as Omit<WireResponse, "body"> & { body: Readable };
				const body = await buffer(response.body);
				response.body = Readable.from([body]);
				wires.set(context, { request, response: { ...response, body } });
				return result;
			} catch (error) {
				wires.set(context, { request, response: { error } });
				throw error;
			}
		},
		{ step: "deserialize", priority: "low", name: "listenToWire" },
	);
	api.middlewareStack.add(
		(next, context) => async (args) => {
			const call = next(args);
			const outcome = await outcomeOf(call.then(({ output }) => output));
			const wire = wires.get(context);
			if (wire !== undefined) {
				await askTwins({ ...wire, command: String(context.commandName), input: args.input, outcome }, config);
			}
			return call;
		},
		{ step: "initialize", priority: "high", name: "askTwins" },
	);
};

async function askTwins(exchange: Exchange, config: EC2ClientConfig): Promise<void> {
	asked += 1;
	for (const twin of twins) {
		const difference = await differenceOf(exchange, twin, config);
		if (difference !== undefined) differences.push(difference);
	}
}

afterEach(() => {
	const met = differences;
	differences = [];
	if (met.length > 0) throw new Error(`${met.length} answers differ, the first:\n${met[0]}`);
});

afterAll(() => {
	if (asked === 0) throw new Error("No answer was compared: a suite without a call does not belong here");
});
