import { html } from "../html.ts";
import { renderPicture, type Subject } from "./picture.ts";

/** What the dashboard says of a widget: its theme, and its size in pixels. */
export interface WidgetSpace {
	readonly theme: "light" | "dark";
	readonly width: number;
	readonly height: number;
}

/** A list of this height and more leaves room for the routes below the map. */
const TALL = 900;

/**
 * An audit as a CloudWatch custom widget. "Look again" calls the function under `functionArn` anew; CloudWatch gives
 * that call the widget's context too ("Interactivity in the custom widget", CloudWatch User Guide).
 */
export function renderWidget(
	subject: Subject,
	{ theme, width, height }: WidgetSpace,
	functionArn: string,
): string {
	const controls = html`<button type="button" class="btn">Look again</button><cwdb-action action="call" display="widget" endpoint="${functionArn}">{}</cwdb-action>`;
	return renderPicture(subject, {
		theme,
		width,
		routesOpen: height >= TALL && subject.report.routes.length <= 50,
		changes: false,
		controls,
	}).text;
}

/** What CloudWatch shows of the widget where somebody asks for its documentation: Markdown. */
export const WIDGET_DOCUMENTATION = `## podroute
Shows the pod address space of the cluster as a map of blocks, with the owner of each: what is routed, free,
blackholed, contested or foreign; what was found wrong, and what to do; and how full each route table is.

It looks and never repairs. It takes no parameters: settings are those of the function.
`;
