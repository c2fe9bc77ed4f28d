/** What AWS leaves unclear, one choice each, so that a client can be shown to be right either way. */
export interface Switches {
	/** A CreateRoute equal to an existing route in table, destination and target: contested (aws-facts.md §2.3). */
	identicalCreateRoute: "succeeds" | "exists";
	/** Whether a route already is a blackhole while its instance is `stopping` or `shutting-down`; a 2017 report says it is still active (aws-facts.md §2.5). */
	stoppingBlackholes: boolean;
	/** When a route whose instance was stopped is active again after StartInstances; no source gives the instant (aws-facts.md §2.5). */
	startRevives: "pending" | "running" | "never";
	/** Whether the route of a terminated instance still names the instance; one report shows the interface alone (aws-facts.md §2.5). */
	deadRouteKeepsInstanceId: boolean;
	/** Whether tags given to RunInstances also emit a tag event: undocumented (aws-facts.md §10). */
	taggedLaunchEmitsTagEvent: boolean;
	/** Whether the local routes count toward the routes-per-table quota: undocumented (aws-facts.md §2.7). */
	localRoutesCount: boolean;
	/** Whether a VPC without an IPv6 block takes an IPv6 route: undocumented (aws-facts.md §10). */
	ipv4OnlyVpcAcceptsIpv6Route: boolean;
	/** Whether ReplaceRoute and DeleteRoute clear host bits first, as CreateRoute does: undocumented (aws-facts.md §2.2). */
	replaceAndDeleteCanonicalise: boolean;
	/** What MaxResults counts when filters are given: the matches, or the items looked at, which makes pages short or empty (aws-facts.md §1.4). */
	pagesCount: "matches" | "examined";
	/** Whether a list of ids counts as a filter where unfiltered requests have a smaller token bucket: not stated (aws-facts.md §5). */
	idsCountAsFilter: boolean;
}

/** The choices made where the options name none: the stricter reading, or the only one a source supports. */
export const DEFAULT_SWITCHES: Readonly<Switches> = {
	identicalCreateRoute: "exists",
	stoppingBlackholes: false,
	startRevives: "running",
	deadRouteKeepsInstanceId: false,
	taggedLaunchEmitsTagEvent: false,
	localRoutesCount: true,
	ipv4OnlyVpcAcceptsIpv6Route: true,
	replaceAndDeleteCanonicalise: false,
	pagesCount: "matches",
	idsCountAsFilter: false,
};
