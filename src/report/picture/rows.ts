import type { Run } from "./runs.ts";

/** A part of a run that stands in one row. */
export interface Piece extends Run {
	readonly columns: number;
}

/** A row of a map; or many alike, told as one. */
export type Row =
	| { readonly kind: "cells"; readonly first: bigint; readonly pieces: readonly Piece[] }
	| { readonly kind: "fold"; readonly first: bigint; readonly run: Run };

/** A map with more rows than this is told of its empty stretches in one row each. */
const ROWS_MAX = 16n;

/** Runs in rows of `columns` cells. A long map folds whole rows of one run, so that its height follows its use. */
export function rowsOf(runs: readonly Run[], columns: number): readonly Row[] {
	const width = BigInt(columns);
	const last = runs.at(-1);
	const isLong = last !== undefined && last.first + last.count > ROWS_MAX * width;
	const rows: Row[] = [];
	let pieces: Piece[] = [];
	const place = (piece: Run) => {
		pieces.push({ ...piece, columns: Number(piece.count) });
		if ((piece.first + piece.count) % width !== 0n) return;
		rows.push({ kind: "cells", first: pieces[0]?.first ?? 0n, pieces });
		pieces = [];
	};
	for (const run of runs) {
		for (const part of split(run, width, isLong)) {
			if (part.count > width) rows.push({ kind: "fold", first: part.first, run: part });
			else place(part);
		}
	}
	return rows;
}

/** A run cut at the ends of rows; where it may be folded, its whole rows are one part. */
function split({ first, count, marks }: Run, width: bigint, mayFold: boolean): readonly Run[] {
	const end = first + count;
	const parts: Run[] = [];
	for (let at = first; at < end; ) {
		const rest = width - (at % width);
		const whole = ((end - at) / width) * width;
		const folds = mayFold && rest === width && whole > width;
		const size = folds ? whole : min(rest, end - at);
		parts.push({ first: at, count: size, marks });
		at += size;
	}
	return parts;
}

function min(a: bigint, b: bigint): bigint {
	return a < b ? a : b;
}
