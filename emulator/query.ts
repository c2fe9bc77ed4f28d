import { invalidValue, missingParameter } from "./errors.ts";

/** One Query request: its action and its parameters by wire name, lists flattened as `Name.1` (aws-facts.md §1.1). */
export interface Ec2Request {
	readonly action: string;
	readonly parameters: Readonly<Record<string, string>>;
}

/** Reads a form-encoded body. A body that names no action yields the empty action, which no table holds. */
export function parseQuery(body: string): Ec2Request {
	const parameters = Object.fromEntries(new URLSearchParams(body));
	return { action: parameters["Action"] ?? "", parameters };
}

/** The parameter's value; an empty one counts as absent, as in EC2's own "must contain the parameter" answer to an empty id (aws-facts.md §1.3). */
export function optional(request: Ec2Request, name: string): string | undefined {
	const value = request.parameters[name];
	return value === "" ? undefined : value;
}

/** The parameter's value; throws `MissingParameter` where it is absent or empty. */
export function required(request: Ec2Request, name: string): string {
	const value = optional(request, name);
	if (value === undefined) throw missingParameter(name);
	return value;
}

/** A boolean parameter; throws `InvalidParameterValue` for anything but `true` and `false`. */
export function booleanOf(request: Ec2Request, name: string): boolean | undefined {
	const text = optional(request, name);
	if (text === undefined) return undefined;
	if (text === "true") return true;
	if (text === "false") return false;
	throw invalidValue(`Value (${text}) for parameter ${name} is invalid. Expected 'true' or 'false'.`);
}

/** An integer parameter; throws `InvalidParameterValue` for text that is no integer. */
export function integerOf(request: Ec2Request, name: string): number | undefined {
	const text = optional(request, name);
	if (text === undefined) return undefined;
	if (!/^-?\d{1,15}$/.test(text)) {
		throw invalidValue(`Value (${text}) for parameter ${name} is invalid. Expected an integer.`);
	}
	return Number(text);
}

/** The values of `Name.1`, `Name.2`, … in index order. */
export function listOf(request: Ec2Request, name: string): readonly string[] {
	return indexesOf(request, name).flatMap((index) => request.parameters[`${name}.${index}`] ?? []);
}

/** The structures `Name.1.…`, `Name.2.…` in index order, each as a request of its own with the prefix removed. */
export function structuresOf(request: Ec2Request, name: string): readonly Ec2Request[] {
	return indexesOf(request, name).map((index) => {
		const prefix = `${name}.${index}.`;
		const inner = Object.entries(request.parameters).filter(([key]) => key.startsWith(prefix));
		const parameters = Object.fromEntries(inner.map(([key, value]) => [key.slice(prefix.length), value]));
		return { action: request.action, parameters };
	});
}

function indexesOf(request: Ec2Request, name: string): readonly number[] {
	const indexes = new Set<number>();
	for (const key of Object.keys(request.parameters)) {
		if (!key.startsWith(`${name}.`)) continue;
		const index = key.slice(name.length + 1).split(".")[0] ?? "";
		if (/^\d+$/.test(index)) indexes.add(Number(index));
	}
	return [...indexes].sort((a, b) => a - b);
}
