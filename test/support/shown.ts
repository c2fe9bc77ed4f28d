import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";

export interface Space {
	readonly theme: "light" | "dark";
	readonly width: number;
	readonly height?: number;
	/** Pixels of the picture for one of the window; 1 unless given. */
	readonly scale?: number;
}

/** A window of its own, closed with the test, in which every request and every dialog counts as a fault. */
export async function aWindow(
	browser: Browser,
	{ theme, width, height = 550, scale = 1 }: Space,
): Promise<{ readonly page: Page; readonly intrusions: readonly string[] }> {
	const page = await browser.newPage({
		viewport: { width, height },
		colorScheme: theme,
		deviceScaleFactor: scale,
	});
	onTestFinished(() => page.close());
	const intrusions: string[] = [];
	page.on("request", (request) => intrusions.push(request.url()));
	page.on("dialog", async (dialog) => {
		intrusions.push(dialog.message());
		await dialog.dismiss();
	});
	return { page, intrusions };
}

/** A widget's answer in a dashboard that styles tables and buttons in its own way, as CloudWatch does. */
export async function showWidget(page: Page, answer: string): Promise<void> {
	await page.setContent(
		`<!doctype html><html lang="en"><head><title>Dashboard</title></head><body style="margin:0">${answer}</body></html>`,
	);
}
