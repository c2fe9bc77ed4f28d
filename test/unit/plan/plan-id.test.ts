import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/model/change.ts";
import { planIdOf } from "../../../src/plan/plan-id.ts";
import { cidr } from "../../support/plan-world.ts";

const FROM = { state: "blackhole", networkInterfaceId: "eni-old" } as const;
const AT = { routeTableId: "rtb-1", destination: cidr("10.200.0.0/24") } as const;
const TO = { instanceId: "i-a", networkInterfaceId: "eni-a" } as const;

const CHANGES: Readonly<Record<string, Change>> = {
	create: { kind: "create", ...AT, ...TO },
	"create in another table": { kind: "create", ...AT, ...TO, routeTableId: "rtb-2" },
	"create elsewhere": { kind: "create", ...AT, ...TO, destination: cidr("10.200.1.0/24") },
	"create to another node": { kind: "create", ...AT, ...TO, instanceId: "i-b" },
	"create to another interface": { kind: "create", ...AT, ...TO, networkInterfaceId: "eni-b" },
	replace: { kind: "replace", ...AT, ...TO, from: FROM },
	"replace an active one": { kind: "replace", ...AT, ...TO, from: { ...FROM, state: "active" } },
	"replace another one": { kind: "replace", ...AT, ...TO, from: { ...FROM, networkInterfaceId: "eni-x" } },
	delete: { kind: "delete", ...AT, from: FROM },
	"delete another one": { kind: "delete", ...AT, from: { ...FROM, networkInterfaceId: "eni-x" } },
	check: { kind: "disable-source-dest-check", ...TO },
};

describe("the id of a plan", () => {
	it("is twelve hexadecimal digits, the same on every machine", () => {
		expect(planIdOf([])).toBe("4f53cda18c2b");
	});

	it("differs wherever a change does", () => {
		const ids = Object.values(CHANGES).map((change) => planIdOf([change]));
		expect(new Set(ids).size).toBe(11);
	});

	it("differs with the changes, not only with the first", () => {
		const [first, second] = Object.values(CHANGES) as [Change, Change];
		expect(planIdOf([first, second])).not.toBe(planIdOf([first]));
	});

	it("is equal for equal changes", () => {
		const copy = (change: Change): Change => ({ ...change });
		expect(planIdOf(Object.values(CHANGES).map(copy))).toBe(planIdOf(Object.values(CHANGES)));
	});

	it("does not depend on the instance that EC2 shows, or not, beside the old target", () => {
		const shown: Change = { kind: "delete", ...AT, from: { ...FROM, instanceId: "i-old" } };
		expect(planIdOf([shown])).toBe(planIdOf([{ kind: "delete", ...AT, from: FROM }]));
	});
});
