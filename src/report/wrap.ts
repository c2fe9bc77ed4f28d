/**
 * Breaks a sentence at spaces so that no line is longer than `columns`, later lines indented by four. A word
 * that is longer by itself, such as an id, is never broken.
 */
export function wrap(sentence: string, columns: number): string {
	const lines: string[] = [];
	let line = "";
	for (const word of sentence.split(" ")) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (longer.length <= columns || line.trim() === "") {
			line = longer;
			continue;
		}
		lines.push(line);
		line = `    ${word}`;
	}
	return [...lines, line].join("\n");
}
