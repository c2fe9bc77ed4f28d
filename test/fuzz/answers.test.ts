import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PassResult } from "../../src/reconcile/reconcile.ts";
import type { Request } from "../../src/reconcile/request.ts";
import { aCluster, type Cluster } from "../support/cluster.ts";
import { everythingOf, SECRET } from "../support/fuzz.ts";
import { mutate, type Tampering, tampering } from "../support/fuzz-answers.ts";

/** nat and stopped-nat are no nodes; worker-0 is right, 1 has no route, 2 a blackhole, 3 is misdirected; 9 is an orphan. */
async function aDriftedCluster(): Promise<Cluster> {
	const cluster = await aCluster();
	await cluster.launch("nat", { isNode: false });
	await cluster.launch("stopped-nat", { isNode: false });
	await cluster.launch("ended");
	for (const number of [0, 1, 2, 3]) {
		const userData = `password=${SECRET}|pod-cidr=10.200.${number}.0/24`;
		await cluster.launch(`worker-${number}`, { userData, sourceDestCheck: number === 1 });
	}
	await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.2.0/24", cluster.eni("ended"));
	await cluster.route("10.200.3.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.7.0/24", cluster.eni("stopped-nat"));
	await cluster.route("10.200.8.0/24", cluster.eni("nat"));
	await cluster.route("10.200.9.0/24", cluster.eni("ended"));
	await cluster.route("10.99.0.0/24", cluster.eni("worker-0"));
	await cluster.stop("stopped-nat");
	return cluster.terminate("ended");
}

/** What each route may be after a pass, whatever became of one answer: dead routes may go once nobody is seen to claim them. */
const ALLOWED: Readonly<Record<string, readonly (string | undefined)[]>> = {
	"10.99.0.0/24": ["worker-0"],
	"10.200.0.0/24": ["worker-0"],
	"10.200.1.0/24": [undefined, "worker-1"],
	"10.200.2.0/24": ["ended (blackhole)", "worker-2", undefined],
	"10.200.3.0/24": ["worker-0", "worker-3"],
	"10.200.7.0/24": ["stopped-nat (blackhole)"],
	"10.200.8.0/24": ["nat"],
	"10.200.9.0/24": ["ended (blackhole)", undefined],
};

const requests: Readonly<Record<string, (cluster: Cluster) => Request>> = {
	audit: () => ({ operation: "audit", repair: "all" }),
	backfill: () => ({ operation: "backfill", dryRun: false }),
	launch: (cluster) => ({ operation: "launch", instanceIds: [cluster.id("worker-3")] }),
};

/** How many answers a pass gets, undisturbed. */
async function answersOf(request: (cluster: Cluster) => Request): Promise<number> {
	const cluster = await aDriftedCluster();
	await cluster.pass(request(cluster));
	return Object.values(cluster.calls()).reduce((sum, count) => sum + count, 0);
}

/** Mutates one answer of those to come; tells afterwards which. */
function tamper(cluster: Cluster, { answer, ...mutation }: Tampering, answers: number): () => string {
	const handle = cluster.ec2.handle.bind(cluster.ec2);
	const target = Math.floor(answer * answers);
	let seen = -1;
	let where = "none";
	cluster.ec2.handle = async (request, authorize) => {
		seen += 1;
		const mine = seen === target;
		const told = await handle(request, authorize);
		if (!mine) return told;
		const action = new URLSearchParams(request).get("Action") ?? "";
		const { xml, path } = mutate(told.body, mutation);
		where = `${action} ${path} ${mutation.kind}`;
		// A listing without the interface is EC2's word that it is gone; nothing tells it from the truth.
		if (action === "DescribeNetworkInterfaces" && saysGone(told.body, xml)) {
			where = "none";
			return told;
		}
		return { ...told, body: xml };
	};
	return () => {
		cluster.ec2.handle = handle;
		return where;
	};
}

/** Whether a whole listing remains, with fewer items in it. */
function saysGone(before: string, after: string): boolean {
	const items = (xml: string) => (xml.match(/<networkInterfaceId>/g) ?? []).length;
	return (
		items(after) < items(before) &&
		/<networkInterfaceSet(\/>|>.*<\/networkInterfaceSet>)/s.test(after) &&
		!/<item>(?!.*<networkInterfaceId>)/s.test(after)
	);
}

describe.each(Object.entries(requests))(
	"Any answer of EC2's with any element mutated, in a pass of kind %s",
	async (_, request) => {
		const answers = await answersOf(request);

		it("ends in a report or an Error that says what failed; no route is wrong; no user data is told", async () => {
			await fc.assert(
				fc.asyncProperty(tampering, async (tampered) => {
					const cluster = await aDriftedCluster();
					const restore = tamper(cluster, tampered, answers);
					const outcome = await cluster.pass(request(cluster)).catch((error: unknown) => error);
					const where = restore();
					expectDeclared(outcome, where);
					const routes = await cluster.routes();
					for (const place of new Set([...Object.keys(routes), ...Object.keys(ALLOWED)])) {
						expect(ALLOWED[place] ?? [], `${where}: ${place}`).toContain(routes[place]);
					}
					expect(await cluster.checks("nat"), where).toBe(false);
				}),
				{ numRuns: 60 },
			);
		});
	},
);

describe("An answer that lacks what it must have", () => {
	const broken: Readonly<Record<string, (xml: string) => string>> = {
		"its list": (xml) => xml.replace(/<(networkInterfaceSet|reservationSet|routeTableSet)>.*<\/\1>/s, ""),
		everything: () => "<html><body>It works!</body></html>",
		"the id of an item": (xml) =>
			xml.replace(
				/<item>(<reservationId>.*?<item>)?<(networkInterfaceId|instanceId|routeTableId)>[^<]*<\/\2>/gs,
				"<item>$1",
			),
		"an id that is one": (xml) =>
			xml.replace(/<(networkInterfaceId|instanceId|routeTableId)>[^<]*</g, `<$1>${"x".repeat(100_000)}<`),
	};
	const cells = Object.keys(broken).flatMap((what) =>
		["DescribeInstances", "DescribeRouteTables", "DescribeNetworkInterfaces"].map((action) => ({
			what,
			action,
		})),
	);

	it.each(cells)(
		"is an error and never an empty listing: $action without $what",
		async ({ what, action }) => {
			const cluster = await aDriftedCluster();
			const before = await cluster.routes();
			const handle = cluster.ec2.handle.bind(cluster.ec2);
			cluster.ec2.handle = async (body, authorize) => {
				const answer = await handle(body, authorize);
				const isMeant = body.includes(`Action=${action}&`);
				return isMeant ? { ...answer, body: broken[what]?.(answer.body) ?? "" } : answer;
			};
			const outcome = await cluster.audit("all").catch((error: unknown) => error);
			cluster.ec2.handle = handle;
			expect(await cluster.routes()).toEqual(before);
			expect((outcome as Error).message).toMatch(new RegExp(`^${action} failed: `));
			expectDeclared(outcome, action);
		},
	);
});

function expectDeclared(outcome: unknown, where: string): void {
	if (outcome instanceof Error) {
		expect(outcome.name, `${where}: ${outcome.stack}`).toBe("Error");
		expect(outcome.message, where).toMatch(/ failed: | could not be read: |^There is no route table|^EC2 /);
		expect(outcome.message.length, where).toBeLessThan(2_000);
		expect(everythingOf(outcome), where).not.toContain(SECRET);
		return;
	}
	const { report, unfinished } = outcome as PassResult;
	expect(JSON.stringify([report, unfinished]), where).not.toContain(SECRET);
}
