import { expect, it } from "vitest";
import { readBlocks } from "../../../src/claim/blocks.ts";

function told(value: string): readonly string[] | string {
	const read = readBlocks(value);
	return read.ok ? read.blocks.map(({ text }) => text) : read.why;
}

const V4 = "10.200.0.0/24";
const V6 = "fd00:10:200::/64";

it.each([
	[V4, [V4]],
	[V6, [V6]],
	[` \t${V4}\n`, [V4]],
	[`${V4},${V6}`, [V4, V6]],
	[`${V6},${V4}`, [V4, V6]],
	[`${V4} ${V6}`, [V4, V6]],
	[`${V4} \t ${V6}`, [V4, V6]],
	[` ${V4} , ${V6} `, [V4, V6]],
	["FD00:10:200:0::/64", [V6]],
])("%j names %j", (value, blocks) => {
	expect(told(value)).toEqual(blocks);
});

const PLACEHOLDER = "it is a placeholder that nobody filled in; write the block itself";
const EMPTY = "it is empty; write the block, or leave the key out";
const COMMA = "it has a comma without a block on each side; write both, or no comma";
const NOT_A_CIDR = "it is not a CIDR block; write one such as 10.200.0.0/24";
const HOST_BITS = "it has host bits set; write the first address of the block, as in 10.200.0.0/24";
const TWO_V4 = "it names more than one IPv4 block; a node serves one of each family";
const TWO_V6 = "it names more than one IPv6 block; a node serves one of each family";

it.each([
	["{{ pod_cidr }}", PLACEHOLDER],
	["10.200.{{i}}.0/24", PLACEHOLDER],
	["{% if x %}10.200.0.0/24", PLACEHOLDER],
	[`\${POD_CIDR}`, PLACEHOLDER],
	[`\${POD_CIDR:-${V4}}`, PLACEHOLDER],
	[`$(curl -s http://169.254.169.254/latest/user-data/`, PLACEHOLDER],
	["$POD_CIDR", PLACEHOLDER],
	["10.200.$i.0/24", PLACEHOLDER],
	["`cat /etc/pod-cidr`", PLACEHOLDER],
	[`${V4},{{ v6 }}`, PLACEHOLDER],
	["", EMPTY],
	[" \t ", EMPTY],
	[`${V4},`, COMMA],
	[`,${V4}`, COMMA],
	[`${V4}, ,${V6}`, COMMA],
	[",", COMMA],
	["auto", NOT_A_CIDR],
	["{ }", NOT_A_CIDR],
	["%POD_CIDR%", NOT_A_CIDR],
	["10.200.0.0", NOT_A_CIDR],
	[`"${V4}"`, NOT_A_CIDR],
	[`[${V4}, ${V6}]`, NOT_A_CIDR],
	[`${V4};${V6}`, NOT_A_CIDR],
	[`${V4} kubelet`, NOT_A_CIDR],
	["10.200.0.1/24", HOST_BITS],
	[`${V4},fd00::1/64`, HOST_BITS],
	[`${V4},10.200.1.0/24`, TWO_V4],
	[`${V4} ${V4}`, TWO_V4],
	[`${V6},fd00:10:201::/64`, TWO_V6],
	[`${V4},${V6},10.200.1.0/24`, TWO_V4],
	[`${V4},${V6},fd00:10:201::/64`, TWO_V6],
])("%j is refused: %s", (value, why) => {
	expect(told(value)).toBe(why);
});
