import type { Claim } from "../model/claim.ts";
import { type Blocks, readBlocks } from "./blocks.ts";
import { readEntries } from "./entries.ts";
import { type Found, unpack } from "./unpack.ts";

/** Where an instance may state what it serves. */
export interface ClaimSources {
	/** The instance's tags, key to value. */
	readonly tags: ReadonlyMap<string, string>;
	/** Its user data, with the base64 that EC2 sends it in undone, or `undefined` where none is set. */
	readonly userData: Uint8Array | undefined;
}

/** What a claim is called: settings `POD_CIDR_TAG` and `POD_CIDR_KEY`. */
export interface ClaimKeys {
	readonly tag: string;
	readonly userData: string;
}

/**
 * What one instance says it serves, from its tag and its user data. Any number of statements is one claim if
 * they name the same blocks. One that cannot be read refuses all of them, whatever the others say; user data
 * that cannot be unpacked may hold a statement and counts as one.
 *
 * Never throws, never answers `unread`, and quotes neither tag nor user data: both come from whoever
 * launched the instance, and user data may hold secrets.
 */
export function readClaim(sources: ClaimSources, keys: ClaimKeys): Claim {
	let first: Named | undefined;
	let other: Named | undefined;
	for (const statement of statementsOf(sources, keys)) {
		if (!statement.ok) {
			const detail = `${statement.place} cannot be taken for a claim: ${statement.why}`;
			return { kind: "refused", reason: "malformed-claim", detail };
		}
		first ??= statement;
		if (textOf(statement) !== textOf(first)) other ??= statement;
	}
	if (first === undefined) return { kind: "none" };
	if (other === undefined) return { kind: "blocks", blocks: first.blocks, place: first.place };
	const detail = `${first.place} and ${other.place} name different blocks: make them the same, or remove one`;
	return { kind: "refused", reason: "contradictory-claim", detail };
}

type Placed<T> = T & { readonly place: string };
type Statement = Placed<Blocks> | Extract<Found, { readonly ok: false }>;
type Named = Extract<Statement, { readonly ok: true }>;

function* statementsOf({ tags, userData }: ClaimSources, keys: ClaimKeys): Generator<Statement> {
	const tag = tags.get(keys.tag);
	if (tag !== undefined) yield { ...readBlocks(tag), place: `tag ${keys.tag}` };
	if (userData === undefined) return;
	for (const found of unpack(userData)) {
		if (!found.ok) yield found;
		else yield* statementsIn(found.text, found.place, keys.userData);
	}
}

function* statementsIn(text: string, place: string, key: string): Generator<Statement> {
	for (const { line, value } of readEntries(text, key)) {
		yield { ...readBlocks(value), place: `${place} line ${line}` };
	}
}

function textOf({ blocks }: Named): string {
	return blocks.map(({ text }) => text).join();
}
