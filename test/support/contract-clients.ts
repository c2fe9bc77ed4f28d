import { EC2 } from "@aws-sdk/client-ec2";
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
			const api = new EC2({ ...CLIENT, requestHandler: inProcess(ec2) });
			onTestFinished(() => api.destroy());
			return { ec2, api };
		},
	},
	{
		name: "over HTTP",
		async open(options) {
			const ec2 = new EmbeddedEc2(options);
			const server = await startServer(ec2, { port: 0, clock: "manual" });
			const api = new EC2({ ...CLIENT, endpoint: server.url });
			onTestFinished(async () => {
				api.destroy();
				await server.close();
			});
			return { ec2, api };
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
