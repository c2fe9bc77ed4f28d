import { describe, expect, it } from "vitest";
import { toInstance } from "../../../src/ec2/to-instance.ts";
import { isEdgeTable, toRouteTable } from "../../../src/ec2/to-route-table.ts";

const FIRST_LAUNCH = new Date("2026-01-02T03:04:05Z");

describe("An instance in our words", () => {
	it.each([
		["pending", "serving"],
		["running", "serving"],
		["stopping", "resting"],
		["stopped", "resting"],
		["shutting-down", "gone"],
		["terminated", "gone"],
		["hibernating", "resting"],
		[undefined, "resting"],
	])("%s is %s", (state, life) => {
		expect(toInstance({ InstanceId: "i-0a", State: { Name: state as "running" } }).life).toBe(life);
	});

	it("has the interface at index 0 on card 0 for its primary one, wherever EC2 lists it", () => {
		const attachments = [
			["eni-0c", 0, 1],
			["eni-0b", 1, 0],
			["eni-0a", 0, 0],
		] as const;
		const { primaryInterface, interfaceIds } = toInstance({
			NetworkInterfaces: attachments.map(([NetworkInterfaceId, DeviceIndex, NetworkCardIndex]) => ({
				NetworkInterfaceId,
				SourceDestCheck: false,
				Attachment: { DeviceIndex, NetworkCardIndex, AttachTime: FIRST_LAUNCH },
			})),
		});
		expect(primaryInterface).toEqual({
			id: "eni-0a",
			attachedAt: FIRST_LAUNCH.getTime(),
			sourceDestCheck: false,
		});
		expect(interfaceIds).toEqual(["eni-0c", "eni-0b", "eni-0a"]);
	});

	it("without cards, and a check EC2 says nothing of, is on card 0 with the check on", () => {
		const { primaryInterface } = toInstance({
			LaunchTime: FIRST_LAUNCH,
			NetworkInterfaces: [{ NetworkInterfaceId: "eni-0a", Attachment: { DeviceIndex: 0 } }],
		});
		expect(primaryInterface).toEqual({
			id: "eni-0a",
			attachedAt: FIRST_LAUNCH.getTime(),
			sourceDestCheck: true,
		});
	});

	it("has no primary interface while EC2 shows none", () => {
		expect(toInstance({ InstanceId: "i-0a" }).primaryInterface).toBeUndefined();
	});

	it("keeps an empty tag as empty", () => {
		expect(toInstance({ Tags: [{ Key: "pod-cidr", Value: "" }, { Key: "bare" }] }).tags).toEqual(
			new Map([
				["pod-cidr", ""],
				["bare", ""],
			]),
		);
	});
});

describe("A route in our words", () => {
	it("to an interface of another account is no interface of ours", () => {
		const { routes } = toRouteTable({
			RouteTableId: "rtb-0a",
			OwnerId: "111111111111",
			Routes: ["111111111111", "222222222222"].map((InstanceOwnerId, at) => ({
				DestinationCidrBlock: `10.200.${at}.0/24`,
				NetworkInterfaceId: "eni-0a",
				InstanceId: "i-0a",
				InstanceOwnerId,
			})),
		});
		expect(routes.map(({ target }) => target)).toEqual([
			{ kind: "interface", networkInterfaceId: "eni-0a", instanceId: "i-0a" },
			{ kind: "other", description: "eni-0a of account 222222222222" },
		]);
	});

	it.each([
		[{ NatGatewayId: "nat-0a" }, "nat-0a"],
		[{ TransitGatewayId: "tgw-0a" }, "tgw-0a"],
		[{ EgressOnlyInternetGatewayId: "eigw-0a" }, "eigw-0a"],
		[{ CarrierGatewayId: "cagw-0a" }, "cagw-0a"],
		[{ LocalGatewayId: "lgw-0a" }, "lgw-0a"],
		[
			{ CoreNetworkArn: "arn:aws:networkmanager::1:core-network/a" },
			"arn:aws:networkmanager::1:core-network/a",
		],
		[{ InstanceId: "i-0a" }, "i-0a"],
		[{}, "of a kind that podroute does not know"],
	])("to anything but an interface is other: %o", (target, description) => {
		const { routes } = toRouteTable({ Routes: [{ DestinationCidrBlock: "10.200.0.0/24", ...target }] });
		expect(routes[0]?.target).toEqual({ kind: "other", description });
	});

	it("that is no canonical block stops the pass: what is in its way cannot be known", () => {
		expect(() =>
			toRouteTable({ RouteTableId: "rtb-0a", Routes: [{ DestinationCidrBlock: "10.200.0.7/24" }] }),
		).toThrow("EC2 says that rtb-0a has a route to 10.200.0.7/24: host bits are set");
	});

	it("table is an edge table where a gateway is associated with it", () => {
		expect(isEdgeTable({ Associations: [{ SubnetId: "subnet-0a" }, { GatewayId: "igw-0a" }] })).toBe(true);
		expect(isEdgeTable({ Associations: [{ Main: true }] })).toBe(false);
		expect(isEdgeTable({})).toBe(false);
	});
});
