import type { InstanceId } from "../model/instance.ts";
import type { Plan, Policy } from "../plan/plan.ts";

/** What a pass is asked for. */
export type Request = LaunchRequest | BackfillRequest | AuditRequest;

/** See to these instances, because events named them. */
interface LaunchRequest {
	readonly operation: "launch";
	readonly instanceIds: readonly InstanceId[];
}

/** See to every node, or to those named. */
export interface BackfillRequest {
	readonly operation: "backfill";
	readonly instanceIds?: readonly InstanceId[];
	readonly dryRun: boolean;
	/** The only plan that may be applied. */
	readonly planId?: string;
}

/** Look at everything, and put right what `repair` allows. */
interface AuditRequest {
	readonly operation: "audit";
	readonly repair: "none" | "routes" | "all";
}

/** Whose routes a request sees to, and whether it may delete. */
export function policyOf(request: Request, deleteShareMax: number): Policy {
	switch (request.operation) {
		case "launch":
		case "backfill":
			return {
				scope: request.instanceIds === undefined ? "all" : new Set(request.instanceIds),
				deletes: "none",
			};
		case "audit":
			return { scope: "all", deletes: request.repair === "all" ? { shareMax: deleteShareMax } : "none" };
		// Stryker disable next-line ConditionalExpression: no operation is left, as the compiler holds.
		default:
			return request satisfies never;
	}
}

/** Whether a request's plan is applied: not by a dry run, an audit without repair, or under another plan's id. */
export function mayApply(request: Request, plan: Plan): boolean {
	if (request.operation === "audit") return request.repair !== "none";
	if (request.operation === "backfill") return !request.dryRun && whyPlanRefused(request, plan).length === 0;
	return true;
}

/** Whether only one plan may be applied: a person approved it, and what another decision would change was not. */
export function isPinned(request: Request): boolean {
	return request.operation === "backfill" && request.planId !== undefined;
}

/** Whether some changes may be made before the plan is whole: nobody waits to see that plan first. */
export function mayStartAhead(request: Request): boolean {
	return (
		request.operation === "backfill" &&
		request.instanceIds === undefined &&
		!request.dryRun &&
		request.planId === undefined
	);
}

/** Why a plan is refused that a person approved under another id: one sentence, or none. */
export function whyPlanRefused(request: Request, plan: Plan): readonly string[] {
	if (request.operation !== "backfill" || request.planId === undefined || request.planId === plan.id)
		return [];
	return [
		`plan ${request.planId} is refused: the plan is ${plan.id} by now; look at it again before you apply it`,
	];
}
