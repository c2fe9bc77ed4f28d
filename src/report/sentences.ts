import type { Report } from "../model/report.ts";
import { wrap } from "./wrap.ts";

/** Sentences as one paragraph, each on lines of its own; none for none. */
export function wrapAll(sentences: readonly string[], columns: number): readonly string[] {
	return sentences.length === 0 ? [] : [sentences.map((sentence) => wrap(sentence, columns)).join("\n")];
}

/** Something that was looked at and left alone, and why. */
export function leftAlone({ instanceId, why }: Report["ignored"][number]): string {
	return `Left alone: ${instanceId === undefined ? "" : `${instanceId}: `}${why}`;
}
