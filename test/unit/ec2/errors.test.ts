import { EC2ServiceException } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { asWriteResult, describeError, isDenied, isInstanceNotFound } from "../../../src/ec2/errors.ts";

function refusal(name: string, message: string): EC2ServiceException {
	return new EC2ServiceException({ name, message, $fault: "client", $metadata: {} });
}

describe("A rejected write", () => {
	it.each([
		["RouteAlreadyExists", "The route identified by 10.200.0.0/24 already exists.", "moved"],
		[
			"InvalidRoute.NotFound",
			"no route with destination-cidr-block 10.200.0.0/24 in route table rtb-0a",
			"moved",
		],
		[
			"InvalidParameterValue",
			"There is no route defined for '10.200.0.0/24' in the route table. Use CreateRoute instead.",
			"moved",
		],
		["InvalidParameterValue", "Value (x) for parameter destinationCidrBlock is invalid.", "failed"],
		["UnauthorizedOperation", "You are not authorized to perform this operation.", "failed"],
		["RouteLimitExceeded", "The maximum number of routes has been reached.", "failed"],
		["InvalidNetworkInterfaceID.NotFound", "The networkInterface ID 'eni-0a' does not exist", "failed"],
		["InternalError", "no route defined", "failed"],
	])("%s: %s is %s", (code, message, kind) => {
		expect(asWriteResult(refusal(code, message))).toEqual({ kind, error: `${code}: ${message}` });
	});

	it("by the deadline may have taken effect", () => {
		const aborted = Object.assign(new Error("Request aborted"), { name: "AbortError" });
		expect(asWriteResult(aborted)).toEqual({
			kind: "failed",
			error: "OutOfTime: no answer before the deadline, so it may have taken effect",
		});
	});

	it.each([
		[new TypeError("cannot read it"), "TypeError: cannot read it"],
		[Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }), "Error: socket hang up"],
		["a text", "Unknown: a text"],
	])("by anything else is told all the same: %s", (error, told) => {
		expect(asWriteResult(error)).toEqual({ kind: "failed", error: told });
	});
});

describe("An error", () => {
	it.each([
		[300, "x".repeat(300)],
		[301, `${"x".repeat(300)}…`],
	])("with a message of %i characters is told in 300 at most", (length, told) => {
		expect(describeError(refusal("UnauthorizedOperation", "x".repeat(length)))).toBe(
			`UnauthorizedOperation: ${told}`,
		);
	});

	it("is told on one line", () => {
		expect(describeError(new Error("two\n  lines"))).toBe("Error: two lines");
	});

	it("has a class by its code alone", () => {
		expect(isInstanceNotFound(refusal("InvalidInstanceID.NotFound", ""))).toBe(true);
		expect(isInstanceNotFound(refusal("InvalidInstanceID.Malformed", ""))).toBe(false);
		expect(isInstanceNotFound(new Error("InvalidInstanceID.NotFound"))).toBe(false);
		expect(isDenied(refusal("UnauthorizedOperation", ""))).toBe(true);
		expect(isDenied(refusal("AuthFailure", ""))).toBe(false);
	});
});
