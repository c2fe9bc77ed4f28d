import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/model/change.ts";
import type { Route } from "../../../src/model/route.ts";
import type { ObservedRoute } from "../../../src/plan/analyse.ts";
import { compileReport, type PassFacts } from "../../../src/reconcile/compile-report.ts";
import { cidr } from "../../support/plan-world.ts";

/** A pass that saw and did nothing, but for what is given. */
function aReport(facts: Partial<PassFacts>) {
	return compileReport({
		operation: "audit",
		dryRun: false,
		planId: "4f53cda18c2b",
		changes: [],
		refusals: [],
		findings: [],
		routes: [],
		quota: [],
		ignored: [],
		apiCalls: {},
		...facts,
	});
}

const at = { routeTableId: "rtb-0a", destination: cidr("10.200.0.0/24") } as const;
const told = { routeTableId: "rtb-0a", destination: "10.200.0.0/24" };
const to = { instanceId: "i-0a", networkInterfaceId: "eni-0a" } as const;

function anObserved(routeTableId: `rtb-${string}`, destination: string): ObservedRoute {
	return {
		routeTableId,
		route: {
			destination: cidr(destination),
			state: "active",
			origin: "CreateRoute",
			target: { kind: "other", description: "pcx-0a" },
		},
		holder: { kind: "foreign", why: "its target is pcx-0a" },
		owner: undefined,
	};
}

describe("The report of a pass", () => {
	it("of nothing is empty lists, and says which form it has", () => {
		expect(aReport({})).toStrictEqual({
			formatVersion: 1,
			operation: "audit",
			dryRun: false,
			planId: "4f53cda18c2b",
			changes: [],
			refusals: [],
			findings: [],
			routes: [],
			quota: [],
			ignored: [],
			apiCalls: {},
		});
	});

	it("passes on what it is given of the plan, the quota, what was ignored and the calls", () => {
		const facts = {
			operation: "backfill",
			dryRun: true,
			planId: "0123456789ab",
			quota: [{ routeTableId: "rtb-0a", family: "ipv6", used: 3, limit: 50 }],
			ignored: [{ why: "rtb-0b is gone" }, { instanceId: "i-0a", why: "it claims nothing" }],
			apiCalls: { DescribeInstances: 2 },
		} as const;
		expect(aReport(facts)).toMatchObject(facts);
	});
});

describe("A change in the report", () => {
	it.each<[Change, object]>([
		[
			{ kind: "create", ...at, ...to },
			{ kind: "create", ...told, ...to, from: null },
		],
		[
			{
				kind: "replace",
				...at,
				...to,
				from: { state: "active", instanceId: "i-0b", networkInterfaceId: "eni-0b" },
			},
			{
				kind: "replace",
				...told,
				...to,
				from: { state: "active", instanceId: "i-0b", networkInterfaceId: "eni-0b" },
			},
		],
		[
			{ kind: "delete", ...at, from: { state: "blackhole", networkInterfaceId: "eni-0b" } },
			{ kind: "delete", ...told, from: { state: "blackhole", networkInterfaceId: "eni-0b" } },
		],
		[
			{ kind: "disable-source-dest-check", ...to },
			{ kind: "disable-source-dest-check", ...to, from: null },
		],
	])("names what it touches, and nothing that it has not: $kind", (change, expected) => {
		const { changes } = aReport({ changes: [{ change, outcome: { kind: "applied" } }] });
		expect(changes).toStrictEqual([{ ...expected, outcome: "applied" }]);
	});

	it.each([
		[{ kind: "planned" }, { outcome: "planned" }],
		[{ kind: "applied" }, { outcome: "applied" }],
		[
			{ kind: "stale", error: "TableMoved: no" },
			{ outcome: "stale", error: "TableMoved: no" },
		],
		[
			{ kind: "failed", error: "Denied: no" },
			{ outcome: "failed", error: "Denied: no" },
		],
		[
			{ kind: "withheld", error: "TooManyDeletes: no" },
			{ outcome: "withheld", error: "TooManyDeletes: no" },
		],
	] as const)("tells its outcome, with the error where there is one: %o", (outcome, expected) => {
		const change: Change = { kind: "create", ...at, ...to };
		const { changes } = aReport({ changes: [{ change, outcome }] });
		expect(changes).toStrictEqual([{ kind: "create", ...told, ...to, from: null, ...expected }]);
	});
});

describe("A refusal in the report", () => {
	it("has its block as text, and none where the claim is refused as a whole", () => {
		const { refusals } = aReport({
			refusals: [
				{
					reason: "malformed-claim",
					instanceId: "i-0a",
					detail: "It has host bits.",
				},
				{
					reason: "contested-claim",
					instanceId: "i-0b",
					destination: at.destination,
					detail: "i-0a has it.",
				},
			],
		});
		expect(refusals).toStrictEqual([
			{ reason: "malformed-claim", instanceId: "i-0a", detail: "It has host bits." },
			{
				reason: "contested-claim",
				instanceId: "i-0b",
				destination: "10.200.0.0/24",
				detail: "i-0a has it.",
			},
		]);
	});
});

describe("A finding in the report", () => {
	it("has its severity, and of table, block and instance those that it is about", () => {
		const { findings } = aReport({
			findings: [
				{ code: "missing-route", ...at, instanceId: "i-0a", detail: "There is no route." },
				{ code: "no-nodes", detail: "There is no node." },
			],
		});
		expect(findings).toStrictEqual([
			{
				code: "missing-route",
				severity: "critical",
				routeTableId: "rtb-0a",
				destination: "10.200.0.0/24",
				instanceId: "i-0a",
				detail: "There is no route.",
			},
			{ code: "no-nodes", severity: "warning", detail: "There is no node." },
		]);
	});
});

describe("The routes in the report", () => {
	it("are sorted by table and then by address, and not as text", () => {
		const { routes } = aReport({
			routes: [
				anObserved("rtb-0b", "10.200.1.0/24"),
				anObserved("rtb-0a", "fd00:10:200::/64"),
				anObserved("rtb-0a", "10.200.10.0/24"),
				anObserved("rtb-0a", "10.200.2.0/24"),
			],
		});
		expect(routes.map(({ routeTableId, destination }) => [routeTableId, destination])).toEqual([
			["rtb-0a", "10.200.2.0/24"],
			["rtb-0a", "10.200.10.0/24"],
			["rtb-0a", "fd00:10:200::/64"],
			["rtb-0b", "10.200.1.0/24"],
		]);
	});

	it("to anything but an interface say in words where they lead, and are not managed", () => {
		expect(aReport({ routes: [anObserved("rtb-0a", "10.200.0.0/24")] }).routes).toStrictEqual([
			{ ...told, state: "active", target: "pcx-0a", managed: false },
		]);
	});

	it("to an interface name it, its instance and the owner of the block where they are known", () => {
		const from = { state: "blackhole", networkInterfaceId: "eni-0a" } as const;
		const toInterface = (target: Route["target"]): ObservedRoute => ({
			...at,
			route: { destination: at.destination, state: "blackhole", origin: "CreateRoute", target },
			holder: { kind: "nobody", node: undefined, from },
			owner: undefined,
		});
		const bare = toInterface({ kind: "interface", networkInterfaceId: "eni-0a" });
		const whole = toInterface({ kind: "interface", networkInterfaceId: "eni-0a", instanceId: "i-0b" });
		expect(aReport({ routes: [bare, { ...whole, owner: "i-0c" }] }).routes).toStrictEqual([
			{ ...told, state: "blackhole", networkInterfaceId: "eni-0a", managed: true },
			{
				...told,
				state: "blackhole",
				owner: "i-0c",
				instanceId: "i-0b",
				networkInterfaceId: "eni-0a",
				managed: true,
			},
		]);
	});
});
