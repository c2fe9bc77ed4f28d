import { isWildcardOnlyAction, runSimulation } from "@cloud-copilot/iam-simulate";
import type { Authorize, EmbeddedEc2 } from "../../emulator/ec2.ts";
import type { Packaged } from "./packaged.ts";

/** As the embedded EC2 has them unless told otherwise. */
const ACCOUNT = "123456789012";
const REGION = "us-east-1";
const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
	"AWS::Partition": "aws",
	"AWS::Region": REGION,
	"AWS::AccountId": ACCOUNT,
};

export interface Statement {
	readonly Effect: string;
	readonly Action: readonly string[];
	readonly Resource: string | readonly string[];
	readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
	readonly Version: string;
	readonly Statement: readonly Statement[];
}

type Resources = Packaged["resources"];

/**
 * All that a role of a packaged stack may do, as IAM would have it once CloudFormation has resolved the template.
 * Throws for a role that is not there or has managed policies, and for an intrinsic function that it does not know.
 */
export function policyOf(resources: Resources, role: string): Policy {
	const properties = resources[role]?.Properties;
	if (properties === undefined) throw new Error(`The template has no ${role}`);
	const others = Object.keys(properties).filter(
		(key) => key !== "AssumeRolePolicyDocument" && key !== "Policies",
	);
	if (others.length > 0) throw new Error(`${role} has rights that nobody looks at here: ${others}`);
	const policies = resolved(properties["Policies"], resources) as { PolicyDocument: Policy }[];
	const [first, ...more] = policies;
	if (first === undefined || more.length > 0) throw new Error(`${role} has not one policy`);
	return first.PolicyDocument;
}

function resolved(value: unknown, resources: Resources): unknown {
	if (Array.isArray(value)) return value.map((item) => resolved(item, resources));
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value);
	const [name = "", argument] = entries[0] ?? [];
	if (name === "Fn::Sub") {
		return String(argument).replaceAll(/\$\{([^}]*)\}/g, (_, parameter: string) => parameterOf(parameter));
	}
	if (name === "Ref") return parameterOf(String(argument));
	if (name === "Fn::GetAtt") return attributeOf(argument as readonly string[], resources);
	if (name.startsWith("Fn::")) throw new Error(`${name} is not resolved here`);
	return Object.fromEntries(entries.map(([key, inner]) => [key, resolved(inner, resources)]));
}

function parameterOf(parameter: string): string {
	const value = PSEUDO_PARAMETERS[parameter];
	if (value === undefined) throw new Error(`\${${parameter}} is not resolved here`);
	return value;
}

/** CloudFormation's return values of the two types that the roles name. */
function attributeOf([id = "", attribute = ""]: readonly string[], resources: Resources): string {
	const type = resources[id]?.Type;
	if (attribute === "Arn" && type === "AWS::Logs::LogGroup") {
		return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${resources[id]?.Properties["LogGroupName"]}:*`;
	}
	if (attribute === "Arn" && type === "AWS::SQS::Queue") {
		return `arn:aws:sqs:${REGION}:${ACCOUNT}:${id}`;
	}
	throw new Error(`${attribute} of ${id}, a ${type}, is not resolved here`);
}

/** What IAM decides, with the tags of the resource. Rejects for a question that AWS's own reference rules out. */
export async function allows(
	policy: Policy,
	action: string,
	resource: string,
	tags: Readonly<Record<string, string>> = {},
): Promise<boolean> {
	const decision = await decide(policy, { action, resource, tags });
	if (decision.resultType === "error") {
		throw new Error(`${action} on ${resource} cannot be judged: ${JSON.stringify(decision.errors)}`);
	}
	return decision.overallResult === "Allowed";
}

interface Question {
	readonly action: string;
	readonly resource: string;
	readonly tags: Readonly<Record<string, string>>;
}

function decide(policy: Policy, { action, resource, tags }: Question) {
	const contextVariables = Object.fromEntries(
		Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
	);
	return runSimulation(
		{
			request: { principal: SESSION, action, resource: { resource, accountId: ACCOUNT }, contextVariables },
			identityPolicies: [{ name: "policy", policy }],
			serviceControlPolicies: [],
			resourceControlPolicies: [],
		},
		{},
	);
}

const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/podroute/function`;

/** Whoever has this policy and no other, as a world's caller: EC2 denies what IAM does not allow, in its own words. */
export function holderOf(policy: Policy, ec2: EmbeddedEc2): Authorize {
	return async ({ action: name, parameters }) => {
		const action = `ec2:${name}`;
		const judged = (await isWildcardOnlyAction("ec2", name))
			? [{ resource: "*", allowed: await allows(policy, action, "*") }]
			: await judgeEach(policy, action, parameters, ec2);
		const denied = judged.find(({ allowed }) => !allowed);
		if (denied === undefined) return undefined;
		const on = denied.resource === "*" ? "" : ` on resource: ${denied.resource}`;
		return `You are not authorized to perform this operation. User: ${SESSION} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action.`;
	};
}

interface Judged {
	readonly resource: string;
	readonly allowed: boolean;
}

/** EC2's types of resources as ARNs have them, by the prefix of the id (Service Authorization Reference, "Amazon EC2"). */
const TYPES: Readonly<Record<string, string>> = {
	eni: "network-interface",
	i: "instance",
	igw: "internet-gateway",
	rtb: "route-table",
	sg: "security-group",
	subnet: "subnet",
	vpc: "vpc",
};

/**
 * Every resource that the call names and that the action is authorised upon: a route's target is not, its table is.
 * AWS's reference, which the simulator holds, says which. A call that names none of them is about all there are.
 */
async function judgeEach(
	policy: Policy,
	action: string,
	parameters: Readonly<Record<string, string>>,
	ec2: EmbeddedEc2,
): Promise<readonly Judged[]> {
	const ids = new Set(Object.values(parameters).filter((value) => /^[a-z]+-[0-9a-f]+$/.test(value)));
	const judged: Judged[] = [];
	for (const id of ids) {
		const type = TYPES[id.split("-")[0] ?? ""];
		if (type === undefined) continue;
		const resource = `arn:aws:ec2:${REGION}:${ACCOUNT}:${type}/${id}`;
		const decision = await decide(policy, { action, resource, tags: ec2.tagsOf(id) });
		if (decision.resultType !== "error") {
			judged.push({ resource, allowed: decision.overallResult === "Allowed" });
		} else if (decision.errors.message !== "no.resource.types") {
			throw new Error(`${action} on ${resource} cannot be judged: ${JSON.stringify(decision.errors)}`);
		}
	}
	return judged.length > 0 ? judged : [{ resource: "*", allowed: await allows(policy, action, "*") }];
}
