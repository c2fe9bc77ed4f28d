import {
	CreateRouteCommand,
	DeleteRouteCommand,
	type EC2Client,
	paginateDescribeRouteTables,
	ReplaceRouteCommand,
	type RouteTable as SdkRouteTable,
} from "@aws-sdk/client-ec2";
import type { RouteChange } from "../model/change.ts";
import type { RouteTable } from "../model/route.ts";
import type { TableSelection } from "../model/selection.ts";
import type { BeforeSending, TableStore, TablesReading, WriteResult } from "../reconcile/ports.ts";
import { itemsOf } from "./answer.ts";
import { describeError } from "./errors.ts";
import { inChunks, toSdkFilters } from "./filters.ts";
import { sendWrite } from "./send-write.ts";
import { isEdgeTable, toRouteTable } from "./to-route-table.ts";

/** The most that DescribeRouteTables gives at once (aws-facts.md §1.4). */
const PAGE_SIZE = 100;

/** The configured route tables as EC2 has them. */
export function tableStore(client: EC2Client, selection: TableSelection): TableStore {
	return {
		async read(signal): Promise<TablesReading> {
			const found = await readAll(client, selection, signal);
			const tables: RouteTable[] = [];
			const skipped: string[] = missingIds(selection, found).map(
				(id) => `${id} of ROUTE_TABLES does not exist: correct ROUTE_TABLES`,
			);
			for (const table of found) {
				if (!isEdgeTable(table)) tables.push(toRouteTable(table));
				else
					skipped.push(
						`${table.RouteTableId} is associated with a gateway: edge tables are not looked after`,
					);
			}
			if (tables.length > 0) return { tables, skipped };
			const why = skipped.length > 0 ? skipped.join("; ") : "the filters of ROUTE_TABLES match none";
			throw new Error(`There is no route table to look after: ${why}`);
		},

		write: (change, ...sending) => writeRoute(client, change, ...sending),
	};
}

/** By filter, ids too, so that one id that is gone does not hide the others. */
async function readAll(
	client: EC2Client,
	selection: TableSelection,
	signal: AbortSignal,
): Promise<readonly SdkRouteTable[]> {
	const filterSets =
		selection.kind === "filters"
			? [toSdkFilters(selection.filters)]
			: inChunks(selection.ids).map((ids) => [{ Name: "route-table-id", Values: [...ids] }]);
	const tables: SdkRouteTable[] = [];
	try {
		for (const Filters of filterSets) {
			const pages = paginateDescribeRouteTables(
				{ client, pageSize: PAGE_SIZE },
				{ Filters },
				{ abortSignal: signal },
			);
			for await (const page of pages)
				tables.push(...itemsOf(page.RouteTables, ({ RouteTableId }) => RouteTableId));
		}
	} catch (error) {
		throw new Error(`DescribeRouteTables failed: ${describeError(error)}`, { cause: error });
	}
	return tables;
}

function missingIds(selection: TableSelection, found: readonly SdkRouteTable[]): readonly string[] {
	if (selection.kind === "filters") return [];
	const present = new Set(found.map(({ RouteTableId }) => RouteTableId));
	return selection.ids.filter((id) => !present.has(id));
}

/** Always the interface, never the instance: EC2 refuses an instance with several interfaces (aws-facts.md §2.1). */
function writeRoute(
	client: EC2Client,
	change: RouteChange,
	signal: AbortSignal,
	beforeSending: BeforeSending,
): Promise<WriteResult> {
	const { routeTableId, destination, kind } = change;
	const at = {
		RouteTableId: routeTableId,
		...(destination.family === "ipv4"
			? { DestinationCidrBlock: destination.text }
			: { DestinationIpv6CidrBlock: destination.text }),
	};
	if (kind === "delete") return sendWrite(client, new DeleteRouteCommand(at), signal, beforeSending);
	const route = { ...at, NetworkInterfaceId: change.networkInterfaceId };
	return kind === "create"
		? sendWrite(client, new CreateRouteCommand(route), signal, beforeSending)
		: sendWrite(client, new ReplaceRouteCommand(route), signal, beforeSending);
}
