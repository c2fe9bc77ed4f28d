import type { CheckChange, RouteChange } from "../../src/model/change.ts";
import type { Instance } from "../../src/model/instance.ts";
import type { Route } from "../../src/model/route.ts";
import { clash } from "./simulation-claims.ts";
import type { Picture } from "./simulation-picture.ts";

/** What podroute must never do. */
export type Breach =
	| "a foreign route was changed"
	| "a route was written to a non-claimant"
	| "a healthy route was moved or removed"
	| "a route was taken from a node that did not free it"
	| "a route was made across a routed block"
	| "a route was deleted without proof"
	| "a route was deleted by a pass that may not"
	| "too many routes were deleted"
	| "a check was turned off for a non-claimant"
	| "a write relied on a reading older than 5 seconds"
	| "a route was deleted on a reading that was not made for it"
	| "something changed that was not asked for";

/** What a route is to become: another interface, or nothing. */
export interface Wanted {
	readonly tableId: string;
	readonly destination: string;
	/** Absent for a delete. */
	readonly interfaceId: string | undefined;
}

export function wantedBy(change: RouteChange): Wanted {
	return {
		tableId: change.routeTableId,
		destination: change.destination.text,
		interfaceId: change.kind === "delete" ? undefined : change.networkInterfaceId,
	};
}

/** What is wrong with changing a route so, by what `picture` says was the case just before. */
export function breachesOf(picture: Picture, wanted: Wanted): readonly Breach[] {
	const vpcId = picture.tables.find(({ id }) => id === wanted.tableId)?.vpcId;
	if (vpcId === undefined) return ["something changed that was not asked for"];
	const old = picture.routeAt(wanted.tableId, wanted.destination);
	if (wanted.interfaceId === undefined)
		return old === undefined ? [] : breachesOfDelete(picture, wanted, old);
	const heir = claimantAt(picture, wanted.interfaceId, wanted.destination, vpcId);
	const breaches: Breach[] = heir === undefined ? ["a route was written to a non-claimant"] : [];
	if (old !== undefined) return [...breaches, ...breachesOfTaking(picture, old, vpcId, heir)];
	if (heir !== undefined && crosses(picture, wanted.destination, vpcId, heir)) {
		breaches.push("a route was made across a routed block");
	}
	return breaches;
}

/** What is wrong with turning an interface's check off. */
export function breachesOfCheck(
	picture: Picture,
	{ networkInterfaceId }: CheckChange,
	vpcIds: readonly string[],
): readonly Breach[] {
	const node = picture.nodes.find(({ primaryInterface }) => primaryInterface?.id === networkInterfaceId);
	const isClaimant =
		node?.life === "serving" &&
		vpcIds.some((vpcId) => node.vpcId === vpcId) &&
		picture.meaning(node).kind === "valid";
	return isClaimant ? [] : ["a check was turned off for a non-claimant"];
}

function claimantAt(
	picture: Picture,
	interfaceId: string,
	block: string,
	vpcId: string,
): Instance | undefined {
	const node = picture.nodes.find(({ primaryInterface }) => primaryInterface?.id === interfaceId);
	return node?.life === "serving" && picture.claims(node, block, vpcId) ? node : undefined;
}

function breachesOfTaking(
	picture: Picture,
	old: Route,
	vpcId: string,
	heir: Instance | undefined,
): readonly Breach[] {
	const grip = picture.gripOn(old);
	if (grip.kind === "foreign") return ["a foreign route was changed"];
	if (grip.kind === "nobody" || grip.node === heir) return [];
	if (isHealthy(picture, old, vpcId, grip.node)) return ["a healthy route was moved or removed"];
	return picture.mayLose(grip.node, old) ? [] : ["a route was taken from a node that did not free it"];
}

/** Whether a route serves: its owner's primary interface, while the owner serves and claims it. */
function isHealthy(picture: Picture, { destination, target }: Route, vpcId: string, node: Instance): boolean {
	return (
		node.life === "serving" &&
		target.kind === "interface" &&
		target.networkInterfaceId === node.primaryInterface?.id &&
		picture.claims(node, destination.text, vpcId)
	);
}

function breachesOfDelete(picture: Picture, { tableId }: Wanted, old: Route): readonly Breach[] {
	const table = picture.tables.find(({ id }) => id === tableId);
	if (table === undefined || picture.isOrphan({ table, route: old })) return [];
	const taking = breachesOfTaking(picture, old, table.vpcId, undefined);
	return [...taking, "a route was deleted without proof"];
}

/** Rule 4: whether another node's healthy route would lose part of its traffic, or take part of this. */
function crosses(picture: Picture, block: string, vpcId: string, heir: Instance): boolean {
	return picture.spots(vpcId).some(({ route }) => {
		if (route.state !== "active" || !clash(route.destination.text, block)) return false;
		const grip = picture.gripOn(route);
		return grip.kind === "node" && grip.node !== heir && isHealthy(picture, route, vpcId, grip.node);
	});
}

/** How many deletes of one pass a table of so many managed routes allows. */
export function deletesAllowed(managed: number, shareMax: number): number {
	return Math.max(2, Math.floor(managed * shareMax + 1e-9));
}

/** Routes of a table that may be ours. */
export function countManaged(picture: Picture, tableId: string): number {
	const routes = picture.tables.find(({ id }) => id === tableId)?.routes ?? [];
	return routes.filter((route) => picture.gripOn(route).kind !== "foreign").length;
}
