import { createHash } from "node:crypto";
import { CLUSTER_TAG, type Cluster } from "../../test/support/cluster.ts";
import { nameOf } from "../simulated-world.ts";

/** Every node runs at an instant of its own within this long; the event of its tags comes a little later. */
const BURST_MS = 10_000;
const TAG_EVENT_AFTER_MS = 700;

/** What EventBridge delivers, and when: milliseconds from the first. */
export interface Delivery {
	readonly afterMs: number;
	readonly event: unknown;
}

/**
 * The events of so many nodes that launch at once, two each, in order of time. The nodes run already, as the embedded
 * EC2 launches no faster than EC2's buckets allow: what a burst is made of is its events.
 */
export function eventsOf(cluster: Cluster, nodes: number): readonly Delivery[] {
	const startAt = cluster.ec2.now();
	return Array.from({ length: nodes }, (_, index) => {
		const afterMs = Math.floor((index * BURST_MS) / nodes);
		const id = cluster.id(nameOf(index));
		const tagAfterMs = afterMs + TAG_EVENT_AFTER_MS;
		return [
			{ afterMs, event: stateEvent(id, startAt + afterMs) },
			{ afterMs: tagAfterMs, event: tagEvent(id, startAt + tagAfterMs) },
		];
	})
		.flat()
		.sort((a, b) => a.afterMs - b.afterMs);
}

function stateEvent(instanceId: string, at: number): unknown {
	return {
		...envelope("aws.ec2", "EC2 Instance State-change Notification", instanceId, at),
		detail: { "instance-id": instanceId, state: "running" },
	};
}

function tagEvent(instanceId: string, at: number): unknown {
	return {
		...envelope("aws.tag", "Tag Change on Resource", instanceId, at),
		detail: {
			"changed-tag-keys": [CLUSTER_TAG],
			tags: { [CLUSTER_TAG]: "owned" },
			service: "ec2",
			"resource-type": "instance",
			version: 1,
		},
	};
}

function envelope(source: string, type: string, instanceId: string, at: number) {
	return {
		version: "0",
		id: createHash("sha256").update(`${source} ${instanceId}`).digest("hex").slice(0, 36),
		"detail-type": type,
		source,
		account: "123456789012",
		time: `${new Date(at).toISOString().slice(0, 19)}Z`,
		region: "us-east-1",
		resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`],
	};
}
