import { describe, expect, it } from "vitest";
import { secondsToRoute } from "../../../src/lambda/time-to-route.ts";
import type { InstanceId } from "../../../src/model/instance.ts";
import type { ReportedChange } from "../../../src/model/report.ts";

const NOW = Date.parse("2026-01-02T03:04:30.400Z");
const ONE = "i-00000000000000001" as InstanceId;
const TWO = "i-00000000000000002" as InstanceId;

function aHint(instanceId: InstanceId, time: string) {
	return { instanceId, at: Date.parse(`2026-01-02T03:04:${time}Z`) };
}

function aChange(
	instanceId: InstanceId,
	kind: ReportedChange["kind"] = "create",
	outcome: ReportedChange["outcome"] = "applied",
): ReportedChange {
	return { kind, instanceId, from: null, outcome };
}

describe("Time to route", () => {
	it("is told in whole seconds, of each instance whose route was made or replaced", () => {
		const hints = [aHint(ONE, "20"), aHint(TWO, "29")];
		expect(secondsToRoute(hints, [aChange(ONE), aChange(TWO, "replace")], NOW)).toEqual([10, 1]);
	});

	it("counts from the earliest of an instance's events, and once for all its tables", () => {
		const hints = [aHint(ONE, "25"), aHint(ONE, "10"), aHint(ONE, "15")];
		expect(secondsToRoute(hints, [aChange(ONE), aChange(ONE)], NOW)).toEqual([20]);
	});

	it.each([
		["was routed already", []],
		["could not be routed", [aChange(ONE, "create", "failed"), aChange(ONE, "replace", "stale")]],
		["only had its check turned off", [aChange(ONE, "disable-source-dest-check")]],
		["made room for another", [aChange(TWO)]],
	])("is not told of an instance that %s", (_, changes) => {
		expect(secondsToRoute([aHint(ONE, "20")], changes, NOW)).toEqual([]);
	});

	it("is nothing where this clock is behind that of the event", () => {
		expect(secondsToRoute([aHint(ONE, "31")], [aChange(ONE)], NOW)).toEqual([0]);
	});
});
