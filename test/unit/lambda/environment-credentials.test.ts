import { describe, expect, it } from "vitest";
import { environmentCredentials } from "../../../src/lambda/environment-credentials.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

describe("The credentials of a Lambda function", () => {
	it("are those of its environment", async () => {
		expect(await environmentCredentials({ ...KEYS, AWS_SESSION_TOKEN: "token" })()).toEqual({
			accessKeyId: "AKIAEXAMPLE",
			secretAccessKey: "secret",
			sessionToken: "token",
		});
	});

	it.each([
		["is absent", KEYS],
		["is empty", { ...KEYS, AWS_SESSION_TOKEN: "" }],
	])("have no session token where it %s", async (_, environment) => {
		expect(await environmentCredentials(environment)()).toEqual({
			accessKeyId: "AKIAEXAMPLE",
			secretAccessKey: "secret",
		});
	});

	it("are read when they are asked for", async () => {
		const environment: Record<string, string> = {};
		const credentials = environmentCredentials(environment);
		Object.assign(environment, KEYS);
		expect(await credentials()).toMatchObject({ accessKeyId: "AKIAEXAMPLE" });
	});

	it.each([
		["AWS_ACCESS_KEY_ID", { ...KEYS, AWS_ACCESS_KEY_ID: "" }],
		["AWS_SECRET_ACCESS_KEY", { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" }],
	])("lack, and %s is named, where it is not set", async (name, environment) => {
		await expect(environmentCredentials(environment)()).rejects.toThrow(
			`${name} is not set: a Lambda function takes its credentials from its environment alone`,
		);
	});
});
