import type { Page } from "playwright-core";

/** What is wrong with a shown page, a sentence each; run in the page itself, where there are no types for it. */
const CHECKS = `(() => {
	const wrong = [];
	const root = document.querySelector(".podroute");
	if (document.documentElement.scrollWidth > innerWidth) wrong.push("is " + document.documentElement.scrollWidth + " wide in " + innerWidth);
	for (const element of root.querySelectorAll("*")) {
		if (/^(script|iframe|use|object|embed|link|img|image)$/i.test(element.tagName)) wrong.push("has a " + element.tagName);
		for (const { name, value } of element.attributes) {
			if (/^on/i.test(name)) wrong.push("has the attribute " + name);
			if (/^(href|src|srcset|xlink:href|action|formaction|data|background)$/i.test(name) && element.tagName !== "CWDB-ACTION") wrong.push("refers to " + value);
		}
	}
	for (const { cssRules } of document.styleSheets) for (const rule of cssRules) if (/url\\(|@import/.test(rule.cssText)) wrong.push("fetches by " + rule.cssText);
	const colours = (text) => [...text.matchAll(/rgba?\\(([^)]+)\\)/g)].map(([, list]) => list.split(/[ ,/]+/).map(Number)).filter(([, , , alpha = 1]) => alpha > 0);
	const luminance = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
	const contrast = (a, b) => { const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y); return (high + 0.05) / (low + 0.05); };
	const behind = (element) => {
		for (let at = element; at !== null; at = at.parentElement) {
			const style = getComputedStyle(at);
			const found = at.classList.contains("is-free") ? [] : colours(style.backgroundImage + style.backgroundColor);
			if (found.length > 0) return found;
		}
		return [[255, 255, 255]];
	};
	const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
		const element = text.parentElement;
		if (text.data.trim() === "" || !element.checkVisibility() || element.getBoundingClientRect().width <= 1 || element.closest("style") !== null) continue;
		const [colour] = colours(getComputedStyle(element).color);
		const least = Math.min(...behind(element).map((other) => contrast(colour, other)));
		if (least < 4.5) wrong.push(text.data.trim().slice(0, 20) + " in " + (element.parentElement.className || element.className) + " has a contrast of " + least.toFixed(2));
	}
	return wrong;
})()`;

/**
 * What is wrong with a page that shows the picture: wider than its window, an element or attribute that could act or
 * fetch, text with a contrast below 4.5 to 1 (WCAG 2.2, 1.4.3) to any colour behind it. Nothing where all is right.
 */
export async function faultsOf(page: Page): Promise<readonly string[]> {
	return (await page.evaluate(CHECKS)) as readonly string[];
}

/** An element's text, as it is shown or read. */
export async function textsOf(page: Page, selector: string): Promise<readonly string[]> {
	return (await page.locator(selector).allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());
}
