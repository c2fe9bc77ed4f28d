import { Clock } from "./clock.ts";
import type {
	Instance,
	InternetGateway,
	NetworkInterface,
	RouteTable,
	Subnet,
	Tags,
	Vpc,
} from "./entities.ts";
import { EventBus, eventTime } from "./events.ts";
import { IdMint } from "./ids.ts";
import type { Switches } from "./switches.ts";
import { Throttle } from "./throttle.ts";

/** What a world is made with. */
export interface WorldSettings {
	readonly accountId: string;
	readonly region: string;
	readonly startAt: number;
	readonly transitionMs: number;
	/** `aws`: requests draw on the documented token buckets. */
	readonly throttle: "none" | "aws";
	readonly switches: Readonly<Switches>;
}

/** Everything that exists, in order of creation, with the clock and the events it shares. */
export class World {
	readonly settings: WorldSettings;
	readonly clock: Clock;
	readonly ids = new IdMint();
	readonly events = new EventBus();
	readonly throttle: Throttle | undefined;
	readonly instances = new Map<string, Instance>();
	readonly networkInterfaces = new Map<string, NetworkInterface>();
	readonly vpcs = new Map<string, Vpc>();
	readonly subnets = new Map<string, Subnet>();
	readonly routeTables = new Map<string, RouteTable>();
	readonly internetGateways = new Map<string, InternetGateway>();
	/** Ids of targets and prefix lists that exist only because a seeded route names them. */
	readonly seededIds = new Set<string>();
	/** RunInstances by client token: what was asked, and the reservation it made. */
	readonly launchesByToken = new Map<string, { readonly asked: string; readonly reservationId: string }>();
	readonly #tagVersions = new Map<string, number>();
	routeLimit: number;

	constructor(settings: WorldSettings, routeLimit: number) {
		this.settings = settings;
		this.clock = new Clock(settings.startAt);
		if (settings.throttle === "aws") this.throttle = new Throttle(settings.switches.idsCountAsFilter);
		this.routeLimit = routeLimit;
	}

	/** The name EventBridge and IAM give a resource, as `instance`, `i-…` (aws-facts.md §6). */
	arn(resourceType: string, id: string): string {
		return `arn:aws:ec2:${this.settings.region}:${this.settings.accountId}:${resourceType}/${id}`;
	}

	/** Tells subscribers the state an instance has entered (aws-facts.md §4). */
	announceState(instance: Instance): void {
		this.events.emit({
			...this.#envelope("instance", instance.id),
			"detail-type": "EC2 Instance State-change Notification",
			source: "aws.ec2",
			detail: { "instance-id": instance.id, state: instance.state },
		});
	}

	/** Tells subscribers which tags of a resource changed; nothing when none did. */
	announceTags(resourceType: string, id: string, changedKeys: readonly string[], tags: Tags): void {
		if (changedKeys.length === 0) return;
		const version = (this.#tagVersions.get(id) ?? 0) + 1;
		this.#tagVersions.set(id, version);
		this.events.emit({
			...this.#envelope(resourceType, id),
			"detail-type": "Tag Change on Resource",
			source: "aws.tag",
			detail: {
				"changed-tag-keys": changedKeys,
				tags: Object.fromEntries(tags),
				service: "ec2",
				"resource-type": resourceType,
				version,
			},
		});
	}

	#envelope(resourceType: string, id: string) {
		return {
			version: "0",
			id: this.ids.uuid(),
			account: this.settings.accountId,
			time: eventTime(this.clock.now()),
			region: this.settings.region,
			resources: [this.arn(resourceType, id)],
		} as const;
	}
}

/** The interfaces attached to an instance, the primary one (index 0 on card 0) first. */
export function interfacesOf(world: World, instanceId: string): readonly NetworkInterface[] {
	return [...world.networkInterfaces.values()]
		.filter((candidate) => candidate.attachment?.instanceId === instanceId)
		.sort((a, b) => place(a) - place(b));
}

function place({ attachment }: NetworkInterface): number {
	return (attachment?.networkCardIndex ?? 0) * 100 + (attachment?.deviceIndex ?? 0);
}
