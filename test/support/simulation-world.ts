import { dispatch } from "../../emulator/dispatch.ts";
import { Ec2Error } from "../../emulator/errors.ts";
import type { Ec2Event } from "../../emulator/events.ts";
import { seedRoute } from "../../emulator/seeding.ts";
import { DEFAULT_SWITCHES, type Switches } from "../../emulator/switches.ts";
import { interfacesOf, World } from "../../emulator/world.ts";
import { CLUSTER_TAG } from "./cluster.ts";
import { CLAIM_TEXTS, type ClaimText, userDataOf } from "./simulation-claims.ts";
import { type Readings, readWorld } from "./simulation-readings.ts";

/** What people, Terraform and EC2 itself do. Numbers choose among what there is, so that every act is possible. */
export type Act =
	| {
			readonly do: "launch";
			readonly claim: number;
			readonly by: "data" | "tag" | "both" | "none";
			readonly away: boolean;
	  }
	| { readonly do: "terminate" | "relaunch" | "stop" | "start"; readonly who: number }
	| { readonly do: "attach" | "detach" | "check"; readonly who: number }
	| { readonly do: "leave" | "join" | "untag"; readonly who: number }
	| { readonly do: "retag" | "edit"; readonly who: number; readonly claim: number }
	| { readonly do: "add-route"; readonly table: number; readonly where: number; readonly to: number }
	| { readonly do: "move-route"; readonly table: number; readonly nth: number; readonly to: number }
	| { readonly do: "delete-route"; readonly table: number; readonly nth: number }
	| { readonly do: "quota"; readonly spare: number }
	| { readonly do: "disband" | "rally" }
	| { readonly do: "wait"; readonly seconds: number };

/** Routes per table and family, unless a quota is exhausted. */
export const ROUTE_LIMIT = 50;
/** More live instances tell no more and cost more. */
const LIVE_MAX = 7;
/** How many earlier states a stale read may come from, and how old they may be: EC2 promises no bound. */
const PAST_KEPT = 4;
const PAST_AGE_MAX_MS = 60_000;

/** Destinations that people write: the blocks of the claims, inside and around them, and elsewhere. */
const DESTINATIONS = [
	...CLAIM_TEXTS.filter(({ valid }) => valid).flatMap(({ blocks }) => blocks),
	"10.200.0.64/26",
	"10.200.9.0/24",
	"0.0.0.0/0",
	"10.200.0.0/15",
	"10.9.0.0/24",
];

const PEERING = "pcx-0a0a0a0a0a0a0a0a0";
const GATEWAY = "vgw-0a0a0a0a0a0a0a0a0";
const ANOTHER_ACCOUNT = "210987654321";
const THEIR_INTERFACE = "eni-0b0b0b0b0b0b0b0b0";

/** An embedded EC2 with two VPCs and three configured tables, and everybody who changes it but podroute. */
export class SimulatedWorld {
	readonly world: World;
	readonly tableIds: readonly string[];
	/** What EventBridge has not delivered yet, in the order of emission. */
	readonly events: Ec2Event[] = [];
	readonly #subnetIds: readonly string[];
	readonly #outsiderId: string;
	readonly #looseInterfaceId: string;
	readonly #members: string[] = [];
	#past: { readonly readings: Readings; readonly until: number }[] = [];
	#now: Readings | undefined;

	/** `switches`: a number whose bits choose among what AWS leaves unclear. */
	constructor(switches: number) {
		this.world = new World(
			{
				accountId: "123456789012",
				region: "us-east-1",
				startAt: Date.UTC(2026, 0, 2, 3, 4, 5),
				transitionMs: 5_000,
				throttle: "none",
				switches: switchesOf(switches),
			},
			ROUTE_LIMIT,
		);
		const home = this.#makeVpc("10.0.0.0/16", "10.0.1.0/24");
		const away = this.#makeVpc("10.1.0.0/16", "10.1.1.0/24");
		this.#subnetIds = [home.subnetId, away.subnetId];
		// Not configured: a short page then holds no table that is.
		for (let spare = 0; spare < 5; spare += 1) this.#makeTable(home.vpcId);
		this.tableIds = [home, home, away].map(({ vpcId }) => this.#makeTable(vpcId));
		this.#outsiderId = this.#run(home.subnetId, {});
		this.#looseInterfaceId = idIn(
			this.#ask("CreateNetworkInterface", { SubnetId: home.subnetId }),
			"networkInterface",
			"networkInterfaceId",
		);
		this.world.clock.settle();
		this.world.events.subscribe((event) => this.#hear(event));
	}

	/** What every reading says now, if it is not stale. */
	readings(): Readings {
		this.#now ??= readWorld(this.world, this.tableIds);
		return this.#now;
	}

	/** What a reading said `back` changes ago: 0 is now. */
	readingsBefore(back: number): Readings {
		const oldest = this.world.clock.now() - PAST_AGE_MAX_MS;
		const past = this.#past.filter(({ until }) => until >= oldest);
		return back === 0
			? this.readings()
			: (past[Math.min(back, past.length) - 1]?.readings ?? this.readings());
	}

	/** To be called before anything changes the world: keeps what was, for stale reads. */
	remember(): void {
		this.#past = [{ readings: this.readings(), until: this.world.clock.now() }, ...this.#past].slice(
			0,
			PAST_KEPT,
		);
		this.#now = undefined;
	}

	/** What was does not matter any more: reads are consistent from here on. */
	forgetPast(): void {
		this.#past = [];
	}

	/** Does what EC2 allows; what it refuses changes nothing, as for anybody. */
	act(act: Act): void {
		this.remember();
		try {
			this.#perform(act);
		} catch (error) {
			if (!(error instanceof Ec2Error)) throw error;
		}
		this.#now = undefined;
	}

	#perform(act: Act): void {
		switch (act.do) {
			case "wait":
				this.world.clock.advance(act.seconds * 1000);
				return;
			case "quota":
				this.world.routeLimit = Math.max(...this.#tables().map(({ routes }) => routes.length)) + act.spare;
				return;
			case "disband":
			case "rally":
				this.#tagAll(act.do);
				return;
			case "launch":
				this.#launch(act);
				return;
			case "add-route":
			case "move-route":
			case "delete-route":
				this.#editRoutes(act);
				return;
			default:
				this.#change(act);
		}
	}

	/** Somebody misspells the tag of the whole cluster, or mends it. */
	#tagAll(what: "disband" | "rally"): void {
		for (const id of this.#members.filter((member) => this.world.instances.has(member))) {
			const key = { "ResourceId.1": id, "Tag.1.Key": CLUSTER_TAG };
			if (what === "disband") this.#ask("DeleteTags", key);
			else this.#ask("CreateTags", { ...key, "Tag.1.Value": "owned" });
		}
	}

	#launch({ claim, by, away }: Extract<Act, { do: "launch" }>): void {
		if (this.#living().length >= LIVE_MAX) return;
		const text = pick(CLAIM_TEXTS, claim);
		const inData = by === "data" || by === "both";
		const inTag = by === "tag" || by === "both";
		const tags = { [CLUSTER_TAG]: "owned", ...(inTag ? { "pod-cidr": text.text } : {}) };
		this.#join(away ? 1 : 0, inData ? text : undefined, tags);
	}

	#join(subnet: 0 | 1, claim: ClaimText | undefined, tags: Readonly<Record<string, string>>): void {
		const userData = userDataOf(claim, `node-${this.#members.length}`);
		this.#members.push(this.#run(this.#subnetIds[subnet] ?? "", tags, userData));
	}

	#change(act: Extract<Act, { who: number }>): void {
		const living = this.#living();
		if (living.length === 0) return;
		const id = pick(living, act.who);
		const one = { "InstanceId.1": id };
		const tag = (key: string) => ({ "ResourceId.1": id, "Tag.1.Key": key });
		switch (act.do) {
			case "terminate":
				this.#ask("TerminateInstances", one);
				return;
			case "relaunch":
				this.#relaunch(id);
				return;
			case "stop":
				this.#ask("StopInstances", one);
				return;
			case "start":
				this.#ask("StartInstances", one);
				return;
			case "leave":
				this.#ask("DeleteTags", tag(CLUSTER_TAG));
				return;
			case "join":
				this.#ask("CreateTags", { ...tag(CLUSTER_TAG), "Tag.1.Value": "owned" });
				return;
			case "untag":
				this.#ask("DeleteTags", tag("pod-cidr"));
				return;
			case "retag":
				this.#ask("CreateTags", { ...tag("pod-cidr"), "Tag.1.Value": pick(CLAIM_TEXTS, act.claim).text });
				return;
			case "edit":
				this.#ask("ModifyInstanceAttribute", {
					InstanceId: id,
					"UserData.Value": base64(userDataOf(pick(CLAIM_TEXTS, act.claim), "edited")),
				});
				return;
			default:
				this.#changeInterfaces(act.do, id);
		}
	}

	#changeInterfaces(what: "attach" | "detach" | "check", id: string): void {
		const [primary, second] = interfacesOf(this.world, id);
		if (what === "check" && primary !== undefined) {
			this.#ask("ModifyNetworkInterfaceAttribute", {
				NetworkInterfaceId: primary.id,
				"SourceDestCheck.Value": "true",
			});
		}
		if (what === "detach" && second?.attachment !== undefined) {
			this.#ask("DetachNetworkInterface", { AttachmentId: second.attachment.id });
		}
		if (what === "attach" && second === undefined) {
			const SubnetId = this.world.instances.get(id)?.subnetId ?? "";
			const made = idIn(
				this.#ask("CreateNetworkInterface", { SubnetId }),
				"networkInterface",
				"networkInterfaceId",
			);
			this.#ask("AttachNetworkInterface", { InstanceId: id, NetworkInterfaceId: made, DeviceIndex: "1" });
		}
	}

	/** As an auto scaling group does: the same user data and tags, a new instance. */
	#relaunch(id: string): void {
		const old = this.world.instances.get(id);
		if (old === undefined) return;
		this.#ask("TerminateInstances", { "InstanceId.1": id });
		this.#members.push(this.#run(old.subnetId, Object.fromEntries(old.tags), old.userData, true));
	}

	#editRoutes(act: Extract<Act, { table: number }>): void {
		const table = pick(this.#tables(), act.table);
		if (act.do === "add-route") {
			this.#addRoute(table.id, pick(DESTINATIONS, act.where), act.to);
			return;
		}
		const own = table.routes.filter(({ origin }) => origin === "CreateRoute");
		if (own.length === 0) return;
		const { destination } = pick(own, act.nth);
		if (destination.kind !== "block") return;
		const at = { RouteTableId: table.id, ...destinationOf(destination.block.cidr) };
		if (act.do === "delete-route") this.#ask("DeleteRoute", at);
		else this.#ask("ReplaceRoute", { ...at, NetworkInterfaceId: this.#target(act.to) });
	}

	#addRoute(tableId: string, destination: string, to: number): void {
		const at = destination.includes(":")
			? { destinationIpv6CidrBlock: destination }
			: { destinationCidrBlock: destination };
		const isFree = this.readings().tables.every(
			({ id, routes }) => id !== tableId || routes.every((route) => route.destination.text !== destination),
		);
		const kind = to % 10;
		if (kind === 0 && isFree) {
			seedRoute(this.world, tableId, { ...at, kind: "vpc-peering", vpcPeeringConnectionId: PEERING });
		} else if (kind === 1) {
			seedRoute(this.world, tableId, { ...at, kind: "gateway", gatewayId: GATEWAY });
		} else if (kind === 2 && isFree) {
			seedRoute(this.world, tableId, {
				...at,
				kind: "foreign-interface",
				networkInterfaceId: THEIR_INTERFACE,
				ownerId: ANOTHER_ACCOUNT,
			});
		} else {
			this.#ask("CreateRoute", {
				RouteTableId: tableId,
				...destinationOf(destination),
				NetworkInterfaceId: this.#target(to),
			});
		}
	}

	/** The interface of somebody: a node's most of all, or an outsider's, or one that is attached to nothing. */
	#target(to: number): string {
		const living = this.#living();
		const kind = to % 10;
		if (kind === 3 || living.length === 0) return this.#looseInterfaceId;
		const holder = kind === 4 ? this.#outsiderId : pick(living, Math.floor(to / 10));
		const interfaces = interfacesOf(this.world, holder);
		return (kind === 5 ? interfaces.at(-1) : interfaces[0])?.id ?? this.#looseInterfaceId;
	}

	#living(): readonly string[] {
		return this.#members.filter((id) => {
			const state = this.world.instances.get(id)?.state;
			return state !== undefined && state !== "terminated" && state !== "shutting-down";
		});
	}

	#tables() {
		return this.tableIds.flatMap((id) => this.world.routeTables.get(id) ?? []);
	}

	/** As the deployed rules do: instances that run, and tags of instances. */
	#hear(event: Ec2Event): void {
		const runs = event.source === "aws.ec2" && event.detail.state === "running";
		const isTagged = event.source === "aws.tag" && event.detail["resource-type"] === "instance";
		if (runs || isTagged) this.events.push(event);
	}

	#makeVpc(cidr: string, subnetCidr: string) {
		const vpcId = idIn(this.#ask("CreateVpc", { CidrBlock: cidr }), "vpc", "vpcId");
		this.#ask("AssociateVpcCidrBlock", { VpcId: vpcId, CidrBlock: "10.200.240.0/20" });
		const subnet = this.#ask("CreateSubnet", { VpcId: vpcId, CidrBlock: subnetCidr });
		return { vpcId, subnetId: idIn(subnet, "subnet", "subnetId") };
	}

	#makeTable(vpcId: string): string {
		return idIn(this.#ask("CreateRouteTable", { VpcId: vpcId }), "routeTable", "routeTableId");
	}

	#run(
		subnetId: string,
		tags: Readonly<Record<string, string>>,
		userData?: string,
		isEncoded = false,
	): string {
		this.#ask("RunInstances", {
			ImageId: "ami-0123456789abcdef0",
			MinCount: "1",
			MaxCount: "1",
			SubnetId: subnetId,
			...(userData === undefined ? {} : { UserData: isEncoded ? userData : base64(userData) }),
			...tagParameters(tags),
		});
		const made = [...this.world.instances.keys()].at(-1);
		if (made === undefined) throw new Error("EC2 launched nothing");
		return made;
	}

	#ask(action: string, parameters: Readonly<Record<string, string>>) {
		return dispatch(this.world, { action, parameters });
	}
}

/** One of some, whatever the number. */
export function pick<T>(items: readonly T[], nth: number): T {
	const item = items[nth % items.length];
	if (item === undefined) throw new Error("There is nothing to pick from");
	return item;
}

function switchesOf(bits: number): Switches {
	const on = (bit: number) => ((bits >> bit) & 1) === 1;
	return {
		...DEFAULT_SWITCHES,
		identicalCreateRoute: on(0) ? "succeeds" : "exists",
		stoppingBlackholes: on(1),
		startRevives: on(2) ? "pending" : "running",
		deadRouteKeepsInstanceId: on(3),
		taggedLaunchEmitsTagEvent: on(4),
		pagesCount: "examined",
	};
}

function tagParameters(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	const entries = Object.entries(tags);
	if (entries.length === 0) return {};
	const parts = entries.flatMap(([key, value], index) => [
		[`TagSpecification.1.Tag.${index + 1}.Key`, key],
		[`TagSpecification.1.Tag.${index + 1}.Value`, value],
	]);
	return { "TagSpecification.1.ResourceType": "instance", ...Object.fromEntries(parts) };
}

function destinationOf(destination: string): Readonly<Record<string, string>> {
	return destination.includes(":")
		? { DestinationIpv6CidrBlock: destination }
		: { DestinationCidrBlock: destination };
}

function base64(text: string): string {
	return Buffer.from(text).toString("base64");
}

function idIn(answer: Readonly<Record<string, unknown>>, element: string, name: string): string {
	const found = (answer[element] as Readonly<Record<string, unknown>> | undefined)?.[name];
	if (typeof found !== "string") throw new Error(`EC2 gave no ${name}`);
	return found;
}
