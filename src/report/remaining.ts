import type { Report, ReportedFinding } from "../model/report.ts";

/** The findings that no change of the same pass has put right. */
export function remainingFindings({ findings, changes }: Report): readonly ReportedFinding[] {
	const applied = changes.filter(({ outcome }) => outcome === "applied");
	const routes = new Set(applied.map(({ routeTableId, destination }) => `${routeTableId} ${destination}`));
	const checks = new Set(
		applied.filter(({ kind }) => kind === "disable-source-dest-check").map(({ instanceId }) => instanceId),
	);
	return findings.filter(({ code, routeTableId, destination, instanceId }) => {
		if (code === "source-dest-check-on") return !checks.has(instanceId);
		return !routes.has(`${routeTableId} ${destination}`);
	});
}
