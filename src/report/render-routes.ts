import type { ReportedRoute } from "../model/report.ts";

/** Route tables for a person: a heading a table, then a line a route in aligned columns; at most 80 wide for IPv4. */
export function renderRoutes(routes: readonly ReportedRoute[]): string {
	return [...Map.groupBy(routes, ({ routeTableId }) => routeTableId)]
		.map(([routeTableId, inTable]) => [routeTableId, ...renderColumns(inTable.map(toCells))].join("\n"))
		.join("\n\n");
}

function toCells({
	destination,
	state,
	instanceId,
	networkInterfaceId,
	target,
	managed,
}: ReportedRoute): readonly string[] {
	return [destination, instanceId ?? networkInterfaceId ?? target ?? "", state, managed ? "" : "not ours"];
}

function renderColumns(rows: readonly (readonly string[])[]): readonly string[] {
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
	return rows.map((row) =>
		`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
	);
}
