import type { Filter, TableSelection } from "../src/model/selection.ts";
import type { Stack } from "./stack.ts";

interface Statement {
	readonly Effect: "Allow";
	readonly Action: readonly string[];
	readonly Resource: unknown;
	readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What a function may write. */
interface Writes {
	/** Route actions, on the configured tables alone. */
	readonly routes: readonly string[];
	/** Whether it may turn off source/dest checks. */
	readonly checks: boolean;
}

const CREATE_AND_REPLACE = ["ec2:CreateRoute", "ec2:ReplaceRoute"] as const;

/**
 * A role per function, with the rights it uses and no other. Launch and backfill write routes; the audit's
 * writes are exactly what param `repair` says.
 *
 * @throws where `ROUTE_TABLES` selects tables by something that IAM has no condition for.
 */
export function roles({ settings }: Pick<Stack, "settings">): Readonly<Record<string, unknown>> {
	const checks = settings.sourceDestCheck === "disable";
	const routing: Writes = { routes: CREATE_AND_REPLACE, checks };
	const repairs: Readonly<Record<typeof settings.repair, Writes>> = {
		none: { routes: [], checks: false },
		routes: routing,
		all: { routes: [...CREATE_AND_REPLACE, "ec2:DeleteRoute"], checks },
	};
	return {
		InstanceStateChangeRole: role("InstanceStateChange", settings, routing, [POLLING]),
		BackfillRole: role("Backfill", settings, routing),
		RouteTableAuditRole: role("RouteTableAudit", settings, repairs[settings.repair]),
	};
}

/** Lambda polls the event queue with the function's own rights. */
const POLLING: Statement = {
	Effect: "Allow",
	Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
	Resource: { "Fn::GetAtt": ["EventQueue", "Arn"] },
};

/** Lambda tells the default event bus, with the function's own rights, what the function returned (docs/notices.md). */
const NOTIFYING: Statement = {
	Effect: "Allow",
	Action: ["events:PutEvents"],
	Resource: {
		"Fn::Sub": `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default`,
	},
};

function role(
	functionId: string,
	settings: Stack["settings"],
	writes: Writes,
	others: readonly Statement[] = [],
): unknown {
	const statements: readonly Statement[] = [
		{
			// Describe actions have no resource-level permissions (aws-facts.md §6).
			Effect: "Allow",
			Action: ["ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables"],
			Resource: "*",
		},
		{
			// The action reads every attribute, so the instances are narrowed as far as the filters allow.
			Effect: "Allow",
			Action: ["ec2:DescribeInstanceAttribute"],
			Resource: arn("instance/*"),
			...condition(plainTags(settings.nodeFilters)),
		},
		...routeWrites(writes.routes, settings.routeTables),
		...(writes.checks
			? [
					{
						Effect: "Allow",
						Action: ["ec2:ModifyNetworkInterfaceAttribute"],
						Resource: arn("network-interface/*"),
					} as const,
				]
			: []),
		{
			Effect: "Allow",
			Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
			Resource: { "Fn::GetAtt": [`${functionId}LogGroup`, "Arn"] },
		},
		{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: { "Fn::GetAtt": ["FailureQueue", "Arn"] } },
		NOTIFYING,
		...others,
	];
	return {
		Type: "AWS::IAM::Role",
		Properties: {
			AssumeRolePolicyDocument: {
				Version: "2012-10-17",
				Statement: [
					{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
				],
			},
			Policies: [
				{ PolicyName: "podroute", PolicyDocument: { Version: "2012-10-17", Statement: statements } },
			],
		},
	};
}

/** IAM has no key for a route's destination or target (aws-facts.md §6), so the table is all that can be bounded. */
function routeWrites(actions: readonly string[], tables: TableSelection): readonly Statement[] {
	if (actions.length === 0) return [];
	if (tables.kind === "ids") {
		return [{ Effect: "Allow", Action: actions, Resource: tables.ids.map((id) => arn(`route-table/${id}`)) }];
	}
	const tags = plainTags(tables.filters);
	if (tags.length < tables.filters.length) {
		throw new Error(
			"Param routeTables must be route table ids or plain tag:key=value filters: IAM can bound route writes by these alone, and by no other filter or wildcard",
		);
	}
	return [{ Effect: "Allow", Action: actions, Resource: arn("route-table/*"), ...condition(tags) }];
}

/** The filters on a tag's value without wildcards: these an IAM condition can repeat. */
function plainTags(filters: readonly Filter[]): readonly Filter[] {
	return filters.filter(
		({ name, values }) => name.startsWith("tag:") && !values.some((value) => /[*?\\]/.test(value)),
	);
}

function condition(tags: readonly Filter[]): Pick<Statement, "Condition"> {
	if (tags.length === 0) return {};
	const entries = tags.map(
		({ name, values }) => [`aws:ResourceTag/${name.slice("tag:".length)}`, values] as const,
	);
	return { Condition: { StringEquals: Object.fromEntries(entries) } };
}

function arn(resource: string): unknown {
	return { "Fn::Sub": `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:${resource}` };
}
