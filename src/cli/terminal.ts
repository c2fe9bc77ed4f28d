/** Where a command reads its settings and writes its words; a test gives its own. */
export interface Terminal {
	/** Environment variables. A command may set some for what it calls in this process. */
	readonly environment: Record<string, string | undefined>;
	/** A text with a line end, on standard output. */
	readonly print: (text: string) => void;
	/** The same on standard error. */
	readonly warn: (text: string) => void;
	/** Width of standard output, characters. */
	readonly columns: number;
	/** Whether standard output may be coloured: a terminal, and no `NO_COLOR`. */
	readonly colour: boolean;
	/** Whether standard error is a terminal that a person may be looking at. */
	readonly watched: boolean;
	/** A text as it is, on standard error. */
	readonly drawOver: (text: string) => void;
	/** Aborts when the person asks to stop. */
	readonly interrupted: AbortSignal;
}

/** 0: all is as it should be. 1: an error. 2: there is something to act on. */
export type ExitCode = 0 | 1 | 2;

/** The command line cannot be understood: the person who typed it must act. */
export class UsageError extends Error {
	override readonly name = "UsageError";
}
