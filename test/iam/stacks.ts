import { inject, vi } from "vitest";
import type { Cluster } from "../support/cluster.ts";
import { aContext, deployed } from "../support/deployed.ts";
import { holderOf, type Policy, policyOf } from "../support/iam.ts";
import { FILES, type FunctionName, SCENARIOS, type Scenario } from "./scenarios.ts";
import { type Stack, TABLES } from "./variants.ts";

/** One role of one stack. */
export interface Role {
	readonly stack: Stack;
	readonly functionName: FunctionName;
	readonly policy: Policy;
	/** Both in a line. */
	readonly title: string;
}

/** Every role of every variant of the stack. */
export const ROLES: readonly Role[] = inject("stacks").flatMap((stack) =>
	Object.keys(FILES).map((name) => {
		const functionName = name as FunctionName;
		const policy = policyOf(stack.resources, `${functionName}Role`);
		return { stack, functionName, policy, title: `${functionName} (${stack.name})` };
	}),
);

/** What a role's function writes, of all that a scenario asks for: what its stack was packaged to write. */
export function writesUnder({ stack, functionName }: Role, { writes }: Scenario): readonly string[] {
	const repair = functionName === "RouteTableAudit" ? stack.repair : "routes";
	if (repair === "none") return [];
	return writes.filter(
		(action) =>
			(action !== "DeleteRoute" || repair === "all") &&
			(action !== "ModifyNetworkInterfaceAttribute" || stack.sourceDestCheck === "disable"),
	);
}

/** The function as it is deployed, with its own environment and this policy, in a world of its own. */
export async function aFunction({ stack, functionName }: Role, policy: Policy) {
	vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
	const { cluster, handler } = await deployed(
		FILES[functionName],
		{ ...TABLES, environment: environmentOf(stack, functionName) },
		"secret",
		({ ec2 }) => holderOf(policy, ec2),
	);
	return { cluster, invoke: (input: unknown) => handler(input, aContext()) };
}

/** The settings that a function is deployed with. */
export function environmentOf(
	{ resources }: Stack,
	functionName: FunctionName,
): Readonly<Record<string, string>> {
	const environment = resources[`${functionName}LambdaFunction`]?.Properties["Environment"];
	return (environment as { Variables: Readonly<Record<string, string>> }).Variables;
}

/** The actions that were denied. */
export function denialsIn({ ec2 }: Cluster): readonly string[] {
	return ec2.calls.filter(({ outcome }) => outcome === "UnauthorizedOperation").map(({ action }) => action);
}

/** The actions that a role's scenarios are denied under a policy; the first scenario that meets any ends it. */
export async function denialsUnder(role: Role, policy: Policy): Promise<readonly string[]> {
	for (const { arrange } of SCENARIOS[role.functionName]) {
		const { cluster, invoke } = await aFunction(role, policy);
		const input = await arrange(cluster);
		// What the function makes of it is not asked here: some denials it lives with, of others it throws.
		await invoke(input).catch(() => undefined);
		const denials = denialsIn(cluster);
		if (denials.length > 0) return denials;
	}
	return [];
}
