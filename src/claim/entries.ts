/** The value of the entry that is asked for, as it is meant: unquoted, without comment, trimmed. */
export interface Entry {
	/** The line of the text where it stands, from 1. */
	readonly line: number;
	readonly value: string;
}

/**
 * Every entry of a text whose key equals `key` exactly, in the order they stand. A line holds entries
 * separated by `|`, each in one of three forms:
 *
 * - `pod-cidr=10.200.0.0/24`, the tutorial's, spaces around ignored;
 * - `pod-cidr: 10.200.0.0/24`, a cloud-config's;
 * - `POD_CIDR="10.200.0.0/24"`, a shell script's, with or without `export`: `key` in upper case, `_` for `-`.
 *
 * A line that starts with `#` is a comment and holds none.
 */
export function* readEntries(text: string, key: string): Generator<Entry> {
	const shellKey = key.toUpperCase().replaceAll("-", "_");
	for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
		if (line.trimStart().startsWith("#")) continue;
		for (const segment of line.split("|")) {
			const entry = segment.trim();
			const value = shellValue(entry, shellKey) ?? plainValue(entry, key);
			if (value !== undefined) yield { line: index + 1, value };
		}
	}
}

/** In a shell, `NAME = value` is a command called NAME: the `=` must follow at once. */
function shellValue(entry: string, key: string): string | undefined {
	const assignment = entry.replace(/^export\s+/, "");
	return assignment.startsWith(`${key}=`) ? unquoted(assignment.slice(key.length + 1), SHELL_END) : undefined;
}

function plainValue(entry: string, key: string): string | undefined {
	if (!entry.startsWith(key)) return undefined;
	const rest = entry.slice(key.length).trimStart();
	if (rest.startsWith("=")) return rest.slice(1).trim();
	// In YAML a colon ends a key only before white space: `pod-cidr:x` is a text of its own.
	return /^:(?!\S)/.test(rest) ? unquoted(rest.slice(1), YAML_END) : undefined;
}

/** What ends a value that is not quoted: a comment, and in a shell the end of the command. */
const YAML_END = /\s#/;
const SHELL_END = /\s#|[;&]/;

/** Takes quotes off where they enclose all of the value. Others stay, and no block has any. */
function unquoted(value: string, end: RegExp): string {
	const text = value.trimStart();
	const quote = text.charAt(0);
	const close = quote === '"' || quote === "'" ? text.indexOf(quote, 1) : -1;
	if (close !== -1 && before(end, text.slice(close + 1)) === "") return text.slice(1, close).trim();
	return before(end, value);
}

function before(end: RegExp, text: string): string {
	const at = text.search(end);
	return (at === -1 ? text : text.slice(0, at)).trim();
}
