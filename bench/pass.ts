import { inProcess } from "../emulator/request-handler.ts";
import { countingClient } from "../src/ec2/client.ts";
import { ec2Ports } from "../src/ec2/ports.ts";
import { deadlineIn } from "../src/reconcile/deadline.ts";
import { type PassResult, reconcile } from "../src/reconcile/reconcile.ts";
import type { Request } from "../src/reconcile/request.ts";
import { UserDataMemory } from "../src/reconcile/user-data-memory.ts";
import { parseSettings } from "../src/settings.ts";
import type { Cluster } from "../test/support/cluster.ts";

/** One pass; `remainingMs` until the function that makes it times out. */
export type MakePass = (request: Request, remainingMs: number) => Promise<PassResult>;

/**
 * What a warm function makes its passes with, as `src/lambda/run-pass.ts` does it, for a world in this process: a
 * client with a pace of its own, and the memory of an audit.
 */
export function passesIn(cluster: Cluster): MakePass {
	const settings = parseSettings(cluster.environment);
	const client = countingClient({
		region: "us-east-1",
		credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
		requestHandler: inProcess(cluster.ec2),
		retryMode: "standard",
	});
	const memory = new UserDataMemory();
	return (request, remainingMs) => {
		client.clearCalls();
		const ports = ec2Ports(client, settings);
		return reconcile(request, {
			ports: request.operation === "audit" ? { ...ports, nodes: memory.over(ports.nodes, Date.now) } : ports,
			settings,
			now: Date.now,
			deadline: deadlineIn(remainingMs),
		});
	};
}
