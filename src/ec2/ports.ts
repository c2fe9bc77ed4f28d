import type { Filter, TableSelection } from "../model/selection.ts";
import type { Ports } from "../reconcile/ports.ts";
import type { CountingClient } from "./client.ts";
import { interfaceStore } from "./interfaces.ts";
import { nodeSource } from "./nodes.ts";
import { tableStore } from "./tables.ts";

/** A pass's ports, bound to EC2. */
export function ec2Ports(
	{ client, countCalls }: CountingClient,
	{
		nodeFilters,
		routeTables,
	}: { readonly nodeFilters: readonly Filter[]; readonly routeTables: TableSelection },
): Ports {
	return {
		nodes: nodeSource(client, nodeFilters),
		tables: tableStore(client, routeTables),
		interfaces: interfaceStore(client),
		countCalls,
	};
}
