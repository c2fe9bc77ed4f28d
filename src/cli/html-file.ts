import { writeFile } from "node:fs/promises";
import { renderPage } from "../report/picture/page.ts";
import type { Subject } from "../report/picture/picture.ts";

/** The page could not be written. The person who named the file must act. */
class PageError extends Error {
	override readonly name = "PageError";
}

/**
 * Writes an audit as a page of its own: one file that fetches nothing.
 *
 * @throws {PageError} where the file cannot be written.
 */
export async function writePage(file: string, subject: Subject): Promise<void> {
	try {
		await writeFile(file, renderPage(subject));
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new PageError(`The page cannot be written: ${why}; name a file in a folder that you may write to`);
	}
}
