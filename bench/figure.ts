/** One measured value, as the table prints it and `bench/results/latest.json` keeps it. */
export interface Figure {
	/** What was measured, in a few words; the alternatives of a figure follow it. */
	readonly name: string;
	readonly value: number;
	readonly unit: "ratio" | "ms" | "s" | "kB" | "calls" | "count" | "bytes";
	/** At most this much, in the same unit; absent where a figure only stands beside another. */
	readonly goal?: number;
	readonly note?: string;
}
