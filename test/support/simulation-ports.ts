import { Readable } from "node:stream";
import { EC2ServiceException } from "@aws-sdk/client-ec2";
import { dispatch } from "../../emulator/dispatch.ts";
import { Ec2Error } from "../../emulator/errors.ts";
import { parseQuery } from "../../emulator/query.ts";
import type { World } from "../../emulator/world.ts";
import { errorDocument, successDocument } from "../../emulator/xml.ts";
import { countingClient } from "../../src/ec2/client.ts";
import { asWriteResult } from "../../src/ec2/errors.ts";
import { ec2Ports } from "../../src/ec2/ports.ts";
import type { RouteChange } from "../../src/model/change.ts";
import type { InstanceId } from "../../src/model/instance.ts";
import type { FoundNode, Ports, WriteResult } from "../../src/reconcile/ports.ts";
import type { Settings } from "../../src/settings.ts";
import type { Readings } from "./simulation-readings.ts";

/** The engine's ports over a world. `readings` is asked at each read, so that it may answer with what was. */
export type Adapter = (world: World, readings: () => Readings, settings: Settings) => Ports;

/**
 * The world behind the engine's ports without XML and SDK between: writes are the embedded EC2's own actions,
 * reads are what they would say. Quick enough for millions of calls; `test/simulation/adapter.test.ts` holds it
 * to the same reports as {@link clientPorts}.
 */
export const directPorts: Adapter = (world, readings) => ({
	nodes: {
		list: async () => readings().nodes,
		async find(ids) {
			const { nodes, userData } = readings();
			const find = (id: InstanceId): FoundNode => {
				const instance = nodes.find((node) => node.id === id);
				if (instance !== undefined) return { kind: "node", instance };
				return { kind: userData.has(id) ? "not-a-node" : "not-found" };
			};
			return new Map(ids.map((id) => [id, find(id)]));
		},
		findAll: async (ids) => readings().nodes.filter(({ id }) => ids.includes(id)),
		async readUserData({ id }) {
			const { userData } = readings();
			if (!userData.has(id)) return { kind: "unknown" };
			const base64 = userData.get(id);
			return { kind: "read", bytes: base64 === undefined ? undefined : Buffer.from(base64, "base64") };
		},
	},
	tables: {
		read: async () => ({ tables: readings().tables, skipped: [] }),
		write: async (change) => perform(world, actionOf(change), parametersOf(change)),
	},
	interfaces: {
		async lookUp(ids) {
			const { interfaces } = readings();
			return new Map(ids.map((id) => [id, interfaces.get(id) ?? { kind: "gone" }]));
		},
		disableSourceDestCheck: async ({ networkInterfaceId }) =>
			perform(world, "ModifyNetworkInterfaceAttribute", {
				NetworkInterfaceId: networkInterfaceId,
				"SourceDestCheck.Value": "false",
			}),
	},
	countCalls: () => ({}),
});

const ACTIONS = { create: "CreateRoute", replace: "ReplaceRoute", delete: "DeleteRoute" } as const;

function actionOf({ kind }: RouteChange): string {
	return ACTIONS[kind];
}

function parametersOf(change: RouteChange): Readonly<Record<string, string>> {
	const { routeTableId, destination } = change;
	const name = destination.family === "ipv4" ? "DestinationCidrBlock" : "DestinationIpv6CidrBlock";
	const at = { RouteTableId: routeTableId, [name]: destination.text };
	return change.kind === "delete" ? at : { ...at, NetworkInterfaceId: change.networkInterfaceId };
}

function perform(world: World, action: string, parameters: Readonly<Record<string, string>>): WriteResult {
	try {
		dispatch(world, { action, parameters });
		return { kind: "applied" };
	} catch (error) {
		if (!(error instanceof Ec2Error)) throw error;
		const { code, message } = error;
		return asWriteResult(new EC2ServiceException({ name: code, message, $fault: "client", $metadata: {} }));
	}
}

/** The same world behind the real adapter: SDK, Query protocol and XML, in pages as short as EC2 allows. */
export const clientPorts: Adapter = (world, _readings, settings) =>
	ec2Ports(
		countingClient({
			region: "us-east-1",
			credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
			maxAttempts: 1,
			requestHandler: {
				metadata: { handlerProtocol: "http/1.1" },
				handle: async ({ body }: { readonly body?: unknown }) => ({ response: answer(world, String(body)) }),
				updateHttpClientConfig() {},
				httpHandlerConfigs: () => ({}),
				destroy() {},
			},
		}),
		settings,
	);

/** The least that EC2 takes for MaxResults (aws-facts.md §1.4). */
const SHORTEST_PAGE = "5";

/** As the embedded EC2 answers, but for the request id: one minted here would set the two adapters' worlds apart. */
function answer(world: World, body: string) {
	const request = parseQuery(body.replace(/MaxResults=\d+/, `MaxResults=${SHORTEST_PAGE}`));
	try {
		return written(200, successDocument(request.action, "simulated", dispatch(world, request)));
	} catch (error) {
		if (!(error instanceof Ec2Error)) throw error;
		return written(error.status, errorDocument("simulated", error.code, error.message));
	}
}

function written(statusCode: number, text: string) {
	const headers = { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": "simulated" };
	return { statusCode, headers, body: Readable.from([Buffer.from(text)]) };
}
