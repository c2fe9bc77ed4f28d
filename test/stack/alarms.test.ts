import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alarms } from "../../infra/alarms.ts";
import { parseSettings } from "../../src/settings.ts";
import { type Packaged, packageWith, REQUIRED, refusalOf, removePackages } from "../support/packaged.ts";

let stack: Packaged;

beforeAll(async () => {
	stack = await packageWith(REQUIRED);
});

afterAll(removePackages);

interface Alarm {
	readonly AlarmName: string;
	readonly AlarmActions: unknown;
	readonly Namespace: string;
	readonly MetricName: string;
	readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
	readonly Statistic: string;
	readonly ComparisonOperator: string;
	readonly Threshold: number;
	readonly Period: number;
	readonly EvaluationPeriods: number;
	readonly TreatMissingData: string;
}

function alarmsOf(resources: Packaged["resources"]): readonly Alarm[] {
	return Object.values(resources)
		.filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
		.map(({ Properties }) => Properties as unknown as Alarm);
}

const OPERATORS: Readonly<Record<string, string>> = {
	GreaterThanThreshold: ">",
	GreaterThanOrEqualToThreshold: ">=",
	LessThanThreshold: "<",
};

/** `statistic of namespace/metric{dimension=value} > threshold, periods × seconds, missing data`. */
function inWords(alarm: Alarm): string {
	const dimensions = alarm.Dimensions.map(({ Name, Value }) => `${Name}=${nameOf(Value)}`).join();
	const operator = OPERATORS[alarm.ComparisonOperator];
	return `${alarm.Statistic} of ${alarm.Namespace}/${alarm.MetricName}{${dimensions}} ${operator} ${alarm.Threshold}, ${alarm.EvaluationPeriods} × ${alarm.Period} s, ${alarm.TreatMissingData}`;
}

function nameOf(value: unknown): string {
	if (typeof value === "string") return value;
	const [argument] = Object.values(value as Record<string, unknown>);
	return String(argument);
}

function inWordsByName({ resources }: Packaged): Readonly<Record<string, string>> {
	return Object.fromEntries(alarmsOf(resources).map((alarm) => [alarm.AlarmName, inWords(alarm)]));
}

describe("the alarms", () => {
	it("are these", () => {
		expect(inWordsByName(stack)).toEqual({
			"podroute-prod-instanceStateChange-errors":
				"Sum of AWS/Lambda/Errors{FunctionName=InstanceStateChangeLambdaFunction} > 0, 1 × 300 s, notBreaching",
			"podroute-prod-routeTableAudit-errors":
				"Sum of AWS/Lambda/Errors{FunctionName=RouteTableAuditLambdaFunction} > 0, 1 × 300 s, notBreaching",
			"podroute-prod-backfill-errors":
				"Sum of AWS/Lambda/Errors{FunctionName=BackfillLambdaFunction} > 0, 1 × 300 s, notBreaching",
			"podroute-prod-failure-queue":
				"Maximum of AWS/SQS/ApproximateNumberOfMessagesVisible{QueueName=FailureQueue,QueueName} > 0, 1 × 300 s, ignore",
			"podroute-prod-time-to-route":
				"Maximum of podroute/TimeToRoute{service=podroute-prod} > 60, 1 × 300 s, notBreaching",
			"podroute-prod-routes-replaced":
				"Sum of podroute/RoutesReplaced{service=podroute-prod} > 0, 1 × 300 s, notBreaching",
			"podroute-prod-quota":
				"Maximum of podroute/WorstQuotaRatio{service=podroute-prod} >= 0.8, 1 × 300 s, ignore",
			"podroute-prod-critical-findings":
				"Maximum of podroute/Findings{service=podroute-prod,severity=critical} > 0, 2 × 300 s, ignore",
			"podroute-prod-audit-not-run":
				"Sum of AWS/Lambda/Invocations{FunctionName=RouteTableAuditLambdaFunction} < 1, 3 × 300 s, breaching",
			"podroute-prod-audit-not-finished":
				"SampleCount of podroute/Findings{service=podroute-prod,severity=critical} < 1, 3 × 300 s, breaching",
		});
	});

	it("follow the audit's period, the stage and the ratio that is warned of", async () => {
		const params = { ...REQUIRED, auditMinutes: "60", quotaWarnRatio: "0.5" };
		expect(inWordsByName(await packageWith(params, "dev"))).toMatchObject({
			"podroute-dev-quota":
				"Maximum of podroute/WorstQuotaRatio{service=podroute-dev} >= 0.5, 1 × 300 s, ignore",
			"podroute-dev-critical-findings":
				"Maximum of podroute/Findings{service=podroute-dev,severity=critical} > 0, 2 × 3600 s, ignore",
			"podroute-dev-audit-not-run":
				"Sum of AWS/Lambda/Invocations{FunctionName=RouteTableAuditLambdaFunction} < 1, 3 × 3600 s, breaching",
		});
	});

	it.each([2, 59, 60, 1_440])(
		"look back no further than CloudWatch does, with an audit every %i minutes",
		(auditMinutes) => {
			const settings = parseSettings({
				NODE_FILTERS: "tag:Name=worker-*",
				ROUTE_TABLES: "rtb-0a1b2c3d",
				CLUSTER_CIDRS: "10.200.0.0/16",
			});
			const { Resources } = alarms({ name: "podroute-prod", auditMinutes, settings });
			const all = alarmsOf(Resources as Packaged["resources"]);
			expect(all).toHaveLength(10);
			for (const { Period, EvaluationPeriods } of all) {
				expect(Period % 60).toBe(0);
				// "PutMetricAlarm", Amazon CloudWatch API Reference.
				expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period < 3_600 ? 86_400 : 604_800);
			}
		},
	);

	it("all tell one topic, which CloudWatch may publish to for this account alone", () => {
		for (const { AlarmActions } of alarmsOf(stack.resources))
			expect(AlarmActions).toEqual([{ Ref: "AlarmTopic" }]);
		expect(stack.resources["AlarmTopicPolicy"]?.Properties).toEqual({
			Topics: [{ Ref: "AlarmTopic" }],
			PolicyDocument: {
				Version: "2012-10-17",
				Statement: [
					{
						Effect: "Allow",
						Principal: { Service: "cloudwatch.amazonaws.com" },
						Action: "sns:Publish",
						Resource: { Ref: "AlarmTopic" },
						Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
					},
				],
			},
		});
	});

	it("are mailed to the address that is given, and to nobody where none is", async () => {
		expect(stack.resources).not.toHaveProperty("AlarmSubscription");
		const packaged = await packageWith({ ...REQUIRED, alarmEmail: "ops@example.com" });
		expect(packaged.resources["AlarmSubscription"]?.Properties).toEqual({
			TopicArn: { Ref: "AlarmTopic" },
			Protocol: "email",
			Endpoint: "ops@example.com",
		});
		expect(await refusalOf({ ...REQUIRED, alarmEmail: "ops" })).toContain(
			"Param alarmEmail must be an e-mail address",
		);
	});
});

interface Widget {
	readonly type: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly properties: Readonly<Record<string, unknown>>;
}

function widgetsOf({ resources }: Packaged): readonly Widget[] {
	const body = resources["Dashboard"]?.Properties["DashboardBody"] as { "Fn::Sub": string };
	return JSON.parse(body["Fn::Sub"]).widgets;
}

describe("the dashboard", () => {
	it("has the stack's name, and draws the routes by the audit function", () => {
		expect(stack.resources["Dashboard"]?.Properties["DashboardName"]).toBe("podroute-prod");
		expect(widgetsOf(stack).filter(({ type }) => type === "custom")).toEqual([
			{
				type: "custom",
				x: 0,
				y: 0,
				width: 12,
				height: 12,
				properties: {
					title: "Routes",
					endpoint: `\${RouteTableAuditLambdaFunction.Arn}`,
					params: {},
					updateOn: { refresh: true, resize: true, timeRange: false },
				},
			},
		]);
	});

	it("shows every alarm there is", () => {
		const ids = Object.entries(stack.resources).filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm");
		const shown = widgetsOf(stack).filter(({ type }) => type === "alarm");
		expect(shown.map(({ properties }) => properties["alarms"])).toEqual([ids.map(([id]) => `\${${id}.Arn}`)]);
	});

	it("graphs every metric", () => {
		const graphs = JSON.stringify(widgetsOf(stack).filter(({ type }) => type === "metric"));
		const names = [...graphs.matchAll(/\["podroute","(\w+)"/g)].map(([, name = ""]) => name);
		expect([...new Set(names)].toSorted()).toEqual([
			"Ec2Calls",
			"Ec2Throttles",
			"Findings",
			"Refusals",
			"RoutesCreated",
			"RoutesDeleted",
			"RoutesReplaced",
			"RoutesWithheld",
			"TimeToRoute",
			"WorstQuotaRatio",
		]);
		expect(graphs).toContain(
			`SEARCH('{podroute,service,table} service=\\"podroute-prod\\" MetricName=\\"QuotaRatio\\"', 'Maximum', 300)`,
		);
	});

	it("lays no widget over another, or beyond the 24 columns there are", () => {
		const taken = widgetsOf(stack).flatMap(({ x, y, width, height }) =>
			Array.from(
				{ length: width * height },
				(_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
			),
		);
		expect(new Set(taken).size).toBe(taken.length);
		expect(Math.max(...widgetsOf(stack).map(({ x, width }) => x + width))).toBe(24);
	});

	it("names nothing that the stack does not have", () => {
		const named = [...JSON.stringify(widgetsOf(stack)).matchAll(/\$\{([^}:.]+)(?:\.\w+)?\}/g)].map(
			([, id = ""]) => id,
		);
		expect(named).toContain("FailureQueue");
		expect(named.filter((id) => !(id in stack.resources))).toEqual([]);
	});
});
