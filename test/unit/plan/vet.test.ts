import { describe, expect, it } from "vitest";
import type { Cidr } from "../../../src/model/cidr.ts";
import type { Rules } from "../../../src/model/rules.ts";
import { cidr, type NodeOptions, PlanWorld } from "../../support/plan-world.ts";

/** One table whose VPC has two blocks, one of them inside the cluster's space. */
function vetted(options: NodeOptions, rules: Partial<Rules> = {}) {
	const world = new PlanWorld(rules)
		.table("rtb-1", "vpc-1", ["10.200.240.0/20", "10.0.0.0/16"])
		.node("i-a", options);
	return world.analyse().vetted.get("i-a");
}

function refusal(options: NodeOptions, rules: Partial<Rules> = {}): string {
	const claim = vetted(options, rules);
	if (claim?.kind !== "refused") return claim?.kind ?? "not judged";
	const { reason, detail, destination } = claim.refusal;
	return `${reason} ${destination?.text}: ${detail}`;
}

describe("a claim judged by itself", () => {
	it("is valid with all its blocks", () => {
		expect(vetted({ claims: "10.200.0.0/24,fd00:10:200::/64" })).toEqual({
			kind: "valid",
			blocks: [cidr("10.200.0.0/24"), cidr("fd00:10:200::/64")],
		});
	});

	it("is none, or unread, as it was read", () => {
		expect(vetted({})).toEqual({ kind: "none" });
		expect(vetted({ claims: { kind: "unread", why: "AccessDenied" } })).toEqual({
			kind: "unread",
			why: "AccessDenied",
		});
	});

	it("is judged while its node rests, and not once the node is gone", () => {
		expect(refusal({ claims: "10.200.0.0/24", life: "resting" })).toBe("valid");
		expect(refusal({ claims: "10.200.0.0/24", life: "gone" })).toBe("not judged");
	});
});

describe("rule 2: a claim is refused as a whole for", () => {
	it.each(["malformed-claim", "contradictory-claim"] as const)("%s, in its reader's words", (reason) => {
		const claims = { kind: "refused", reason, detail: "tag pod-cidr: it is empty" } as const;
		expect(refusal({ claims })).toBe(`${reason} undefined: i-a: tag pod-cidr: it is empty`);
	});

	it("claim-outside-cluster", () => {
		expect(refusal({ claims: "10.199.255.0/24" })).toBe(
			"claim-outside-cluster 10.199.255.0/24: i-a claims 10.199.255.0/24 (tag pod-cidr), which is not inside CLUSTER_CIDRS (10.200.0.0/16, fd00:10:200::/48): claim a block of the cluster",
		);
	});

	it("claim-outside-cluster, where it contains the cluster's space", () => {
		expect(refusal({ claims: "10.200.0.0/15" })).toMatch(/^claim-outside-cluster /);
	});

	it("claim-wrong-size, where it is all of an entry", () => {
		expect(refusal({ claims: "10.200.0.0/16" })).toBe(
			"claim-wrong-size 10.200.0.0/16: i-a claims 10.200.0.0/16 (tag pod-cidr), which is the whole of 10.200.0.0/16 in CLUSTER_CIDRS: claim a part of it",
		);
		expect(refusal({ claims: "10.200.0.0/16" }, { nodeCidrMaskSizes: new Set([16]) })).toMatch(
			/^claim-wrong-size .* which is the whole of/,
		);
	});

	it("claim-wrong-size, where no size of NODE_CIDR_MASK_SIZES is its", () => {
		expect(refusal({ claims: "10.200.0.0/25" }, { nodeCidrMaskSizes: new Set([24, 64]) })).toBe(
			"claim-wrong-size 10.200.0.0/25: i-a claims 10.200.0.0/25 (tag pod-cidr), a /25, where NODE_CIDR_MASK_SIZES allows /24 or /64",
		);
	});

	it.each(["10.200.0.0/17", "10.200.0.0/32"])("nothing, at %s, where any size will do", (claims) => {
		expect(refusal({ claims })).toBe("valid");
	});

	it("nothing, at an allowed size", () => {
		const rules = { nodeCidrMaskSizes: new Set([24, 64]) };
		expect(refusal({ claims: "10.200.0.0/24,fd00:10:200::/64" }, rules)).toBe("valid");
	});

	it.each(["10.200.240.0/24", "10.200.224.0/19", "10.200.240.0/20"])(
		"claim-overlaps-vpc, at %s",
		(claims) => {
			expect(refusal({ claims })).toBe(
				`claim-overlaps-vpc ${claims}: i-a claims ${claims} (tag pod-cidr), which overlaps 10.200.240.0/20 of its own VPC: pods need addresses that the VPC does not use`,
			);
		},
	);

	it("nothing, beside a block of its VPC, or in one of another VPC", () => {
		expect(refusal({ claims: "10.200.224.0/20" })).toBe("valid");
		const world = new PlanWorld()
			.table("rtb-1", "vpc-1", ["10.200.240.0/20"])
			.table("rtb-2", "vpc-2")
			.node("i-a", { claims: "10.200.240.0/24", vpc: "vpc-2" });
		expect(world.refusals()).toEqual([]);
	});

	it("wrong-vpc", () => {
		expect(refusal({ claims: "10.200.0.0/24", vpc: "vpc-9" })).toBe(
			"wrong-vpc 10.200.0.0/24: i-a claims 10.200.0.0/24 (tag pod-cidr), but none of the configured route tables belongs to its VPC vpc-9: correct NODE_FILTERS or ROUTE_TABLES",
		);
		expect(refusal({ claims: "10.200.0.0/24", vpc: null })).toContain("belongs to its VPC (none): correct");
	});

	it("nothing, in a VPC whose table has no local route", () => {
		const world = new PlanWorld().table("rtb-1", "vpc-1", []).node("i-a", { claims: "10.200.0.0/24" });
		expect(world.refusals()).toEqual([]);
	});

	it.each<[string, NodeOptions, Partial<Rules>, string]>([
		[
			"outside before size, though the first block has the wrong size",
			{ claims: "10.200.0.0/16,fd00:99::/64" },
			{},
			"claim-outside-cluster fd00:99::/64",
		],
		[
			"size before the VPC's blocks, though the first block overlaps one",
			{ claims: "10.200.240.0/24,fd00:10:200::/48" },
			{},
			"claim-wrong-size fd00:10:200::/48",
		],
		[
			"the VPC's blocks do not matter in a wrong VPC",
			{ claims: "10.200.240.0/24", vpc: "vpc-9" },
			{},
			"wrong-vpc 10.200.240.0/24",
		],
	])("the first reason that holds: %s", (_, options, rules, expected) => {
		expect(refusal(options, rules).split(": ")[0]).toBe(expected);
	});
});

describe("rule 6: the VPC's own blocks", () => {
	it("are those of every configured table of the VPC, each named once and in address order", () => {
		const world = new PlanWorld()
			.table("rtb-2", "vpc-1", ["10.200.64.0/20", "10.200.0.0/20"])
			.table("rtb-1", "vpc-1", ["10.200.64.0/20"])
			.node("i-a", { claims: "10.200.0.0/17" })
			.node("i-b", { claims: "10.200.64.0/24" });
		const overlaps = (blocks: readonly Cidr["text"][]) =>
			expect.stringContaining(`overlaps ${blocks[0]} of its own VPC`);
		expect(world.plan().refusals.map(({ detail }) => detail)).toEqual([
			overlaps(["10.200.0.0/20"]),
			overlaps(["10.200.64.0/20"]),
		]);
	});

	it("are not what other routes lead to", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.node("i-a", { claims: "10.200.0.0/24" })
			.route("rtb-1", "10.200.0.0/20", "pcx-1")
			.route("rtb-1", "10.200.0.0/21", "vgw-1", { origin: "other" });
		expect(world.refusals()).toEqual([]);
	});
});

describe("a refused claim", () => {
	it("refuses the good block with the bad one, and has no missing-route", () => {
		const world = new PlanWorld().table("rtb-1").node("i-a", { claims: "10.200.0.0/24,fd00:99::/64" });
		expect(world.changes()).toEqual([]);
		expect(world.refusals()).toEqual(["claim-outside-cluster i-a fd00:99::/64"]);
		expect(world.findings()).toEqual(["claim-outside-cluster fd00:99::/64 i-a"]);
	});

	it("leaves its standing route as it is, active or blackhole", () => {
		const world = new PlanWorld()
			.table("rtb-1")
			.table("rtb-2")
			.node("i-a", { claims: "10.200.0.0/24,fd00:99::/64" })
			.route("rtb-1", "10.200.0.0/24", "eni-a")
			.blackhole("rtb-2", "10.200.0.0/24", "eni-a");
		expect(world.changes({ scope: "all", deletes: { shareMax: 1 } })).toEqual([]);
		expect(world.findings()).toEqual(["claim-outside-cluster fd00:99::/64 i-a"]);
	});
});
