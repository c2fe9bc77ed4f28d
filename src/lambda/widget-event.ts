import * as v from "valibot";
import type { WidgetSpace } from "../report/picture/widget.ts";

/** What a dashboard asks the audit function for: its documentation, or itself in this space. */
export type WidgetRequest = { readonly kind: "describe" } | ({ readonly kind: "show" } & WidgetSpace);

/** A widget of 12 columns by 12 rows. */
const USUAL = { theme: "light", width: 850, height: 550 } as const;

const size = (usual: number) => v.fallback(v.pipe(v.number(), v.minValue(1), v.finite()), usual);

/** `widgetContext` ("Details about custom widgets in CloudWatch", CloudWatch User Guide). What is odd is taken as usual. */
const space = v.fallback(
	v.object({
		theme: v.fallback(v.picklist(["light", "dark"]), USUAL.theme),
		width: size(USUAL.width),
		height: size(USUAL.height),
	}),
	USUAL,
);

const described = v.object({ describe: v.literal(true) });
const shown = v.object({ widgetContext: v.unknown() });

/**
 * Whether an event comes from a CloudWatch dashboard, and what it asks for; `undefined` for all others. Whatever has
 * a `widgetContext` is a dashboard's, however odd that is: a person who looks must never set off a repair.
 */
export function parseWidgetEvent(event: unknown): WidgetRequest | undefined {
	if (v.is(described, event)) return { kind: "describe" };
	if (!v.is(shown, event)) return undefined;
	return { kind: "show", ...v.parse(space, event.widgetContext) };
}
