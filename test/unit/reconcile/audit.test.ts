import { describe, expect, it } from "vitest";
import { aCluster, type Cluster } from "../../support/cluster.ts";

/**
 * Drift of every kind: worker-0 is right; worker-1 has no route; worker-2 a blackhole that an ended node left;
 * worker-3's points to its second interface; 10.200.9.0/24 is an orphan.
 */
async function drifted(): Promise<Cluster> {
	const cluster = await aCluster();
	for (const block of [0, 1, 2, 3]) {
		await cluster.launch(`worker-${block}`, { claims: `10.200.${block}.0/24`, sourceDestCheck: block === 1 });
	}
	await cluster.launch("ended");
	await cluster.attachInterface("worker-3");
	await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
	await cluster.route("10.200.2.0/24", cluster.eni("ended"));
	await cluster.route("10.200.3.0/24", cluster.eni("worker-3", 1));
	await cluster.route("10.200.9.0/24", cluster.eni("ended"));
	return cluster.terminate("ended");
}

const DRIFTED = {
	"10.200.0.0/24": "worker-0",
	"10.200.2.0/24": "ended (blackhole)",
	"10.200.3.0/24": "worker-3/1",
	"10.200.9.0/24": "ended (blackhole)",
};

const FOUND = [
	["critical", "source-dest-check-on", undefined],
	["critical", "missing-route", "10.200.1.0/24"],
	["critical", "blackhole-route", "10.200.2.0/24"],
	["critical", "misdirected-route", "10.200.3.0/24"],
	["warning", "orphan-route", "10.200.9.0/24"],
	["info", "missing-claim", undefined],
];

describe("An audit of a drifted world", () => {
	it("without repair tells everything and writes nothing", async () => {
		const cluster = await drifted();
		const { report, unfinished } = await cluster.audit("none");
		expect(cluster.writes()).toEqual([]);
		expect(await cluster.routes()).toEqual(DRIFTED);
		expect(report.findings.map(({ severity, code, destination }) => [severity, code, destination])).toEqual(
			FOUND.slice(0, -1),
		);
		expect(report.changes.map(({ kind, destination, outcome }) => [kind, destination, outcome])).toEqual([
			["create", "10.200.1.0/24", "planned"],
			["replace", "10.200.2.0/24", "planned"],
			["replace", "10.200.3.0/24", "planned"],
			["disable-source-dest-check", undefined, "planned"],
		]);
		expect(report.routes).toContainEqual({
			routeTableId: cluster.tableId,
			destination: "10.0.0.0/16",
			state: "active",
			target: "local",
			managed: false,
		});
		expect(report.routes).toContainEqual({
			routeTableId: cluster.tableId,
			destination: "10.200.0.0/24",
			state: "active",
			instanceId: cluster.id("worker-0"),
			networkInterfaceId: cluster.eni("worker-0"),
			owner: cluster.id("worker-0"),
			managed: true,
		});
		expect(report.quota).toEqual([{ routeTableId: cluster.tableId, family: "ipv4", used: 5, limit: 500 }]);
		expect(unfinished).toEqual([]);
	});

	it("with REPAIR=routes makes it right and deletes nothing", async () => {
		const cluster = await drifted();
		const { report } = await cluster.audit("routes");
		expect(cluster.writes().toSorted()).toEqual([
			"CreateRoute",
			"ModifyNetworkInterfaceAttribute",
			"ReplaceRoute",
			"ReplaceRoute",
		]);
		expect(new Set(report.changes.map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "worker-0",
			"10.200.1.0/24": "worker-1",
			"10.200.2.0/24": "worker-2",
			"10.200.3.0/24": "worker-3",
			"10.200.9.0/24": "ended (blackhole)",
		});
		const again = await cluster.audit("routes");
		expect(cluster.writes()).toEqual([]);
		expect(again.report.findings.map(({ code }) => code)).toEqual(["orphan-route"]);
	});

	it("with REPAIR=all deletes the orphan as well, and then finds nothing", async () => {
		const cluster = await drifted();
		await cluster.audit("all");
		expect(cluster.writes().toSorted()).toEqual([
			"CreateRoute",
			"DeleteRoute",
			"ModifyNetworkInterfaceAttribute",
			"ReplaceRoute",
			"ReplaceRoute",
		]);
		const { report } = await cluster.audit("all");
		expect([report.findings, report.changes]).toEqual([[], []]);
	});

	it("deletes first, since a full table takes a new route only then", async () => {
		const cluster = await drifted();
		cluster.ec2.setRouteLimit(5);
		const { report } = await cluster.audit("all");
		expect(new Set(report.changes.map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
	});
});

describe("An audit's deletes", () => {
	/** `orphans` dead routes beside one that lives. */
	async function withOrphans(orphans: number): Promise<Cluster> {
		const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.launch("ended");
		await cluster.route("10.200.0.0/24", cluster.eni("worker-0"));
		for (let block = 1; block <= orphans; block += 1) {
			await cluster.route(`10.200.${block}.0/24`, cluster.eni("ended"));
		}
		return cluster.terminate("ended");
	}

	it("of more than the share are withheld, with the way out; the rest goes on", async () => {
		const cluster = await withOrphans(3);
		await cluster.launch("worker-9", { claims: "10.200.9.0/24" });
		const { report } = await cluster.audit("all");
		expect(cluster.writes()).toEqual(["CreateRoute"]);
		expect(report.changes.map(({ kind, outcome }) => [kind, outcome])).toEqual([
			["delete", "withheld"],
			["delete", "withheld"],
			["delete", "withheld"],
			["create", "applied"],
		]);
		const error = report.changes[0]?.error;
		expect(error).toMatch(/^TooManyDeletes: 3 of 4 /);
		expect(error).toContain("REPAIR=all DELETE_SHARE_MAX=1 podroute audit");
	});

	it("go through when a person says so", async () => {
		const cluster = await withOrphans(3);
		await cluster.audit("all", { environment: { DELETE_SHARE_MAX: "1" } });
		expect(await cluster.routes()).toEqual({ "10.200.0.0/24": "worker-0" });
	});

	it("never follow from an empty listing, which a misspelt filter looks just like", async () => {
		const cluster = await withOrphans(2);
		const { report } = await cluster.audit("all", { environment: { NODE_FILTERS: "tag:Name=mispelt" } });
		expect(cluster.writes()).toEqual([]);
		expect(report.findings).toMatchObject([{ severity: "warning", code: "no-nodes" }]);
	});

	it("never touch the route of an instance that is not a node", async () => {
		const cluster = await (await aCluster()).launch("nat", { isNode: false });
		await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
		await cluster.route("10.200.8.0/24", cluster.eni("nat"));
		await cluster.stop("nat");
		await cluster.audit("all");
		expect(await cluster.routes()).toEqual({
			"10.200.0.0/24": "worker-0",
			"10.200.8.0/24": "nat (blackhole)",
		});
	});

	it.each(["active", "blackhole"] as const)(
		"never touch another account's route, nor replace it for a claimant: %s",
		async (state) => {
			const cluster = await (await aCluster()).launch("worker-0", { claims: "10.200.0.0/24" });
			for (const block of [0, 1]) {
				cluster.ec2.seedRoute(cluster.tableId, {
					destinationCidrBlock: `10.200.${block}.0/24`,
					kind: "foreign-interface",
					networkInterfaceId: "eni-0f0f0f0f0f0f0f0f0",
					ownerId: "999999999999",
					instanceId: "i-0f0f0f0f0f0f0f0f0",
					state,
				});
			}
			const { report } = await cluster.audit("all");
			expect(cluster.writes()).toEqual([]);
			expect(report.findings).toMatchObject([
				{ code: "foreign-route-conflict", destination: "10.200.0.0/24", instanceId: cluster.id("worker-0") },
			]);
			expect(report.findings[0]?.detail).toContain("eni-0f0f0f0f0f0f0f0f0 of account 999999999999");
			expect(report.routes.filter(({ managed }) => managed)).toEqual([]);
		},
	);
});
