import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "./aws-cli.ts";
import { startTutorialWorld, type TutorialWorld } from "./tutorial-world.ts";

/** Each call of the AWS CLI is a Python that starts. Nothing is measured; a hang ends here. */
const PATIENCE_MS = 600_000;

let world: TutorialWorld;

beforeAll(async () => {
	world = await startTutorialWorld();
}, PATIENCE_MS);

afterAll(() => world?.stop(), PATIENCE_MS);

const LOOP_OUTPUT = `10.0.1.20 10.200.0.0/24
{
    "Return": true
}
10.0.1.21 10.200.1.0/24
{
    "Return": true
}
10.0.1.22 10.200.2.0/24
{
    "Return": true
}
`;

const REPEATED_OUTPUT = `10.0.1.20 10.200.0.0/24

An error occurred (RouteAlreadyExists) when calling the CreateRoute operation: The route identified by 10.200.0.0/24 already exists.
10.0.1.21 10.200.1.0/24

An error occurred (RouteAlreadyExists) when calling the CreateRoute operation: The route identified by 10.200.1.0/24 already exists.
10.0.1.22 10.200.2.0/24

An error occurred (RouteAlreadyExists) when calling the CreateRoute operation: The route identified by 10.200.2.0/24 already exists.
`;

function podRoute(worker: number) {
	return {
		DestinationCidrBlock: `10.200.${worker}.0/24`,
		InstanceId: world.ids[`worker-${worker}`],
		InstanceOwnerId: "123456789012",
		NetworkInterfaceId: expect.stringMatching(/^eni-[0-9a-f]{17}$/),
		Origin: "CreateRoute",
		State: "active",
	};
}

describe("The tutorial's loop, run by the AWS CLI on the embedded EC2", { timeout: PATIENCE_MS }, () => {
	it("prints what the tutorial prints", async () => {
		expect(await runScript("tutorial-loop.sh", world.environment)).toEqual({ code: 0, output: LOOP_OUTPUT });
	});

	it("leaves the table the tutorial shows, in its order", async () => {
		const { output } = await runScript("tutorial-routes.sh", world.environment);
		expect(JSON.parse(output)).toEqual([
			[
				podRoute(0),
				podRoute(1),
				podRoute(2),
				{
					DestinationCidrBlock: "10.0.0.0/16",
					GatewayId: "local",
					Origin: "CreateRouteTable",
					State: "active",
				},
				{
					DestinationCidrBlock: "0.0.0.0/0",
					GatewayId: world.ids["internet-gateway"],
					Origin: "CreateRoute",
					State: "active",
				},
			],
		]);
	});

	it("run again, is refused for each worker in AWS's words, and changes nothing", async () => {
		const before = await runScript("tutorial-routes.sh", world.environment);
		const { code, output } = await runScript("tutorial-loop.sh", world.environment);
		expect(output).toBe(REPEATED_OUTPUT);
		expect(code).not.toBe(0);
		expect(await runScript("tutorial-routes.sh", world.environment)).toEqual(before);
	});
});
