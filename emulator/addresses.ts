import { addressText, addressValue, type Block, isAddress, lastAddress } from "./cidr.ts";
import type { Subnet } from "./entities.ts";
import { Ec2Error, invalidValue } from "./errors.ts";
import type { World } from "./world.ts";

/** The first four addresses of a subnet and its last are AWS's (Amazon VPC User Guide, "Subnet CIDR blocks"). */
const RESERVED = { first: 4n, last: 1n };

/**
 * The address asked for, or the lowest free one. Throws `InvalidParameterValue` for an address outside the subnet or
 * reserved, `InvalidIPAddress.InUse` for a taken one, `InsufficientFreeAddressesInSubnet` for a full subnet.
 */
export function chooseAddress(world: World, subnet: Subnet, asked: string | undefined): string {
	const taken = takenAddresses(world, subnet);
	if (asked !== undefined) return checkedAddress(subnet.block, asked, taken);
	const { first, last } = usable(subnet.block);
	for (let value = first; value <= last; value += 1n) {
		const address = addressText(value, "ipv4");
		if (!taken.has(address)) return address;
	}
	throw fullSubnet(subnet);
}

/** Throws `InsufficientFreeAddressesInSubnet` unless `count` addresses are left. */
export function checkRoom(world: World, subnet: Subnet, count: number): void {
	if (freeAddressCount(world, subnet) < count) throw fullSubnet(subnet);
}

/** How many addresses are left: `availableIpAddressCount`. */
export function freeAddressCount(world: World, subnet: Subnet): number {
	const { first, last } = usable(subnet.block);
	return Number(last - first + 1n) - takenAddresses(world, subnet).size;
}

function fullSubnet(subnet: Subnet): Ec2Error {
	return new Ec2Error(
		"InsufficientFreeAddressesInSubnet",
		`There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`,
	);
}

function checkedAddress(block: Block, asked: string, taken: ReadonlySet<string>): string {
	const value = isAddress(asked, "ipv4") ? addressValue(asked) : -1n;
	if (value < block.first || value > lastAddress(block)) {
		throw invalidValue("Address does not fall within the subnet's address range");
	}
	const { first, last } = usable(block);
	if (value < first || value > last) throw invalidValue("Address is in subnet's reserved address range");
	if (taken.has(asked)) throw new Ec2Error("InvalidIPAddress.InUse", `Address ${asked} is in use.`);
	return asked;
}

function usable(block: Block): { readonly first: bigint; readonly last: bigint } {
	return { first: block.first + RESERVED.first, last: lastAddress(block) - RESERVED.last };
}

function takenAddresses(world: World, subnet: Subnet): ReadonlySet<string> {
	const interfaces = [...world.networkInterfaces.values()].filter(({ subnetId }) => subnetId === subnet.id);
	return new Set(interfaces.map(({ privateIpAddress }) => privateIpAddress));
}
