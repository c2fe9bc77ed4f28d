import type { ClusterOptions } from "./cluster.ts";
import { aContext, type Deployed, deployed } from "./deployed.ts";
import { launchHealthy } from "./healthy-nodes.ts";
import { widgetEvent } from "./widget-event.ts";

/** Asks a handler for its widget. It throws where the answer is no page. */
export async function ask(handler: Deployed["handler"], event: unknown = widgetEvent()): Promise<string> {
	const context = {
		...aContext(),
		invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:podroute-dev-routeTableAudit",
	};
	const answer: unknown = await handler(event, context);
	if (typeof answer === "string") return answer;
	throw new Error("The widget is no text");
}

/** The audit function beside `count` healthy nodes, each with a /24 of 10.200.0.0/14 and its route. */
export async function healthyNodes(count: number): Promise<Deployed> {
	const { cluster, handler } = await deployed("route-table-audit", {
		routeLimit: 2_000,
		environment: { ROUTE_LIMIT: "2000", CLUSTER_CIDRS: count > 256 ? "10.200.0.0/14" : "10.200.0.0/16" },
	});
	await launchHealthy(cluster, count);
	return { cluster, handler };
}

/** The audit function beside worker-0 and worker-1, each with its block routed in every table. */
export async function healthyPair(options: ClusterOptions = {}): Promise<Deployed> {
	const { cluster, handler } = await deployed("route-table-audit", options);
	for (const number of [0, 1]) {
		const block = `10.200.${number}.0/24`;
		await cluster.launch(`worker-${number}`, { claims: block });
		for (const tableId of cluster.tableIds)
			await cluster.route(block, cluster.eni(`worker-${number}`), tableId);
	}
	return { cluster, handler };
}
