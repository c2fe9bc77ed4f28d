import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMBEDDED, MOTO, SERVERS, type Server } from "./moto.ts";
import { EMBEDDED_CASES, SHARED_CASES } from "./shared-cases.ts";
import type { Started } from "./started.ts";

/** A thousand launches are slow on moto. Nothing is measured; a hang ends here. */
const PATIENCE_MS = 600_000;
const patiently = { timeout: PATIENCE_MS };

/** Starts a server for the tests of a block; gives its address while they run. */
function serving(server: Server): () => string {
	let started: Started | undefined;
	beforeAll(async () => {
		started = await server.start();
	}, PATIENCE_MS);
	afterAll(() => started?.stop(), PATIENCE_MS);
	return () => {
		if (started === undefined) throw new Error(`${server.name} has not started`);
		return started.url;
	};
}

describe.each(SERVERS)("podroute on $name", patiently, (server) => {
	const url = serving(server);
	for (const { name, check } of SHARED_CASES) it(name, () => check(url()));
});

describe("podroute on the embedded EC2, where moto is not EC2", patiently, () => {
	const url = serving(EMBEDDED);
	for (const { name, check } of EMBEDDED_CASES) it(name, () => check(url()));
});

describe("moto does otherwise than EC2", patiently, () => {
	const url = serving(MOTO);
	for (const { name, unfaithful, check } of EMBEDDED_CASES) {
		it(`${unfaithful} So it does not hold that ${name}`, async () => {
			// The fact itself: anything else that goes wrong would be told as a difference.
			await expect(check(url())).rejects.toMatchObject({ name: "AssertionError" });
		});
	}
});
