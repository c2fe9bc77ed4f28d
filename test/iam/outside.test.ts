import { beforeEach, describe, expect, it, vi } from "vitest";
import { PARAMETERS } from "../../emulator/parameters.ts";
import { aCluster, CLUSTER_TAG, type Cluster } from "../support/cluster.ts";
import { allows, holderOf, type Policy } from "../support/iam.ts";
import { FILES } from "./scenarios.ts";
import { aFunction, ROLES, type Role } from "./stacks.ts";

beforeEach(() => {
	vi.unstubAllEnvs();
});

function rolesWhere(wanted: (role: Role) => boolean): readonly Role[] {
	const found = ROLES.filter(wanted);
	if (found.length === 0) throw new Error("No stack has such a role");
	return found;
}

function audits(repair: string): readonly Role[] {
	return rolesWhere(
		({ functionName, stack }) => functionName === "RouteTableAudit" && stack.repair === repair,
	);
}

/** A cluster as in the stacks, with a node, and with instances and a table beside it that are none of ours. */
async function aWorld() {
	const cluster = await aCluster({ tables: 2 });
	await cluster.launch("worker-0", { claims: "10.200.0.0/24" });
	await cluster.launch("stranger", { isNode: false });
	await cluster.launch("neighbour", { isNode: false, tags: { [CLUSTER_TAG]: "shared" } });
	return { cluster, anotherTable: await aTableApart(cluster) };
}

/** In the same VPC, under a tag of its own. */
async function aTableApart({ api, vpcId }: Cluster): Promise<string> {
	const Tags = [{ Key: "Name", Value: "another" }];
	const TagSpecifications = [{ ResourceType: "route-table" as const, Tags }];
	const { RouteTable } = await api.createRouteTable({ VpcId: vpcId, TagSpecifications });
	return RouteTable?.RouteTableId ?? "";
}

/** What EC2 answers somebody with a policy: `ok`, or an error code. */
async function answerTo(
	{ ec2 }: Cluster,
	policy: Policy,
	action: string,
	parameters: Readonly<Record<string, string>>,
): Promise<string> {
	const query = new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters });
	await ec2.handle(query.toString(), holderOf(policy, ec2));
	return ec2.calls.at(-1)?.outcome ?? "";
}

function granted({ Statement }: Policy): ReadonlySet<string> {
	return new Set(Statement.flatMap(({ Action }) => Action));
}

/** A request of each kind of route write that would do something. */
function routeWrites(cluster: Cluster, tableId: string) {
	const at = { RouteTableId: tableId, DestinationCidrBlock: "10.200.9.0/24" };
	const route = { ...at, NetworkInterfaceId: cluster.eni("worker-0") };
	return { CreateRoute: route, ReplaceRoute: route, DeleteRoute: at };
}

const check = (cluster: Cluster) => ({
	NetworkInterfaceId: cluster.eni("worker-0"),
	"SourceDestCheck.Value": "false",
});

const NOTHING: Policy = { Version: "2012-10-17", Statement: [] };
const EVERYTHING: Policy = {
	Version: "2012-10-17",
	Statement: [{ Effect: "Allow", Action: ["ec2:*"], Resource: "*" }],
};

describe("The embedded EC2", () => {
	it("denies whoever has no right as EC2 does: status 403, before anything that is named is looked at", async () => {
		const { cluster } = await aWorld();
		const body = "Action=DeleteRoute&Version=2016-11-15&RouteTableId=rtb-0123456789abcdef0&DryRun=true";
		const answer = await cluster.ec2.handle(body, holderOf(NOTHING, cluster.ec2));
		expect(answer.status).toBe(403);
		expect(answer.body).toContain("<Code>UnauthorizedOperation</Code>");
		expect(answer.body).toContain("is not authorized to perform: ec2:DeleteRoute on resource: ");
	});

	it("leaves the world as it was where it denies, and changes it where it does not", async () => {
		const { cluster } = await aWorld();
		const route = routeWrites(cluster, cluster.tableId).CreateRoute;
		expect(await answerTo(cluster, NOTHING, "CreateRoute", route)).toBe("UnauthorizedOperation");
		expect(await cluster.routes()).toEqual({});
		expect(await answerTo(cluster, EVERYTHING, "CreateRoute", route)).toBe("ok");
		expect(await cluster.routes()).toEqual({ "10.200.9.0/24": "worker-0" });
	});
});

describe.each(ROLES)("the role of $title", ({ stack, functionName, policy }) => {
	it("is denied every action that it does not name", async () => {
		const { cluster } = await aWorld();
		const own = {
			RouteTableId: cluster.tableId,
			NetworkInterfaceId: cluster.eni("worker-0"),
			InstanceId: cluster.id("worker-0"),
			"InstanceId.1": cluster.id("worker-0"),
			"ResourceId.1": cluster.id("worker-0"),
			VpcId: cluster.vpcId,
			SubnetId: cluster.subnetId,
		};
		const others = Object.keys(PARAMETERS).filter((action) => !granted(policy).has(`ec2:${action}`));
		expect(others).toEqual(
			expect.arrayContaining(["RunInstances", "TerminateInstances", "ModifyInstanceAttribute", "CreateTags"]),
		);
		for (const action of others) {
			expect([action, await answerTo(cluster, policy, action, own)]).toEqual([
				action,
				"UnauthorizedOperation",
			]);
		}
	});

	it("writes no route of a table that is not configured", async () => {
		const { cluster, anotherTable } = await aWorld();
		for (const [action, parameters] of Object.entries(routeWrites(cluster, anotherTable))) {
			expect(await answerTo(cluster, policy, action, parameters)).toBe("UnauthorizedOperation");
		}
		expect(await cluster.routes(anotherTable)).toEqual({});
	});

	it("reads user data of a node, and of no instance without the tag or with another value of it", async () => {
		const { cluster } = await aWorld();
		const of = (name: string) => ({ InstanceId: cluster.id(name), Attribute: "userData" });
		expect(await answerTo(cluster, policy, "DescribeInstanceAttribute", of("worker-0"))).toBe("ok");
		for (const name of ["stranger", "neighbour"]) {
			expect(await answerTo(cluster, policy, "DescribeInstanceAttribute", of(name))).toBe(
				"UnauthorizedOperation",
			);
		}
	});

	it("changes no security group of an interface", async () => {
		const { cluster } = await aWorld();
		const parameters = { ...check(cluster), "SecurityGroupId.1": "sg-0a1b2c3d4e5f60718" };
		expect(await answerTo(cluster, policy, "ModifyNetworkInterfaceAttribute", parameters)).toBe(
			"UnauthorizedOperation",
		);
	});

	it("writes its own log, to the failure queue and to the default event bus, and to no other of these", async () => {
		const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
		for (const name of Object.keys(FILES)) {
			const group = stack.resources[`${name}LogGroup`]?.Properties["LogGroupName"];
			const log = arn("logs", `log-group:${group}:log-stream:2026/01/02/[$LATEST]0a1b`);
			for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
				expect([name, await allows(policy, action, log)]).toEqual([name, name === functionName]);
			}
		}
		expect(await allows(policy, "sqs:SendMessage", arn("sqs", "FailureQueue"))).toBe(true);
		expect(await allows(policy, "sqs:SendMessage", arn("sqs", "another"))).toBe(false);
		expect(await allows(policy, "events:PutEvents", arn("events", "event-bus/default"))).toBe(true);
		expect(await allows(policy, "events:PutEvents", arn("events", "event-bus/another"))).toBe(false);
		for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]) {
			expect(await allows(policy, action, arn("sqs", "EventQueue"))).toBe(
				functionName === "InstanceStateChange",
			);
			expect(await allows(policy, action, arn("sqs", "another"))).toBe(false);
		}
	});

	it.each([
		["iam:PassRole", "arn:aws:iam::123456789012:role/admin"],
		["sts:AssumeRole", "arn:aws:iam::123456789012:role/admin"],
		["lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:podroute-prod-backfill"],
		["sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:123456789012:FailureQueue"],
		["s3:GetObject", "arn:aws:s3:::bucket/key"],
		["ec2:AssociateRouteTable", "arn:aws:ec2:us-east-1:123456789012:route-table/rtb-0a1b2c3d4e5f60718"],
		["ec2:AuthorizeSecurityGroupIngress", "arn:aws:ec2:us-east-1:123456789012:security-group/sg-0a1b2c3d"],
	])("may not %s", async (action, resource) => {
		expect(await allows(policy, action, resource, { [CLUSTER_TAG]: "owned" })).toBe(false);
	});
});

describe("Launch and backfill", () => {
	it.each(rolesWhere(({ functionName }) => functionName !== "RouteTableAudit"))(
		"delete no route: $title",
		async ({ policy }) => {
			const { cluster } = await aWorld();
			await cluster.route("10.200.9.0/24", cluster.eni("worker-0"));
			const { DeleteRoute } = routeWrites(cluster, cluster.tableId);
			expect(await answerTo(cluster, policy, "DeleteRoute", DeleteRoute)).toBe("UnauthorizedOperation");
			expect(await cluster.routes()).toEqual({ "10.200.9.0/24": "worker-0" });
		},
	);
});

describe("An audit", () => {
	it.each(audits("none"))("that only looks writes nothing: $title", async ({ policy }) => {
		const { cluster } = await aWorld();
		const writes = {
			...routeWrites(cluster, cluster.tableId),
			ModifyNetworkInterfaceAttribute: check(cluster),
		};
		for (const [action, parameters] of Object.entries(writes)) {
			expect(await answerTo(cluster, policy, action, parameters)).toBe("UnauthorizedOperation");
		}
	});

	it.each(audits("routes"))("that repairs routes deletes none: $title", async ({ policy }) => {
		const { cluster } = await aWorld();
		const { DeleteRoute } = routeWrites(cluster, cluster.tableId);
		expect(await answerTo(cluster, policy, "DeleteRoute", DeleteRoute)).toBe("UnauthorizedOperation");
	});
});

describe("A stack that only reports checks", () => {
	it.each(rolesWhere(({ stack }) => stack.sourceDestCheck === "report"))(
		"turns none off: $title",
		async ({ policy }) => {
			const { cluster } = await aWorld();
			const parameters = check(cluster);
			expect(await answerTo(cluster, policy, "ModifyNetworkInterfaceAttribute", parameters)).toBe(
				"UnauthorizedOperation",
			);
		},
	);
});

describe("A function whose environment was changed by hand, and its role was not", () => {
	/** The function in a world with a new node, after one of its settings was set to something else. */
	async function changed(role: Role | undefined, setting: string, value: string) {
		if (role === undefined) throw new Error("No stack has such a role");
		const { cluster, invoke } = await aFunction(role, role.policy);
		const anotherTable = await aTableApart(cluster);
		await cluster.launch("worker-0", { claims: "10.200.0.0/24", sourceDestCheck: true });
		vi.stubEnv(setting, value);
		return { cluster, anotherTable, invoke };
	}

	it("to name another table, writes nothing there, and its failure says why", async () => {
		const [role] = rolesWhere(({ functionName }) => functionName === "InstanceStateChange");
		const { cluster, anotherTable, invoke } = await changed(role, "ROUTE_TABLES", "tag:Name=another");
		await expect(invoke(cluster.event("worker-0"))).rejects.toThrow(
			`create ${anotherTable} 10.200.0.0/24: UnauthorizedOperation`,
		);
		expect(await cluster.routes(anotherTable)).toEqual({});
	});

	it("to repair everything, repairs nothing in an audit that was deployed to look", async () => {
		const [role] = audits("none");
		const { cluster, invoke } = await changed(role, "REPAIR", "all");
		const { changes } = await invoke({});
		expect(changes.map(({ kind, outcome }) => [kind, outcome])).toEqual([
			["create", "failed"],
			["create", "failed"],
			["disable-source-dest-check", "failed"],
		]);
		expect(await cluster.routes()).toEqual({});
		expect(await cluster.checks("worker-0")).toBe(true);
	});
});
