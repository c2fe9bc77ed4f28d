import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The template of docs/notices.md. */
export const NOTICES_TEMPLATE = join(import.meta.dirname, "../../docs/notices-rule.json");

/** The pattern of its rule. */
export const NOTICES_PATTERN: unknown = JSON.parse(readFileSync(NOTICES_TEMPLATE, "utf8")).Resources.Rule
	.Properties.EventPattern;

/**
 * What Lambda tells the event bus of an asynchronous invocation that returned this ("Capturing records of Lambda
 * asynchronous invocations", AWS Lambda Developer Guide).
 */
export function noticeOf(functionName: string, responsePayload: unknown): Readonly<Record<string, unknown>> {
	const functionArn = `arn:aws:lambda:us-east-1:123456789012:function:${functionName}:$LATEST`;
	return {
		version: "0",
		id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
		"detail-type": "Lambda Function Invocation Result - Success",
		source: "lambda",
		account: "123456789012",
		time: "2026-01-02T03:04:05Z",
		region: "us-east-1",
		resources: ["arn:aws:events:us-east-1:123456789012:event-bus/default", functionArn],
		detail: {
			version: "1.0",
			timestamp: "2026-01-02T03:04:05.006Z",
			requestContext: {
				requestId: "e4b46cbf-b738-4880-8a18-f61cca56c1e6",
				functionArn,
				condition: "Success",
				approximateInvokeCount: 1,
			},
			requestPayload: {},
			responseContext: { statusCode: 200, executedVersion: "$LATEST" },
			responsePayload,
		},
	};
}
