import { expect, it } from "vitest";
import { vpcBlocks } from "../../../src/model/route.ts";
import { PlanWorld } from "../../support/plan-world.ts";

it("takes the destinations of a table's own routes for the VPC's blocks", () => {
	const [table] = new PlanWorld()
		.table("rtb-1", "vpc-1", ["10.0.0.0/16", "fd00:1::/56"])
		.route("rtb-1", "0.0.0.0/0", "igw-1")
		.route("rtb-1", "10.7.0.0/16", "vgw-1", { origin: "other" })
		.observe().tables;
	expect(table && vpcBlocks(table).map(({ text }) => text)).toEqual(["10.0.0.0/16", "fd00:1::/56"]);
});
