import { html } from "../html.ts";
import { renderPicture, type Subject } from "./picture.ts";

/** An audit as a page of its own, in the reader's theme: one file that fetches nothing, for a screen, a phone or paper. */
export function renderPage(subject: Subject): string {
	return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>podroute: ${subject.rules.clusterCidrs.map(({ text }) => text).join(", ")}</title><style>body{margin:0}.podroute{max-width:1080px;min-height:100vh;margin:0 auto;padding:24px 20px}@media(max-width:600px){.podroute{padding:12px 10px}}@media(prefers-color-scheme:dark){html{background:#161d26}}@media print{.podroute{min-height:0}}</style></head>
<body>${renderPicture(subject, { theme: "auto", routesOpen: true, changes: true })}</body></html>
`.text;
}
