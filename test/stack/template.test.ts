import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHOSEN } from "../../bench/burst/designs.ts";
import { type Packaged, packageWith, REQUIRED, refusalOf, removePackages } from "../support/packaged.ts";

const root = join(import.meta.dirname, "../..");

function statementsOf({ resources }: Packaged, role: string): readonly Record<string, unknown>[] {
	const policies = resources[role]?.Properties["Policies"] as {
		PolicyDocument: { Statement: Record<string, unknown>[] };
	}[];
	return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actionsOf(stack: Packaged, role: string): readonly string[] {
	return statementsOf(stack, role)
		.flatMap(({ Action }) => Action as string[])
		.sort();
}

function ofType({ resources }: Packaged, type: string): readonly [string, Record<string, unknown>][] {
	return Object.entries(resources)
		.filter(([, { Type }]) => Type === type)
		.map(([id, { Properties }]) => [id, Properties]);
}

let stack: Packaged;

beforeAll(async () => {
	stack = await packageWith(REQUIRED);
});

afterAll(removePackages);

const DEFAULT_BUS = {
	"Fn::Sub": `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default`,
};

const FUNCTIONS = [
	["InstanceStateChange", "instance-state-change", 30],
	["RouteTableAudit", "route-table-audit", 240],
	["Backfill", "backfill", 900],
] as const;

describe.each(FUNCTIONS)("the function %s", (id, file, timeout) => {
	const name = `podroute-prod-${id.charAt(0).toLowerCase()}${id.slice(1)}`;

	it("runs its own bundle, on Node 24 and arm64, with time of its own", () => {
		expect(stack.resources[`${id}LambdaFunction`]?.Properties).toMatchObject({
			FunctionName: name,
			Handler: `dist/${file}.handler`,
			Runtime: "nodejs24.x",
			Architectures: ["arm64"],
			Timeout: timeout,
		});
	});

	it("has a role of its own", () => {
		expect(stack.resources[`${id}LambdaFunction`]?.Properties["Role"]).toEqual({
			"Fn::GetAtt": [`${id}Role`, "Arn"],
		});
	});

	it("is packed with its bundle, what that loads later, and source maps alone", async () => {
		const zip = join(stack.folder, `${name.slice("podroute-prod-".length)}.zip`);
		const list = "import sys,zipfile; print('\\n'.join(sorted(zipfile.ZipFile(sys.argv[1]).namelist())))";
		const { stdout } = await promisify(execFile)("python3", ["-c", list, zip]);
		const later = ["metrics", ...(id === "RouteTableAudit" ? ["widget"] : [])].flatMap((name) => [
			`dist/later/${name}.mjs`,
			`dist/later/${name}.mjs.map`,
		]);
		expect(stdout.trim().split("\n")).toEqual([...later, `dist/${file}.mjs`, `dist/${file}.mjs.map`].sort());
	});

	it("keeps its logs for thirty days", () => {
		expect(stack.resources[`${id}LogGroup`]?.Properties).toEqual({
			LogGroupName: `/aws/lambda/${name}`,
			RetentionInDays: 30,
		});
	});

	it("sends what failed to the failure queue, and tells the default event bus what it returned", () => {
		expect(stack.resources[`${id}LambdaEvConf`]?.Properties["DestinationConfig"]).toEqual({
			OnFailure: { Destination: { "Fn::GetAtt": ["FailureQueue", "Arn"] } },
			OnSuccess: { Destination: DEFAULT_BUS },
		});
	});

	it("may write its own log, send to the failure queue and the default event bus, and none of it to any other", () => {
		const statements = statementsOf(stack, `${id}Role`);
		expect(statements).toContainEqual({
			Effect: "Allow",
			Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
			Resource: { "Fn::GetAtt": [`${id}LogGroup`, "Arn"] },
		});
		expect(statements).toContainEqual({
			Effect: "Allow",
			Action: ["sqs:SendMessage"],
			Resource: { "Fn::GetAtt": ["FailureQueue", "Arn"] },
		});
		expect(statements).toContainEqual({
			Effect: "Allow",
			Action: ["events:PutEvents"],
			Resource: DEFAULT_BUS,
		});
	});

	it("gets every setting", () => {
		expect(stack.resources[`${id}LambdaFunction`]?.Properties["Environment"]).toEqual({
			Variables: {
				NODE_FILTERS: "tag:kubernetes.io/cluster/hard-way=owned",
				ROUTE_TABLES: "rtb-0a1b2c3d4e5f60718",
				CLUSTER_CIDRS: "10.200.0.0/16",
				NODE_CIDR_MASK_SIZES: "any",
				POD_CIDR_TAG: "pod-cidr",
				POD_CIDR_KEY: "pod-cidr",
				SOURCE_DEST_CHECK: "disable",
				REPAIR: "routes",
				DELETE_SHARE_MAX: "0.3",
				ROUTE_LIMIT: "500",
				QUOTA_WARN_RATIO: "0.8",
				POWERTOOLS_SERVICE_NAME: "podroute-prod",
			},
		});
	});
});

describe("the stack", () => {
	it("has three functions and no other", () => {
		expect(
			ofType(stack, "AWS::Lambda::Function")
				.map(([id]) => id)
				.sort(),
		).toEqual([
			"BackfillLambdaFunction",
			"InstanceStateChangeLambdaFunction",
			"RouteTableAuditLambdaFunction",
		]);
	});

	it("retains no versions", () => {
		expect(ofType(stack, "AWS::Lambda::Version")).toEqual([]);
	});

	it("retries a launch twice, an audit and a backfill never", () => {
		const retries = FUNCTIONS.map(
			([id]) => stack.resources[`${id}LambdaEvConf`]?.Properties["MaximumRetryAttempts"],
		);
		expect(retries).toEqual([2, 0, 0]);
	});

	it("wakes on running instances, on tag changes by the keys it cares about, and every five minutes", () => {
		const rules = ofType(stack, "AWS::Events::Rule").map(
			([, rule]) => rule["EventPattern"] ?? rule["ScheduleExpression"],
		);
		expect(rules).toHaveLength(3);
		expect(rules).toEqual(
			expect.arrayContaining([
				{
					source: ["aws.ec2"],
					"detail-type": ["EC2 Instance State-change Notification"],
					detail: { state: ["running"] },
				},
				{
					source: ["aws.tag"],
					"detail-type": ["Tag Change on Resource"],
					detail: {
						service: ["ec2"],
						"resource-type": ["instance"],
						"changed-tag-keys": ["pod-cidr", "kubernetes.io/cluster/hard-way"],
					},
				},
				"rate(5 minutes)",
			]),
		);
	});

	it("keeps events that reach no target in the failure queue", () => {
		for (const [, rule] of ofType(stack, "AWS::Events::Rule")) {
			const targets = rule["Targets"] as Record<string, unknown>[];
			expect(targets.map((target) => target["DeadLetterConfig"])).toEqual([
				{ Arn: { "Fn::GetAtt": ["FailureQueue", "Arn"] } },
			]);
		}
		expect(stack.resources["FailureQueuePolicy"]?.Properties["PolicyDocument"]).toMatchObject({
			Statement: [{ Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage" }],
		});
	});

	it("lets launches and tag changes wait in a queue, which only these two rules may fill", () => {
		const rules = ofType(stack, "AWS::Events::Rule").filter(([, rule]) => "EventPattern" in rule);
		expect(rules.map(([id]) => id)).toEqual(["RunningRule", "TaggedRule"]);
		for (const [, rule] of rules) {
			expect(rule["Targets"]).toMatchObject([{ Arn: { "Fn::GetAtt": ["EventQueue", "Arn"] } }]);
		}
		expect(stack.resources["EventQueuePolicy"]?.Properties).toEqual({
			Queues: [{ Ref: "EventQueue" }],
			PolicyDocument: {
				Version: "2012-10-17",
				Statement: [
					{
						Effect: "Allow",
						Principal: { Service: "events.amazonaws.com" },
						Action: "sqs:SendMessage",
						Resource: { "Fn::GetAtt": ["EventQueue", "Arn"] },
						Condition: {
							ArnEquals: {
								"aws:SourceArn": [
									{ "Fn::GetAtt": ["RunningRule", "Arn"] },
									{ "Fn::GetAtt": ["TaggedRule", "Arn"] },
								],
							},
						},
					},
				],
			},
		});
	});

	it("has that queue taken ten events at a time, by two at once, each given back by itself where it fails", () => {
		expect(ofType(stack, "AWS::Lambda::EventSourceMapping").map(([, mapping]) => mapping)).toEqual([
			{
				BatchSize: 10,
				Enabled: true,
				EventSourceArn: { "Fn::GetAtt": ["EventQueue", "Arn"] },
				FunctionName: { "Fn::GetAtt": ["InstanceStateChangeLambdaFunction", "Arn"] },
				FunctionResponseTypes: ["ReportBatchItemFailures"],
				ScalingConfig: { MaximumConcurrency: 2 },
			},
		]);
	});

	it("delivers as the simulated burst does, whose figures chose it", () => {
		const [[, mapping] = []] = ofType(stack, "AWS::Lambda::EventSourceMapping");
		const { VisibilityTimeout, RedrivePolicy } = stack.resources["EventQueue"]?.Properties ?? {};
		const { Timeout } = stack.resources["InstanceStateChangeLambdaFunction"]?.Properties ?? {};
		expect({
			kind: "queue",
			lambda: { timeoutMs: Number(Timeout) * 1_000 },
			queue: {
				visibilityTimeoutMs: Number(VisibilityTimeout) * 1_000,
				maxReceiveCount: Object(RedrivePolicy).maxReceiveCount,
			},
			mapping: {
				batchSize: mapping?.["BatchSize"],
				batchingWindowMs: mapping?.["MaximumBatchingWindowInSeconds"] ?? 0,
				maximumConcurrency: Object(mapping?.["ScalingConfig"]).MaximumConcurrency,
			},
		}).toEqual(CHOSEN.design);
	});

	it("tries an event three times, each well after the function's time is up, and then keeps it", () => {
		expect(stack.resources["EventQueue"]?.Properties).toEqual({
			VisibilityTimeout: 180,
			RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["FailureQueue", "Arn"] }, maxReceiveCount: 3 },
			SqsManagedSseEnabled: true,
		});
	});

	it("keeps what failed for fourteen days, encrypted", () => {
		expect(stack.resources["FailureQueue"]?.Properties).toEqual({
			MessageRetentionPeriod: 1_209_600,
			SqsManagedSseEnabled: true,
		});
	});
});

const READS = [
	"ec2:DescribeInstanceAttribute",
	"ec2:DescribeInstances",
	"ec2:DescribeNetworkInterfaces",
	"ec2:DescribeRouteTables",
];
const OWN = ["events:PutEvents", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];
const POLLING = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const ec2Arn = (resource: string) => ({
	"Fn::Sub": `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});

describe("a role", () => {
	it.each([
		["InstanceStateChangeRole", POLLING],
		["BackfillRole", []],
	])("%s may create and replace routes in the configured table, and nothing else of EC2", (role, others) => {
		expect(actionsOf(stack, role)).toEqual(
			[
				...READS,
				"ec2:CreateRoute",
				"ec2:ModifyNetworkInterfaceAttribute",
				"ec2:ReplaceRoute",
				...OWN,
				...others,
			].sort(),
		);
		expect(statementsOf(stack, role)).toContainEqual({
			Effect: "Allow",
			Action: ["ec2:CreateRoute", "ec2:ReplaceRoute"],
			Resource: [ec2Arn("route-table/rtb-0a1b2c3d4e5f60718")],
		});
	});

	it("reaches interfaces alone when it turns off source/dest checks", () => {
		expect(statementsOf(stack, "InstanceStateChangeRole")).toContainEqual({
			Effect: "Allow",
			Action: ["ec2:ModifyNetworkInterfaceAttribute"],
			Resource: ec2Arn("network-interface/*"),
		});
	});

	it("reads user data of the instances that the filters name", () => {
		expect(statementsOf(stack, "RouteTableAuditRole")).toContainEqual({
			Effect: "Allow",
			Action: ["ec2:DescribeInstanceAttribute"],
			Resource: ec2Arn("instance/*"),
			Condition: { StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/hard-way": ["owned"] } },
		});
	});

	it("has a star for a resource only where EC2 knows no other: to describe", () => {
		for (const [id] of FUNCTIONS) {
			const starred = statementsOf(stack, `${id}Role`).filter(({ Resource }) => Resource === "*");
			expect(starred.map(({ Action }) => Action)).toEqual([
				["ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables"],
			]);
		}
	});

	it("of all three has together exactly the EC2 actions that the code sends, where everything is repaired", async () => {
		const sent = globSync("src/ec2/*.ts", { cwd: root }).flatMap((file) =>
			[...readFileSync(join(root, file), "utf8").matchAll(/new (\w+)Command\(|paginate(\w+)\(/g)].map(
				([, command, pages]) => `ec2:${command ?? pages}`,
			),
		);
		const all = await packageWith({ ...REQUIRED, repair: "all" });
		const granted = FUNCTIONS.flatMap(([id]) => actionsOf(all, `${id}Role`)).filter((action) =>
			action.startsWith("ec2:"),
		);
		expect([...new Set(sent)].sort()).toEqual([...new Set(granted)].sort());
	});
});

describe("the audit's role", () => {
	it.each([
		["none", []],
		["routes", ["ec2:CreateRoute", "ec2:ModifyNetworkInterfaceAttribute", "ec2:ReplaceRoute"]],
		[
			"all",
			["ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ModifyNetworkInterfaceAttribute", "ec2:ReplaceRoute"],
		],
	])("writes exactly what param repair=%s says", async (repair, writes) => {
		const packaged = await packageWith({ ...REQUIRED, repair });
		expect(actionsOf(packaged, "RouteTableAuditRole")).toEqual([...READS, ...writes, ...OWN].sort());
	});
});

describe("params", () => {
	it("scope route writes by tag where tables are chosen by tag", async () => {
		const packaged = await packageWith({
			...REQUIRED,
			routeTables: "tag:kubernetes.io/cluster/hard-way=owned,shared",
		});
		expect(statementsOf(packaged, "InstanceStateChangeRole")).toContainEqual({
			Effect: "Allow",
			Action: ["ec2:CreateRoute", "ec2:ReplaceRoute"],
			Resource: ec2Arn("route-table/*"),
			Condition: { StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/hard-way": ["owned", "shared"] } },
		});
	});

	it("scope route writes to every table that is named", async () => {
		const packaged = await packageWith({ ...REQUIRED, routeTables: "rtb-0a1b2c3d,rtb-0a1b2c3e" });
		expect(statementsOf(packaged, "BackfillRole")).toContainEqual({
			Effect: "Allow",
			Action: ["ec2:CreateRoute", "ec2:ReplaceRoute"],
			Resource: [ec2Arn("route-table/rtb-0a1b2c3d"), ec2Arn("route-table/rtb-0a1b2c3e")],
		});
	});

	it("take away the right to turn off source/dest checks where they are only reported", async () => {
		const packaged = await packageWith({ ...REQUIRED, sourceDestCheck: "report" });
		for (const [id] of FUNCTIONS)
			expect(actionsOf(packaged, `${id}Role`)).not.toContain("ec2:ModifyNetworkInterfaceAttribute");
	});

	it("leave user data of every instance readable where a wildcard names the nodes", async () => {
		const packaged = await packageWith({ ...REQUIRED, nodeFilters: "tag:Name=worker-*" });
		expect(statementsOf(packaged, "InstanceStateChangeRole")).toContainEqual({
			Effect: "Allow",
			Action: ["ec2:DescribeInstanceAttribute"],
			Resource: ec2Arn("instance/*"),
		});
	});

	it("keep the audit shorter than its period", async () => {
		const packaged = await packageWith({ ...REQUIRED, auditMinutes: "2" });
		expect(packaged.resources["RouteTableAuditLambdaFunction"]?.Properties["Timeout"]).toBe(90);
		expect(ofType(packaged, "AWS::Events::Rule").map(([, rule]) => rule["ScheduleExpression"])).toContain(
			"rate(2 minutes)",
		);
	});

	it.each([
		["nodeFilters", "worker", "NODE_FILTERS must be EC2 filters"],
		["routeTables", "vpc-id=vpc-0a1b2c3d", "IAM can bound route writes by these alone"],
		["routeTables", "tag:Name=kube-*", "IAM can bound route writes by these alone"],
		["clusterCidrs", "10.200.0.1/16", "host bits are set"],
		["repair", "everything", "REPAIR must be none or routes or all"],
		["auditMinutes", "1", "Param auditMinutes must be a whole number from 2 to 1440"],
	])("%s=%s is refused when the stack is packaged", async (name, value, sentence) => {
		expect(await refusalOf({ ...REQUIRED, [name]: value })).toContain(sentence);
	});

	it("are refused together where none is given", async () => {
		const told = await refusalOf({});
		expect(told).toContain("CLUSTER_CIDRS is required");
		expect(told).toContain("NODE_FILTERS is required");
		expect(told).toContain("ROUTE_TABLES is required");
	});
});
