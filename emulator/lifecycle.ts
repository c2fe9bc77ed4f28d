import type { Instance, InstanceStateName, NetworkInterface } from "./entities.ts";
import { interfacesOf, type World } from "./world.ts";

/** Codes of the states (aws-facts.md §1.2). */
export const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
	pending: 0,
	running: 16,
	"shutting-down": 32,
	terminated: 48,
	stopping: 64,
	stopped: 80,
};

/** "Usually less than one hour" a terminated instance stays visible (aws-facts.md §1.4). */
const VISIBLE_AFTER_TERMINATION_MS = 3_600_000;

/** Enters `pending`, and `running` after a transition: a fresh launch (aws-facts.md §4). */
export function launch(world: World, instance: Instance): void {
	enter(world, instance, "pending");
	later(world, instance, () => run(world, instance));
}

/** Enters `pending` again with a new launch time, and `running` after a transition (aws-facts.md §3, §4). */
export function start(world: World, instance: Instance): void {
	const { startRevives } = world.settings.switches;
	instance.launchTime = world.clock.now();
	instance.reachable = startRevives === "pending";
	if (startRevives === "never") severRoutesTo(world, instance);
	enter(world, instance, "pending");
	later(world, instance, () => run(world, instance));
}

/** Enters `stopping`, and `stopped` after a transition (aws-facts.md §4). */
export function stop(world: World, instance: Instance): void {
	if (world.settings.switches.stoppingBlackholes) instance.reachable = false;
	enter(world, instance, "stopping");
	later(world, instance, () => {
		instance.reachable = false;
		enter(world, instance, "stopped");
	});
}

/** Enters `shutting-down`, whatever was under way, and `terminated` after a transition (aws-facts.md §4). */
export function terminate(world: World, instance: Instance): void {
	if (world.settings.switches.stoppingBlackholes) instance.reachable = false;
	enter(world, instance, "shutting-down");
	later(world, instance, () => end(world, instance));
}

function run(world: World, instance: Instance): void {
	instance.hasRun = true;
	instance.reachable = true;
	enter(world, instance, "running");
}

function end(world: World, instance: Instance): void {
	instance.reachable = false;
	for (const networkInterface of interfacesOf(world, instance.id)) release(world, instance, networkInterface);
	enter(world, instance, "terminated");
	world.clock.book(instance.id, VISIBLE_AFTER_TERMINATION_MS, false, () =>
		world.instances.delete(instance.id),
	);
}

/** Interfaces marked so are deleted with the instance; the others are left unattached. */
function release(world: World, instance: Instance, networkInterface: NetworkInterface): void {
	for (const table of world.routeTables.values()) {
		for (const route of table.routes) {
			if (leadsTo(route.target, networkInterface.id)) route.lastInstanceId = instance.id;
		}
	}
	if (networkInterface.attachment?.deleteOnTermination) world.networkInterfaces.delete(networkInterface.id);
	networkInterface.attachment = undefined;
}

function severRoutesTo(world: World, instance: Instance): void {
	for (const { id } of interfacesOf(world, instance.id)) {
		for (const table of world.routeTables.values()) {
			for (const route of table.routes) if (leadsTo(route.target, id)) route.severed = true;
		}
	}
}

function leadsTo(
	target: { readonly kind: string; readonly networkInterfaceId?: string },
	networkInterfaceId: string,
): boolean {
	return target.kind === "interface" && target.networkInterfaceId === networkInterfaceId;
}

function enter(world: World, instance: Instance, state: InstanceStateName): void {
	instance.state = state;
	world.announceState(instance);
}

function later(world: World, instance: Instance, perform: () => void): void {
	world.clock.book(instance.id, world.settings.transitionMs, true, perform);
}
