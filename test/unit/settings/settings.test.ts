import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError } from "../../../src/settings.ts";

const REQUIRED = {
	NODE_FILTERS: "tag:kubernetes.io/cluster/hard-way=owned,shared",
	ROUTE_TABLES: "rtb-0a1b2c3d",
	CLUSTER_CIDRS: "10.200.0.0/16",
};

function problemsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
	try {
		parseSettings(environment);
	} catch (error) {
		if (error instanceof SettingsError) return error.problems;
		throw error;
	}
	return [];
}

describe("Settings", () => {
	it("have a default wherever none is dangerous", () => {
		const { clusterCidrs, ...settings } = parseSettings(REQUIRED);
		expect(clusterCidrs.map(({ text }) => text)).toEqual(["10.200.0.0/16"]);
		expect(settings).toEqual({
			nodeFilters: [{ name: "tag:kubernetes.io/cluster/hard-way", values: ["owned", "shared"] }],
			routeTables: { kind: "ids", ids: ["rtb-0a1b2c3d"] },
			nodeCidrMaskSizes: "any",
			podCidrTag: "pod-cidr",
			podCidrKey: "pod-cidr",
			sourceDestCheck: "disable",
			repair: "none",
			deleteShareMax: 0.3,
			routeLimit: 500,
			quotaWarnRatio: 0.8,
		});
	});

	it("are all read", () => {
		const { clusterCidrs, ...settings } = parseSettings({
			NODE_FILTERS: "tag:Name=worker-*; instance.group-id = sg-1 , sg-2 ",
			ROUTE_TABLES: "tag:kubernetes.io/cluster/hard-way=owned;vpc-id=vpc-1",
			CLUSTER_CIDRS: "10.200.0.0/16, fd00:10:200::/48",
			NODE_CIDR_MASK_SIZES: "24, 64",
			POD_CIDR_TAG: "example.com/pod cidr",
			POD_CIDR_KEY: "pod_cidr.v1",
			SOURCE_DEST_CHECK: "report",
			REPAIR: "all",
			DELETE_SHARE_MAX: "1",
			ROUTE_LIMIT: "1000",
			QUOTA_WARN_RATIO: "0.95",
		});
		expect(clusterCidrs.map(({ text }) => text)).toEqual(["10.200.0.0/16", "fd00:10:200::/48"]);
		expect(settings).toEqual({
			nodeFilters: [
				{ name: "tag:Name", values: ["worker-*"] },
				{ name: "instance.group-id", values: ["sg-1", "sg-2"] },
			],
			routeTables: {
				kind: "filters",
				filters: [
					{ name: "tag:kubernetes.io/cluster/hard-way", values: ["owned"] },
					{ name: "vpc-id", values: ["vpc-1"] },
				],
			},
			nodeCidrMaskSizes: new Set([24, 64]),
			podCidrTag: "example.com/pod cidr",
			podCidrKey: "pod_cidr.v1",
			sourceDestCheck: "report",
			repair: "all",
			deleteShareMax: 1,
			routeLimit: 1000,
			quotaWarnRatio: 0.95,
		});
	});

	it.each(["", "   ", "\n\t", undefined])("are unset where the variable is empty: %j", (empty) => {
		const environment = {
			...REQUIRED,
			NODE_CIDR_MASK_SIZES: empty,
			POD_CIDR_TAG: empty,
			POD_CIDR_KEY: empty,
			SOURCE_DEST_CHECK: empty,
			REPAIR: empty,
			DELETE_SHARE_MAX: empty,
			ROUTE_LIMIT: empty,
			QUOTA_WARN_RATIO: empty,
		};
		expect(parseSettings(environment)).toEqual(parseSettings(REQUIRED));
	});

	it("take a value with the space around it ignored", () => {
		expect(parseSettings({ ...REQUIRED, REPAIR: " routes\n" }).repair).toBe("routes");
	});

	it("name a table once that is given twice", () => {
		const { routeTables } = parseSettings({ ...REQUIRED, ROUTE_TABLES: "rtb-0a,rtb-0b, rtb-0a," });
		expect(routeTables).toEqual({ kind: "ids", ids: ["rtb-0a", "rtb-0b"] });
	});

	it("of a filter value may hold an equals sign", () => {
		expect(parseSettings({ ...REQUIRED, NODE_FILTERS: "tag:role=a=b" }).nodeFilters).toEqual([
			{ name: "tag:role", values: ["a=b"] },
		]);
	});
});

const FILTER_FORM = "must be EC2 filters, name=value[,value], several joined by ;";
const FILTER_EXAMPLE = "; for example: tag:kubernetes.io/cluster/hard-way=owned,shared";
const TABLE_EXAMPLE = "; for example: rtb-0a1b2c3d4e5f60718 or tag:kubernetes.io/cluster/hard-way=owned";
const TABLE_FORM =
	"must be route table ids joined by commas, or EC2 filters, name=value[,value], joined by ;";
const CIDR_EXAMPLE = "; for example: 10.200.0.0/16";
const SIZES = "must be prefix lengths from 1 to 128, or any; for example: 24 or 24,64";
const SHARE = "must be a number from 0 to 1";
const LIMIT = "must be a whole number, 1 or more";

describe("A setting that cannot be used", () => {
	it.each([
		["NODE_FILTERS", undefined, `is required${FILTER_EXAMPLE}`],
		["NODE_FILTERS", "  ", `is required${FILTER_EXAMPLE}`],
		["NODE_FILTERS", "worker", `${FILTER_FORM}${FILTER_EXAMPLE}`],
		["NODE_FILTERS", "=owned", `${FILTER_FORM}${FILTER_EXAMPLE}`],
		["NODE_FILTERS", "tag:Name=", `${FILTER_FORM}${FILTER_EXAMPLE}`],
		["NODE_FILTERS", "tag:Name=a;b", `${FILTER_FORM}${FILTER_EXAMPLE}`],
		["NODE_FILTERS", ";", `must name at least one filter${FILTER_EXAMPLE}`],
		["ROUTE_TABLES", undefined, `is required${TABLE_EXAMPLE}`],
		["ROUTE_TABLES", "main", `${TABLE_FORM}${TABLE_EXAMPLE}`],
		["ROUTE_TABLES", "rtb-0a,main", `entry 2 is not a route table id${TABLE_EXAMPLE}`],
		["ROUTE_TABLES", "rtb-XYZ", `entry 1 is not a route table id${TABLE_EXAMPLE}`],
		["CLUSTER_CIDRS", undefined, `is required${CIDR_EXAMPLE}`],
		["CLUSTER_CIDRS", ",", `must name at least one block${CIDR_EXAMPLE}`],
		["CLUSTER_CIDRS", "pods", `entry 1 is no block: not a CIDR block${CIDR_EXAMPLE}`],
		["CLUSTER_CIDRS", "10.200.0.0/16,10.201.0.1/16", `entry 2 is no block: host bits are set${CIDR_EXAMPLE}`],
		["CLUSTER_CIDRS", "0.0.0.0/0", `entry 1 is every address there is${CIDR_EXAMPLE}`],
		["CLUSTER_CIDRS", "::/0", `entry 1 is every address there is${CIDR_EXAMPLE}`],
		["CLUSTER_CIDRS", "10.200.0.0/16,10.200.4.0/24", `entry 2 overlaps an earlier one${CIDR_EXAMPLE}`],
		["NODE_CIDR_MASK_SIZES", "0", SIZES],
		["NODE_CIDR_MASK_SIZES", "129", SIZES],
		["NODE_CIDR_MASK_SIZES", "/24", SIZES],
		["NODE_CIDR_MASK_SIZES", "24,any", SIZES],
		["NODE_CIDR_MASK_SIZES", ",", SIZES],
		["POD_CIDR_KEY", "pod cidr", "may have letters, digits and _ . - only"],
		["POD_CIDR_KEY", "pod=cidr", "may have letters, digits and _ . - only"],
		["SOURCE_DEST_CHECK", "enable", "must be disable or report"],
		["REPAIR", "ALL", "must be none or routes or all"],
		["REPAIR", "yes", "must be none or routes or all"],
		["DELETE_SHARE_MAX", "30%", SHARE],
		["DELETE_SHARE_MAX", "1.01", SHARE],
		["DELETE_SHARE_MAX", "-0.1", SHARE],
		["DELETE_SHARE_MAX", "NaN", SHARE],
		["DELETE_SHARE_MAX", "0x1", SHARE],
		["DELETE_SHARE_MAX", "1e0", SHARE],
		["QUOTA_WARN_RATIO", "80", SHARE],
		["ROUTE_LIMIT", "0", LIMIT],
		["ROUTE_LIMIT", "-1", LIMIT],
		["ROUTE_LIMIT", "1.5", LIMIT],
		["ROUTE_LIMIT", "Infinity", LIMIT],
		["ROUTE_LIMIT", "0x1F4", LIMIT],
		["ROUTE_LIMIT", "many", LIMIT],
	])("%s=%j is told in a sentence", (name, value, problem) => {
		expect(problemsOf({ ...REQUIRED, [name]: value })).toEqual([`${name} ${problem}`]);
	});

	it("is told together with all others", () => {
		const environment = { CLUSTER_CIDRS: "10.200.0.0", REPAIR: "yes", ROUTE_LIMIT: "x" };
		expect(() => parseSettings(environment)).toThrow(
			[
				"The settings cannot be used:",
				`- CLUSTER_CIDRS entry 1 is no block: not a CIDR block${CIDR_EXAMPLE}`,
				`- NODE_FILTERS is required${FILTER_EXAMPLE}`,
				"- REPAIR must be none or routes or all",
				`- ROUTE_LIMIT ${LIMIT}`,
				`- ROUTE_TABLES is required${TABLE_EXAMPLE}`,
			].join("\n"),
		);
	});

	it("is never quoted: it may be a secret in the wrong place", () => {
		const secret = "hunter2-sesame";
		const names = [
			"NODE_FILTERS",
			"ROUTE_TABLES",
			"CLUSTER_CIDRS",
			"NODE_CIDR_MASK_SIZES",
			"SOURCE_DEST_CHECK",
			"REPAIR",
			"DELETE_SHARE_MAX",
			"ROUTE_LIMIT",
			"QUOTA_WARN_RATIO",
		];
		const everywhere = Object.fromEntries(names.map((name) => [name, secret]));
		const problems = problemsOf({
			...everywhere,
			POD_CIDR_KEY: `${secret} `.repeat(2),
			AWS_SECRET_ACCESS_KEY: secret,
		});
		expect(problems).toHaveLength(10);
		expect(problems.join("\n")).not.toContain("hunter2");
		expect(problemsOf({ ...REQUIRED, ROUTE_TABLES: `rtb-${secret}` }).join()).not.toContain("hunter2");
	});
});
