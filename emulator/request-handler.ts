import { Readable } from "node:stream";
import type { Authorize, EmbeddedEc2 } from "./ec2.ts";
import { TransportFault } from "./faults.ts";

/** The part of the SDK's request this needs. */
interface SdkRequest {
	readonly body?: unknown;
}

/** The SDK's response; its collector reads the body as a stream. */
interface SdkResponse {
	readonly statusCode: number;
	readonly headers: Record<string, string>;
	readonly body: Readable;
}

interface AbortSignalLike {
	readonly aborted: boolean;
	readonly reason?: unknown;
}

/** What an SDK client takes as `requestHandler`. */
export interface InProcessHandler {
	readonly metadata: { readonly handlerProtocol: string };
	handle(
		request: SdkRequest,
		options?: { readonly abortSignal?: AbortSignalLike },
	): Promise<{ response: SdkResponse }>;
	updateHttpClientConfig(): void;
	httpHandlerConfigs(): Record<string, never>;
	destroy(): void;
}

/**
 * The world as the SDK client's transport, without sockets: `new EC2Client({ region, credentials, requestHandler:
 * inProcess(ec2) })`. Rejects with `AbortError` once the signal is aborted, with `ECONNRESET` and `TimeoutError` where
 * a fault says so, as the SDK's own handler does. The client may do anything, unless its rights are given.
 */
export function inProcess(ec2: Pick<EmbeddedEc2, "handle">, authorize?: Authorize): InProcessHandler {
	return {
		metadata: { handlerProtocol: "http/1.1" },
		async handle(request, { abortSignal } = {}) {
			if (abortSignal?.aborted) throw abortError();
			const answer = await ec2.handle(textOf(request.body), authorize).catch((error: unknown) => {
				throw asSeenByClient(error);
			});
			if (abortSignal?.aborted) throw abortError();
			const body = Readable.from([Buffer.from(answer.body)]);
			return { response: { statusCode: answer.status, headers: answer.headers, body } };
		},
		updateHttpClientConfig() {},
		httpHandlerConfigs: () => ({}),
		destroy() {},
	};
}

function textOf(body: unknown): string {
	if (typeof body === "string") return body;
	return body instanceof Uint8Array ? Buffer.from(body).toString() : "";
}

function abortError(): Error {
	return Object.assign(new Error("Request aborted"), { name: "AbortError" });
}

function asSeenByClient(error: unknown): unknown {
	if (!(error instanceof TransportFault)) return error;
	if (error.kind === "timeout")
		return Object.assign(new Error("Connection timed out"), { name: "TimeoutError" });
	return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}
