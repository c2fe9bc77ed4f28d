import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer } from "../../emulator/server.ts";
import { aBrowser } from "../support/chromium.ts";
import { aCluster } from "../support/cluster.ts";
import { podroute } from "../support/command.ts";
import { launchHealthy } from "../support/healthy-nodes.ts";
import { faultsOf, textsOf } from "../support/page-checks.ts";
import { aWindow } from "../support/shown.ts";
import { everyTrouble } from "../support/widget-troubles.ts";

let browser: Browser;
let folder: string;
let url: string;

beforeAll(async () => {
	browser = await aBrowser();
	folder = await mkdtemp(join(tmpdir(), "podroute-test-"));
	const cluster = await aCluster();
	await launchHealthy(cluster, 50);
	await everyTrouble(cluster);
	const server = await startServer(cluster.ec2, { port: 0, clock: "manual" });
	await podroute(["audit", "--html", join(folder, "map.html")], {
		...cluster.environment,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "test",
		AWS_SECRET_ACCESS_KEY: "test",
		AWS_ENDPOINT_URL_EC2: server.url,
	});
	await server.close();
	url = pathToFileURL(join(folder, "map.html")).href;
});

afterAll(async () => {
	await browser.close();
	await rm(folder, { recursive: true });
});

describe("The page of podroute audit --html", () => {
	it.each(
		[360, 768, 1_920].flatMap((width) => (["light", "dark"] as const).map((theme) => ({ width, theme }))),
	)("fits $width pixels and follows the reader's $theme theme", async (space) => {
		const { page, intrusions } = await aWindow(browser, space);
		await page.goto(url);
		expect(await page.title()).toBe("podroute: 10.200.0.0/16, fd00:10:200::/48");
		expect(await textsOf(page, ".map h3")).toEqual([
			"10.200.0.0/16 in blocks of /24",
			"fd00:10:200::/48 in blocks of /64",
		]);
		expect(await textsOf(page, ".ipv6 tbody tr:last-child")).toEqual([
			"fd00:10:200:: 65,536 free, to fd00:10:200:ffff::/64",
		]);
		expect(await page.locator(".routes").isVisible()).toBe(true);
		const ground = { light: "rgb(255, 255, 255)", dark: "rgb(22, 29, 38)" }[space.theme];
		expect(await page.evaluate('getComputedStyle(document.querySelector(".podroute")).backgroundColor')).toBe(
			ground,
		);
		expect({ faults: await faultsOf(page), intrusions }).toEqual({ faults: [], intrusions: [url] });
	});

	it("can be printed: colours stay, on paper of A4", async () => {
		const { page } = await aWindow(browser, { theme: "light", width: 794, height: 1_123 });
		await page.goto(url);
		await page.emulateMedia({ media: "print" });
		expect(
			await page.evaluate('getComputedStyle(document.querySelector(".grid .is-routed")).printColorAdjust'),
		).toBe("exact");
		expect(await faultsOf(page)).toEqual([]);
		expect((await page.pdf({ format: "A4" })).subarray(0, 4).toString()).toBe("%PDF");
	});
});
