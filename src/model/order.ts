/** Code-unit order, the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
	if (a < b) return -1;
	return a > b ? 1 : 0;
}

/** What is absent comes first; the rest by `compare`. */
export function compareOptional<T>(
	a: T | undefined,
	b: T | undefined,
	compare: (a: T, b: T) => number,
): number {
	if (a === undefined) return b === undefined ? 0 : -1;
	return b === undefined ? 1 : compare(a, b);
}
