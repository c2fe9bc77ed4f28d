import { decodeTransfer, gunzip, isGzip } from "./decode.ts";
import { boundaryOf, type Entity, fieldOf, readEntity, splitParts } from "./mime.ts";

/**
 * A text found in user data, or a place where there may be one that could not be read. `place` is
 * `user data`, or `user data part 2` where it is MIME.
 */
export type Found =
	| { readonly ok: true; readonly place: string; readonly text: string }
	| { readonly ok: false; readonly place: string; readonly why: string };

/**
 * Bytes that all the gzip in one user data may unpack to, together: 64 times the 16 KiB that EC2 takes
 * (aws-facts.md §3), far above any real script.
 */
const UNPACKED_MAX = 1024 * 1024;

/**
 * Layers of gzip and MIME around a text. What cloud-init reads has four at most: gzip, multipart, part,
 * gzip. With {@link UNPACKED_MAX} it bounds the work, and so the number of parts needs no bound of its own.
 */
const LAYERS_MAX = 8;

interface Walk {
	unpackedLeft: number;
	/** Parts met so far. A multipart is not one: only what it holds, as cloud-init numbers them. */
	parts: number;
}

/**
 * The texts in user data, in the order they stand, with gzip, MIME and transfer encodings undone. Never
 * throws; bytes that are not UTF-8 become U+FFFD.
 */
export function unpack(userData: Uint8Array): Generator<Found> {
	return open(Buffer.from(userData), "user data", 0, { unpackedLeft: UNPACKED_MAX, parts: 0 });
}

function* open(bytes: Buffer, place: string, layers: number, walk: Walk): Generator<Found> {
	if (isGzip(bytes)) {
		yield* openGzip(bytes, place, layers + 1, walk);
		return;
	}
	const entity = readEntity(bytes.toString("latin1").replace(BYTE_ORDER_MARK, ""));
	if (fieldOf(entity, "content-type") === undefined) {
		yield { ok: true, place, text: new TextDecoder().decode(bytes) };
	} else {
		yield* openEntity(entity, place, layers + 1, walk);
	}
}

/** U+FEFF in UTF-8, one character a byte: Windows editors put it first. TextDecoder drops it by itself. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

function* openGzip(bytes: Buffer, place: string, layers: number, walk: Walk): Generator<Found> {
	const unpacked = layers > LAYERS_MAX ? tooDeep : gunzip(bytes, walk.unpackedLeft);
	if (!unpacked.ok) {
		yield { ...unpacked, place };
		return;
	}
	walk.unpackedLeft -= unpacked.bytes.length;
	yield* open(unpacked.bytes, place, layers, walk);
}

function* openEntity(entity: Entity, place: string, layers: number, walk: Walk): Generator<Found> {
	const contentType = fieldOf(entity, "content-type");
	if (layers > LAYERS_MAX) {
		yield { ...tooDeep, place };
	} else if (contentType?.toLowerCase().startsWith("multipart/")) {
		const parts = splitParts(entity.body, boundaryOf(contentType));
		if (parts === undefined) yield { ...boundless, place };
		else for (const part of parts) yield* openEntity(readEntity(part), place, layers + 1, walk);
	} else {
		yield* openPart(entity, layers, walk);
	}
}

function* openPart(entity: Entity, layers: number, walk: Walk): Generator<Found> {
	walk.parts += 1;
	const place = `user data part ${walk.parts}`;
	const decoded = decodeTransfer(entity.body, fieldOf(entity, "content-transfer-encoding") ?? "8bit");
	if (decoded.ok) yield* open(decoded.bytes, place, layers, walk);
	else yield { ...decoded, place };
}

const tooDeep = { ok: false, why: `it is packed more than ${LAYERS_MAX} layers deep; pack it less` } as const;

const boundless = {
	ok: false,
	why: "its MIME multipart has no boundary, or not the one it names; put that before each part",
} as const;
