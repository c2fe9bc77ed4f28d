import { gunzipSync } from "node:zlib";

/** Bytes with one layer of packing undone, or why it could not be: a clause that quotes nothing of them. */
export type Decoded =
	| { readonly ok: true; readonly bytes: Buffer }
	| { readonly ok: false; readonly why: string };

/** Whether the bytes say of themselves that they are gzip, as cloud-init asks (aws-facts.md §3). */
export function isGzip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Undoes one layer of gzip.
 *
 * @param lengthMax bytes that may come out. Sixteen kilobytes of gzip can hold sixteen megabytes, so the
 * bound is what keeps one instance from using up the memory of a pass over all of them.
 */
export function gunzip(bytes: Uint8Array, lengthMax: number): Decoded {
	try {
		return { ok: true, bytes: gunzipSync(bytes, { maxOutputLength: lengthMax }) };
	} catch (error) {
		// zlib throws a RangeError where the output is longer than allowed, and where nothing at all is allowed.
		if (error instanceof RangeError) {
			return { ok: false, why: "its gzip unpacks to more than 1 MiB; make it smaller" };
		}
		return { ok: false, why: "its gzip is damaged or cut short; pack it again" };
	}
}

/** `=3D`, and a line end, or the end of all, hidden by `=`. An `=` that is neither stays, as mail readers leave it. */
const QUOTED_PRINTABLE = /=(?:([0-9A-Fa-f]{2})|[ \t]*(?:\r?\n|$))/g;

/** The encodings that change nothing (RFC 2045 §6.2). */
const IDENTITY = ["7bit", "8bit", "binary"];

/**
 * Undoes the Content-Transfer-Encoding of a MIME body.
 *
 * @param body one character a byte.
 * @param encoding the header's value, in any case. One that is not known is refused: what it hides may be a
 * claim.
 */
export function decodeTransfer(body: string, encoding: string): Decoded {
	const name = encoding.toLowerCase();
	if (IDENTITY.includes(name)) return { ok: true, bytes: Buffer.from(body, "latin1") };
	if (name === "base64") return decodeBase64(body);
	if (name === "quoted-printable") {
		const plain = body.replace(QUOTED_PRINTABLE, (_, hex: string | undefined) =>
			hex === undefined ? "" : String.fromCharCode(Number.parseInt(hex, 16)),
		);
		return { ok: true, bytes: Buffer.from(plain, "latin1") };
	}
	return { ok: false, why: "its transfer encoding is not one podroute reads; use base64" };
}

/** With atob, because Buffer skips what is not base64 and would turn a damaged part into no claim. */
function decodeBase64(body: string): Decoded {
	try {
		return { ok: true, bytes: Buffer.from(atob(body), "latin1") };
	} catch {
		return { ok: false, why: "its base64 is damaged or cut short; encode it again" };
	}
}
