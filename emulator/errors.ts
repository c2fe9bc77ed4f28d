/** A request EC2 refuses: thrown by the actions, and turned into the error document in one place. */
export class Ec2Error extends Error {
	readonly code: string;
	readonly status: number;

	constructor(code: string, message: string, status = 400) {
		super(message);
		this.name = "Ec2Error";
		this.code = code;
		this.status = status;
	}
}

/** `InvalidParameterValue`: the code EC2 gives most values it cannot accept (aws-facts.md §1.3). */
export function invalidValue(message: string): Ec2Error {
	return new Ec2Error("InvalidParameterValue", message);
}

/** `MissingParameter` in EC2's words; the name is the model's, with a small first letter (aws-facts.md §1.3). */
export function missingParameter(name: string): Ec2Error {
	const modelName = name.charAt(0).toLowerCase() + name.slice(1);
	return new Ec2Error("MissingParameter", `The request must contain the parameter ${modelName}`);
}

/** `InvalidParameterCombination`: parameters that exclude each other (aws-facts.md §1.3). */
export function invalidCombination(message: string): Ec2Error {
	return new Ec2Error("InvalidParameterCombination", message);
}

/** `IncorrectInstanceState` in the words users paste (aws-facts.md §1.3). */
export function notInState(instanceId: string, state: string): Ec2Error {
	return new Ec2Error(
		"IncorrectInstanceState",
		`The instance '${instanceId}' is not in the '${state}' state.`,
	);
}

/** `InvalidInstanceID`, without a suffix: the call needs the one interface of an instance that has several (aws-facts.md §1.3). */
export function multipleInterfaces(instanceId: string): Ec2Error {
	return new Ec2Error(
		"InvalidInstanceID",
		`There are multiple interfaces attached to instance '${instanceId}'. Please specify an interface ID for the operation instead.`,
	);
}
