import { describe, expect, it } from "vitest";
import type { Fault } from "../../emulator/faults.ts";
import type { PassResult } from "../../src/reconcile/reconcile.ts";
import type { Request } from "../../src/reconcile/request.ts";
import type { Cluster } from "./cluster.ts";

/** A world before a pass, the pass, and what the pass makes of it. */
export interface CrashScene {
	readonly build: () => Promise<Cluster>;
	readonly request: (cluster: Cluster) => Request;
	/** The routes of each table, in the words of {@link Cluster.routes}, before and after an undisturbed pass. */
	readonly before: readonly Readonly<Record<string, string>>[];
	readonly after: readonly Readonly<Record<string, string>>[];
	/** The one node whose source/dest check the pass turns off. */
	readonly checked: string;
}

type OmitWhen<F> = F extends unknown ? Omit<F, "when"> : never;
type Failure = OmitWhen<Fault>;

/** Ways to fail that a client tries again. */
const PASSING: Readonly<Record<string, Failure>> = {
	"is throttled": { status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded." },
	"meets an internal error": {
		status: 500,
		code: "InternalError",
		message: "An internal error has occurred",
	},
	"finds EC2 unavailable": { status: 503, code: "Unavailable", message: "The service is unavailable." },
	"times out": { kind: "timeout" },
	"loses its connection": { kind: "connection-reset" },
};

/** All ways to fail. What is not found, and what exists, is told in the words of every action: a call takes them all. */
const FAILURES: Readonly<Record<string, Failure>> = {
	...PASSING,
	"is answered in broken XML": { kind: "malformed-xml" },
	"is denied": { status: 403, code: "UnauthorizedOperation", message: "You are not authorized." },
	"finds no instance": refusal("InvalidInstanceID.NotFound"),
	"finds no interface": refusal("InvalidNetworkInterfaceID.NotFound"),
	"finds no table": refusal("InvalidRouteTableID.NotFound"),
	"finds no route": refusal("InvalidRoute.NotFound"),
	"finds no route to replace": refusal(
		"InvalidParameterValue",
		"There is no route defined for '10.200.0.0/24' in the route table. Use CreateRoute instead.",
	),
	"finds a route there": refusal("RouteAlreadyExists"),
};

function refusal(code: string, message = "EC2 says no."): Failure {
	return { status: 400, code, message };
}

/**
 * The tests of a scene: each call that its undisturbed pass makes fails in turn, in every way, before it takes effect
 * and after. A call that is new to the pass is in the matrix by being made.
 */
export async function crashMatrix(scene: CrashScene): Promise<void> {
	const undisturbed = await runUndisturbed(scene);

	it("undisturbed, ends as it should", async () => {
		const cluster = await scene.build();
		expect(await allRoutes(cluster)).toEqual(scene.before);
		expect(await cluster.checks(scene.checked)).toBe(true);
		await cluster.pass(scene.request(cluster));
		expect(await allRoutes(cluster)).toEqual(scene.after);
		expect(await cluster.checks(scene.checked)).toBe(false);
	});

	for (const call of undisturbed.calls) {
		describe(call.name, () => {
			for (const [way, failure] of Object.entries(FAILURES)) {
				for (const when of timesOf(call)) {
					it(`${way} ${when} it takes effect: told or done, nothing wrong on the way, right on the next run`, async () => {
						await crashOnce(scene, undisturbed, call, { when, ...failure } as Fault);
					});
				}
			}
		});
	}

	it.each(Object.entries(PASSING))(
		"any one call that %s, with the tries of a deployed function: done in the one run",
		async (_, failure) => {
			const cells = undisturbed.calls.flatMap((call) =>
				timesOf(call).map((when) => ({ call, fault: { when, ...failure } as Fault })),
			);
			await Promise.all(cells.map(({ call, fault }) => tryAgain(scene, undisturbed, call, fault)));
		},
	);
}

/** A read takes no effect, so there is no after. */
function timesOf({ action }: Call): readonly Fault["when"][] {
	return action.startsWith("Describe") ? ["before"] : ["before", "after"];
}

interface Undisturbed {
	readonly calls: readonly Call[];
	readonly before: Tables;
	readonly after: Tables;
}

async function runUndisturbed(scene: CrashScene): Promise<Undisturbed> {
	const cluster = await scene.build();
	const watch = new Watch(cluster);
	const before = await watch.look();
	await cluster.pass(scene.request(cluster));
	return { calls: watch.calls, before, after: await watch.look() };
}

async function crashOnce(
	scene: CrashScene,
	undisturbed: Undisturbed,
	call: Call,
	fault: Fault,
): Promise<void> {
	const cluster = await scene.build();
	const watch = new Watch(cluster);
	watch.failOnce(call, fault);
	const outcome = await cluster.pass(scene.request(cluster)).catch((error: unknown) => error);
	expect(watch.hasFailed).toBe(true);
	if (outcome instanceof Error) {
		expect(outcome.message).toMatch(/ failed: | could not be read: /);
		expect(new Set(await watch.everyLook())).toEqual(new Set([asText(undisturbed.before)]));
		expect(watch.writes).toEqual([]);
	} else {
		expectTold(outcome as PassResult, fault, await watch.look(), undisturbed);
	}
	const { unfinished } = await cluster.pass(scene.request(cluster));
	expect(unfinished).toEqual([]);
	await expectEnd(scene, cluster, watch, undisturbed);
}

async function tryAgain(
	scene: CrashScene,
	undisturbed: Undisturbed,
	call: Call,
	fault: Fault,
): Promise<void> {
	const cluster = await scene.build();
	const watch = new Watch(cluster);
	watch.failOnce(call, fault);
	const { report, unfinished } = await cluster.pass(scene.request(cluster), { maxAttempts: 5 });
	expect(watch.hasFailed).toBe(true);
	expect(unfinished).toEqual([]);
	expect(report.refusals).toEqual([]);
	await expectEnd(scene, cluster, watch, undisturbed);
}

/**
 * What is told as applied is so. A pass that tells of nothing undone has done all. Only what EC2 refuses may end in a
 * refused claim, or outside a launch in a claim that was not read; the rest must be tried again, and so be unfinished.
 */
function expectTold(
	{ report, notFound, unfinished }: PassResult,
	fault: Fault,
	now: Tables,
	undisturbed: Undisturbed,
): void {
	for (const { outcome, kind, routeTableId, destination } of report.changes) {
		if (outcome !== "applied" || kind === "disable-source-dest-check") continue;
		const place = `${routeTableId} ${destination}`;
		expect(now.get(place)).toBe(undisturbed.after.get(place));
	}
	if (unfinished.length > 0 || notFound.length > 0) return;
	const isRefused = "status" in fault && fault.status < 500;
	const isUnread = report.ignored.some(({ why }) => why.includes("could not be read"));
	if (isRefused && (report.refusals.length > 0 || (report.operation !== "launch" && isUnread))) return;
	expect(now).toEqual(undisturbed.after);
	expect(new Set(report.changes.map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
}

async function expectEnd(
	scene: CrashScene,
	cluster: Cluster,
	watch: Watch,
	{ before, after }: Undisturbed,
): Promise<void> {
	for (const now of await watch.everyTables()) {
		const places = new Set([...before.keys(), ...now.keys()]);
		const odd = [...places].filter(
			(place) => ![before.get(place), after.get(place)].includes(now.get(place)),
		);
		expect(odd, "routes that are neither as they were nor as they should be").toEqual([]);
	}
	watch.end();
	expect(await allRoutes(cluster)).toEqual(scene.after);
	expect(await cluster.checks(scene.checked)).toBe(false);
}

function allRoutes(cluster: Cluster): Promise<readonly Readonly<Record<string, string>>[]> {
	return Promise.all(cluster.tableIds.map((id) => cluster.routes(id)));
}

/** Every route as EC2 tells it, by table and destination. */
type Tables = ReadonlyMap<string, string>;

interface Call {
	readonly action: string;
	/** `CreateRoute 2`: the second one of the pass. */
	readonly name: string;
	/** The request, and which of its repeats it is: the same call in every run of a scene. */
	readonly key: string;
}

/** Sees every call of a pass, and every table right after it, before anything else can happen. */
class Watch {
	readonly calls: Call[] = [];
	hasFailed = false;
	readonly #ec2: Cluster["ec2"];
	readonly #handle: Cluster["ec2"]["handle"];
	readonly #looks: Promise<string>[] = [];
	readonly #effects: string[] = [];
	#doomed: { readonly call: Call; readonly fault: Fault } | undefined;

	constructor({ ec2 }: Cluster) {
		this.#ec2 = ec2;
		this.#handle = ec2.handle.bind(ec2);
		// Without the caller's rights, which take a moment to be known: the call must take effect before the look.
		ec2.handle = (body) => {
			const call = this.#note(body);
			const { key, fault } = { key: this.#doomed?.call.key, fault: this.#doomed?.fault };
			const isDoomed = call.key === key;
			if (isDoomed) this.hasFailed = true;
			ec2.intercept = () => (isDoomed ? fault : undefined);
			const answer = this.#handle(body);
			ec2.intercept = undefined;
			if (!call.action.startsWith("Describe") && fault?.when !== "before") this.#effects.push(call.name);
			this.#looks.push(this.#read());
			return answer;
		};
	}

	failOnce(call: Call, fault: Fault): void {
		this.#doomed = { call, fault };
	}

	/** Writes that EC2 heard and that were not made to fail before. */
	get writes(): readonly string[] {
		return this.#effects;
	}

	async look(): Promise<Tables> {
		return tablesIn(await this.#read());
	}

	everyLook(): Promise<readonly string[]> {
		return this.everyTables().then((all) => all.map(asText));
	}

	async everyTables(): Promise<readonly Tables[]> {
		return (await Promise.all(this.#looks)).map(tablesIn);
	}

	end(): void {
		this.#ec2.handle = this.#handle;
	}

	#note(body: string): Call {
		const parameters = new URLSearchParams(body);
		const action = parameters.get("Action") ?? "";
		const repeat = this.calls.filter(({ key }) => key.startsWith(`${body} `)).length;
		const place = this.calls.filter((call) => call.action === action).length;
		const call = { action, name: `${action} ${place + 1}`, key: `${body} ${repeat}` };
		this.calls.push(call);
		return call;
	}

	async #read(): Promise<string> {
		return (await this.#handle("Action=DescribeRouteTables&Version=2016-11-15")).body;
	}
}

function tablesIn(xml: string): Tables {
	const routes = [...xml.matchAll(/<item><routeTableId>([^<]+)<.*?<routeSet>(.*?)<\/routeSet>/gs)].flatMap(
		([, tableId, routeSet = ""]) =>
			[...routeSet.matchAll(/<item>(.*?)<\/item>/gs)].map(([, route = ""]): [string, string] => [
				`${tableId} ${/<destination\w+>([^<]+)</.exec(route)?.[1]}`,
				route,
			]),
	);
	return new Map(routes);
}

function asText(tables: Tables): string {
	return JSON.stringify([...tables]);
}
