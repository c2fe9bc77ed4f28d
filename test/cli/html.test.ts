import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { podroute, podrouteOn } from "../support/command.ts";

let cluster: Cluster;
let folder: string;

beforeEach(async () => {
	cluster = await aCluster();
	folder = await mkdtemp(join(tmpdir(), "podroute-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("podroute audit --html", () => {
	it("writes one page that fetches nothing, names it on standard error, and ends as the audit does", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const file = join(folder, "map.html");
		const { code, stdout, stderr } = await podrouteOn(cluster, ["audit", "--html", file]);
		expect({ code, stderr }).toEqual({ code: 2, stderr: `The map is in ${file}\n` });
		expect(stdout).toContain("missing-route");
		const page = await readFile(file, "utf8");
		expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
		expect(page).toContain("<title>podroute: 10.200.0.0/16, fd00:10:200::/48</title>");
		expect(page).toContain(`10.200.0.0/24: missing-route, ${cluster.id("w0")}`);
		expect(page).not.toMatch(/https?:|<script|<link|url\(|Look again/);
	});

	it("leaves standard output to the report with --json", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		await cluster.routeLaunched("w0");
		const file = join(folder, "map.html");
		const { code, stdout } = await podrouteOn(cluster, ["audit", "--json", "--html", file]);
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ operation: "audit", findings: [] });
		expect(await readFile(file, "utf8")).toContain("Nothing to act on");
	});

	it("says what was done where the audit repairs", async () => {
		await cluster.launch("w0", { claims: "10.200.0.0/24" });
		const file = join(folder, "map.html");
		const { code } = await podrouteOn(cluster, ["audit", "--html", file], { REPAIR: "routes" });
		expect(code).toBe(0);
		const page = await readFile(file, "utf8");
		expect(page).toContain("This is what the audit found; 1 change was made after that.");
		expect(page).toContain("Put right by this audit.");
	});

	it("is an error where the file cannot be written, and the report is told all the same", async () => {
		const file = join(folder, "nowhere", "map.html");
		const { code, stdout, stderr } = await podrouteOn(cluster, ["audit", "--html", file]);
		expect(code).toBe(1);
		expect(stdout).toContain("no-nodes");
		expect(stderr).toBe(
			`podroute: The page cannot be written: ENOENT: no such file or directory, open '${file}'; name a file in a folder that you may write to\n`,
		);
	});

	it("needs a name", async () => {
		expect(await podroute(["audit", "--html="])).toMatchObject({
			code: 1,
			stderr: expect.stringContaining("--html needs the name of a file."),
		});
	});
});

describe("podroute demo", () => {
	it("ends with a map in a file, and names it", async () => {
		const { code, stdout } = await podroute(["demo"], { TMPDIR: folder });
		expect(code).toBe(0);
		const file = stdout.trimEnd().split("\n").at(-1) ?? "";
		expect(file.startsWith(folder)).toBe(true);
		expect(await readFile(file, "utf8")).toContain("3 routed · 253 of 256 free");
	});
});
