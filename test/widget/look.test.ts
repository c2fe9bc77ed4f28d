import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DRIFTS } from "../audit/drifts.ts";
import { launchInGroup } from "../audit/world.ts";
import { aBrowser } from "../support/chromium.ts";
import { aContext } from "../support/deployed.ts";
import { faultsOf, textsOf } from "../support/page-checks.ts";
import { aWindow, showWidget } from "../support/shown.ts";
import { widgetEvent } from "../support/widget-event.ts";
import { everyTrouble } from "../support/widget-troubles.ts";
import { ask, healthyNodes, healthyPair } from "../support/widget-world.ts";

let browser: Browser;

beforeAll(async () => {
	browser = await aBrowser();
});

afterAll(() => browser.close());

beforeEach(() => {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});

afterEach(() => {
	vi.unstubAllEnvs();
});

/** 6, 12 and 24 columns of a dashboard, each in both themes. */
const SPACES = [420, 850, 1_700].flatMap((width) =>
	(["light", "dark"] as const).map((theme) => ({ theme, width })),
);

describe.each(SPACES)("A widget of $width pixels in the $theme theme", (space) => {
	it("shows 3 healthy nodes", async () => {
		const { handler } = await healthyNodes(3);
		const { page, intrusions } = await aWindow(browser, space);
		await showWidget(page, await ask(handler, widgetEvent(space)));
		expect(await textsOf(page, ".status")).toEqual(["✓ Nothing to act on"]);
		expect(await textsOf(page, ".map .meta")).toEqual([expect.stringMatching(/3 routed · 253 of 256 free$/)]);
		expect(await textsOf(page, ".grid .is-routed > span")).toEqual(
			[0, 1, 2].map((index) =>
				expect.stringMatching(new RegExp(`^10\\.200\\.${index}\\.0/24: routed to i-[0-9a-f]{17}$`)),
			),
		);
		expect({ faults: await faultsOf(page), intrusions }).toEqual({ faults: [], intrusions: [] });
	});

	it("shows 50 nodes with a block in every state", async () => {
		const { cluster, handler } = await healthyNodes(50);
		await everyTrouble(cluster);
		const { page, intrusions } = await aWindow(browser, space);
		await handler({}, aContext());
		await showWidget(page, await ask(handler, widgetEvent(space)));
		expect(await textsOf(page, ".status")).toEqual(["8 critical 3 warnings"]);
		expect(await textsOf(page, ".legend li")).toEqual([
			"C contested: two nodes want it 2",
			"X claimed, but a foreign route is in the way 1",
			"W routed to the wrong target 1",
			"B blackholed 2",
			"M missing: claimed, not routed 2",
			"D routed, but its node drops the packets 1",
			"R claimed, and refused 1",
			"U routed, but not claimed 1",
			"S kept for a stopped node 1",
			"F foreign 2",
			"routed to its owner 41",
			"free",
		]);
		expect({ faults: await faultsOf(page), intrusions }).toEqual({ faults: [], intrusions: [] });
	});
});

it("shows 1,000 nodes, cold and warm, in a few hundred kilobytes", async () => {
	const { handler } = await healthyNodes(1_000);
	const { page, intrusions } = await aWindow(browser, { theme: "light", width: 850 });
	await showWidget(page, await ask(handler));
	expect(await textsOf(page, ".note")).toEqual([
		expect.stringMatching(/^The claims of 950 nodes are not read/),
	]);
	expect(await faultsOf(page)).toEqual([]);
	await handler({}, aContext(240_000));
	for (const space of SPACES) {
		const answer = await ask(handler, widgetEvent(space));
		expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(500_000);
		await page.setViewportSize({ width: space.width, height: 550 });
		await showWidget(page, answer);
		expect(await textsOf(page, ".map .meta")).toEqual([
			expect.stringMatching(/1000 routed · 24 of 1,024 free$/),
		]);
		expect({ space, faults: await faultsOf(page), intrusions }).toEqual({
			space,
			faults: [],
			intrusions: [],
		});
	}
});

describe("Every finding", () => {
	it.each(DRIFTS.map((drift, index) => ({ ...drift, space: SPACES[index % SPACES.length] ?? SPACES[0] })))(
		"is told with what to do: $code, $name",
		async ({ options, happen, found, space }) => {
			const { cluster, handler } = await healthyPair(options);
			await happen(cluster);
			const { findings } = await handler({}, aContext());
			const { page, intrusions } = await aWindow(browser, space ?? { theme: "light", width: 850 });
			await showWidget(page, await ask(handler, widgetEvent(space)));
			expect(await textsOf(page, ".findings .severity")).toEqual(
				found.map(([, severity]) => expect.stringMatching(new RegExp(`^[▲◆○] ${severity}$`))),
			);
			expect(await textsOf(page, ".findings tbody th")).toEqual(found.map(([code]) => code));
			expect(await textsOf(page, ".findings tbody td:last-child")).toEqual(
				findings.map(({ detail }) => detail),
			);
			expect({ faults: await faultsOf(page), intrusions }).toEqual({ faults: [], intrusions: [] });
		},
	);
});

describe("Somebody who cannot tell red from green", () => {
	it("sees a letter on every block in trouble, and a shape that no other state has", async () => {
		const { cluster, handler } = await healthyNodes(50);
		await everyTrouble(cluster);
		await handler({}, aContext());
		const { page } = await aWindow(browser, { theme: "light", width: 850 });
		await showWidget(page, await ask(handler));
		const states = ["contested", "conflict", "misdirected", "blackholed", "missing", "dropping"].concat([
			"refused",
			"unclaimed",
			"stopped",
			"foreign",
			"routed",
			"free",
		]);
		const letters: Record<string, string> = {};
		for (const state of states) {
			letters[state] = [...new Set(await textsOf(page, `.grid .is-${state}`))]
				.map((text) => text.match(/^(?:\d+ free|[A-Z?])(?=[0-9a-f]{5}|10\.)/)?.[0] ?? "")
				.filter((letter, index, all) => all.indexOf(letter) === index)
				.join();
		}
		expect(letters).toEqual({
			contested: "C",
			conflict: "X",
			misdirected: "W",
			blackholed: "B",
			missing: "M",
			dropping: "D",
			refused: "R",
			unclaimed: "U",
			stopped: "S",
			foreign: "F",
			routed: "",
			free: "",
		});
		// The same picture without any hue: cells are as many different ones as there are states.
		await page.addStyleTag({
			content: ".podroute{filter:grayscale(1)}.grid i,.grid td b{display:none!important}",
		});
		const pictures = await Promise.all(
			states.map((state) => page.evaluate(`(${LOOK_OF})(document.querySelector(".legend .is-${state}"))`)),
		);
		expect(new Set(pictures).size).toBe(states.length);
	});
});

/** What a cell looks like but for its hues: form of the border, roundness, and how it is filled. */
const LOOK_OF = `(cell) => {
	const { borderStyle, borderRadius, borderColor, backgroundImage, backgroundColor, outlineStyle } = getComputedStyle(cell);
	const grey = (text) => text.replace(/rgba?\\(([^)]+)\\)/g, (_, list) => { const [r, g, b, a = 1] = list.split(/[ ,/]+/).map(Number); return Math.round((0.2126 * r + 0.7152 * g + 0.0722 * b) / 16) + "/" + a; });
	return [borderStyle, borderRadius, grey(borderColor), grey(backgroundImage), grey(backgroundColor), outlineStyle].join(" ");
}`;

describe("A screen reader", () => {
	it("finds tables with names, rows with headings, and every block in words", async () => {
		const { cluster, handler } = await healthyNodes(3);
		await cluster.launch("rival", { claims: "10.200.1.0/24" });
		await cluster.terminate("w2");
		const { page } = await aWindow(browser, { theme: "light", width: 420 });
		await showWidget(page, await ask(handler, widgetEvent({ width: 420 })));
		const tree = (await page.locator(".podroute").ariaSnapshot())
			.replace(/(i|eni|rtb)-[0-9a-f]{17}/g, "$1-…")
			.replaceAll("'", "");
		expect(tree).toContain('- heading "podroute" [level=2]');
		expect(tree).toContain('- heading "10.200.0.0/16 in blocks of /24" [level=3]');
		expect(tree).toContain('- button "Look again"');
		expect(tree).toContain(
			'- table "Map of 10.200.0.0/16: each row starts at a block and each column counts on from it"',
		);
		expect(tree).toContain('- columnheader "+15"');
		expect(tree).toContain('- rowheader "10.200.16.0"');
		expect(tree).toContain('- cell "10.200.0.0/24: routed to i-…"');
		expect(tree).toContain('- cell "10.200.1.0/24: contested-claim; routed to i-…"');
		expect(tree).toContain('- cell "10.200.2.0/24: orphan-route"');
		expect(tree).toContain('- cell "13 free, 10.200.3.0/24 to 10.200.15.0/24"');
		expect(tree).toContain('- table "Findings"');
		expect(tree).toContain('- rowheader "contested-claim"');
		expect(tree).toContain('- table "Routes per table and family, of the quota"');
		expect(tree).toContain('- cell "4 of 2000"');
	});
});

describe("A keyboard", () => {
	it("reaches what can be done, sees where it is, and opens the routes", async () => {
		const { handler } = await healthyNodes(60);
		const { page } = await aWindow(browser, { theme: "light", width: 850 });
		await showWidget(page, await ask(handler));
		await page.keyboard.press("Tab");
		expect(await page.locator(":focus").textContent()).toBe("Look again");
		await page.keyboard.press("Tab");
		expect(await page.locator(":focus").textContent()).toBe("61 routes");
		expect(await page.locator(".routes").isVisible()).toBe(false);
		await page.keyboard.press("Enter");
		expect(await page.locator(".routes").isVisible()).toBe(true);
		expect(await faultsOf(page)).toEqual([]);
	});
});

describe("A hostile tag value", () => {
	it.each([
		'"><img src=x onerror=alert(1)>',
		"</style></table><script>alert(1)</script>",
		"<iframe src=https://example.com></iframe><cwdb-action action=call endpoint=arn:x>{}</cwdb-action>",
		"' onmouseover='alert(1)",
		"{{7*7}} &lt;b&gt;",
		"\u202Eevil",
	])("stays text: %s", async (group) => {
		const { cluster, handler } = await healthyPair();
		await launchInGroup(cluster, group, "10.200.5.0/24", ["one", "two"]);
		const { page, intrusions } = await aWindow(browser, { theme: "light", width: 850 });
		await showWidget(page, await ask(handler));
		const [told = ""] = await textsOf(page, ".findings tbody tr:first-child td:last-child");
		expect(told).toContain(`auto scaling group ${group.replace("\u202E", "\uFFFD")}`);
		expect(await page.locator("cwdb-action").count()).toBe(1);
		await page.mouse.move(400, 300);
		expect({ faults: await faultsOf(page), intrusions }).toEqual({ faults: [], intrusions: [] });
	});
});
