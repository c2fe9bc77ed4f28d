type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

/**
 * Whether EventBridge would match an event: fields that the pattern names must all be there, each with a value that
 * its list allows; of a list in the event one element suffices, and what the pattern says of one element's fields must
 * all hold of that element ("Event patterns", Amazon EventBridge User Guide; array-consistent, as aws/event-ruler has
 * it). Throws for an operator other than `$or` and `wildcard`. test/interop holds it to somebody else's.
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
	return matches(pattern as Fields, event as Json);
}

function matches(pattern: Fields, event: Json | undefined): boolean {
	if (Array.isArray(event)) return event.some((element) => matches(pattern, element));
	if (typeof event !== "object" || event === null) return false;
	const fields = event as Fields;
	return Object.entries(pattern).every(([key, wanted]) => {
		if (key === "$or") return (wanted as Fields[]).some((either) => matches(either, fields));
		if (Array.isArray(wanted)) return valuesOf(fields[key]).some((value) => isAllowed(wanted, value));
		return matches(wanted as Fields, fields[key]);
	});
}

function valuesOf(value: Json | undefined): readonly Json[] {
	if (value === undefined) return [];
	return Array.isArray(value) ? value.flatMap(valuesOf) : [value];
}

function isAllowed(wanted: readonly Json[], value: Json): boolean {
	return wanted.some((allowed) => {
		if (typeof allowed !== "object" || allowed === null) return allowed === value;
		const [[operator, operand] = [], ...others] = Object.entries(allowed);
		if (operator !== "wildcard" || typeof operand !== "string" || others.length > 0) {
			throw new Error(`This matcher knows nothing of ${JSON.stringify(allowed)}`);
		}
		const parts = operand.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
		return typeof value === "string" && new RegExp(`^${parts.join(".*")}$`, "s").test(value);
	});
}
