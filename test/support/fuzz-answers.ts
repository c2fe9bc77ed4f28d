import fc from "fast-check";

/** What becomes of one element of an answer's XML. */
const MUTATIONS = [
	"dropped",
	"emptied",
	"doubled",
	"repeated 200 times",
	"of an unknown value",
	"of a value 100 kB long",
	"left open",
	"the last thing that came",
] as const;

export interface Mutation {
	readonly kind: (typeof MUTATIONS)[number];
	/** Which element, as a share of all: 0 to below 1. */
	readonly at: number;
}

/** One element of one of a pass's answers, and what becomes of it. */
export interface Tampering extends Mutation {
	/** Which of the pass's answers, as a share of all. */
	readonly answer: number;
}

const share = fc.double({ min: 0, max: 0.999_999, noNaN: true });

export const tampering: fc.Arbitrary<Tampering> = fc.record({
	kind: fc.constantFrom(...MUTATIONS),
	at: share,
	answer: share,
});

interface Element {
	readonly name: string;
	readonly start: number;
	readonly end: number;
	/** Between its tags. */
	readonly innerStart: number;
	readonly innerEnd: number;
}

/** The answer with one element mutated, and which one it was: its path, as `routeSet/item/state`. */
export function mutate(xml: string, { kind, at }: Mutation): { readonly xml: string; readonly path: string } {
	const elements = elementsOf(xml);
	const element = elements[Math.floor(at * elements.length)];
	if (element === undefined) return { xml, path: "" };
	const { start, end, innerStart, innerEnd, path } = element;
	const whole = xml.slice(start, end);
	const withInner = (inner: string) => xml.slice(0, innerStart) + inner + xml.slice(innerEnd);
	const replaced = (text: string) => xml.slice(0, start) + text + xml.slice(end);
	switch (kind) {
		case "dropped":
			return { path, xml: replaced("") };
		case "emptied":
			return { path, xml: withInner("") };
		case "doubled":
			return { path, xml: replaced(whole + whole) };
		case "repeated 200 times":
			return { path, xml: replaced(whole.repeat(200)) };
		case "of an unknown value":
			return { path, xml: withInner("something-new") };
		case "of a value 100 kB long":
			return { path, xml: withInner("x".repeat(100_000)) };
		case "left open":
			return { path, xml: xml.slice(0, innerEnd) + xml.slice(end) };
		case "the last thing that came":
			return { path, xml: xml.slice(0, end) };
		default:
			return kind satisfies never;
	}
}

function elementsOf(xml: string): readonly (Element & { readonly path: string })[] {
	const found: (Element & { readonly path: string })[] = [];
	const open: { name: string; start: number; innerStart: number }[] = [];
	for (const { 0: tag, 1: close, 2: name = "", 3: empty, index } of xml.matchAll(
		/<(\/?)([A-Za-z]\w*)[^>]*?(\/?)>/g,
	)) {
		const after = index + tag.length;
		const path = [...open.slice(1).map((outer) => outer.name), name].join("/");
		if (close === "/") {
			const { start, innerStart } = open.pop() ?? { start: index, innerStart: index };
			const closed = open.slice(1).map((outer) => outer.name);
			found.push({ name, path: [...closed, name].join("/"), start, end: after, innerStart, innerEnd: index });
		} else if (empty === "/") {
			found.push({ name, path, start: index, end: after, innerStart: after, innerEnd: after });
		} else {
			open.push({ name, start: index, innerStart: after });
		}
	}
	return found;
}
