import { compareChanges, subjectOf } from "../model/change.ts";
import type { InstanceId } from "../model/instance.ts";
import type { Report } from "../model/report.ts";
import type { RouteTable } from "../model/route.ts";
import type { Rules } from "../model/rules.ts";
import { type Analysis, analyse } from "../plan/analyse.ts";
import { findAll } from "../plan/findings.ts";
import { type Ignored, makePlan, type Plan } from "../plan/plan.ts";
import { planIdOf } from "../plan/plan-id.ts";
import { type Applied, applyChanges } from "./apply.ts";
import { compileReport, type PassFacts } from "./compile-report.ts";
import type { Deadline } from "./deadline.ts";
import { FreshTables } from "./fresh-tables.ts";
import { type Gathered, gather } from "./gather.ts";
import { HeadStart } from "./head-start.ts";
import { type ClaimSettings, Observer } from "./observe.ts";
import type { Ports } from "./ports.ts";
import { isPinned, mayApply, mayStartAhead, policyOf, type Request, whyPlanRefused } from "./request.ts";
import { tellError } from "./tell-error.ts";

/** Everything a pass takes from outside. */
export interface Surroundings {
	readonly ports: Ports;
	readonly settings: Rules & ClaimSettings & { readonly deleteShareMax: number };
	/** Epoch milliseconds. */
	readonly now: () => number;
	readonly deadline: Deadline;
	/** How many nodes a {@link HeadStart} hears of at once, unless as many as EC2 lets be read at once. */
	readonly waveSize?: number;
}

export interface PassResult {
	readonly report: Report;
	/** Instances asked for that EC2 does not know: they are not visible yet, or gone. */
	readonly notFound: readonly InstanceId[];
	/** Another plan was approved than the one there is by now, so nothing was applied. */
	readonly planRefused: boolean;
	/** What should have been done and was not: a caller that can be retried fails after telling. */
	readonly unfinished: readonly Unfinished[];
}

/** Something left undone, in a sentence, and for whom; for nobody alone where a route's owner is not known. */
export interface Unfinished {
	readonly instanceId?: InstanceId;
	readonly why: string;
}

/** A pass told its report and left something undone. Whoever retries, or watches the failure queue, must act. */
export class UnfinishedError extends Error {
	override readonly name = "UnfinishedError";

	constructor(unfinished: readonly Unfinished[]) {
		super(`The pass is unfinished: ${unfinished.map(({ why }) => why).join("; ")}`);
	}
}

/**
 * One pass: observe, decide, act, report. Launch, audit and backfill differ in scope and policy alone.
 *
 * @throws where the world could not be read whole; nothing has been written then.
 */
export async function reconcile(request: Request, surroundings: Surroundings): Promise<PassResult> {
	const { ports, settings, now, deadline } = surroundings;
	const observer = new Observer(ports, settings, deadline.stopStarting);
	if (!mayStartAhead(request)) return runPass(request, observer, surroundings, undefined);
	const readTables = async () => (await observer.readTables()).tables;
	const fresh = new FreshTables([], Number.NEGATIVE_INFINITY, readTables, now);
	const headStart = new HeadStart(fresh, surroundings);
	try {
		return await runPass(request, observer, surroundings, headStart);
	} catch (error) {
		throw await headStart.endFailed(error);
	}
}

async function runPass(
	request: Request,
	observer: Observer,
	surroundings: Surroundings,
	headStart: HeadStart | undefined,
): Promise<PassResult> {
	const { ports, now, deadline } = surroundings;
	const gathered = await gather(request, {
		observer,
		nodes: ports.nodes,
		now,
		signal: deadline.stopStarting,
		headStart,
	});
	const tell = (facts: Partial<PassFacts>) =>
		compileReport({ ...blank(request), ...facts, apiCalls: ports.countCalls() });
	if (gathered.kind === "nothing") {
		return {
			report: tell({ ignored: gathered.ignored }),
			notFound: gathered.notFound,
			planRefused: false,
			unfinished: [],
		};
	}
	const { first, latest, applied, skipped } = await decideAndAct(request, gathered, observer, surroundings);
	const ahead = aheadOf(first.plan, gathered.ahead);
	const changes = [...ahead, ...applied];
	const report = tell({
		planId: idWithAhead(first.plan, ahead),
		changes: changes.toSorted((a, b) => compareChanges(a.change, b.change)),
		quota: first.analysis.quota,
		...(request.operation === "audit"
			? auditFacts(first.analysis)
			: askedFacts(request, first.analysis, latest.plan)),
		ignored: [
			...gathered.ignored,
			...skipped.filter(({ why }) => !gathered.ignored.some((known) => known.why === why)),
			...whyPlanRefused(request, first.plan).map((why) => ({ why })),
			...whyIgnored(request, latest),
			...latest.plan.unsettled,
		],
	});
	const undone = mayApply(request, first.plan) ? changes.flatMap(describeUndone) : [];
	return {
		report,
		notFound: gathered.notFound,
		planRefused: whyPlanRefused(request, first.plan).length > 0,
		unfinished: [...undone, ...latest.plan.unsettled],
	};
}

/** What was done ahead of the plan; what was tried and is still wanted is in the plan, and told there. */
function aheadOf({ changes }: Plan, ahead: readonly Applied[]): readonly Applied[] {
	const planned = new Set(changes.map(({ change }) => subjectOf(change)));
	return ahead.filter(
		({ change, outcome }) =>
			outcome.kind === "applied" || (outcome.kind === "failed" && !planned.has(subjectOf(change))),
	);
}

/** The id of the plan as it would have been for the world before anything was done ahead. */
function idWithAhead(plan: Plan, ahead: readonly Applied[]): string {
	if (ahead.length === 0) return plan.id;
	const changes = [...ahead, ...plan.changes].map(({ change }) => change);
	return planIdOf(changes.sort(compareChanges));
}

interface Decision {
	readonly analysis: Analysis;
	readonly plan: Plan;
}

interface Course {
	/** By the world as the pass found it. */
	readonly first: Decision;
	/** The same, unless tables moved: refusals are told as they stand in the end. */
	readonly latest: Decision;
	readonly applied: readonly Applied[];
	/** Tables that the last reading before a write no longer had. */
	readonly skipped: readonly Ignored[];
}

/** Decides, and acts if that is asked for; where tables moved meanwhile, does both once more for what moved. */
async function decideAndAct(
	request: Request,
	gathered: Gathered,
	observer: Observer,
	{ ports, settings, now, deadline }: Surroundings,
): Promise<Course> {
	const policy = policyOf(request, settings.deleteShareMax);
	const decide = async (tables: readonly RouteTable[]): Promise<Decision> => {
		const analysis = analyse(await gathered.observe(tables), settings);
		return { analysis, plan: makePlan(analysis, policy) };
	};
	const first = await decide(gathered.tables);
	if (!mayApply(request, first.plan))
		return { first, latest: first, applied: leftPlanned(first.plan), skipped: [] };

	let skipped: readonly Ignored[] = [];
	const readTables = async () => {
		const reading = await observer.readTables();
		skipped = reading.skipped.map((why) => ({ why }));
		return reading.tables;
	};
	const fresh = new FreshTables(gathered.tables, gathered.tablesReadAt, readTables, now);
	const attempts = await applyChanges(first.plan.changes, ports, fresh, deadline);
	const moved = new Set(attempts.filter(isStale).map(({ change }) => subjectOf(change)));
	if (moved.size === 0 || deadline.stopStarting.aborted || isPinned(request)) {
		return { first, latest: first, applied: attempts, skipped };
	}
	const latest = await fresh.renew().then(decide).catch(tellError);
	if (typeof latest === "string") {
		const applied = attempts.map((attempt) => stillStale(attempt, latest));
		return { first, latest: first, applied, skipped };
	}
	const stillWanted = latest.plan.changes.filter(({ change }) => moved.has(subjectOf(change)));
	const retried = await applyChanges(stillWanted, ports, fresh, deadline);
	const settled = attempts.filter((attempt) => !isStale(attempt));
	return { first, latest, applied: [...settled, ...retried], skipped };
}

/** The table was not as planned, so that deciding again may help. */
function isStale({ outcome }: Applied): boolean {
	return outcome.kind === "stale";
}

/** What was written must be told even where the tables cannot be read again. */
function stillStale(attempt: Applied, trouble: string): Applied {
	if (attempt.outcome.kind !== "stale") return attempt;
	const error = `${attempt.outcome.error}; deciding again failed: ${trouble}`;
	return { ...attempt, outcome: { kind: "stale", error } };
}

function leftPlanned({ changes }: Plan): readonly Applied[] {
	return changes.map(({ change }) => ({ change, outcome: { kind: "planned" } }));
}

function blank(request: Request): PassFacts {
	return {
		operation: request.operation,
		dryRun: request.operation === "backfill" && request.dryRun,
		planId: planIdOf([]),
		changes: [],
		refusals: [],
		findings: [],
		routes: [],
		quota: [],
		ignored: [],
		apiCalls: {},
	};
}

/** An audit has a finding for every node but one whose claim could not be read. */
function whyIgnored(request: Request, { analysis, plan }: Decision): readonly Ignored[] {
	if (request.operation !== "audit") return plan.ignored;
	return plan.ignored.filter(
		({ instanceId }) => instanceId !== undefined && analysis.vetted.get(instanceId)?.kind === "unread",
	);
}

/** An audit tells everything as it found it. */
function auditFacts(analysis: Analysis): Pick<PassFacts, "findings" | "routes"> {
	return { findings: findAll(analysis), routes: analysis.placed };
}

/**
 * Launch and backfill answer for the instances they were asked about. That there is none at all is told by
 * both uses that list every node: a misspelt filter must not look like a healthy cluster.
 */
function askedFacts(
	request: Request,
	analysis: Analysis,
	{ refusals }: Plan,
): Pick<PassFacts, "findings" | "refusals"> {
	const listsAll = request.operation === "backfill" && request.instanceIds === undefined;
	return { refusals, findings: listsAll ? findAll(analysis).filter(({ code }) => code === "no-nodes") : [] };
}

function describeUndone({ change, outcome }: Applied): readonly Unfinished[] {
	const what = `${change.kind} ${subjectOf(change)}`;
	const whose = "instanceId" in change ? { instanceId: change.instanceId } : {};
	if (outcome.kind === "planned") return [{ ...whose, why: `${what}: not attempted, out of time` }];
	if (outcome.kind === "stale" || outcome.kind === "failed")
		return [{ ...whose, why: `${what}: ${outcome.error}` }];
	return [];
}
