import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHint, UnknownEventError } from "../../src/hint/parse-hint.ts";
import { parseBackfillInput } from "../../src/lambda/backfill-input.ts";
import { parseSettings, SettingsError } from "../../src/settings.ts";
import { everythingOf, SECRET, textOf, thrownBy } from "../support/fuzz.ts";

const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

/** Any JSON, with the fields of the events and inputs that are understood strewn in. */
const json = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	textOf("i-0123456789abcdef0", "i-", "arn:aws:ec2:us-east-1:1:instance/", SECRET),
	fc.constantFrom(
		"aws.ec2",
		"aws.tag",
		"i-0123456789abcdef0",
		SECRET,
		"2026-01-02T03:04:05Z",
		"instance",
		"ec2",
	),
);

const event = fc.oneof(
	fc.anything(),
	fc.record(
		{
			source: fc.oneof(fc.constantFrom("aws.ec2", "aws.tag"), json),
			"detail-type": fc.oneof(
				fc.constantFrom("EC2 Instance State-change Notification", "Tag Change on Resource"),
				json,
			),
			time: fc.oneof(fc.constant("2026-01-02T03:04:05Z"), json),
			resources: fc.oneof(
				fc.constant(["arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"]),
				fc.array(json),
				json,
			),
			detail: fc.oneof(
				fc.record(
					{
						"instance-id": fc.oneof(fc.constant("i-0123456789abcdef0"), json),
						state: json,
						service: fc.oneof(fc.constant("ec2"), json),
						"resource-type": fc.oneof(fc.constant("instance"), json),
					},
					{ requiredKeys: [] },
				),
				json,
			),
		},
		{ requiredKeys: [] },
	),
);

describe("Any event", () => {
	it("names an instance and an instant, or is an UnknownEventError that does not quote it", () => {
		fc.assert(
			fc.property(event, (given) => {
				let hint: unknown;
				const error = thrownBy(() => {
					hint = parseHint(given);
				});
				if (error === undefined) {
					const { instanceId, at } = hint as { instanceId: string; at: number };
					expect(instanceId).toMatch(INSTANCE_ID);
					expect(at).not.toBeNaN();
				} else {
					expect(error).toBeInstanceOf(UnknownEventError);
					expect(everythingOf(error)).not.toContain(SECRET);
				}
			}),
			{ numRuns: 1_000 },
		);
	});
});

describe("Any input of a backfill", () => {
	const input = fc.oneof(
		fc.anything(),
		fc.record(
			{
				instanceIds: fc.oneof(fc.array(fc.oneof(fc.constant("i-0123456789abcdef0"), json)), json),
				dryRun: fc.oneof(fc.boolean(), json),
				planId: fc.oneof(fc.string(), json),
				dryrun: json,
			},
			{ requiredKeys: [] },
		),
	);

	it("is a request for real instance ids, or an InputError", () => {
		fc.assert(
			fc.property(input, (given) => {
				let request: ReturnType<typeof parseBackfillInput> | undefined;
				const error = thrownBy(() => {
					request = parseBackfillInput(given);
				});
				if (request === undefined) {
					expect((error as Error).name).toBe("InputError");
					return;
				}
				expect(request.instanceIds).not.toEqual([]);
				for (const id of request.instanceIds ?? []) expect(id).toMatch(INSTANCE_ID);
				expect(typeof request.dryRun).toBe("boolean");
			}),
			{ numRuns: 1_000 },
		);
	});
});

describe("Any settings", () => {
	const text = textOf(
		..."=,;/.:-* ",
		"tag:Name=worker-*",
		"rtb-0a1b2c3d",
		"10.200.0.0/16",
		"10.0.0.0/8",
		"0.0.0.0/0",
		"fd00::/48",
		"::/0",
		"24",
		"0.3",
		"1e9",
		"0x1",
		"-1",
		"NaN",
		"any",
		"all",
		"routes",
		"disable",
		"pod-cidr",
		SECRET,
	);
	const names = [
		"NODE_FILTERS",
		"ROUTE_TABLES",
		"CLUSTER_CIDRS",
		"NODE_CIDR_MASK_SIZES",
		"POD_CIDR_TAG",
		"POD_CIDR_KEY",
		"SOURCE_DEST_CHECK",
		"REPAIR",
		"DELETE_SHARE_MAX",
		"ROUTE_LIMIT",
		"QUOTA_WARN_RATIO",
		"__proto__",
		"constructor",
	];
	const piece = fc.oneof(
		text,
		fc.constantFrom(
			"tag:Name=worker-*",
			"rtb-0a1b2c3d",
			"10.200.0.0/16",
			"24",
			"0.5",
			"100",
			"all",
			"disable",
			"",
		),
	);
	const environment = fc
		.tuple(fc.dictionary(fc.constantFrom(...names), piece, { maxKeys: 3 }), fc.boolean())
		.map(([given, whole]) =>
			whole
				? { NODE_FILTERS: "tag:a=b", ROUTE_TABLES: "rtb-0a", CLUSTER_CIDRS: "10.200.0.0/16", ...given }
				: given,
		);

	it("are within their bounds, or a SettingsError that does not quote them", () => {
		let understood = 0;
		fc.assert(
			fc.property(environment, (given) => {
				let settings: ReturnType<typeof parseSettings> | undefined;
				const error = thrownBy(() => {
					settings = parseSettings(given);
				});
				if (settings === undefined) {
					expect(error).toBeInstanceOf(SettingsError);
					expect(everythingOf(error)).not.toContain(SECRET);
					return;
				}
				understood += 1;
				expect(settings.nodeFilters.length).toBeGreaterThan(0);
				expect(settings.nodeFilters.every(({ name, values }) => name !== "" && values.length > 0)).toBe(true);
				expect(settings.clusterCidrs.length).toBeGreaterThan(0);
				expect(settings.clusterCidrs.every(({ prefixLength }) => prefixLength > 0)).toBe(true);
				expect(settings.deleteShareMax).toBeGreaterThanOrEqual(0);
				expect(settings.deleteShareMax).toBeLessThanOrEqual(1);
				expect(Number.isSafeInteger(settings.routeLimit)).toBe(true);
				expect(settings.routeLimit).toBeGreaterThan(0);
				expect(["none", "routes", "all"]).toContain(settings.repair);
				expect(["disable", "report"]).toContain(settings.sourceDestCheck);
			}),
			{ numRuns: 1_000 },
		);
		expect(understood).toBeGreaterThan(100);
	});
});
