import type { InstanceStateName } from "./entities.ts";

/** What every event carries around its detail (aws-facts.md §4). */
interface Envelope {
	readonly version: "0";
	readonly id: string;
	readonly account: string;
	/** One-second resolution. */
	readonly time: string;
	readonly region: string;
	readonly resources: readonly string[];
}

/** "EC2 Instance State-change Notification" (aws-facts.md §4; Amazon EC2 User Guide, "State change events for Amazon EC2 instances"). */
interface StateChangeEvent extends Envelope {
	readonly "detail-type": "EC2 Instance State-change Notification";
	readonly source: "aws.ec2";
	readonly detail: { readonly "instance-id": string; readonly state: InstanceStateName };
}

/** "Tag Change on Resource" (Tagging AWS Resources User Guide, "Monitor tag changes with serverless workflows and Amazon EventBridge"). */
interface TagChangeEvent extends Envelope {
	readonly "detail-type": "Tag Change on Resource";
	readonly source: "aws.tag";
	readonly detail: {
		readonly "changed-tag-keys": readonly string[];
		/** Every tag the resource now has. */
		readonly tags: Readonly<Record<string, string>>;
		readonly service: "ec2";
		readonly "resource-type": string;
		/** Counts the tag changes of the resource, from 1. */
		readonly version: number;
	};
}

/** What the world tells its subscribers. */
export type Ec2Event = StateChangeEvent | TagChangeEvent;

/** Hands events to subscribers, at once and in the order they subscribed. */
export class EventBus {
	readonly #listeners = new Set<(event: Ec2Event) => void>();

	/** The returned function ends the subscription. */
	subscribe(listener: (event: Ec2Event) => void): () => void {
		// A wrapper of its own, so that one function subscribed twice hears everything twice.
		const subscription = (event: Ec2Event) => listener(event);
		this.#listeners.add(subscription);
		return () => this.#listeners.delete(subscription);
	}

	/** Every listener hears it before this returns. */
	emit(event: Ec2Event): void {
		for (const listener of [...this.#listeners]) listener(event);
	}
}

/** An instant as events write it: to the second (aws-facts.md §4). */
export function eventTime(epochMs: number): string {
	return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
