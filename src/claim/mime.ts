/** A MIME message or one part of it. Text here is one character a byte, so that binary parts survive. */
export interface Entity {
	/** Header fields as `Name: value`, unfolded, in the order they stand. */
	readonly fields: readonly string[];
	readonly body: string;
}

/** A field name is printable and has neither space nor colon (RFC 5322 §2.2). */
const FIELD = /^[!-9;-~]+:/;

/**
 * Takes header fields off the front of a text. They end at a blank line or, as Python's email package and
 * so cloud-init have it, at the first line that is none. A text without fields is all body.
 */
export function readEntity(text: string): Entity {
	const fields: string[] = [];
	for (const line of linesOf(text)) {
		if (line.text === "") return { fields, body: text.slice(line.next) };
		const last = fields.length - 1;
		if (FIELD.test(line.text)) fields.push(line.text);
		else if (/^[ \t]/.test(line.text) && last >= 0) fields[last] += line.text;
		else if (!isMailboxLine(line)) return { fields, body: text.slice(line.start) };
	}
	return { fields, body: "" };
}

/** Python writes `From nobody …` above a message when asked for a mailbox; it is no field and no body. */
function isMailboxLine({ text, start }: Line): boolean {
	return start === 0 && text.startsWith("From ");
}

/** The value of the first field with that name, or `undefined`. `name` is in lower case. */
export function fieldOf(entity: Entity, name: string): string | undefined {
	const field = entity.fields.find((each) => each.toLowerCase().startsWith(`${name}:`));
	return field?.slice(name.length + 1).trim();
}

const BOUNDARY = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i;

/** The boundary a Content-Type names, or `undefined` where it names none. */
export function boundaryOf(contentType: string): string | undefined {
	const match = BOUNDARY.exec(contentType);
	return match?.[1] ?? match?.[2];
}

/** The line end before a boundary is the boundary's (RFC 2046 §5.1.1): gzip does not bear a byte too many. */
const LAST_LINE_END = /\r?\n$/;

/**
 * The parts of a multipart body, each with its headers; what stands before and after them belongs to none.
 * A missing last boundary is taken to be at the end, as cloud-init does. `undefined` where there is no
 * boundary, or no line with it.
 */
export function splitParts(body: string, boundary: string | undefined): readonly string[] | undefined {
	if (boundary === undefined) return undefined;
	const parts: string[] = [];
	let partStart: number | undefined;
	for (const { text, start, next } of linesOf(body)) {
		const closes = text === `--${boundary}--`;
		if (!closes && text !== `--${boundary}`) continue;
		if (partStart !== undefined) parts.push(body.slice(partStart, start).replace(LAST_LINE_END, ""));
		if (closes) return parts;
		partStart = next;
	}
	return partStart === undefined ? undefined : [...parts, body.slice(partStart)];
}

interface Line {
	/** Without its end, and without white space there: mail on its way gains and loses it. */
	readonly text: string;
	/** Where the line starts, and where the next one does. */
	readonly start: number;
	readonly next: number;
}

function* linesOf(text: string): Generator<Line> {
	for (let start = 0; start < text.length; ) {
		const end = text.indexOf("\n", start);
		const next = end === -1 ? text.length : end + 1;
		yield { text: text.slice(start, next).trimEnd(), start, next };
		start = next;
	}
}
