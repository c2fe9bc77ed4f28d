import type {
	$Command,
	EC2Client,
	EC2ClientResolvedConfig,
	ServiceInputTypes,
	ServiceOutputTypes,
} from "@aws-sdk/client-ec2";
import type { BeforeSending, WriteResult } from "../reconcile/ports.ts";
import { asWriteResult } from "./errors.ts";

type WriteCommand<I extends ServiceInputTypes, O extends ServiceOutputTypes> = InstanceType<
	typeof $Command<I, O, EC2ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>
>;

/**
 * Sends a write, its retries included, as long as `beforeSending` has nothing against it. Never rejects for what
 * EC2 answers.
 */
export async function sendWrite<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
	client: EC2Client,
	command: WriteCommand<I, O>,
	signal: AbortSignal,
	beforeSending: BeforeSending,
): Promise<WriteResult> {
	let instead: WriteResult | undefined;
	command.middlewareStack.add(
		(next) => async (args) => {
			instead = await beforeSending();
			if (instead !== undefined) throw new Error("Not sent");
			return next(args);
		},
		// After the client's own of this step, so that what was true before a wait is not relied upon after it.
		{ step: "finalizeRequest", priority: "low", name: "askBeforeSending" },
	);
	try {
		await client.send(command, { abortSignal: signal });
		return { kind: "applied" };
	} catch (error) {
		return instead ?? asWriteResult(error);
	}
}
