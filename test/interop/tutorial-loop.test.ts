import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "./aws-cli.ts";
import { EMBEDDED, MOTO } from "./moto.ts";
import { startTutorialWorld, type TutorialWorld } from "./tutorial-world.ts";

/** Each call of the AWS CLI is a Python that starts. Nothing is measured; a hang ends here. */
const PATIENCE_MS = 600_000;

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

function podRoute(world: TutorialWorld, worker: number) {
	return {
		DestinationCidrBlock: `10.200.${worker}.0/24`,
		InstanceId: world.ids[`worker-${worker}`],
		InstanceOwnerId: "123456789012",
		NetworkInterfaceId: expect.stringMatching(/^eni-[0-9a-f]{17}$/),
		Origin: "CreateRoute",
		State: "active",
	};
}

/** moto has no more of a route's target than what it was given. */
function motoPodRoute(world: TutorialWorld, worker: number) {
	const { InstanceOwnerId, NetworkInterfaceId, ...given } = podRoute(world, worker);
	return given;
}

const local = {
	DestinationCidrBlock: "10.0.0.0/16",
	GatewayId: "local",
	Origin: "CreateRouteTable",
	State: "active",
};

const toInternet = (world: TutorialWorld) => ({
	DestinationCidrBlock: "0.0.0.0/0",
	GatewayId: world.ids["internet-gateway"],
	Origin: "CreateRoute",
	State: "active",
});

const WORLDS = [
	{
		name: EMBEDDED.name,
		server: EMBEDDED,
		repeated: REPEATED_OUTPUT,
		table: (world: TutorialWorld) => [
			podRoute(world, 0),
			podRoute(world, 1),
			podRoute(world, 2),
			local,
			toInternet(world),
		],
	},
	{
		name: MOTO.name,
		server: MOTO,
		// moto leaves out AWS's last full stop.
		repeated: REPEATED_OUTPUT.replaceAll("exists.", "exists"),
		// And lists routes in the order they were made.
		table: (world: TutorialWorld) => [
			local,
			toInternet(world),
			motoPodRoute(world, 0),
			motoPodRoute(world, 1),
			motoPodRoute(world, 2),
		],
	},
];

describe.each(WORLDS)(
	"The tutorial's loop, run by the AWS CLI on $name",
	{
		timeout: PATIENCE_MS,
	},
	({ server, repeated, table }) => {
		let world: TutorialWorld;

		beforeAll(async () => {
			world = await startTutorialWorld(server);
		}, PATIENCE_MS);

		afterAll(() => world?.stop(), PATIENCE_MS);

		it("prints what the tutorial prints", async () => {
			expect(await runScript("tutorial-loop.sh", world.environment)).toEqual({
				code: 0,
				output: LOOP_OUTPUT,
			});
		});

		it("leaves the table the tutorial shows, in this EC2's order", async () => {
			const { output } = await runScript("tutorial-routes.sh", world.environment);
			expect(JSON.parse(output)).toEqual([table(world)]);
		});

		it("run again, is refused for each worker, and changes nothing", async () => {
			const before = await runScript("tutorial-routes.sh", world.environment);
			const { code, output } = await runScript("tutorial-loop.sh", world.environment);
			expect(output).toBe(repeated);
			expect(code).not.toBe(0);
			expect(await runScript("tutorial-routes.sh", world.environment)).toEqual(before);
		});
	},
);
