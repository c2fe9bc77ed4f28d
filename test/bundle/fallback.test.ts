import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildHandlers, tooLarge } from "../../scripts/build-handlers.ts";
import { type Built, SHIPPED } from "../../scripts/bundle.ts";
import { leaveOut } from "../../scripts/leave-out.ts";
import { pruneEc2Schemas } from "../../scripts/prune-ec2-schemas.ts";

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "podroute-fallback-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** The launch handler, bundled against an SDK whose schemas are written otherwise. */
function builtAgainst(generated: (schemas: string) => string): Promise<Built> {
	const prune = () => pruneEc2Schemas(async (path) => generated(await readFile(path, "utf8")));
	return buildHandlers(folder, ["instance-state-change.ts"], {
		...SHIPPED,
		plugins: () => [prune(), leaveOut()],
	});
}

describe("An SDK that is generated otherwise", () => {
	it("is bundled unpruned and works, with a warning, and the size check fails", async () => {
		const built = await builtAgainst((schemas) =>
			schemas.replace('const _eQN = "ec2QueryName";', "const _eQN = ['ec2QueryName'].join();"),
		);
		expect(built.warnings).toEqual([
			"The schemas of client-ec2 are not pruned: these keys are no string constants: _eQN",
		]);
		expect(tooLarge(built)).toEqual([
			expect.stringMatching(/^instance-state-change\.mjs has \d{6} bytes, over 240000$/),
		]);
		const { handler } = await import(join(folder, "instance-state-change.mjs"));
		expect(handler).toBeTypeOf("function");
	});

	it("is warned of where what is left out has moved", async () => {
		const moved = { module: "@smithy/core/dist-es/submodules/nowhere/index.js", why: "it is nowhere" };
		const built = await buildHandlers(folder, ["backfill.ts"], {
			...SHIPPED,
			plugins: () => [pruneEc2Schemas(), leaveOut([moved])],
		});
		expect(built.warnings).toEqual([
			"@smithy/core/dist-es/submodules/nowhere/index.js is not left out: the build has no such module",
		]);
	});
});
