import type { ReportedFinding, ReportedQuota, ReportedRoute } from "../model/report.ts";

/** What stands in a table's listing beside its routes. */
export interface Beside {
	readonly findings?: readonly ReportedFinding[];
	readonly quota?: readonly ReportedQuota[];
}

/**
 * Route tables for a person: a heading a table with how full it is, then a line a route in aligned columns: its
 * destination, who owns it (or what it points at), its state, and what is wrong with it. At most 80 wide for IPv4.
 */
export function renderRoutes(
	routes: readonly ReportedRoute[],
	{ findings = [], quota = [] }: Beside = {},
): string {
	const wrong = new Map(
		findings.map(({ routeTableId, destination, code }) => [`${routeTableId} ${destination}`, code]),
	);
	return [...Map.groupBy(routes, ({ routeTableId }) => routeTableId)]
		.map(([routeTableId, inTable]) => {
			const fill = quota.filter((entry) => entry.routeTableId === routeTableId).map(describeFill);
			const rows = inTable.map((route) => toCells(route, wrong.get(`${routeTableId} ${route.destination}`)));
			return [[routeTableId, ...fill].join("  "), ...renderColumns(rows)].join("\n");
		})
		.join("\n\n");
}

function describeFill({ family, used, limit }: ReportedQuota): string {
	return `${used} of ${limit} ${family === "ipv4" ? "IPv4" : "IPv6"} routes`;
}

function toCells(route: ReportedRoute, wrong: string | undefined): readonly string[] {
	const { destination, owner, instanceId, networkInterfaceId, target, state, managed } = route;
	const holder = owner ?? instanceId ?? networkInterfaceId ?? target ?? "";
	return [destination, holder, state, wrong ?? (managed ? "" : "not ours")];
}

function renderColumns(rows: readonly (readonly string[])[]): readonly string[] {
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
	return rows.map((row) =>
		`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
	);
}
