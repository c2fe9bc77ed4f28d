import { afterAll, afterEach } from "vitest";
import type { Authorize, EmbeddedEc2 } from "../../emulator/ec2.ts";
import { roles } from "../../infra/iam.ts";
import { parseSettings, type Settings } from "../../src/settings.ts";
import { type Caller, callers } from "../support/callers.ts";
import { holderOf, policyOf } from "../support/iam.ts";
import type { Packaged } from "../support/packaged.ts";

/*
 * Setup of a suite: every pass in it is made with the role of its function, as the stack with the same settings has
 * it, and a call that is denied fails the test. (roles.test.ts holds what is packaged to what is made here.)
 */

const ROLES = {
	launch: "InstanceStateChangeRole",
	backfill: "BackfillRole",
	audit: "RouteTableAuditRole",
} as const;

let asked = 0;
let denials: string[] = [];

callers.rightsOf = ({ operation, environment }: Caller, ec2: EmbeddedEc2): Authorize | undefined => {
	const resources = resourcesFor(environment);
	if (resources === undefined) return undefined;
	const authorize = holderOf(policyOf(resources, ROLES[operation]), ec2);
	return async (call) => {
		const denial = await authorize(call);
		asked += 1;
		if (denial !== undefined) denials.push(denial);
		return denial;
	};
};

/** The roles and what they name. None for settings that no stack has: packaging refuses them. */
function resourcesFor(environment: Caller["environment"]): Packaged["resources"] | undefined {
	let settings: Settings;
	let made: Readonly<Record<string, unknown>>;
	try {
		settings = parseSettings(environment);
		made = roles({ settings });
	} catch {
		return undefined;
	}
	const logs = ["InstanceStateChange", "Backfill", "RouteTableAudit"].map((name) => [
		`${name}LogGroup`,
		{ Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: name } },
	]);
	const queue = { Type: "AWS::SQS::Queue", Properties: {} };
	return { ...made, ...Object.fromEntries(logs), EventQueue: queue, FailureQueue: queue };
}

afterEach(() => {
	const met = denials;
	denials = [];
	if (met.length > 0) throw new Error(met.join("\n"));
});

afterAll(() => {
	if (asked === 0)
		throw new Error("No role was asked for anything: a suite without a pass does not belong here");
});
