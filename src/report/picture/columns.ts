/** Pixels that a row's heading takes, at most. */
const HEADING = 140;
/** Pixels that a cell needs for its letter. */
const CELL_MIN = 20;
/** A map of more rows than this is wider where there is room. */
const ROWS_WANTED = 16;
/** Where nothing is known of the width, a phone's is assumed. */
const FEWEST = 16;

/** Cells in a row of a map with so many cells in use: a power of two, more where `width` (pixels) has room for it. */
export function columnsFor(inUse: bigint, width: number | undefined): number {
	const room = ((width ?? 0) - HEADING) / CELL_MIN;
	const isWide = room >= 2 * FEWEST * 1.5;
	const least = isWide ? 2 * FEWEST : FEWEST;
	for (let columns = least; ; columns *= 2) {
		if (inUse <= BigInt(columns * ROWS_WANTED) || 2 * columns > room) return columns;
	}
}
