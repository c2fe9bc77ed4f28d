import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PassResult } from "../../src/reconcile/reconcile.ts";
import { renderAudit } from "../../src/report/render-audit.ts";
import { renderBackfill } from "../../src/report/render-backfill.ts";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { aContext } from "../support/deployed.ts";
import { everythingOf, SECRET, textOf } from "../support/fuzz.ts";

/** Everything that was logged, printed or thrown. */
let told: string[] = [];

beforeEach(() => {
	told = [];
	// Powertools writes to its own console unless this is set.
	vi.stubEnv("POWERTOOLS_DEV", "true");
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
	vi.resetModules();
	for (const level of ["debug", "info", "warn", "error", "log", "trace"] as const) {
		vi.spyOn(console, level).mockImplementation((...args) => {
			told.push(args.map(String).join(" "));
		});
	}
});

afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

/** What a node says, with the secret wherever a claim may be, and whatever else a boot script holds. */
const text = textOf(
	SECRET,
	"pod-cidr",
	"POD_CIDR",
	"=",
	": ",
	"|",
	"\n",
	"\r\n",
	"#",
	'"',
	"'",
	" ",
	",",
	"export ",
	"10.200.0.0/24",
	"10.200.1.0/24",
	"10.200.0.0/15",
	"10.200.0.1/24",
	"10.0.1.0/24",
	"0.0.0.0/0",
	"fd00:10:200::/64",
	"::/0",
	"{{ x }}",
	"$(x)",
	"#cloud-config\n",
	"#!/bin/sh\n",
	`\npod-cidr=${SECRET}\n`,
	"\npod-cidr=10.200.0.0/24\n",
	"\npod-cidr: 10.200.0.0/24\n",
	`\npod-cidr: 10.200.0.0/24 ${SECRET}\n`,
	"Content-Type: multipart/mixed; boundary=B\n\n",
	`Content-Type: multipart/mixed; boundary=${SECRET}\n\n`,
	"\n--B\n",
	"\n--B--\n",
	`Content-Type: ${SECRET}\n`,
	`Content-Transfer-Encoding: ${SECRET}\n\n`,
	"Content-Transfer-Encoding: base64\n\n",
);

/** Bytes turned over, as a broken upload has them. */
function damaged(bytes: Uint8Array, at: number, byte: number): Uint8Array {
	return bytes.length === 0
		? bytes
		: Uint8Array.from(bytes).fill(byte, at % bytes.length, (at % bytes.length) + 1);
}

const userData = fc
	.tuple(
		text,
		fc.constantFrom("plain", "gzip", "part"),
		fc.option(fc.tuple(fc.nat(), fc.nat(255)), { nil: undefined }),
	)
	.map(([said, packing, damage]) => {
		const plain = `${SECRET}\n${said}`;
		const part = `Content-Type: multipart/mixed; boundary=Z\n\n--Z\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${Buffer.from(said).toString("base64")}\n--Z--`;
		const bytes =
			packing === "plain" ? Buffer.from(plain) : packing === "gzip" ? gzipSync(plain) : Buffer.from(part);
		return damage === undefined ? bytes : damaged(bytes, ...damage);
	})
	.filter(({ length }) => length > 0 && length <= 16_384);

describe("Any user data", () => {
	it("takes no route but its node's own inside the cluster, and is in no report, log, page or error", async () => {
		const { logReport } = await import("../../src/report/log.ts");
		let routed = 0;
		await fc.assert(
			fc.asyncProperty(userData, async (bytes) => {
				told = [];
				const cluster = await aCluster();
				await cluster.launch("worker-1", { claims: "10.200.1.0/24" });
				await cluster.route("10.200.1.0/24", cluster.eni("worker-1"));
				await cluster.launch("worker-0", { userData: bytes });
				const passes = [
					() => cluster.routeLaunched("worker-0"),
					() => cluster.audit("all"),
					() => cluster.pass({ operation: "backfill", dryRun: true }),
				];
				for (const pass of passes) await tell(pass, logReport);
				routed += await countRoutes(cluster);
				expect(told.length).toBeGreaterThan(5);
				const everything = told.join("\n");
				expect(everything).not.toContain(SECRET);
				expect(everything).not.toContain(Buffer.from(SECRET).toString("base64").slice(0, 12));
			}),
			{ numRuns: 120 },
		);
		expect(routed).toBeGreaterThan(0);
	});
});

async function tell(
	pass: () => Promise<PassResult>,
	logReport: typeof import("../../src/report/log.ts").logReport,
): Promise<void> {
	try {
		const { report, unfinished } = await pass();
		told.push(
			JSON.stringify([report, unfinished]),
			renderAudit(report, { columns: 100, colour: false }),
			renderBackfill(report, 100),
		);
		logReport(report, unfinished, aContext());
	} catch (error) {
		told.push(everythingOf(error));
		throw error;
	}
}

/** How many routes worker-0 has, after seeing that they are where it may have any. */
async function countRoutes(cluster: Cluster): Promise<number> {
	const { "10.200.1.0/24": kept, ...routes } = await cluster.routes();
	expect(kept).toBe("worker-1");
	expect(Object.values(routes).filter((holder) => holder !== "worker-0")).toEqual([]);
	for (const destination of Object.keys(routes)) {
		expect(["10.200.0.0/24", "fd00:10:200::/64"]).toContain(destination);
	}
	return Object.keys(routes).length;
}
