import { EC2, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { onTestFinished } from "vitest";
import { type Ec2Options, EmbeddedEc2 } from "../../emulator/ec2.ts";
import { inProcess } from "../../emulator/request-handler.ts";
import { startServer } from "../../emulator/server.ts";

/** A world and the real SDK client that talks to it. Its clock moves only when the test moves it. */
export interface Ground {
	readonly ec2: EmbeddedEc2;
	readonly api: EC2;
}

/** A way for the client to reach the world. */
export interface Transport {
	readonly name: string;
	/** Closed by itself when the test ends. */
	open(options?: Ec2Options): Promise<Ground>;
}

/** Whom to tell of a client and of what it was made from: nobody, unless a suite's setup says otherwise. */
export const openings: {
	onClient: (api: EC2, config: EC2ClientConfig) => void;
} = { onClient: () => undefined };

function aClient(config: EC2ClientConfig): EC2 {
	const api = new EC2(config);
	openings.onClient(api, config);
	onTestFinished(() => api.destroy());
	return api;
}

const CLIENT = {
	region: "us-east-1",
	credentials: { accessKeyId: "test", secretAccessKey: "test" },
	// One call is one request: retries would hide what a single answer was.
	maxAttempts: 1,
};

/** Every fact holds over each of these. */
export const TRANSPORTS: readonly Transport[] = [
	{
		name: "in process",
		async open(options) {
			const ec2 = new EmbeddedEc2(options);
			return { ec2, api: aClient({ ...CLIENT, requestHandler: inProcess(ec2) }) };
		},
	},
	{
		name: "over HTTP",
		async open(options) {
			const ec2 = new EmbeddedEc2(options);
			const server = await startServer(ec2, { port: 0, clock: "manual" });
			onTestFinished(() => server.close());
			return { ec2, api: aClient({ ...CLIENT, endpoint: server.url }) };
		},
	},
];

/** How EC2 said no. */
export interface Refusal {
	readonly code: string;
	readonly message: string;
	readonly status: number | undefined;
}

/** The refusal a call ends in; throws where the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
	const error = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Error)) throw new Error("The call was not refused");
	const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
	return { code: error.name, message: error.message, status: $metadata?.httpStatusCode };
}

/** The value; throws where an answer lacks it. */
export function given<Value>(value: Value | undefined): Value {
	if (value === undefined) throw new Error("The answer lacks a value the test needs");
	return value;
}
