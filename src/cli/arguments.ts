import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { type InstanceId, isInstanceId } from "../model/instance.ts";
import { UsageError } from "./terminal.ts";

/**
 * A command's options, by `node:util`'s rules.
 *
 * @throws {UsageError} for an option that the command does not have, and for a stray word.
 */
export function parseOptions<const Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
	try {
		return parseArgs({ args, options, allowPositionals: false }).values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

/** @throws {UsageError} unless `text` is a whole number from 0 to `max`. */
export function wholeNumber(option: string, text: string, max: number): number {
	const value = Number(text);
	if (/^[0-9]+$/.test(text) && value <= max) return value;
	throw new UsageError(`${option} must be a whole number from 0 to ${max}.`);
}

/** @throws {UsageError} unless `text` is one of `words`. */
export function oneOf<const Word extends string>(
	option: string,
	text: string,
	...words: readonly Word[]
): Word {
	const found = words.find((word) => word === text);
	if (found !== undefined) return found;
	throw new UsageError(`${option} must be ${words.join(" or ")}.`);
}

/** @throws {UsageError} unless `text` is an address that `fetch` takes: it refuses credentials in a URL. */
export function endpoint(option: string, text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") {
		return url.href;
	}
	throw new UsageError(`${option} must be an http or https URL without credentials in it.`);
}

/** @throws {UsageError} unless `text` has the form of an instance id. */
export function instanceId(option: string, text: string): InstanceId {
	if (isInstanceId(text)) return text;
	throw new UsageError(`${option} must be an instance id, i-…; ${text} is none.`);
}
