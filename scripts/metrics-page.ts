import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	MEANINGS,
	METRICS,
	type MetricName,
	NAMESPACE,
	STACK_DIMENSION,
} from "../src/report/metric-names.ts";

/** docs/metrics.md, from what src/report/metric-names.ts says of each metric. */
export function metricsPage(): string {
	const names = Object.keys(METRICS) as MetricName[];
	return `# Metrics

<!-- Made by npm run docs:metrics from src/report/metric-names.ts. What is edited here is lost. -->

What the functions tell CloudWatch, in the embedded metric format: lines in their logs, of which CloudWatch makes metrics. That needs no call and no right. The command line tells none.

The namespace is \`${NAMESPACE}\`. Every metric has the dimension \`${STACK_DIMENSION}\`, which is the stack's name and stage, such as \`podroute-prod\`; the one in the table comes on top. No dimension is the id of an instance or a block: those are in the log line of the same pass, beside the same request id.

| metric | unit | dimension | told by | meaning |
|---|---|---|---|---|
${names.map(row).join("\n")}

A pass that could not look at all tells none of them: it is a failure of its function (\`Errors\` in \`AWS/Lambda\`).
`;
}

function row(name: MetricName): string {
	const metric = METRICS[name];
	const { told, meaning } = MEANINGS[name];
	const dimension = "dimension" in metric ? `\`${metric.dimension}\`` : "";
	return `| \`${name}\` | ${metric.unit} | ${dimension} | ${told} | ${meaning} |`;
}

if (import.meta.main) await writeFile(join(import.meta.dirname, "../docs/metrics.md"), metricsPage());
