import type { Ports } from "../reconcile/ports.ts";
import type { Terminal } from "./terminal.ts";

/** Back to the line's start, and clear it. */
const CLEAR = "\r\u001b[2K";

/**
 * The same ports, with one line on standard error that counts what takes long: reading user data, then
 * writing. Only where a person watches.
 */
export function withProgress(
	ports: Ports,
	{ watched, drawOver }: Terminal,
): { readonly ports: Ports; readonly clear: () => void } {
	if (!watched) return { ports, clear: () => {} };
	let nodes = 0;
	let read = 0;
	let written = 0;
	const show = (text: string) => drawOver(`${CLEAR}podroute: ${text}`);
	const countWrite = () => show(`writing changes, ${++written} done`);
	return {
		ports: {
			...ports,
			nodes: {
				...ports.nodes,
				list: async (signal) => {
					const listed = await ports.nodes.list(signal);
					nodes = listed.filter(({ life }) => life !== "gone").length;
					return listed;
				},
				readUserData: (instance, signal) =>
					ports.nodes
						.readUserData(instance, signal)
						.finally(() => show(`reading user data, ${++read} of ${Math.max(nodes, read)} nodes`)),
			},
			tables: {
				...ports.tables,
				write: (...asked) => ports.tables.write(...asked).finally(countWrite),
			},
			interfaces: {
				...ports.interfaces,
				disableSourceDestCheck: (...asked) =>
					ports.interfaces.disableSourceDestCheck(...asked).finally(countWrite),
			},
		},
		clear: () => drawOver(CLEAR),
	};
}
