import type { Policy, Statement } from "../support/iam.ts";

/** A policy that grants a little less, and what it lacks. */
export interface Weaker {
	readonly lacks: string;
	readonly policy: Policy;
	/** EC2 actions of which one must now be denied. */
	readonly of: readonly string[];
}

/**
 * The policy without each of its EC2 statements, without each action and each resource of them, and with each
 * condition asking for something else. Made from the policy, so that what is added to it is tried as well.
 */
export function weakened(policy: Policy): readonly Weaker[] {
	return policy.Statement.flatMap((statement, index) => {
		const { Action } = statement;
		if (!Action.some((action) => action.startsWith("ec2:"))) return [];
		const instead = (...statements: readonly Statement[]) => ({
			...policy,
			Statement: policy.Statement.toSpliced(index, 1, ...statements),
		});
		return [
			{ lacks: `the statement of ${Action.join(", ")}`, policy: instead(), of: Action },
			...Action.map((action) => ({
				lacks: action,
				policy: instead({ ...statement, Action: Action.filter((other) => other !== action) }),
				of: [action],
			})),
			...resourcesLess(statement).map(({ lacks, less }) => ({ lacks, policy: instead(less), of: Action })),
			...conditionsElse(statement).map(({ lacks, less }) => ({ lacks, policy: instead(less), of: Action })),
		];
	});
}

interface Less {
	readonly lacks: string;
	readonly less: Statement;
}

function resourcesLess(statement: Statement): readonly Less[] {
	const { Action, Resource } = statement;
	if (typeof Resource === "string") return [];
	return Resource.map((arn) => ({
		lacks: `${Action.join(", ")} on ${arn}`,
		less: { ...statement, Resource: Resource.filter((other) => other !== arn) },
	}));
}

function conditionsElse(statement: Statement): readonly Less[] {
	const { Action, Condition = {} } = statement;
	return Object.entries(Condition).flatMap(([operator, keys]) =>
		Object.keys(keys).map((key) => ({
			lacks: `${Action.join(", ")} where ${key} is as it was`,
			less: {
				...statement,
				Condition: { ...Condition, [operator]: { ...keys, [key]: ["another"] } },
			},
		})),
	);
}
