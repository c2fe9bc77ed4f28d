/** The CloudWatch namespace of every metric. */
export const NAMESPACE = "podroute";

/**
 * The dimension that every metric has: which stack it is of, since several may share an account. Its value is the
 * functions' `POWERTOOLS_SERVICE_NAME`.
 */
export const STACK_DIMENSION = "service";

interface Kind {
	readonly unit: "Count" | "Seconds" | "None";
	/** What tells its values apart, beside {@link STACK_DIMENSION}; none where an alarm is to see them all. */
	readonly dimension?: "reason" | "severity" | "table";
}

/** Every metric there is: its name, its unit as CloudWatch names it, and its own dimension. */
export const METRICS = {
	RoutesCreated: { unit: "Count" },
	RoutesReplaced: { unit: "Count" },
	RoutesDeleted: { unit: "Count" },
	RoutesWithheld: { unit: "Count" },
	Refusals: { unit: "Count", dimension: "reason" },
	Findings: { unit: "Count", dimension: "severity" },
	TimeToRoute: { unit: "Seconds" },
	WorstQuotaRatio: { unit: "None" },
	QuotaRatio: { unit: "None", dimension: "table" },
	Ec2Calls: { unit: "Count" },
	Ec2Throttles: { unit: "Count" },
} as const satisfies Record<string, Kind>;

export type MetricName = keyof typeof METRICS;

interface Meaning {
	/** Which passes tell it, and whether zeros are told. */
	readonly told: string;
	/** A sentence for whoever reads a graph of it. */
	readonly meaning: string;
}

/** What docs/metrics.md says of each; kept apart from {@link METRICS} because no function needs it. */
export const MEANINGS: Readonly<Record<MetricName, Meaning>> = {
	RoutesCreated: { told: "every pass, zeros too", meaning: "Routes made where there was none." },
	RoutesReplaced: {
		told: "every pass, zeros too",
		meaning: "Routes that were given another target, in place: a route moved.",
	},
	RoutesDeleted: {
		told: "every pass, zeros too",
		meaning: "Proven orphans that were deleted; only an audit with `REPAIR=all` does so.",
	},
	RoutesWithheld: {
		told: "every pass, zeros too",
		meaning: "Deletes that wait for a person, because they are more than `DELETE_SHARE_MAX` allows.",
	},
	Refusals: {
		told: "every pass that refused something",
		meaning: "Claims, or blocks of them, that were not accepted, by the reason's code.",
	},
	Findings: {
		told: "every audit, zeros too",
		meaning: "What an audit found, before its repairs, by severity: `critical`, `warning`, `info`.",
	},
	TimeToRoute: {
		told: "a launch that wrote a route, once an instance",
		meaning:
			"Seconds from an instance's event to the end of the pass that wrote its route. Whole ones: event times have no finer grain.",
	},
	WorstQuotaRatio: {
		told: "every pass that read tables",
		meaning: "Routes used / `ROUTE_LIMIT`, of the fullest table and address family. 1 is full.",
	},
	QuotaRatio: {
		told: "every pass that read tables, of the 20 fullest",
		meaning: "The same of one table, by its id; of its fuller address family.",
	},
	Ec2Calls: { told: "every pass, zeros too", meaning: "Requests sent to EC2, retries included." },
	Ec2Throttles: {
		told: "every pass, zeros too",
		meaning: "Those among them that EC2 refused with `RequestLimitExceeded`; most were tried again.",
	},
};
