import { parseSettings, type Settings } from "../src/settings.ts";

/** What the stack is made from: the functions' settings, checked when it is packaged, and its own. */
export interface Stack {
	readonly settings: Settings;
	/** Period of the audit, minutes. */
	readonly auditMinutes: number;
	/** What the names of its functions, alarms and dashboard begin with: service and stage. */
	readonly name: string;
	/** Who is told of alarms by e-mail, besides whoever else subscribes. */
	readonly alarmEmail?: string;
}

/** What osls gives a file that serverless.yml includes. */
export interface Packaging {
	resolveVariable(variable: string): Promise<unknown>;
}

/** The functions' environment variables and the stack params they come from. */
const PARAMS = {
	NODE_FILTERS: "nodeFilters",
	ROUTE_TABLES: "routeTables",
	CLUSTER_CIDRS: "clusterCidrs",
	NODE_CIDR_MASK_SIZES: "nodeCidrMaskSizes",
	POD_CIDR_TAG: "podCidrTag",
	POD_CIDR_KEY: "podCidrKey",
	SOURCE_DEST_CHECK: "sourceDestCheck",
	REPAIR: "repair",
	DELETE_SHARE_MAX: "deleteShareMax",
	ROUTE_LIMIT: "routeLimit",
	QUOTA_WARN_RATIO: "quotaWarnRatio",
} as const;

/**
 * Reads the stack's params.
 *
 * @throws {SettingsError} where a function would refuse its settings: better now than at the first launch.
 * @throws where `auditMinutes` is no whole number of minutes that a schedule and the audit itself can keep, or
 * `alarmEmail` is no address.
 */
export async function readStack({ resolveVariable }: Packaging): Promise<Stack> {
	const environment = await readEnvironment({ resolveVariable });
	const minutes = Number(await resolveVariable("param:auditMinutes"));
	if (!Number.isInteger(minutes) || minutes < 2 || minutes > 24 * 60) {
		throw new Error("Param auditMinutes must be a whole number from 2 to 1440");
	}
	const email = String(await resolveVariable("param:alarmEmail"));
	if (!/^([^\s@]+@[^\s@]+)?$/.test(email)) throw new Error("Param alarmEmail must be an e-mail address");
	return {
		settings: parseSettings(environment),
		auditMinutes: minutes,
		name: `${await resolveVariable("self:service")}-${await resolveVariable("sls:stage")}`,
		...(email === "" ? {} : { alarmEmail: email }),
	};
}

/** The settings as the functions will get them. */
async function readEnvironment({ resolveVariable }: Packaging): Promise<Readonly<Record<string, string>>> {
	const entries = Object.entries(PARAMS).map(
		async ([name, param]) => [name, String(await resolveVariable(`param:${param}`))] as const,
	);
	return Object.fromEntries(await Promise.all(entries));
}
