import { html, type Markup } from "../html.ts";
import type { BlockMap } from "./maps.ts";
import { STATE_ORDER, STATES } from "./states.ts";

/** What the maps' cells mean, of those that are on them, each as often as it is there. */
export function renderLegend(maps: readonly BlockMap[], isAllKnown: boolean): Markup {
	const items = STATE_ORDER.flatMap((state) => {
		const count = maps.reduce((sum, map) => sum + (map.counts.get(state) ?? 0), 0);
		const { letter, label } = STATES[state];
		return count === 0
			? []
			: [
					html`<li><b class="is-${state}" aria-hidden="true">${letter}</b> ${label} <small>${count}</small></li>`,
				];
	});
	const free = isAllKnown ? "free" : "free as far as is known";
	return html`<h3 class="unseen">Legend</h3><ul class="legend">${items}<li><b class="is-free" style="--n:1" aria-hidden="true"></b> ${free}</li></ul>
`;
}
