import { EC2ServiceException } from "@aws-sdk/client-ec2";
import type { WriteResult } from "../reconcile/ports.ts";

/** The longest message that is passed on: an UnauthorizedOperation carries kilobytes of encoded detail. */
const MESSAGE_LENGTH_MAX = 300;

/** EC2 knows no instance of this id: not yet visible, or gone (aws-facts.md §1.3, §2.8). */
export function isInstanceNotFound(error: unknown): boolean {
	return codeOf(error) === "InvalidInstanceID.NotFound";
}

/** The caller's role may not do this. */
export function isDenied(error: unknown): boolean {
	return codeOf(error) === "UnauthorizedOperation";
}

/** The account asks too much of this action (aws-facts.md §5). */
export function isThrottled(error: unknown): boolean {
	return codeOf(error) === "RequestLimitExceeded";
}

/**
 * What a rejected write means for a plan. RouteAlreadyExists, and ReplaceRoute's "no route defined", say that
 * the table moved; so does InvalidRoute.NotFound of DeleteRoute (aws-facts.md §2.4). ReplaceRoute shares the
 * code InvalidParameterValue with plain mistakes, hence the look at the message.
 */
export function asWriteResult(error: unknown): WriteResult {
	const told = describeError(error);
	if (isAborted(error)) return { kind: "failed", error: `${told}, so it may have taken effect` };
	return { kind: hasMoved(error) ? "moved" : "failed", error: told };
}

function hasMoved(error: unknown): boolean {
	const code = codeOf(error);
	if (code === "RouteAlreadyExists" || code === "InvalidRoute.NotFound") return true;
	return code === "InvalidParameterValue" && /no route defined/i.test(messageOf(error));
}

/** `Code: message`, in one line of bounded length. */
export function describeError(error: unknown): string {
	if (isAborted(error)) return "OutOfTime: no answer before the deadline";
	const code = codeOf(error) ?? (error instanceof Error ? error.name : "Unknown");
	const message = messageOf(error).replace(/\s+/g, " ");
	return `${code}: ${message.length > MESSAGE_LENGTH_MAX ? `${message.slice(0, MESSAGE_LENGTH_MAX)}…` : message}`;
}

/** The signal of a deadline ended the request: the only signals there are. */
export function isAborted(error: unknown): boolean {
	return error instanceof Error && error.name === "AbortError";
}

function codeOf(error: unknown): string | undefined {
	return error instanceof EC2ServiceException ? error.name : undefined;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
