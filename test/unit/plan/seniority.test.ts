import { describe, expect, it } from "vitest";
import type { Instance, InstanceId } from "../../../src/model/instance.ts";
import { compareSeniority } from "../../../src/plan/seniority.ts";

function anInstance(id: InstanceId, attachedAt?: number): Instance {
	return {
		id,
		life: "serving",
		vpcId: "vpc-1",
		primaryInterface:
			attachedAt === undefined ? undefined : { id: "eni-1", attachedAt, sourceDestCheck: false },
		interfaceIds: [],
		tags: new Map(),
		launchedAt: 0,
	};
}

describe("Seniority", () => {
	it("goes by when the primary interface was attached, then by id; one that is not visible yet comes first", () => {
		const instances = [anInstance("i-d", 2_000), anInstance("i-c", 1_000), anInstance("i-b", 1_000)];
		const inOrder = [...instances, anInstance("i-e")].toSorted(compareSeniority).map(({ id }) => id);
		expect(inOrder).toEqual(["i-e", "i-b", "i-c", "i-d"]);
	});
});
