import type { ReportedChange } from "../model/report.ts";

const SYMBOLS = { create: "+", replace: "~", delete: "-", "disable-source-dest-check": "!" } as const;

/**
 * A change on one line: a symbol for its kind, what it touches, from where to where. What kept it from being
 * made stands on a line of its own.
 */
export function renderChange(change: ReportedChange): string {
	const line = `  ${SYMBOLS[change.kind]} ${describe(change)}`;
	return change.error === undefined ? line : `${line}\n      ${change.outcome}: ${change.error}`;
}

function describe({ kind, destination, from, instanceId }: ReportedChange): string {
	if (kind === "disable-source-dest-check") return `${instanceId}  source/dest check off`;
	const old = from === null ? undefined : `${from.instanceId ?? from.networkInterfaceId} (${from.state})`;
	return `${destination}  ${[old, instanceId].filter((end) => end !== undefined).join(" -> ")}`;
}
