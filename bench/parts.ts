import { benchAudit } from "./audit.ts";
import { benchBackfill } from "./backfill.ts";
import { benchBurst, benchSweep } from "./burst/burst.ts";
import { benchColdStart } from "./cold-start.ts";
import type { Figure } from "./figure.ts";
import { benchLaunch } from "./launch.ts";
import { benchWidget } from "./widget.ts";

/** One thing that is measured. */
export interface Part {
	readonly title: string;
	readonly measure: () => Promise<readonly Figure[]>;
	/** Whether it runs only where it is named. */
	readonly onRequest?: boolean;
}

/** By the name that selects one, in the order of the tables. */
export const PARTS: Readonly<Record<string, Part>> = {
	"cold-start": { title: "Cold start: a bundle and its import", measure: benchColdStart },
	launch: { title: "Launch: event to route, 40 ms a call", measure: benchLaunch },
	backfill: { title: "Backfill: nodes that run already", measure: benchBackfill },
	burst: { title: "Burst: 500 nodes launch in 10 s", measure: benchBurst },
	sweep: { title: "Burst: every delivery that was tried", measure: benchSweep, onRequest: true },
	audit: { title: "Audit", measure: benchAudit },
	widget: { title: "Widget", measure: benchWidget },
};
