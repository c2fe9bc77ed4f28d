import {
	DescribeInstanceAttributeCommand,
	DescribeInstancesCommand,
	type DescribeInstancesCommandInput,
	type DescribeInstancesCommandOutput,
	type EC2Client,
	EC2ServiceException,
	paginateDescribeInstances,
	type Instance as SdkInstance,
} from "@aws-sdk/client-ec2";
import type { Instance, InstanceId } from "../model/instance.ts";
import type { Filter } from "../model/selection.ts";
import type { FoundNode, NodeSource, UserDataReading } from "../reconcile/ports.ts";
import { itemsOf } from "./answer.ts";
import { describeError, isAborted, isDenied, isInstanceNotFound } from "./errors.ts";
import { inChunks, toSdkFilters } from "./filters.ts";
import { toInstance } from "./to-instance.ts";

/** The most that DescribeInstances gives at once (aws-facts.md §1.4). */
const PAGE_SIZE = 1_000;

/** Nodes as EC2 knows them. EC2 evaluates the filters, so every pass agrees on who is a node. */
export function nodeSource(client: EC2Client, nodeFilters: readonly Filter[]): NodeSource {
	const filters = toSdkFilters(nodeFilters);

	async function listPages(
		input: DescribeInstancesCommandInput,
		signal: AbortSignal,
	): Promise<readonly Instance[]> {
		const instances: Instance[] = [];
		// A page may be short or empty before the last one: only the token says when it is over.
		const config = { client, pageSize: PAGE_SIZE };
		try {
			for await (const page of paginateDescribeInstances(config, input, { abortSignal: signal })) {
				instances.push(...instancesOf(page).map(toInstance));
			}
		} catch (error) {
			throw new Error(`DescribeInstances failed: ${describeError(error)}`, { cause: error });
		}
		return instances;
	}

	/** By id, since a filter would not tell who is unknown from who is no node. */
	async function find(
		ids: readonly InstanceId[],
		signal: AbortSignal,
	): Promise<ReadonlyMap<InstanceId, FoundNode>> {
		const command = new DescribeInstancesCommand({ InstanceIds: [...ids], Filters: filters });
		try {
			const listed = instancesOf(await client.send(command, { abortSignal: signal })).map(toInstance);
			const nodes = new Map(listed.map((instance) => [instance.id, instance]));
			return new Map(ids.map((id) => [id, foundNode(nodes.get(id))]));
		} catch (error) {
			if (!isInstanceNotFound(error)) {
				const named = ids.join(", ");
				throw new Error(`DescribeInstances of ${named} failed: ${describeError(error)}`, { cause: error });
			}
			if (ids.length === 1) return new Map(ids.map((id) => [id, { kind: "not-found" }]));
			// One unknown id fails the call for all of them.
			const each = await Promise.all(ids.map((id) => find([id], signal)));
			return new Map(each.flatMap((found) => [...found]));
		}
	}

	return {
		list: (signal) => listPages({ Filters: filters }, signal),

		find,

		async findAll(ids, signal) {
			// By filter, since one unknown id among InstanceIds would fail the whole call.
			const chunks = inChunks(ids).map((chunk) => [...filters, { Name: "instance-id", Values: [...chunk] }]);
			const found = await Promise.all(chunks.map((Filters) => listPages({ Filters }, signal)));
			return found.flat();
		},

		readUserData: ({ id }, signal) => readUserData(client, id, signal),
	};
}

function foundNode(instance: Instance | undefined): FoundNode {
	return instance === undefined ? { kind: "not-a-node" } : { kind: "node", instance };
}

function instancesOf({ Reservations }: DescribeInstancesCommandOutput): readonly SdkInstance[] {
	return itemsOf(Reservations).flatMap(({ Instances }) => itemsOf(Instances, ({ InstanceId }) => InstanceId));
}

/** EC2 sends user data in base64, and an empty element where none is set (aws-facts.md §1.2, §3). */
async function readUserData(
	client: EC2Client,
	id: InstanceId,
	signal: AbortSignal,
): Promise<UserDataReading> {
	const command = new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "userData" });
	try {
		const { UserData } = await client.send(command, { abortSignal: signal });
		const base64 = UserData?.Value;
		return { kind: "read", bytes: base64 === undefined ? undefined : Buffer.from(base64, "base64") };
	} catch (error) {
		if (isInstanceNotFound(error)) return { kind: "unknown" };
		if (isDenied(error)) return { kind: "denied", why: describeError(error) };
		// Neither the message nor the cause of an answer that cannot be parsed: they may quote the user data.
		const isSafe = error instanceof EC2ServiceException || isAborted(error);
		const told = isSafe ? describeError(error) : nameOf(error);
		throw new Error(`DescribeInstanceAttribute userData of ${id} failed: ${told}`);
	}
}

function nameOf(error: unknown): string {
	return error instanceof Error ? error.name : "Unknown";
}
