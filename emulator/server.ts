import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Authorize, Ec2Answer, EmbeddedEc2 } from "./ec2.ts";
import { TransportFault } from "./faults.ts";

/** Where and how to serve. */
export interface ServerOptions {
	/** 0 takes a free one. */
	readonly port: number;
	/** How long each request waits before it takes effect. */
	readonly latencyMs?: number;
	/** `real`: world time runs with the wall clock. `manual`: only the world's owner moves it. */
	readonly clock?: "real" | "manual";
	/** What whoever calls here may do; anything, unless given. */
	readonly authorize?: Authorize | undefined;
}

/** A server that listens. */
export interface RunningServer {
	readonly url: string;
	readonly port: number;
	/** Resolves when no connection is left. */
	close(): Promise<void>;
}

/** How often world time catches up with real time, so that events come without a request to bring them. */
const TICK_MS = 50;
/** Twice the largest request EC2's own limits allow for the actions here. */
const BODY_LIMIT_BYTES = 1_000_000;
const LOOPBACK = "127.0.0.1";

/** Serves the world on the loopback interface only. Rejects where the port is taken. */
export async function startServer(ec2: EmbeddedEc2, options: ServerOptions): Promise<RunningServer> {
	const catchUp = options.clock === "manual" ? () => {} : follow(ec2);
	const timer = setInterval(catchUp, TICK_MS);
	timer.unref();
	const server = createServer((request, response) => {
		const served = serve(request, response, async (body) => {
			if (options.latencyMs) await sleep(options.latencyMs);
			catchUp();
			return ec2.handle(body, options.authorize);
		});
		served.catch((error: unknown) => response.destroy(asError(error)));
	});
	const port = await listen(server, options.port).catch((error: unknown) => {
		clearInterval(timer);
		throw error;
	});
	return {
		url: `http://${LOOPBACK}:${port}`,
		port,
		close: () => {
			clearInterval(timer);
			return shut(server);
		},
	};
}

function follow(ec2: EmbeddedEc2): () => void {
	let last = performance.now();
	return () => {
		// Whole milliseconds only: event times and launch times are integers.
		const elapsed = Math.floor(performance.now() - last);
		last += elapsed;
		ec2.advance(elapsed);
	};
}

async function serve(
	request: IncomingMessage,
	response: ServerResponse,
	answerTo: (body: string) => Promise<Ec2Answer>,
): Promise<void> {
	const body = await readBody(request);
	if (request.method !== "POST" || body === undefined) {
		response.writeHead(body === undefined ? 413 : 405).end();
		return;
	}
	try {
		const answer = await answerTo(body);
		response.writeHead(answer.status, answer.headers).end(answer.body);
	} catch (error) {
		if (!(error instanceof TransportFault)) throw error;
		// A timeout is silence: the connection stays open until the client gives up.
		if (error.kind === "connection-reset") request.socket.destroy();
	}
}

/** `undefined` for a body too large to be a request. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += chunk.length;
		if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
	}
	return size > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks).toString();
}

function listen(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, LOOPBACK, () => {
			server.off("error", reject);
			const address = server.address();
			resolve(typeof address === "object" && address !== null ? address.port : port);
		});
	});
}

function shut(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error === undefined ? resolve() : reject(error)));
		server.closeAllConnections();
	});
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}
