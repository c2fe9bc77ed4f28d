/**
 * An error in the words a person is told: its own message. Whoever wraps an error says in the message what
 * matters of the cause, which is for a debugger: an SDK error may carry kilobytes.
 */
export function tellError(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
