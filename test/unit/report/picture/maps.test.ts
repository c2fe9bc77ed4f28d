import { describe, expect, it } from "vitest";
import { type Cidr, parseCidr } from "../../../../src/model/cidr.ts";
import type { Report, ReportedFinding, ReportedRoute } from "../../../../src/model/report.ts";
import { type BlockMap, mapsOf } from "../../../../src/report/picture/maps.ts";

function cidr(text: string): Cidr {
	const parsed = parseCidr(text);
	if (!parsed.ok) throw new Error(`${text} is no block`);
	return parsed.cidr;
}

/** A healthy route unless told otherwise. */
function route(destination: string, more: Partial<ReportedRoute> = {}): ReportedRoute {
	return {
		routeTableId: "rtb-a",
		destination,
		state: "active",
		owner: "i-1",
		instanceId: "i-1",
		managed: true,
		...more,
	};
}

function unowned(destination: string, more: Partial<ReportedRoute> = {}): ReportedRoute {
	return { routeTableId: "rtb-a", destination, state: "active", instanceId: "i-1", managed: true, ...more };
}

function foreign(destination: string, target: string): ReportedRoute {
	return { routeTableId: "rtb-a", destination, state: "active", target, managed: false };
}

function finding(code: ReportedFinding["code"], more: Partial<ReportedFinding>): ReportedFinding {
	return { code, severity: "critical", detail: "", ...more };
}

function report(routes: readonly ReportedRoute[], findings: readonly ReportedFinding[] = []): Report {
	return {
		formatVersion: 1,
		operation: "audit",
		dryRun: false,
		planId: "0",
		changes: [],
		refusals: [],
		findings,
		routes,
		quota: [],
		ignored: [],
		apiCalls: {},
	};
}

interface Rules {
	readonly within?: string;
	readonly sizes?: readonly number[];
}

function maps(of: Report, { within = "10.200.0.0/16", sizes }: Rules = {}): readonly BlockMap[] {
	return mapsOf(of, {
		clusterCidrs: within.split(",").map(cidr),
		nodeCidrMaskSizes: sizes === undefined ? "any" : new Set(sizes),
	});
}

/** `first+count state` of every stretch that is not free, and how many cells are. */
function told({ runs, free, unit }: BlockMap): readonly string[] {
	const used = runs.filter(({ marks }) => marks.length > 0);
	return [
		...used.map(
			({ first, count, marks }) => `${first}+${count} ${marks.map(({ state }) => state).join(" ")}`,
		),
		`${free} /${unit} free`,
	];
}

function only(all: readonly BlockMap[]): BlockMap {
	const [first] = all;
	if (first === undefined || all.length !== 1) throw new Error(`${all.length} maps`);
	return first;
}

describe("A map", () => {
	it("has a cell a block, and counts what is free", () => {
		const map = only(maps(report([route("10.200.0.0/24"), route("10.200.3.0/24")])));
		expect(told(map)).toEqual(["0+1 routed", "3+1 routed", "254 /24 free"]);
		expect([...map.counts]).toEqual([["routed", 2]]);
	});

	it("leaves out routes that are not inside the address space of the cluster", () => {
		const routes = [
			foreign("0.0.0.0/0", "igw-1"),
			foreign("10.0.0.0/8", "vgw-1"),
			foreign("10.201.0.0/24", "x"),
		];
		expect(told(only(maps(report(routes))))).toEqual(["256 /24 free"]);
	});

	it.each([
		["missing-route", "missing"],
		["contested-claim", "contested"],
		["overlapping-claim", "contested"],
		["claim-wrong-size", "refused"],
		["foreign-route-conflict", "conflict"],
	] as const)("shows %s where there is no route: %s", (code, state) => {
		const map = only(
			maps(report([], [finding(code, { routeTableId: "rtb-a", destination: "10.200.4.0/24" })])),
		);
		expect(told(map)).toEqual([`4+1 ${state}`, "255 /24 free"]);
	});

	it.each([
		["what a route that is right is", route("10.200.4.0/24"), [], "routed"],
		["a blackhole nothing was found of", unowned("10.200.4.0/24", { state: "blackhole" }), [], "blackholed"],
		["a foreign route", foreign("10.200.4.0/24", "pcx-1"), [], "foreign"],
		["a node whose claim was not read", unowned("10.200.4.0/24"), [], "unknown"],
		[
			"a node whose claim is refused",
			unowned("10.200.4.0/24"),
			[finding("malformed-claim", { instanceId: "i-1" })],
			"refused",
		],
		[
			"a node that drops packets",
			route("10.200.4.0/24"),
			[finding("source-dest-check-on", { instanceId: "i-1" })],
			"dropping",
		],
		[
			"a stopped owner, which is more than a blackhole",
			route("10.200.4.0/24", { state: "blackhole" }),
			[finding("stopped-owner", { routeTableId: "rtb-a", destination: "10.200.4.0/24" })],
			"stopped",
		],
		[
			"a contest for what is routed",
			route("10.200.4.0/24"),
			[finding("contested-claim", { destination: "10.200.4.0/24" })],
			"contested",
		],
		[
			"a claim from another VPC to what has an owner here",
			route("10.200.4.0/24"),
			[finding("wrong-vpc", { destination: "10.200.4.0/24", instanceId: "i-2" })],
			"routed",
		],
	] as const)("tells %s", (_, observed, findings, state) => {
		expect(told(only(maps(report([observed], findings))))).toEqual([`4+1 ${state}`, "255 /24 free"]);
	});

	it("says of a contest who has the block", () => {
		const map = only(
			maps(report([route("10.200.4.0/24")], [finding("contested-claim", { destination: "10.200.4.0/24" })])),
		);
		expect(map.runs[1]?.marks).toMatchObject([{ node: "i-1", says: "contested-claim; routed to i-1" }]);
	});
});

describe("Blocks of unequal size", () => {
	it("cover several cells, or share one", () => {
		const routes = [
			route("10.200.0.0/24"),
			route("10.200.1.0/24"),
			route("10.200.2.0/23"),
			route("10.200.8.0/25"),
			route("10.200.8.128/25"),
		];
		expect(told(only(maps(report(routes), { sizes: [24] })))).toEqual([
			"0+1 routed",
			"1+1 routed",
			"2+2 routed",
			"8+1 routed routed",
			"251 /24 free",
		]);
	});

	it("show the gravest first where they overlap", () => {
		const routes = [route("10.200.0.0/22"), route("10.200.9.0/24"), unowned("10.200.1.0/24")];
		expect(told(only(maps(report(routes), { sizes: [24] })))).toEqual([
			"0+1 routed",
			"1+1 unknown routed",
			"2+2 routed",
			"9+1 routed",
			"251 /24 free",
		]);
	});
});

describe("The size of a cell", () => {
	it.each([
		["10.200.0.0/16", undefined, [], 24],
		["10.200.0.0/16", undefined, ["10.200.0.0/26", "10.200.0.64/26", "10.200.4.0/24"], 26],
		["10.200.0.0/16", [24, 64], ["10.200.0.0/26", "10.200.0.64/26", "10.200.4.0/24"], 24],
		["10.200.0.0/16", [25, 24, 64], [], 24],
		["10.200.0.0/26", undefined, [], 27],
		["10.200.0.1/32", undefined, [], 32],
		["fd00:10:200::/48", [24, 64], [], 64],
		["fd00:10:200::/64", undefined, ["fd00:10:200::1:0/112"], 112],
	] as const)("of %s with sizes %j and blocks %j is /%d", (within, sizes, blocks, unit) => {
		const all = maps(report(blocks.map((block) => route(block))), {
			within,
			...(sizes === undefined ? {} : { sizes }),
		});
		expect(only(all).unit).toBe(unit);
	});

	it("is not a foreign route's", () => {
		const routes = [foreign("10.200.0.1/32", "x"), foreign("10.200.0.2/32", "x"), route("10.200.4.0/24")];
		expect(told(only(maps(report(routes))))).toEqual(["0+1 foreign foreign", "4+1 routed", "254 /24 free"]);
	});
});

describe("An IPv6 /48 of /64 blocks", () => {
	it("is as many runs as there are blocks, not 65,536 cells", () => {
		const routes = [route("fd00:10:200:1::/64"), foreign("fd00:10:200:8000::/49", "pcx-1")];
		const map = only(maps(report(routes), { within: "fd00:10:200::/48" }));
		expect(told(map)).toEqual(["1+1 routed", "32768+32768 foreign", "32767 /64 free"]);
		expect(map.runs).toHaveLength(4);
	});
});

describe("Several tables", () => {
	const inB = { routeTableId: "rtb-b" };

	it("share a map where they look alike", () => {
		const all = maps(report([route("10.200.0.0/24"), route("10.200.0.0/24", inB)]));
		expect(only(all).routeTableIds).toEqual(["rtb-a", "rtb-b"]);
	});

	it("have one each where they differ", () => {
		const missing = finding("missing-route", { ...inB, destination: "10.200.0.0/24", instanceId: "i-1" });
		const all = maps(report([route("10.200.0.0/24"), route("10.200.1.0/24", inB)], [missing]));
		expect(all.map((map) => [map.routeTableIds, told(map)])).toEqual([
			[["rtb-a"], ["0+1 routed", "255 /24 free"]],
			[["rtb-b"], ["0+1 missing", "1+1 routed", "254 /24 free"]],
		]);
	});

	it("show a contest of one VPC in its own tables alone", () => {
		const contest = finding("contested-claim", { destination: "10.200.0.0/24" });
		const all = maps(report([route("10.200.0.0/24"), route("10.200.9.0/24", inB)], [contest]));
		expect(all.map(told)).toEqual([
			["0+1 contested", "255 /24 free"],
			["9+1 routed", "255 /24 free"],
		]);
	});

	it("have no map of an address space that only others use", () => {
		const all = maps(
			report([route("10.200.0.0/24"), foreign("0.0.0.0/0", "igw-1"), route("10.0.0.0/16", inB)]),
		);
		expect(only(all).routeTableIds).toEqual(["rtb-a"]);
	});

	it("show both families, one map each", () => {
		const all = maps(report([route("10.200.0.0/24"), route("fd00:10:200::/64")]), {
			within: "10.200.0.0/16,fd00:10:200::/48",
		});
		expect(all.map(told)).toEqual([
			["0+1 routed", "255 /24 free"],
			["0+1 routed", "65535 /64 free"],
		]);
	});
});
