/** What an answer is made of before it is text: a record becomes child elements, a list becomes `<item>`s. */
export type XmlNode = string | number | boolean | XmlElement | readonly XmlNode[];

/** Child elements in the order they are written; an absent value writes no element, `{}` and `[]` an empty one. */
export interface XmlElement {
	readonly [name: string]: XmlNode | undefined;
}

/** Namespace of every success answer (aws-facts.md §1.2). */
const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The document that answers `action` successfully: `requestId` comes first (aws-facts.md §1.2). */
export function successDocument(action: string, requestId: string, body: XmlElement): string {
	return `${DECLARATION}<${action}Response xmlns="${NAMESPACE}">${content({ requestId, ...body })}</${action}Response>`;
}

/** The document that refuses a request: root `Response`, `RequestID` in capitals (aws-facts.md §1.3). */
export function errorDocument(requestId: string, code: string, message: string): string {
	const body = { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId };
	return `${DECLARATION}${element("Response", body)}`;
}

function element(name: string, node: XmlNode): string {
	const inner = content(node);
	return inner === "" ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

function content(node: XmlNode): string {
	if (typeof node !== "object") return escapeText(String(node));
	if (isList(node)) return node.map((item) => element("item", item)).join("");
	return Object.entries(node)
		.map(([name, child]) => (child === undefined ? "" : element(name, child)))
		.join("");
}

function isList(node: XmlElement | readonly XmlNode[]): node is readonly XmlNode[] {
	return Array.isArray(node);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A carriage return is written as a reference because parsers turn a bare one into a line feed. */
function escapeText(text: string): string {
	return text
		.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
		.replace(/\r/g, "&#13;")
		.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
