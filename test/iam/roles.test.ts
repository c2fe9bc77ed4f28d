import { describe, expect, it } from "vitest";
import { roles } from "../../infra/iam.ts";
import { parseSettings } from "../../src/settings.ts";
import { SCENARIOS } from "./scenarios.ts";
import { aFunction, denialsIn, denialsUnder, environmentOf, ROLES, writesUnder } from "./stacks.ts";
import { weakened } from "./weaken.ts";

describe.each(ROLES)("the role of $title", (role) => {
	it("is what infra makes of the function's own settings", () => {
		const settings = parseSettings(environmentOf(role.stack, role.functionName));
		const made = roles({ settings });
		const name = `${role.functionName}Role`;
		expect(role.stack.resources[name]).toEqual(made[name]);
	});

	describe("is sufficient", () => {
		it.each(SCENARIOS[role.functionName])("$name", async (scenario) => {
			const { cluster, invoke } = await aFunction(role, role.policy);
			const report = await invoke(await scenario.arrange(cluster));
			expect(denialsIn(cluster)).toEqual([]);
			expect(cluster.writes().toSorted()).toEqual(writesUnder(role, scenario));
			expect(report.changes.filter(({ outcome }) => outcome === "failed")).toEqual([]);
			expect(report.refusals.map(({ reason }) => reason)).toEqual(scenario.refusals ?? []);
			expect(report.findings.map(({ code }) => code)).toEqual(scenario.findings ?? []);
		});
	});

	describe("is minimal: something is denied without", () => {
		it.each(weakened(role.policy))("$lacks", async ({ policy, of }) => {
			const denials = await denialsUnder(role, policy);
			expect(denials).not.toEqual([]);
			// Nothing else is denied: what is taken away is what makes the difference.
			expect(of).toEqual(expect.arrayContaining(denials.map((action) => `ec2:${action}`)));
		});
	});
});
