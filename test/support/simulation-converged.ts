import type { Instance } from "../../src/model/instance.ts";
import type { Report } from "../../src/model/report.ts";
import type { Route } from "../../src/model/route.ts";
import { clash, isIn } from "./simulation-claims.ts";
import type { Grip, Picture, Spot } from "./simulation-picture.ts";
import { countManaged, deletesAllowed } from "./simulation-rules.ts";

/** One block of one VPC, with everything that bears on who owns it. */
interface Bid {
	readonly block: string;
	readonly vpcId: string;
	/** Most senior first. */
	readonly claimants: readonly Instance[];
	readonly held: readonly HeldSpot[];
	/** Who may end up with it; nobody where something stands against them all. */
	readonly owners: readonly Instance[];
}

type HeldSpot = Spot & { readonly grip: Exclude<Grip, { kind: "foreign" }> };

/**
 * What an undisturbed audit with `REPAIR=all` left undone, by what was the case before and is after it:
 * sentences, none where it did all that the contract promises.
 */
export function leftUndone(
	before: Picture,
	after: Picture,
	report: Report,
	shareMax: number,
): readonly string[] {
	const vpcIds = [...new Set(before.tables.map(({ vpcId }) => vpcId))];
	return vpcIds.flatMap((vpcId) => {
		const bids = acceptedBids(before, vpcId);
		return [
			...bids.flatMap((bid) => wrongRoutes(before, after, bid)),
			...bids.flatMap((bid) => checkedOwners(after, bid)),
			...missedOrphans(before, after, vpcId, shareMax),
			...untoldRoutes(after, report, vpcId),
			...untoldOverlaps(before, report, vpcId),
		];
	});
}

/** Rule 3 for each block by itself, then rule 4 between them. */
function acceptedBids(picture: Picture, vpcId: string): readonly Bid[] {
	const bids = bidsOf(picture, vpcId);
	const routed = bids.filter(({ held }) => held.length > 0);
	const accepted = routed.filter(({ block }) => !routed.some((other) => clash(block, other.block)));
	const taken = routed.map(({ block }) => block);
	const standing = picture.spots(vpcId).flatMap((spot): readonly HeldSpot[] => {
		const grip = picture.gripOn(spot.route);
		return grip.kind === "foreign" || isDead(grip, spot.route) ? [] : [{ ...spot, grip }];
	});
	const inOrder = bids
		.filter(({ held, owners }) => held.length === 0 && owners.length > 0)
		.sort((a, b) => compareSeniority(a.owners[0], b.owners[0]));
	for (const bid of inOrder) {
		const [owner] = bid.owners;
		const isCrossed =
			taken.some((block) => clash(block, bid.block)) ||
			standing.some(
				({ route, grip }) =>
					clash(route.destination.text, bid.block) && !(grip.kind === "node" && grip.node === owner),
			);
		if (isCrossed) continue;
		accepted.push(bid);
		taken.push(bid.block);
	}
	return accepted;
}

function isDead(grip: Grip, route: Route): boolean {
	if (grip.kind === "nobody") return route.state === "blackhole";
	return grip.kind === "node" && grip.node.life === "gone";
}

function bidsOf(picture: Picture, vpcId: string): readonly Bid[] {
	const spots = picture.spots(vpcId);
	const blocks = new Set(
		picture.nodes.flatMap((node) =>
			picture.meaning(node).named.filter((block) => picture.claims(node, block, vpcId)),
		),
	);
	return [...blocks].map((block) => {
		const claimants = picture.nodes
			.filter((node) => picture.claims(node, block, vpcId) && node.primaryInterface !== undefined)
			.sort(compareSeniority);
		const held = spots.flatMap((spot): readonly HeldSpot[] => {
			const grip = picture.gripOn(spot.route);
			return spot.route.destination.text !== block || grip.kind === "foreign" ? [] : [{ ...spot, grip }];
		});
		const isBarred = spots.some(
			({ route }) => isIn(route.destination.text, block) && picture.gripOn(route).kind === "foreign",
		);
		const owners = isBarred ? [] : ownersOf(picture, claimants, held);
		return { block, vpcId, claimants, held, owners };
	});
}

/** Rule 3 and 5: those already routed, or the first to claim; nobody where another's route may not be moved. */
function ownersOf(
	picture: Picture,
	claimants: readonly Instance[],
	held: readonly HeldSpot[],
): readonly Instance[] {
	const keeping = held.filter(
		({ grip, route }) => grip.kind === "node" && !keepsNothing(picture, grip, route),
	);
	const keepers = keeping.flatMap(({ grip }) => (grip.kind === "node" ? [grip.node] : []));
	if (keepers.some((node) => !claimants.includes(node))) return [];
	const incumbents = claimants.filter((node) => keepers.includes(node));
	const serving = incumbents.filter(({ life }) => life === "serving");
	if (serving.length > 0) return serving;
	if (incumbents.length > 0) return [];
	return claimants.filter(({ life }) => life === "serving").slice(0, 1);
}

function keepsNothing(picture: Picture, grip: Grip, route: Route): boolean {
	return grip.kind === "node" && picture.mayLose(grip.node, route);
}

function compareSeniority(a: Instance | undefined, b: Instance | undefined): number {
	const [left, right] = [a?.primaryInterface?.attachedAt ?? 0, b?.primaryInterface?.attachedAt ?? 0];
	if (left !== right) return left - right;
	return (a?.id ?? "") < (b?.id ?? "") ? -1 : 1;
}

/** In every table the owner's route, or what another claimant has there and keeps. */
function wrongRoutes(before: Picture, after: Picture, bid: Bid): readonly string[] {
	if (bid.owners.length === 0) return [];
	const tables = after.tables.filter(({ vpcId }) => vpcId === bid.vpcId);
	return tables.flatMap(({ id }) => {
		const kept = bid.held.find(
			({ table, grip, route }) =>
				table.id === id && grip.kind === "node" && !before.mayLose(grip.node, route),
		);
		const isKeptByAnother =
			kept?.grip.kind === "node" && (bid.owners.length > 1 || !bid.owners.includes(kept.grip.node));
		const route = after.routeAt(id, bid.block);
		if (isKeptByAnother && sameTarget(route, kept?.route)) return [];
		const isRight =
			route?.state === "active" &&
			bid.owners.some(
				({ primaryInterface }) =>
					route.target.kind === "interface" && route.target.networkInterfaceId === primaryInterface?.id,
			);
		return isRight ? [] : [`${bid.block} in ${id} is not routed to ${bid.owners.map((node) => node.id)}`];
	});
}

function sameTarget(a: Route | undefined, b: Route | undefined): boolean {
	return JSON.stringify(a?.target) === JSON.stringify(b?.target);
}

/** Where there is one owner and no more, it forwards. */
function checkedOwners(after: Picture, { owners, block }: Bid): readonly string[] {
	const [owner, second] = owners;
	if (owner === undefined || second !== undefined) return [];
	const isOn = after.node(owner.id)?.primaryInterface?.sourceDestCheck;
	return isOn ? [`${owner.id}, which owns ${block}, still checks source and destination`] : [];
}

function missedOrphans(before: Picture, after: Picture, vpcId: string, shareMax: number): readonly string[] {
	const orphans = before.spots(vpcId).filter((spot) => before.isOrphan(spot));
	return orphans.flatMap(({ table, route }) => {
		const { text } = route.destination;
		const isThere = after.routeAt(table.id, text) !== undefined;
		const wanted = orphans.filter((orphan) => orphan.table === table).length;
		const isAllowed = wanted <= deletesAllowed(countManaged(before, table.id), shareMax);
		if (isThere && isAllowed) return [`the orphan ${text} in ${table.id} was not removed`];
		return !isThere && !isAllowed ? [`${text} in ${table.id} is one delete too many`] : [];
	});
}

/** Routes to nodes that claim something else stay, and are told. */
function untoldRoutes(after: Picture, { findings }: Report, vpcId: string): readonly string[] {
	return after.spots(vpcId).flatMap(({ table, route }) => {
		const grip = after.gripOn(route);
		const { text } = route.destination;
		if (grip.kind !== "node" || grip.node.life === "gone" || !after.isUnclaimed(text, vpcId)) return [];
		const { kind } = after.meaning(grip.node);
		if (kind !== "valid" && kind !== "none") return [];
		const isTold = findings.some(
			({ code, destination, routeTableId }) =>
				code === "unclaimed-route" && destination === text && routeTableId === table.id,
		);
		return isTold ? [] : [`${text} in ${table.id} is claimed by nobody, and that is not told`];
	});
}

/** Overlapping blocks that are both routed stay, and are told: one finding for the two. */
function untoldOverlaps(before: Picture, { findings }: Report, vpcId: string): readonly string[] {
	const routed = bidsOf(before, vpcId).filter(
		({ held, claimants }) => held.length > 0 && claimants.some(({ life }) => life === "serving"),
	);
	return routed.flatMap(({ block }) => {
		const other = routed.find((each) => clash(each.block, block));
		const isTold = findings.some(
			({ code, destination, detail }) =>
				code === "overlapping-claim" && (destination === block || detail.includes(` ${block} `)),
		);
		return other === undefined || isTold ? [] : [`${block} overlaps ${other.block}, and that is not told`];
	});
}
