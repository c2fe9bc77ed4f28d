/**
 * Maps with at most `limit` calls under way, in input order. The first rejection is passed on and no further
 * call is started.
 */
export async function mapBounded<T, R>(
	items: readonly T[],
	limit: number,
	call: (item: T) => Promise<R>,
): Promise<readonly R[]> {
	const results: R[] = [];
	const queue = items.entries();
	let hasFailed = false;
	async function work(): Promise<void> {
		for (const [index, item] of queue) {
			if (hasFailed) return;
			results[index] = await call(item);
		}
	}
	try {
		await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
	} catch (error) {
		hasFailed = true;
		throw error;
	}
	return results;
}
