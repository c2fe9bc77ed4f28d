import type { Hint } from "../hint/parse-hint.ts";
import type { InstanceId } from "../model/instance.ts";
import type { ReportedChange } from "../model/report.ts";

/**
 * Whole seconds from an instance's earliest event to `now` (epoch milliseconds), the end of the pass, of each instance
 * whose route the pass wrote. One that was routed already is not counted; a clock that is behind EC2's gives 0.
 */
export function secondsToRoute(
	hints: readonly Hint[],
	changes: readonly ReportedChange[],
	now: number,
): readonly number[] {
	const routed = new Set(changes.filter(isRouteWritten).map(({ instanceId }) => instanceId));
	const earliest = new Map<InstanceId, number>();
	for (const { instanceId, at } of hints) {
		earliest.set(instanceId, Math.min(earliest.get(instanceId) ?? at, at));
	}
	return [...earliest]
		.filter(([instanceId]) => routed.has(instanceId))
		.map(([, at]) => Math.max(0, Math.round((now - at) / 1_000)));
}

function isRouteWritten({ kind, outcome }: ReportedChange): boolean {
	return outcome === "applied" && (kind === "create" || kind === "replace");
}
