import {
	type EC2Client,
	ModifyNetworkInterfaceAttributeCommand,
	type NetworkInterface,
	paginateDescribeNetworkInterfaces,
} from "@aws-sdk/client-ec2";
import type { InstanceId, InterfaceLookup, NetworkInterfaceId } from "../model/instance.ts";
import type { InterfaceStore } from "../reconcile/ports.ts";
import { itemsOf } from "./answer.ts";
import { describeError } from "./errors.ts";
import { inChunks } from "./filters.ts";
import { sendWrite } from "./send-write.ts";

/** The most that DescribeNetworkInterfaces gives at once (aws-facts.md §1.4). */
const PAGE_SIZE = 1_000;

/** Network interfaces as EC2 knows them. */
export function interfaceStore(client: EC2Client): InterfaceStore {
	return {
		async lookUp(ids, signal) {
			const lookups = new Map<NetworkInterfaceId, InterfaceLookup>(ids.map((id) => [id, { kind: "gone" }]));
			try {
				for (const chunk of inChunks(ids)) {
					// By filter, since one unknown id among NetworkInterfaceIds would fail the whole call.
					const Filters = [{ Name: "network-interface-id", Values: [...chunk] }];
					const pages = paginateDescribeNetworkInterfaces(
						{ client, pageSize: PAGE_SIZE },
						{ Filters },
						{ abortSignal: signal },
					);
					for await (const page of pages) {
						for (const found of itemsOf(page.NetworkInterfaces, ({ NetworkInterfaceId: id }) => id))
							lookups.set(found.NetworkInterfaceId as NetworkInterfaceId, holderOf(found));
					}
				}
			} catch (error) {
				throw new Error(`DescribeNetworkInterfaces failed: ${describeError(error)}`, { cause: error });
			}
			return lookups;
		},

		disableSourceDestCheck({ networkInterfaceId }, signal, beforeSending) {
			// On the interface, since ModifyInstanceAttribute fails where there are several (aws-facts.md §1.3).
			const command = new ModifyNetworkInterfaceAttributeCommand({
				NetworkInterfaceId: networkInterfaceId,
				SourceDestCheck: { Value: false },
			});
			return sendWrite(client, command, signal, beforeSending);
		},
	};
}

function holderOf({ NetworkInterfaceId: id, Attachment }: NetworkInterface): InterfaceLookup {
	if (Attachment === undefined || Attachment.Status === "detached") return { kind: "detached" };
	if (Attachment.InstanceId === undefined) {
		return { kind: "unusable", why: `its target ${id} belongs to a service, not to an instance` };
	}
	return { kind: "attached", instanceId: Attachment.InstanceId as InstanceId };
}
