import { describe, expect, it } from "vitest";
import { readEntries } from "../../../src/claim/entries.ts";

const B = "10.200.0.0/24";

function valuesIn(text: string, key = "pod-cidr"): string[] {
	return [...readEntries(text, key)].map(({ value }) => value);
}

describe("the tutorial's form", () => {
	it.each([
		[`name=worker-0|pod-cidr=${B}`, [B]],
		[`pod-cidr=${B}|name=worker-0`, [B]],
		[`name=worker-0\npod-cidr=${B}\n`, [B]],
		[`  name = worker-0 | pod-cidr  =  ${B}  | x = y `, [B]],
		[`\tpod-cidr\t=\t${B}\t`, [B]],
		["pod-cidr=a|pod-cidr=b|", ["a", "b"]],
		["pod-cidr=", [""]],
		["pod-cidr=a=b", ["a=b"]],
		[`pod-cidr="${B}"`, [`"${B}"`]],
		["pod-cidr=a # b", ["a # b"]],
		["pod-cidr=a;b", ["a;b"]],
	])("%j has %j", (text, values) => {
		expect(valuesIn(text)).toEqual(values);
	});
});

describe("a cloud-config's form", () => {
	it.each([
		[`#cloud-config\npod-cidr: ${B}\n`, [B]],
		[`  pod-cidr: ${B}`, [B]],
		[`pod-cidr : ${B}`, [B]],
		[`pod-cidr:\t${B}`, [B]],
		["pod-cidr:", [""]],
		["pod-cidr: # later", [""]],
		[`pod-cidr: "${B}"`, [B]],
		[`pod-cidr: '${B}'`, [B]],
		[`pod-cidr: " ${B} "`, [B]],
		[`pod-cidr: ${B} # worker`, [B]],
		[`pod-cidr: ${B}\t#worker`, [B]],
		[`pod-cidr: "${B}"  # worker "one"`, [B]],
		["pod-cidr: 4.4", ["4.4"]],
		["pod-cidr: a#b", ["a#b"]],
		["pod-cidr: a;b", ["a;b"]],
		["pod-cidr: a&b", ["a&b"]],
		['pod-cidr: ""', [""]],
		['pod-cidr: "a', ['"a']],
		["pod-cidr: \"a'", ["\"a'"]],
		["pod-cidr: 'a\"", ["'a\""]],
		['pod-cidr: a"b"', ['a"b"']],
		['pod-cidr: "a" "b"', ['"a" "b"']],
		['pod-cidr: "a # b', ['"a']],
		["pod-cidr: |", [""]],
		["pod-cidr: fd00:10:200::/64", ["fd00:10:200::/64"]],
	])("%j has %j", (text, values) => {
		expect(valuesIn(text)).toEqual(values);
	});
});

describe("a shell script's form", () => {
	it.each([
		[`#!/bin/sh\nPOD_CIDR=${B}\n`, [B]],
		[`POD_CIDR="${B}"`, [B]],
		[`POD_CIDR='${B}'`, [B]],
		[`export POD_CIDR=${B}`, [B]],
		[`\texport  \t POD_CIDR="${B}"`, [B]],
		[`POD_CIDR=${B} # worker`, [B]],
		[`POD_CIDR="${B}" # worker`, [B]],
		[`POD_CIDR=${B}; export POD_CIDR`, [B]],
		[`POD_CIDR="${B}"; export POD_CIDR`, [B]],
		[`POD_CIDR='${B}' && export POD_CIDR`, [B]],
		[`POD_CIDR=${B}&`, [B]],
		[`POD_CIDR= ${B}`, [B]],
		[`POD_CIDR= "${B}"`, [B]],
		["POD_CIDR=", [""]],
		["POD_CIDR= # later", [""]],
		["POD_CIDR=; export POD_CIDR", [""]],
		['POD_CIDR=""', [""]],
		["POD_CIDR=a#b", ["a#b"]],
		['POD_CIDR="a"b', ['"a"b']],
		["POD_CIDR='an export of it'", ["an export of it"]],
		[
			'POD_CIDR=$(curl -s http://169.254.169.254/latest/user-data/ | tr "|" "\\n")',
			["$(curl -s http://169.254.169.254/latest/user-data/"],
		],
	])("%j has %j", (text, values) => {
		expect(valuesIn(text)).toEqual(values);
	});
});

describe("what is no entry", () => {
	it.each([
		"",
		"name=controller-0",
		"pod-cidr",
		"pod-cidr 10.200.0.0/24",
		"pod-cidr-v6=fd00::/64",
		"pod-cidr-v6: fd00::/64",
		"pod-cidrs=x",
		"my-pod-cidr=x",
		"Pod-Cidr=x",
		"POD-CIDR=x",
		"pod_cidr=x",
		"pod-cidr:x",
		'"pod-cidr": "x"',
		"- pod-cidr: x",
		"node.pod-cidr: x",
		"# pod-cidr: x",
		"#pod-cidr=x",
		"  \t# name=worker-0|pod-cidr=x",
		"name=worker-0|#pod-cidr=x",
		"echo pod-cidr=x",
		"export pod-cidr=x",
		"POD_CIDR = x",
		"POD_CIDR =x",
		"POD_CIDR: x",
		"POD_CIDR_V6=x",
		"MY_POD_CIDR=x",
		"POD-CIDR=x",
		"POD_CIDR+=x",
		"exportPOD_CIDR=x",
		"export NAME=y POD_CIDR=x",
		"declare -x POD_CIDR=x",
		"echo $POD_CIDR",
		"#POD_CIDR=x",
	])("%j", (text) => {
		expect(valuesIn(text)).toEqual([]);
	});
});

it("counts lines from 1, whatever ends them", () => {
	expect([...readEntries("pod-cidr=a\n\r\npod-cidr=b|pod-cidr=c\rpod-cidr=d", "pod-cidr")]).toEqual([
		{ line: 1, value: "a" },
		{ line: 3, value: "b" },
		{ line: 3, value: "c" },
		{ line: 4, value: "d" },
	]);
});

it("takes another key at its word", () => {
	expect(valuesIn("k8s:the=range = a\nk8s:the=range: b", "k8s:the=range")).toEqual(["a", "b"]);
	expect(valuesIn("NODE_POD_CIDR=a\nnode-pod-cidr=b\nPOD_CIDR=c", "node-pod-cidr")).toEqual(["a", "b"]);
	expect(valuesIn('POD_CIDR="a"\nPOD_CIDR = b', "POD_CIDR")).toEqual(["a", "b"]);
});
