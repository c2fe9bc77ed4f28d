import type { Tags } from "./entities.ts";
import { Ec2Error, invalidValue } from "./errors.ts";
import { type Ec2Request, listOf, optional, structuresOf } from "./query.ts";

/** What an item answers to each filter name; several values match when any one does. */
export type FilterTable<Item> = Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>;

/** Amazon EC2 User Guide, "Find your Amazon EC2 resources": 50 filters a request, 200 values a filter, 255 characters a value. */
const LIMITS = { filters: 50, values: 200, characters: 255 };

/**
 * The test a request's filters make: all filters, any value of each. Throws `InvalidParameterValue` for a name the
 * table does not hold, `FilterLimitExceeded` beyond EC2's limits.
 */
export function filtersOf<Item extends { readonly tags: Tags }>(
	request: Ec2Request,
	table: FilterTable<Item>,
): (item: Item) => boolean {
	const filters = structuresOf(request, "Filter");
	if (filters.length > LIMITS.filters)
		throw limitExceeded(`The maximum number of filters is ${LIMITS.filters}`);
	const tests = filters.map((filter) => {
		const name = optional(filter, "Name");
		const read = name === undefined ? undefined : readerOf(name, table);
		if (read === undefined) throw invalidValue(`The filter '${name ?? "null"}' is invalid`);
		const patterns = patternsOf(filter);
		return (item: Item) =>
			read(item).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
	});
	return (item) => tests.every((test) => test(item));
}

function readerOf<Item extends { readonly tags: Tags }>(name: string, table: FilterTable<Item>) {
	if (name.startsWith("tag:")) return ({ tags }: Item) => [tags.get(name.slice("tag:".length))];
	if (name === "tag-key") return ({ tags }: Item) => [...tags.keys()];
	return Object.hasOwn(table, name) ? table[name] : undefined;
}

function patternsOf(filter: Ec2Request): readonly RegExp[] {
	const values = listOf(filter, "Value");
	if (values.length > LIMITS.values) {
		throw limitExceeded(`The maximum number of filter values specified on a single call is ${LIMITS.values}`);
	}
	if (values.some((value) => value.length > LIMITS.characters)) {
		throw limitExceeded(`The maximum length for a filter value is ${LIMITS.characters} characters`);
	}
	return values.map(patternOf);
}

/**
 * `*` matches zero or more characters, `?` zero or one, a backslash takes the next character literally; case counts
 * (Amazon EC2 User Guide, "Find your Amazon EC2 resources").
 */
function patternOf(value: string): RegExp {
	const source = [...value.matchAll(/\\([\s\S])|([\s\S])/gu)].map(([, escaped, plain]) => {
		if (escaped !== undefined) return literal(escaped);
		if (plain === "*") return "[\\s\\S]*";
		return plain === "?" ? "[\\s\\S]?" : literal(plain ?? "");
	});
	return new RegExp(`^${source.join("")}$`, "u");
}

function literal(character: string): string {
	return character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function limitExceeded(message: string): Ec2Error {
	return new Ec2Error("FilterLimitExceeded", message);
}
