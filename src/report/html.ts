/** Text that is HTML already. Only {@link html} makes it, so that nothing reaches a page unescaped. */
export class Markup {
	readonly text: string;
	private constructor(text: string) {
		this.text = text;
	}

	/** The template's own text as it stands, and every value escaped unless it is markup. */
	static join(strings: readonly string[], values: readonly Content[]): Markup {
		return new Markup(strings.map((text, index) => text + render(values[index])).join(""));
	}
}

/** What may stand in a page: text and numbers are escaped, a list is its items, `undefined` is nothing. */
export type Content = string | number | bigint | Markup | undefined | readonly Content[];

/**
 * Markup from a template: html`<b title="${text}">${text}</b>`. What is interpolated may come from anybody who
 * tags an instance; it can stand between tags and inside quoted attributes, and stays text in both.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
	return Markup.join(strings, values);
}

function render(content: Content): string {
	if (content === undefined) return "";
	if (content instanceof Markup) return content.text;
	if (typeof content === "object") return content.map(render).join("");
	return escapeText(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
	"`": "&#96;",
};

/** Control characters, and those that reorder the text around them, would show a reader something else. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}]/gu;

function escapeText(text: string): string {
	return text.replace(UNSEEN, "\ufffd").replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}
