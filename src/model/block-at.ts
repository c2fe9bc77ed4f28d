import { addressText, type Family } from "./address.ts";
import { type Cidr, parseCidr } from "./cidr.ts";

/**
 * The block of that length which starts at an address, given as an unsigned integer.
 *
 * @throws {RangeError} where no such block starts there.
 */
export function blockAt(family: Family, first: bigint, prefixLength: number): Cidr {
	const address = addressText({ family, value: first });
	const parsed = parseCidr(`${address}/${prefixLength}`);
	if (parsed.ok) return parsed.cidr;
	throw new RangeError(`No /${prefixLength} starts at ${address}`);
}
