import { createHash } from "node:crypto";
import type { Change } from "../model/change.ts";

/** Enough to tell plans apart by eye and by machine: 48 bits. */
const LENGTH = 12;

/** The identity of a plan: equal for equal changes, whatever has become of them. */
export function planIdOf(changes: readonly Change[]): string {
	const canonical = changes.map((change) => [
		change.kind,
		"routeTableId" in change ? change.routeTableId : null,
		"destination" in change ? change.destination.text : null,
		"networkInterfaceId" in change ? [change.instanceId, change.networkInterfaceId] : null,
		"from" in change ? [change.from.state, change.from.networkInterfaceId] : null,
	]);
	return createHash("sha256").update(JSON.stringify(canonical)).digest("hex").slice(0, LENGTH);
}
