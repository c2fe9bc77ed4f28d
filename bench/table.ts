import type { Figure } from "./figure.ts";

/** Columns, so that a row fits a terminal of 80. */
const NAME_WIDTH = 40;
const VALUE_WIDTH = 13;
const GOAL_WIDTH = 13;

/** How a figure stands to its goal. */
export type Standing = "met" | "MISSED" | "not measured" | "";

/** A figure without a value was not measured; one without a goal stands beside another. */
export function standingOf({ value, goal }: Figure): Standing {
	if (Number.isNaN(value)) return "not measured";
	if (goal === undefined) return "";
	return value <= goal ? "met" : "MISSED";
}

/** The figures of one part, a row each, under a heading. */
export function renderTable(title: string, figures: readonly Figure[]): string {
	const heading = `${title.padEnd(NAME_WIDTH)}${"value".padStart(VALUE_WIDTH)}${"goal".padStart(GOAL_WIDTH)}`;
	return [heading, "-".repeat(80), ...figures.map(renderRow), ""].join("\n");
}

function renderRow(figure: Figure): string {
	const { name, value, unit, goal, note } = figure;
	const standing = standingOf(figure);
	const cells = [
		// A long name has a line of its own, so that the columns stay where they are.
		name.length < NAME_WIDTH ? name.padEnd(NAME_WIDTH) : `${name}\n${" ".repeat(NAME_WIDTH)}`,
		(standing === "not measured" ? "-" : written(value, unit)).padStart(VALUE_WIDTH),
		(goal === undefined ? "" : `<= ${written(goal, unit)}`).padStart(GOAL_WIDTH),
		standing === "" ? "" : `  ${standing}`,
	];
	const row = cells.join("").trimEnd();
	return note === undefined ? row : `${row}\n    ${note}`;
}

function written(value: number, unit: Figure["unit"]): string {
	if (unit === "bytes") return `${formatted(value / 1_000, 0)} kB`;
	if (unit === "count") return formatted(value, 0);
	if (unit === "calls") return `${formatted(value, 0)} calls`;
	if (unit === "ratio") return `${formatted(value, 3)} x`;
	return `${formatted(value, value < 100 ? 2 : 0)} ${unit}`;
}

function formatted(value: number, digits: number): string {
	return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
