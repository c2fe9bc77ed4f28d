import { once } from "node:events";
import { EmbeddedEc2 } from "../../emulator/ec2.ts";
import { EventForwarder } from "../../emulator/event-forwarder.ts";
import { startServer } from "../../emulator/server.ts";
import { endpoint, oneOf, parseOptions, wholeNumber } from "./arguments.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

const PORT_MAX = 65_535;
const LATENCY_MAX_MS = 60_000;

/**
 * Serves an empty EC2 on 127.0.0.1 until it is interrupted; then sends on the events that still wait.
 *
 * `--port N` (0 takes a free one), `--latency-ms N`, `--throttle aws|none` (AWS's documented token buckets),
 * `--events URL` (the EventBridge endpoint that gets every event of the world).
 */
export async function emulator(args: string[], terminal: Terminal): Promise<ExitCode> {
	const options = parseOptions(args, {
		port: { type: "string", default: "4566" },
		"latency-ms": { type: "string", default: "0" },
		throttle: { type: "string", default: "none" },
		events: { type: "string" },
	});
	const port = wholeNumber("--port", options.port, PORT_MAX);
	const latencyMs = wholeNumber("--latency-ms", options["latency-ms"], LATENCY_MAX_MS);
	const throttle = oneOf("--throttle", options.throttle, "aws", "none");
	const eventsUrl = options.events === undefined ? undefined : endpoint("--events", options.events);

	const ec2 = new EmbeddedEc2({ throttle, startAt: Date.now() });
	const server = await startServer(ec2, { port, latencyMs });
	const forwarder = eventsUrl === undefined ? undefined : new EventForwarder(eventsUrl, terminal.warn);
	if (forwarder !== undefined) ec2.subscribe((event) => forwarder.forward(event));
	terminal.print(`EC2 emulator listening on ${server.url}`);
	if (!terminal.interrupted.aborted) await once(terminal.interrupted, "abort");
	await server.close();
	await forwarder?.close();
	return 0;
}
