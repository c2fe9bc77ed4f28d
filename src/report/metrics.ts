import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Report } from "../model/report.ts";
import { type Beside, measure } from "./measure.ts";
import { METRICS, NAMESPACE } from "./metric-names.ts";

/** CloudWatch makes metrics of what a function prints in the embedded metric format: no call, no right, no wait. */
const metrics = new Metrics({ namespace: NAMESPACE });

/** One line for each set of dimensions: the format has no line with several. All of them are written on return. */
export function emitMetrics(report: Report, beside: Beside): void {
	for (const { dimension, values } of measure(report, beside)) {
		if (dimension !== undefined) metrics.addDimension(...dimension);
		for (const [name, value] of values) metrics.addMetric(name, METRICS[name].unit, value);
		metrics.publishStoredMetrics();
	}
}
