/** AWS credentials as the SDK takes them. */
export interface Credentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string;
}

/**
 * Credentials as Lambda gives them: in the environment, the same for as long as an execution environment lives.
 * Read when they are asked for; rejects, naming the variable, where one lacks. A function has no profile, no
 * metadata endpoint and no SSO, so no other place is looked at, and none of the code for those is shipped.
 */
export function environmentCredentials(
	environment: Readonly<Record<string, string | undefined>>,
): () => Promise<Credentials> {
	return async () => {
		const sessionToken = environment["AWS_SESSION_TOKEN"];
		return {
			accessKeyId: given(environment, "AWS_ACCESS_KEY_ID"),
			secretAccessKey: given(environment, "AWS_SECRET_ACCESS_KEY"),
			...(sessionToken ? { sessionToken } : {}),
		};
	};
}

function given(environment: Readonly<Record<string, string | undefined>>, name: string): string {
	const value = environment[name];
	if (value) return value;
	throw new Error(`${name} is not set: a Lambda function takes its credentials from its environment alone`);
}
