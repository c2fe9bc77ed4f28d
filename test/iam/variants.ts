import type { TestProject } from "vitest/node";
import { aCluster, CLUSTER_TAG } from "../support/cluster.ts";
import { type Packaged, packageWith, REQUIRED, removePackages } from "../support/packaged.ts";

/** A cluster with two configured tables; an embedded EC2 gives the same ids every time. */
export const TABLES = { tables: 2 };

interface Variant {
	/** How the stack differs from another. */
	readonly name: string;
	readonly repair: "none" | "routes" | "all";
	readonly sourceDestCheck: "disable" | "report";
	readonly routeTables: string;
}

export interface Stack extends Variant {
	readonly resources: Packaged["resources"];
}

declare module "vitest" {
	interface ProvidedContext {
		readonly stacks: readonly Stack[];
	}
}

async function variants(): Promise<readonly Variant[]> {
	const { tableIds } = await aCluster(TABLES);
	const byId = tableIds.join(",");
	const byTag = `tag:${CLUSTER_TAG}=owned`;
	return [
		{ name: "tables by id, repair=routes", routeTables: byId, repair: "routes", sourceDestCheck: "disable" },
		{ name: "tables by tag, repair=all", routeTables: byTag, repair: "all", sourceDestCheck: "disable" },
		{ name: "tables by id, repair=none", routeTables: byId, repair: "none", sourceDestCheck: "disable" },
		{
			name: "tables by tag, repair=all, checks only reported",
			routeTables: byTag,
			repair: "all",
			sourceDestCheck: "report",
		},
	];
}

/** Once for all suites of the project: every variant packaged, one after the other, as osls wants it. */
export async function setup(project: TestProject): Promise<void> {
	const stacks: Stack[] = [];
	for (const variant of await variants()) {
		const { routeTables, repair, sourceDestCheck } = variant;
		const { resources } = await packageWith({ ...REQUIRED, routeTables, repair, sourceDestCheck });
		stacks.push({ ...variant, resources });
	}
	project.provide("stacks", stacks);
}

export const teardown = removePackages;
