import * as v from "valibot";
import { type Cidr, overlaps, parseCidr } from "./model/cidr.ts";
import type { Rules } from "./model/rules.ts";
import type { Filter, TableSelection } from "./model/selection.ts";

/** Everything an operator decides, read once and whole. The variables and their meaning: README.md, "Settings". */
export interface Settings extends Rules {
	readonly nodeFilters: readonly Filter[];
	readonly routeTables: TableSelection;
	readonly podCidrTag: string;
	readonly podCidrKey: string;
	readonly repair: "none" | "routes" | "all";
	/** Share of a table's managed routes that one audit may delete: 0 to 1. */
	readonly deleteShareMax: number;
}

/** The environment cannot be understood. The operator must act; `message` lists every problem, a line each. */
export class SettingsError extends Error {
	override readonly name = "SettingsError";
	readonly problems: readonly string[];

	constructor(problems: readonly string[]) {
		super(["The settings cannot be used:", ...problems.map((problem) => `- ${problem}`)].join("\n"));
		this.problems = problems;
	}
}

/**
 * Reads the settings from environment variables.
 *
 * @throws {SettingsError} naming every variable that is missing or malformed, not just the first.
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
	const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ""));
	const parsed = v.safeParse(variables, given);
	if (!parsed.success) throw new SettingsError(parsed.issues.map(describeIssue).sort());
	const values = parsed.output;
	return {
		nodeFilters: values.NODE_FILTERS,
		routeTables: values.ROUTE_TABLES,
		clusterCidrs: values.CLUSTER_CIDRS,
		nodeCidrMaskSizes: values.NODE_CIDR_MASK_SIZES,
		podCidrTag: values.POD_CIDR_TAG,
		podCidrKey: values.POD_CIDR_KEY,
		sourceDestCheck: values.SOURCE_DEST_CHECK,
		repair: values.REPAIR,
		deleteShareMax: values.DELETE_SHARE_MAX,
		routeLimit: values.ROUTE_LIMIT,
		quotaWarnRatio: values.QUOTA_WARN_RATIO,
	};
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
	const name = String(issue.path?.[0]?.key ?? "");
	const isMissing = issue.input === undefined;
	return `${name} ${isMissing ? "is required" : issue.message}${EXAMPLES.has(name) ? `; for example: ${EXAMPLES.get(name)}` : ""}`;
}

const EXAMPLES = new Map([
	["NODE_FILTERS", "tag:kubernetes.io/cluster/hard-way=owned,shared"],
	["ROUTE_TABLES", "rtb-0a1b2c3d4e5f60718 or tag:kubernetes.io/cluster/hard-way=owned"],
	["CLUSTER_CIDRS", "10.200.0.0/16"],
	["NODE_CIDR_MASK_SIZES", "24 or 24,64"],
]);

/**
 * A variable that turns its text into a value, or says what is wrong with the text. The text is never quoted:
 * it may be a secret in the wrong place.
 */
function read<T>(parse: (text: string) => T | Problem) {
	return v.pipe(
		v.string(),
		v.trim(),
		v.rawTransform(({ dataset, addIssue, NEVER }): T => {
			const result = parse(dataset.value);
			if (!(result instanceof Problem)) return result;
			addIssue({ message: result.message });
			return NEVER;
		}),
	);
}

class Problem {
	readonly message: string;
	constructor(message: string) {
		this.message = message;
	}
}

function withDefault<T>(variable: ReturnType<typeof read<T>>, fallback: string) {
	return v.optional(variable, fallback);
}

const variables = v.object({
	NODE_FILTERS: read(parseFilters),
	ROUTE_TABLES: read(parseTables),
	CLUSTER_CIDRS: read(parseClusterCidrs),
	NODE_CIDR_MASK_SIZES: withDefault(read(parseMaskSizes), "any"),
	POD_CIDR_TAG: withDefault(
		read((text) => text),
		"pod-cidr",
	),
	POD_CIDR_KEY: withDefault(read(parseKey), "pod-cidr"),
	SOURCE_DEST_CHECK: withDefault(read(oneOf("disable", "report")), "disable"),
	REPAIR: withDefault(read(oneOf("none", "routes", "all")), "none"),
	DELETE_SHARE_MAX: withDefault(read(parseShare), "0.3"),
	ROUTE_LIMIT: withDefault(read(parseLimit), "500"),
	QUOTA_WARN_RATIO: withDefault(read(parseShare), "0.8"),
});

function parseFilters(text: string): readonly Filter[] | Problem {
	const filters: Filter[] = [];
	for (const part of splitList(text, ";")) {
		const at = part.indexOf("=");
		const name = part.slice(0, at).trim();
		const values = splitList(part.slice(at + 1), ",");
		if (at < 0 || name === "" || values.length === 0) {
			return new Problem("must be EC2 filters, name=value[,value], several joined by ;");
		}
		filters.push({ name, values });
	}
	return filters.length > 0 ? filters : new Problem("must name at least one filter");
}

const TABLE_ID = /^rtb-[0-9a-f]+$/;

function parseTables(text: string): TableSelection | Problem {
	if (!text.startsWith("rtb-")) {
		const filters = parseFilters(text);
		if (!(filters instanceof Problem)) return { kind: "filters", filters };
		return new Problem(
			"must be route table ids joined by commas, or EC2 filters, name=value[,value], joined by ;",
		);
	}
	const ids = splitList(text, ",");
	const odd = ids.findIndex((id) => !TABLE_ID.test(id));
	if (odd >= 0) return new Problem(`entry ${odd + 1} is not a route table id`);
	return { kind: "ids", ids: [...new Set(ids)] };
}

function parseClusterCidrs(text: string): readonly Cidr[] | Problem {
	const cidrs: Cidr[] = [];
	for (const [index, part] of splitList(text, ",").entries()) {
		const entry = `entry ${index + 1}`;
		const parsed = parseCidr(part);
		if (!parsed.ok) return new Problem(`${entry} is no block: ${parsed.why}`);
		if (parsed.cidr.prefixLength === 0) return new Problem(`${entry} is every address there is`);
		if (cidrs.some((cidr) => overlaps(cidr, parsed.cidr)))
			return new Problem(`${entry} overlaps an earlier one`);
		cidrs.push(parsed.cidr);
	}
	return cidrs.length > 0 ? cidrs : new Problem("must name at least one block");
}

function parseMaskSizes(text: string): ReadonlySet<number> | "any" | Problem {
	if (text === "any") return text;
	const sizes = splitList(text, ",");
	const odd = sizes.find((size) => !/^[0-9]{1,3}$/.test(size) || Number(size) < 1 || Number(size) > 128);
	if (odd !== undefined || sizes.length === 0)
		return new Problem("must be prefix lengths from 1 to 128, or any");
	return new Set(sizes.map(Number));
}

function parseKey(text: string): string | Problem {
	return /^[A-Za-z0-9_.-]+$/.test(text) ? text : new Problem("may have letters, digits and _ . - only");
}

/** Plain decimals only: `Number` also reads `0x1`, `1e0` and more, and would let all be deleted by a typing error. */
const DECIMAL = /^[0-9]+(\.[0-9]+)?$/;

function parseShare(text: string): number | Problem {
	const share = DECIMAL.test(text) ? Number(text) : Number.NaN;
	return share >= 0 && share <= 1 ? share : new Problem("must be a number from 0 to 1");
}

function parseLimit(text: string): number | Problem {
	const limit = DECIMAL.test(text) ? Number(text) : Number.NaN;
	return Number.isInteger(limit) && limit >= 1 ? limit : new Problem("must be a whole number, 1 or more");
}

function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T | Problem {
	return (text) => words.find((word) => word === text) ?? new Problem(`must be ${words.join(" or ")}`);
}

function splitList(text: string, separator: string): readonly string[] {
	return text
		.split(separator)
		.map((part) => part.trim())
		.filter((part) => part !== "");
}
