import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, MODULES_FIRST } from "../../scripts/bundle.ts";
import { leaveOut } from "../../scripts/leave-out.ts";

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "podroute-left-out-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("What is left out of a bundle", () => {
	it("throws and says why where it is reached after all: called, or made and used", async () => {
		await writeFile(join(folder, "used.js"), 'export const used = () => "it is here";\nexport default 1;\n');
		await writeFile(
			join(folder, "gone.js"),
			'export * from "./used.js";\nexport class Gone { format() {} }\nexport const call = () => 1;\n',
		);
		await writeFile(join(folder, "entry.js"), 'export { call, Gone, used } from "./gone.js";\n');
		const module = "gone.js";
		const { warnings } = await bundle([join(folder, "entry.js")], join(folder, "out"), {
			mainFields: MODULES_FIRST,
			plugins: () => [leaveOut([{ module, why: "nobody gets there" }])],
		});
		expect(warnings).toEqual([]);
		const { call, Gone, used } = await import(join(folder, "out/entry.mjs"));
		const message = "gone.js is left out of this bundle: nobody gets there";
		expect(call).toThrow(message);
		expect(used).toThrow(message);
		const gone = new Gone();
		expect(() => gone.format()).toThrow(message);
	});
});
