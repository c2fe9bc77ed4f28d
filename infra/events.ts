import type { Stack } from "./stack.ts";

/** The audit gets this long before its next run, and never more than what a large cluster takes. */
const AUDIT_MAX_SECONDS = 240;
const AUDIT_MARGIN_SECONDS = 30;

/** What wakes the functions: event patterns and the audit's schedule. */
export function events({ settings, auditMinutes }: Stack): Readonly<Record<string, unknown>> {
	const filterKeys = settings.nodeFilters.flatMap(({ name, values }) => {
		if (name === "tag-key") return values.map(asPattern);
		return name.startsWith("tag:") ? [name.slice("tag:".length)] : [];
	});
	return {
		running: {
			source: ["aws.ec2"],
			"detail-type": ["EC2 Instance State-change Notification"],
			detail: { state: ["running"] },
		},
		// By key, or every cost or backup tag in the region would wake the function.
		tagged: {
			source: ["aws.tag"],
			"detail-type": ["Tag Change on Resource"],
			detail: {
				service: ["ec2"],
				"resource-type": ["instance"],
				"changed-tag-keys": [...new Set([settings.podCidrTag, ...filterKeys])],
			},
		},
		auditRate: `rate(${auditMinutes} minutes)`,
		auditTimeout: Math.min(AUDIT_MAX_SECONDS, auditMinutes * 60 - AUDIT_MARGIN_SECONDS),
	};
}

/** EventBridge matches `*` only inside a wildcard pattern; it has no `?`, so that matches more than EC2 would. */
function asPattern(key: string): unknown {
	return /[*?]/.test(key) ? { wildcard: key.replace(/[*?]+/g, "*") } : key;
}
