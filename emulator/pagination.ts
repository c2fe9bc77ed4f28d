import { createHash } from "node:crypto";
import { invalidCombination, invalidValue } from "./errors.ts";
import { type Ec2Request, integerOf } from "./query.ts";
import type { World } from "./world.ts";

/** What one action allows of MaxResults (aws-facts.md §1.4). */
export interface PageRules {
	readonly minimum: number;
	readonly maximum: number;
	/** Where ids exclude MaxResults: the ids' wire name and the name EC2 has for them in its refusal. */
	readonly idsExclude?: { readonly parameter: string; readonly name: string };
}

/** A part of a listing, and the token for the rest. */
export interface Page<Item> {
	readonly items: readonly Item[];
	readonly nextToken: string | undefined;
}

/**
 * The page a request asks for, of `all` in order of creation, where `matches` tells which are wanted. A token holds the
 * place it stopped at, so that an item created or removed between pages shifts none of the others. Throws
 * `InvalidParameterValue` for a MaxResults out of range and for a token this listing did not give.
 */
export function pageOf<Item extends { readonly id: string }>(
	world: World,
	request: Ec2Request,
	rules: PageRules,
	all: readonly Item[],
	matches: (item: Item) => boolean,
): Page<Item> {
	const size = sizeOf(request, rules);
	const stoppedAt = placeIn(request);
	const rest = all.filter((item) => world.ids.orderOf(item.id) > stoppedAt);
	const candidates = world.settings.switches.pagesCount === "examined" ? rest : rest.filter(matches);
	const taken = candidates.slice(0, size);
	const last = taken.at(-1);
	const more = last !== undefined && candidates.length > taken.length;
	return {
		items: taken.filter(matches),
		nextToken: more ? tokenFor(request, world.ids.orderOf(last.id)) : undefined,
	};
}

function sizeOf(request: Ec2Request, { minimum, maximum, idsExclude }: PageRules): number {
	const size = integerOf(request, "MaxResults");
	if (size === undefined) return maximum;
	if (idsExclude !== undefined && `${idsExclude.parameter}.1` in request.parameters) {
		throw invalidCombination(`The parameter ${idsExclude.name} cannot be used with the parameter maxResults`);
	}
	const refusal = `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value`;
	if (size < minimum) throw invalidValue(`${refusal} greater than ${minimum}.`);
	if (size > maximum) throw invalidValue(`${refusal} less than ${maximum}.`);
	return size;
}

function placeIn(request: Ec2Request): number {
	const token = request.parameters["NextToken"];
	if (token === undefined) return 0;
	const place = Number.parseInt(Buffer.from(token, "base64url").toString(), 10);
	if (token !== tokenFor(request, place)) throw invalidValue("Unable to parse pagination token");
	return place;
}

/** Bound to the action and its filters: a token given for another listing is refused. */
function tokenFor(request: Ec2Request, place: number): string {
	const asked = Object.entries(request.parameters).filter(([name]) => name.startsWith("Filter."));
	const listing = createHash("sha256")
		.update(JSON.stringify([request.action, asked.sort()]))
		.digest("hex");
	return Buffer.from(`${place}#${listing.slice(0, 16)}`).toString("base64url");
}
