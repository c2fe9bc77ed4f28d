import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import type { sdk as everyCommand } from "./every-command.ts";

/** The SDK of a bundle: the client, and the commands that the bundle has. */
export interface BundledSdk {
	readonly EC2Client: (typeof everyCommand)["EC2Client"];
	readonly commands: Partial<(typeof everyCommand)["commands"]>;
}

/** What went over the wire for one call, and what the caller was told in the end. */
export interface Exchange {
	/** The command's name, `DescribeInstancesCommand`. */
	readonly command: string;
	readonly input: object;
	readonly request: WireRequest;
	readonly response: WireResponse | { readonly error: unknown };
	readonly outcome: Outcome;
}

export interface WireRequest {
	readonly method: string;
	readonly protocol: string;
	readonly hostname: string;
	readonly port?: number | undefined;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

export interface WireResponse {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

type Outcome = { readonly output: unknown } | { readonly error: unknown };

/**
 * Makes the same call with the SDK of a bundle, answers it with the same bytes, and says in what the request or the
 * outcome differs; `undefined` where in nothing, or where the bundle has no such command.
 */
export async function differenceOf(
	{ command, input, request, response, outcome }: Exchange,
	{ EC2Client, commands }: BundledSdk,
	config: EC2ClientConfig,
): Promise<string | undefined> {
	const Command = commands[command as keyof typeof commands];
	if (Command === undefined) return undefined;
	const requests: WireRequest[] = [];
	const caller = new AbortController();
	const client = new EC2Client({ ...config, requestHandler: replaying(response, requests, caller) });
	// Which command goes with which input is known at run time alone.
	const call = client.send(new (Command as unknown as new (input: object) => never)(input), {
		abortSignal: caller.signal,
	});
	const told = await outcomeOf(call);
	const seen = { requests: requests.map(comparable), ...told };
	const expected = { requests: [comparable(request)], ...outcome };
	if (isDeepStrictEqual(seen, expected)) return undefined;
	return `${command} differs:\n${JSON.stringify(seen)}\ninstead of\n${JSON.stringify(expected)}`;
}

/** A request handler that sends nothing and answers as was answered before; where the caller gave up, so does this one. */
function replaying(response: Exchange["response"], requests: WireRequest[], caller: AbortController) {
	return {
		metadata: { handlerProtocol: "http/1.1" },
		async handle(request: WireRequest) {
			requests.push(request);
			if ("error" in response) {
				if (nameOf(response.error) === "AbortError") caller.abort();
				throw again(response.error);
			}
			return {
				response: { ...response, headers: { ...response.headers }, body: Readable.from([response.body]) },
			};
		},
		updateHttpClientConfig() {},
		httpHandlerConfigs: () => ({}),
		destroy() {},
	};
}

function nameOf(error: unknown): string {
	return error instanceof Error ? error.name : "";
}

/** Another of the same kind, for the SDK adds to an error that it passes on. */
function again(error: unknown): unknown {
	return error instanceof Error
		? Object.assign(new Error(error.message), { ...error, name: error.name })
		: error;
}

/** Waits for a call, and takes its end in either way. */
export function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
	return call.then(
		(output) => ({ output }),
		(error: unknown) => plainly({ error }),
	);
}

/** An error without its class, which is another one in every bundle, and without the response it came from. */
function plainly(outcome: Outcome): Outcome {
	if (!("error" in outcome) || !(outcome.error instanceof Error)) return outcome;
	const { $response: _, ...fields } = outcome.error as Error & { $response?: unknown };
	return { error: { ...fields, name: outcome.error.name, message: outcome.error.message } };
}

const ANEW = ["amz-sdk-invocation-id", "authorization", "x-amz-content-sha256", "x-amz-date"];

/**
 * Without what is another in every request, its time, its random ids, its hash and its signature, and without the SDK's own
 * version: its CommonJS, which is what tests load, is published with the version before in it.
 */
function comparable({ method, protocol, hostname, port, path, headers, body }: WireRequest): WireRequest {
	const told = Object.entries(headers)
		.filter(([name]) => !ANEW.includes(name.toLowerCase()))
		.map(([name, value]) => [name, value.replace(/(aws-sdk-js\/|api\/ec2#)[\d.]+/g, "$1…")]);
	const text = String(body).replace(/ClientToken=[^&]*/g, "ClientToken=…");
	return { method, protocol, hostname, port, path, headers: Object.fromEntries(told.sort()), body: text };
}
