import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { aBrowser } from "../support/chromium.ts";
import { aContext } from "../support/deployed.ts";
import { aWindow, showWidget } from "../support/shown.ts";
import { widgetEvent } from "../support/widget-event.ts";
import { everyTrouble } from "../support/widget-troubles.ts";
import { ask, healthyNodes } from "../support/widget-world.ts";

const folder = join(import.meta.dirname, "../../docs/images");
const { RENEW_IMAGES } = env;

/** Images; `hidden` is what each leaves out of the widget. */
const IMAGES = [
	{ name: "map-light", theme: "light", width: 1_000, scale: 2, hidden: ".podroute .legend ~ *" },
	{ name: "map-dark", theme: "dark", width: 1_000, scale: 2, hidden: ".podroute .legend ~ *" },
	{ name: "widget-light", theme: "light", width: 850, scale: 1, hidden: ".none" },
	{ name: "widget-narrow-dark", theme: "dark", width: 420, scale: 1, hidden: ".none" },
] as const;

/**
 * What an image was made from, and what was made. The page is compared and not the image: the same page is drawn a
 * little differently by another Chromium, with other fonts.
 */
interface Source {
	readonly page: string;
	readonly image: string;
}

let browser: Browser;

beforeAll(async () => {
	browser = await aBrowser();
});

afterAll(() => browser.close());

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllEnvs();
});

function hashOf(data: string | Uint8Array): string {
	return createHash("sha256").update(data).digest("hex");
}

/** The widget of 50 nodes with a block in every state, at an instant that never changes. */
async function drawPage(theme: string, width: number): Promise<string> {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 2, 3, 30) });
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
	const { cluster, handler } = await healthyNodes(50);
	await everyTrouble(cluster);
	await handler({}, aContext());
	return ask(handler, widgetEvent({ theme, width }));
}

/** Draws the image anew, where that is asked for. */
async function renew(
	{ name, theme, width, scale, hidden }: (typeof IMAGES)[number],
	answer: string,
): Promise<void> {
	const { page } = await aWindow(browser, { theme, width, height: 300, scale });
	await showWidget(page, answer);
	await page.addStyleTag({ content: `${hidden}{display:none!important}` });
	const image = await page.screenshot({ fullPage: true });
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, `${name}.png`), image);
	const source: Source = { page: hashOf(answer), image: hashOf(image) };
	await writeFile(join(folder, `${name}.json`), `${JSON.stringify(source, undefined, "\t")}\n`);
}

describe("The images in docs/images", () => {
	it.each(IMAGES)("show the widget as it is: $name", async (image) => {
		const answer = await drawPage(image.theme, image.width);
		if (RENEW_IMAGES === "1") await renew(image, answer);
		const source: Source = JSON.parse(await readFile(join(folder, `${image.name}.json`), "utf8"));
		const remedy = "renew it: RENEW_IMAGES=1 npx vitest run --project widget test/widget/images.test.ts";
		expect(source.page, `${image.name}.png is not current; ${remedy}`).toBe(hashOf(answer));
		const drawn = hashOf(await readFile(join(folder, `${image.name}.png`)));
		expect(source.image, `${image.name}.png is not the one that was made from that page; ${remedy}`).toBe(
			drawn,
		);
	});
});
