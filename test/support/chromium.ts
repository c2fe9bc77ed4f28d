import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * The system's Chromium, headless. Without a sandbox, which does not start as root: it shows nothing but what these
 * tests made.
 *
 * @throws where there is none.
 */
export function aBrowser(): Promise<Browser> {
	const executablePath = PLACES.find((place) => existsSync(place));
	if (executablePath === undefined) throw new Error("There is no Chromium: apt-get install chromium");
	return chromium.launch({
		executablePath,
		args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
	});
}
