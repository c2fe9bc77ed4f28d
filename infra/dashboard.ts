import { REFUSAL_REASONS } from "../src/model/finding.ts";
import { type MetricName, NAMESPACE, STACK_DIMENSION } from "../src/report/metric-names.ts";
import { alarmIds, TIME_TO_ROUTE_MAX } from "./alarms.ts";
import { FUNCTIONS, type FunctionKey } from "./functions.ts";
import type { Stack } from "./stack.ts";

interface Place {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

interface Graph {
	readonly title: string;
	readonly stat: "Maximum" | "Sum";
	readonly metrics: readonly unknown[];
	/** A level that is told when it is passed. */
	readonly level?: { readonly label: string; readonly value: number };
}

/** Columns of a dashboard, and what the widgets take of them. */
const COLUMNS = 24;
const MAP = { width: 12, height: 12 } as const;
const ALARMS_HEIGHT = 4;
const GRAPH = { width: 6, height: 6 } as const;

/** Seconds that a point of a graph stands for. */
const PERIOD = 300;

/** What an operator looks at: every alarm, the map of the routes as they are at this moment, and every metric. */
export function dashboard(stack: Stack): Readonly<Record<string, unknown>> {
	const widgets = [
		{
			type: "custom",
			...MAP,
			x: 0,
			y: 0,
			properties: {
				title: "Routes",
				// The viewer's own credentials invoke it, so that whoever may not look is not shown anything.
				endpoint: `\${${FUNCTIONS.routeTableAudit}.Arn}`,
				params: {},
				updateOn: { refresh: true, resize: true, timeRange: false },
			},
		},
		{
			type: "alarm",
			x: MAP.width,
			y: 0,
			width: COLUMNS - MAP.width,
			height: ALARMS_HEIGHT,
			properties: { title: "Alarms", alarms: alarmIds(stack).map((id) => `\${${id}.Arn}`) },
		},
		...graphs(stack).map((graph, index) => draw(graph, placeOf(index))),
	];
	return {
		Dashboard: {
			Type: "AWS::CloudWatch::Dashboard",
			Properties: { DashboardName: stack.name, DashboardBody: { "Fn::Sub": JSON.stringify({ widgets }) } },
		},
	};
}

/** Two beside the map, under the alarms, and the rest in rows beneath. */
function placeOf(index: number): Place {
	const besideMap = (COLUMNS - MAP.width) / GRAPH.width;
	if (index < besideMap) return { x: MAP.width + index * GRAPH.width, y: ALARMS_HEIGHT, ...GRAPH };
	const perRow = COLUMNS / GRAPH.width;
	const below = index - besideMap;
	return {
		x: (below % perRow) * GRAPH.width,
		y: MAP.height + Math.floor(below / perRow) * GRAPH.height,
		...GRAPH,
	};
}

function draw({ title, stat, metrics, level }: Graph, place: Place): unknown {
	return {
		type: "metric",
		...place,
		properties: {
			title,
			view: "timeSeries",
			region: `\${AWS::Region}`,
			stat,
			period: PERIOD,
			metrics,
			yAxis: { left: { min: 0 } },
			...(level === undefined ? {} : { annotations: { horizontal: [level] } }),
		},
	};
}

function graphs({ name, settings }: Stack): readonly Graph[] {
	const own = (metric: MetricName, ...dimension: readonly string[]) => [
		NAMESPACE,
		metric,
		STACK_DIMENSION,
		name,
		...dimension,
	];
	return [
		{
			title: "Routes written",
			stat: "Sum",
			metrics: [own("RoutesCreated"), own("RoutesReplaced"), own("RoutesDeleted"), own("RoutesWithheld")],
		},
		{
			title: "Time to route (seconds)",
			stat: "Maximum",
			metrics: [own("TimeToRoute")],
			level: { label: "alarm", value: TIME_TO_ROUTE_MAX },
		},
		{
			title: "Findings of the audit",
			stat: "Maximum",
			metrics: ["critical", "warning", "info"].map((severity) => own("Findings", "severity", severity)),
		},
		{
			title: "Refused claims",
			stat: "Sum",
			metrics: REFUSAL_REASONS.map((reason) => own("Refusals", "reason", reason)),
		},
		{
			title: "Quota used",
			stat: "Maximum",
			metrics: [
				own("WorstQuotaRatio"),
				[
					{
						// Tables come and go, so they are looked up when the graph is drawn.
						expression: `SEARCH('{${NAMESPACE},${STACK_DIMENSION},table} ${STACK_DIMENSION}="${name}" MetricName="QuotaRatio"', 'Maximum', ${PERIOD})`,
					},
				],
			],
			level: { label: "QUOTA_WARN_RATIO", value: settings.quotaWarnRatio },
		},
		{ title: "EC2 requests", stat: "Sum", metrics: [own("Ec2Calls"), own("Ec2Throttles")] },
		{ title: "Failed", stat: "Sum", metrics: failed() },
		{
			title: "Waiting",
			stat: "Maximum",
			metrics: ["EventQueue", "FailureQueue"].map((queue) => [
				"AWS/SQS",
				"ApproximateNumberOfMessagesVisible",
				"QueueName",
				`\${${queue}.QueueName}`,
				{ label: queue },
			]),
		},
	];
}

/** Failures of each function, and reports that never reached the event bus (docs/notices.md). */
function failed(): readonly unknown[] {
	return ["Errors", "DestinationDeliveryFailures"].flatMap((metric) =>
		(Object.keys(FUNCTIONS) as FunctionKey[]).map((key) => [
			"AWS/Lambda",
			metric,
			"FunctionName",
			`\${${FUNCTIONS[key]}}`,
			{ label: `${key} ${metric}` },
		]),
	);
}
