import { METRICS, type MetricName, NAMESPACE, STACK_DIMENSION } from "../src/report/metric-names.ts";
import { FUNCTIONS, type FunctionKey } from "./functions.ts";
import type { Stack } from "./stack.ts";

/** A part of a CloudFormation template. */
export interface Fragment {
	readonly Resources: Readonly<Record<string, unknown>>;
	readonly Outputs: Readonly<Record<string, unknown>>;
}

/** A metric of AWS's or of ours: one of CloudFormation's `AWS::CloudWatch::Alarm` alone, without metric math. */
interface Metric {
	readonly Namespace: string;
	readonly MetricName: string;
	readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** What is looked at, and from where on it is alarming. */
interface Alarm {
	/** The end of its name. */
	readonly name: string;
	readonly says: string;
	/** The heading of docs/runbook.md that says what to do. */
	readonly heading: string;
	readonly metric: Metric;
	readonly Statistic: "Maximum" | "SampleCount" | "Sum";
	readonly ComparisonOperator: "GreaterThanOrEqualToThreshold" | "GreaterThanThreshold" | "LessThanThreshold";
	readonly Threshold: number;
	/** Seconds: 60 times a whole number. */
	readonly Period: number;
	/** How many periods in a row are to be alarming. */
	readonly EvaluationPeriods: number;
	/**
	 * What a period without data counts as. `ignore` leaves the alarm as it is: for what stays true until the next
	 * measurement says otherwise.
	 */
	readonly TreatMissingData: "breaching" | "ignore" | "notBreaching";
}

/** Events are grouped by this, seconds: as often at most is told of one and the same thing. */
const PERIOD = 300;

/** A node's pods wait for its route: longer than this, seconds, is no launch as it should be. */
export const TIME_TO_ROUTE_MAX = 60;

/** The alarms, and the topic that all of them tell. */
export function alarms(stack: Stack): Fragment {
	const all = [...perFunction(), ...ofLaunches(stack), ...ofAudits(stack)];
	return {
		Resources: {
			...topic(stack),
			...Object.fromEntries(all.map((alarm) => [logicalId(alarm), resource(alarm, stack)])),
		},
		Outputs: {
			AlarmTopicArn: {
				Description: "Every alarm is told here; subscribe whoever is to hear of them",
				Value: { Ref: "AlarmTopic" },
			},
		},
	};
}

/** The logical ids of the alarms, in the order in which a person would look at them. */
export function alarmIds(stack: Stack): readonly string[] {
	return Object.keys(alarms(stack).Resources).filter((id) => id.endsWith("Alarm"));
}

function perFunction(): readonly Alarm[] {
	return (Object.keys(FUNCTIONS) as FunctionKey[]).map((key) => ({
		name: `${key}-errors`,
		says: `The function ${key} failed.`,
		heading: "A function fails",
		metric: ofFunction("Errors", key),
		...any(PERIOD),
	}));
}

/** What launches come to; whether the table has room for more; what none of them could do. */
function ofLaunches({ name, settings }: Stack): readonly Alarm[] {
	return [
		{
			name: "failure-queue",
			says: "Something could not be done and waits in the failure queue.",
			heading: "Something is in the failure queue",
			metric: {
				Namespace: "AWS/SQS",
				MetricName: "ApproximateNumberOfMessagesVisible",
				Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["FailureQueue", "QueueName"] } }],
			},
			...any(PERIOD),
			// SQS stops measuring a queue that nobody uses, but what is in it stays in it.
			Statistic: "Maximum",
			TreatMissingData: "ignore",
		},
		{
			name: "time-to-route",
			says: `A node waited for its route for more than ${TIME_TO_ROUTE_MAX} seconds.`,
			heading: "A route came late",
			metric: ours(name, "TimeToRoute"),
			...any(PERIOD),
			Statistic: "Maximum",
			Threshold: TIME_TO_ROUTE_MAX,
		},
		{
			name: "routes-replaced",
			says: "A route moved: it was given another target, in place.",
			heading: "A route moved",
			metric: ours(name, "RoutesReplaced"),
			...any(PERIOD),
		},
		{
			name: "quota",
			says: `A route table has used ${settings.quotaWarnRatio} of its quota or more.`,
			heading: "quota-near-limit",
			metric: ours(name, "WorstQuotaRatio"),
			...any(PERIOD),
			Statistic: "Maximum",
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: settings.quotaWarnRatio,
			TreatMissingData: "ignore",
		},
	];
}

function ofAudits({ name, auditMinutes }: Stack): readonly Alarm[] {
	const Period = auditMinutes * 60;
	const none = {
		ComparisonOperator: "LessThanThreshold",
		Threshold: 1,
		Period,
		EvaluationPeriods: 3,
		// A function that does not run measures nothing at all.
		TreatMissingData: "breaching",
	} as const;
	return [
		{
			name: "critical-findings",
			says: "Two audits running found something critical.",
			heading: "A finding stays critical",
			metric: ours(name, "Findings", { severity: "critical" }),
			...any(Period),
			Statistic: "Maximum",
			EvaluationPeriods: 2,
			TreatMissingData: "ignore",
		},
		{
			name: "audit-not-run",
			says: "The audit has not run for three of its periods.",
			heading: "The audit did not run",
			metric: ofFunction("Invocations", "routeTableAudit"),
			...none,
			Statistic: "Sum",
		},
		{
			// An open dashboard invokes the function too, and would hide a schedule that is dead.
			name: "audit-not-finished",
			says: "No audit has come to its end for three of its periods.",
			heading: "The audit did not run",
			metric: ours(name, "Findings", { severity: "critical" }),
			...none,
			Statistic: "SampleCount",
		},
	];
}

/** Alarming once anything at all is counted in a period; a period in which nothing was counted is as it should be. */
function any(Period: number) {
	return {
		Statistic: "Sum",
		ComparisonOperator: "GreaterThanThreshold",
		Threshold: 0,
		Period,
		EvaluationPeriods: 1,
		TreatMissingData: "notBreaching",
	} as const;
}

function ofFunction(MetricName: "Errors" | "Invocations", key: FunctionKey): Metric {
	return {
		Namespace: "AWS/Lambda",
		MetricName,
		Dimensions: [{ Name: "FunctionName", Value: { Ref: FUNCTIONS[key] } }],
	};
}

function ours(
	stackName: string,
	MetricName: MetricName,
	dimensions: Readonly<Record<string, string>> = {},
): Metric {
	const own = Object.keys(dimensions).join();
	const [wanted = ""] = "dimension" in METRICS[MetricName] ? [METRICS[MetricName].dimension] : [];
	if (own !== wanted) throw new Error(`${MetricName} has the dimension ${wanted}, not ${own}`);
	return {
		Namespace: NAMESPACE,
		MetricName,
		Dimensions: Object.entries({ [STACK_DIMENSION]: stackName, ...dimensions }).map(([Name, Value]) => ({
			Name,
			Value,
		})),
	};
}

/** `failure-queue` → `FailureQueueAlarm`. */
function logicalId({ name }: Alarm): string {
	const words = name.split("-").map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
	return `${words.join("")}Alarm`;
}

function resource({ name, says, heading, metric, ...rest }: Alarm, stack: Stack): unknown {
	return {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			AlarmName: `${stack.name}-${name}`,
			AlarmDescription: `${says} See docs/runbook.md, "${heading}".`,
			AlarmActions: [{ Ref: "AlarmTopic" }],
			...metric,
			...rest,
		},
	};
}

/**
 * Not encrypted with a key: CloudWatch may not use the one that SNS brings (alias/aws/sns), and one of our own costs
 * more than all else here. What it carries is the alarms' own text.
 */
function topic({ name, alarmEmail }: Stack): Readonly<Record<string, unknown>> {
	return {
		AlarmTopic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: name } },
		AlarmTopicPolicy: {
			Type: "AWS::SNS::TopicPolicy",
			Properties: {
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
			},
		},
		...(alarmEmail === undefined
			? {}
			: {
					AlarmSubscription: {
						Type: "AWS::SNS::Subscription",
						Properties: { TopicArn: { Ref: "AlarmTopic" }, Protocol: "email", Endpoint: alarmEmail },
					},
				}),
	};
}
