import { describe, expect, it } from "vitest";
import type { Instance, InstanceId } from "../../src/model/instance.ts";
import type { Ports } from "../../src/reconcile/ports.ts";
import { simulateMany } from "../support/simulation-runs.ts";

/** Makes room for a route by deleting what is there, as cloud-provider-aws does. */
function deleteThenCreate(ports: Ports): Ports {
	return {
		...ports,
		tables: {
			...ports.tables,
			async write(change, signal, beforeSending) {
				if (change.kind !== "replace") return ports.tables.write(change, signal, beforeSending);
				const { routeTableId, destination, from, instanceId, networkInterfaceId } = change;
				const deletion = { kind: "delete", routeTableId, destination, from } as const;
				const deleted = await ports.tables.write(deletion, signal, beforeSending);
				if (deleted.kind !== "applied") return deleted;
				return ports.tables.write(
					{ kind: "create", routeTableId, destination, instanceId, networkInterfaceId },
					signal,
					async () => undefined,
				);
			},
		},
	};
}

/** Takes a route for good because it is there. */
function blackholeTakenAsHealthy(ports: Ports): Ports {
	return {
		...ports,
		tables: {
			...ports.tables,
			async read(signal) {
				const { tables, skipped } = await ports.tables.read(signal);
				const healthy = tables.map((table) => ({
					...table,
					routes: table.routes.map((route) =>
						route.state === "blackhole" ? { ...route, state: "active" as const } : route,
					),
				}));
				return { tables: healthy, skipped };
			},
		},
	};
}

/** Takes an empty listing for the proof that every node is gone: the planner's own check is led past. */
function emptyListingReadAsDeleteAll(ports: Ports): Ports {
	const departed: Instance = {
		id: "i-00000000" as InstanceId,
		life: "gone",
		vpcId: undefined,
		primaryInterface: undefined,
		interfaceIds: [],
		tags: new Map(),
		launchedAt: 0,
	};
	return {
		...ports,
		nodes: {
			...ports.nodes,
			async list(signal) {
				const listed = await ports.nodes.list(signal);
				return listed.length === 0 ? [departed] : listed;
			},
		},
	};
}

/** Takes the first page of a listing for all of it. */
function firstPageTakenForAll(ports: Ports): Ports {
	const list: Ports["nodes"]["list"] = async (signal) => (await ports.nodes.list(signal)).slice(0, 2);
	return { ...ports, nodes: { ...ports.nodes, list } };
}

/** Takes whatever no node holds for ours. */
function foreignTakenForOurs(ports: Ports): Ports {
	return {
		...ports,
		interfaces: {
			...ports.interfaces,
			async lookUp(ids) {
				return new Map(ids.map((id) => [id, { kind: "gone" }]));
			},
		},
	};
}

/** Takes whichever interface comes last for the primary one. */
function anyInterfaceTakenForPrimary(ports: Ports): Ports {
	const misread = (instance: Instance): Instance => {
		const { primaryInterface, interfaceIds } = instance;
		const id = interfaceIds.at(-1);
		if (primaryInterface === undefined || id === undefined) return instance;
		return { ...instance, primaryInterface: { ...primaryInterface, id } };
	};
	const list: Ports["nodes"]["list"] = async (signal) => (await ports.nodes.list(signal)).map(misread);
	return { ...ports, nodes: { ...ports.nodes, list } };
}

const FAULTS = [
	{
		plant: deleteThenCreate,
		rule: /a route was deleted without proof|a healthy route was moved or removed/,
	},
	{ plant: blackholeTakenAsHealthy, rule: /is not routed to|stale|was not removed/ },
	{ plant: emptyListingReadAsDeleteAll, rule: /a route was deleted without proof/ },
	{ plant: firstPageTakenForAll, rule: /is not routed to|is claimed by nobody|was not removed/ },
	{ plant: foreignTakenForOurs, rule: /a foreign route was changed/ },
	{ plant: anyInterfaceTakenForPrimary, rule: /a route was written to a non-claimant/ },
];

describe("The simulation catches a planted fault within 1,000 runs:", () => {
	it.each(FAULTS)("$plant.name", async ({ plant, rule }) => {
		const { violation, runs } = await simulateMany(1_000, 11, { plant });
		expect(violation?.sentences.join("\n")).toMatch(rule);
		expect(violation?.history.steps.length).toBeLessThan(20);
		process.stdout.write(`${plant.name}: run ${runs}, shrunk to ${JSON.stringify(violation?.history)}\n`);
	});
});
