import { describe, expect, it } from "vitest";
import { html } from "../../../src/report/html.ts";

describe("html", () => {
	it("escapes what is interpolated, in text and in attributes", () => {
		expect(html`<b title="${`a"b'c\`d`}">${"<i>&amp;</i>"}</b>`.text).toBe(
			'<b title="a&quot;b&#39;c&#96;d">&lt;i&gt;&amp;amp;&lt;/i&gt;</b>',
		);
	});

	it("leaves markup as it is, however deep in lists", () => {
		const item = (text: string) => html`<li>${text}</li>`;
		expect(html`<ul>${[item("a"), [item("<")]]}</ul>`.text).toBe("<ul><li>a</li><li>&lt;</li></ul>");
	});

	it("writes numbers, and nothing for undefined", () => {
		expect(html`<td colspan="${3}">${65_536n}${undefined}</td>`.text).toBe('<td colspan="3">65536</td>');
	});

	it("shows control characters, and those that turn text around, as what they are: unknown", () => {
		expect(html`${"a\u0000b\u202Ec\u2066d"}`.text).toBe("a\uFFFDb\uFFFDc\uFFFDd");
	});
});
