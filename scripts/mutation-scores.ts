/** What is read of Stryker's JSON report: every file, by its path from the root, with its mutants. */
export interface MutationReport {
	readonly files: Readonly<Record<string, MutatedFile>>;
}

interface MutatedFile {
	/** Without the mutants. */
	readonly source: string;
	readonly mutants: readonly Mutant[];
}

interface Mutant {
	readonly status: string;
	readonly statusReason?: string;
}

type Fate = "killed" | "survived" | "disabled" | "unexplained" | "unusable";

/**
 * How many mutants of a folder of `src` came to each end.
 *
 * - `killed`: a test failed, or did not end.
 * - `survived`: no test failed, or none ran it.
 * - `disabled`: a comment beside it says why no test can tell it from the code.
 * - `unexplained`: disabled, and no comment says why.
 * - `unusable`: it could not be run at all.
 */
export type FolderScore = { readonly folder: string } & Readonly<Record<Fate, number>>;

/** The scores of the folders in a report, in the report's order. */
export function scoresOf({ files }: MutationReport): readonly FolderScore[] {
	const byFolder = Map.groupBy(Object.entries(files), ([path]) => folderOf(path));
	return [...byFolder].map(([folder, entries]) => {
		const fates = entries.flatMap(([, file]) => fatesIn(file));
		const count = (fate: Fate) => fates.filter((other) => other === fate).length;
		return {
			folder,
			killed: count("killed"),
			survived: count("survived"),
			disabled: count("disabled"),
			unexplained: count("unexplained"),
			unusable: count("unusable"),
		};
	});
}

/** 0 to 1; `undefined` where there was nothing to kill. One disabled without a reason counts as a survivor. */
function shareKilled(score: FolderScore | undefined): number | undefined {
	const { killed = 0, survived = 0, unexplained = 0 } = score ?? {};
	const all = killed + survived + unexplained;
	return all === 0 ? undefined : killed / all;
}

/** Which folders are below their goal, a sentence each. A goal of which nothing was mutated is missed. */
export function missedGoals(
	scores: readonly FolderScore[],
	goals: Readonly<Record<string, number>>,
): readonly string[] {
	return Object.entries(goals).flatMap(([folder, goal]) => {
		const share = shareKilled(scores.find((score) => score.folder === folder));
		if (share === undefined) return [`src/${folder}: nothing was mutated`];
		return share >= goal ? [] : [`src/${folder}: ${percent(share)} is below ${percent(goal)}`];
	});
}

/** One line a folder, under a line of headings. */
export function tabulate(scores: readonly FolderScore[]): string {
	const headings = ["", "score", "killed", "survived", "disabled", "disabled without a reason", "unusable"];
	const rows = scores.map((score) => [
		`src/${score.folder}`,
		percent(shareKilled(score)),
		...[score.killed, score.survived, score.disabled, score.unexplained, score.unusable].map(String),
	]);
	const lines = [headings, ...rows];
	const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	return lines
		.map((line) => line.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join("  "))
		.join("\n");
}

/** Names to the left, figures to the right. */
function pad(cell: string, column: number, width: number): string {
	return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** Rounded down, so that nothing but all of them reads `100.00 %`. */
function percent(share: number | undefined): string {
	return share === undefined ? "none" : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

function folderOf(path: string): string {
	const [, folder = ""] = /^src\/([^/]+)\//.exec(path) ?? [];
	if (folder === "") throw new Error(`${path} is in no folder of src`);
	return folder;
}

function fatesIn({ source, mutants }: MutatedFile): readonly Fate[] {
	const reasons = new Set(
		[...source.matchAll(/\/\/ Stryker disable next-line [\w, ]+: *(.+)$/gm)].map(([, reason]) => reason),
	);
	return mutants.map(({ status, statusReason }) => {
		switch (status) {
			case "Killed":
			case "Timeout":
				return "killed";
			case "Survived":
			case "NoCoverage":
				return "survived";
			case "Ignored":
				return reasons.has(statusReason) ? "disabled" : "unexplained";
			case "CompileError":
			case "RuntimeError":
				return "unusable";
			default:
				throw new Error(`A mutant is ${status}: it has no result`);
		}
	});
}
