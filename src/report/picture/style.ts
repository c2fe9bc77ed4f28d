import { html } from "../html.ts";

/**
 * Blue and vermilion are told apart with every kind of colour vision; whatever is wrong has a letter and a pattern
 * of its own besides. Text on each of these has a contrast of 4.5 to 1 or more.
 */
const LIGHT = html`--page:#fff;--text:#16191f;--soft:#545b64;--line:#d5dbdb;--peg:#b3bcc4;--tile:#1f6fb2;--alarm:#c2410c;--alarm2:#7c2d12;--alarmtext:#b03a08;--warn:#fde68a;--warntext:#6b3d0c;--warnedge:#a16207;--grey:#5b6675;--grey2:#6a7584;--fine:#0f6b3c`;
const DARK = html`--page:#161d26;--text:#ebedf0;--soft:#a9b4c2;--line:#3a4656;--peg:#566476;--tile:#2a72b5;--alarm:#c9450f;--alarm2:#842f12;--alarmtext:#ff9a66;--warn:#f7d774;--warntext:#4a2a06;--warnedge:#d19a1a;--grey:#5b6675;--grey2:#6a7584;--fine:#5fd39a`;

/** The whole look, under `.podroute` so that it reaches nothing else on a dashboard. */
export const STYLE = html`
.podroute{${LIGHT};box-sizing:border-box;container-type:inline-size;background:var(--page);color:var(--text);font:14px/1.45 "Amazon Ember","Helvetica Neue",Arial,sans-serif;padding:8px 10px;text-align:left}
.podroute.is-dark{${DARK}}
@media(prefers-color-scheme:dark){.podroute.is-auto{${DARK}}}
.podroute *{box-sizing:border-box}
.podroute .head{display:flex;flex-wrap:wrap;align-items:center;gap:4px 14px;margin:0 0 10px}
.podroute h2{font-size:18px;line-height:1.3;margin:0;color:inherit}
.podroute h3{font-size:16px;line-height:1.3;margin:0;color:inherit}
.podroute h3 small,.podroute .legend small{font-weight:400;font-size:13px;color:var(--soft)}
.podroute p{margin:0}
.podroute code{font:12px/1.4 ui-monospace,"Liberation Mono",Menlo,monospace;background:none;color:inherit;padding:0;overflow-wrap:anywhere}
.podroute .meta{color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.podroute .status{display:flex;gap:6px}
.podroute .status strong{font-size:13px;line-height:1.3;padding:3px 9px;border-radius:99px;border:1px solid}
.podroute strong.critical{background:var(--alarm);border-color:var(--alarm);color:#fff}
.podroute strong.warning{background:var(--warn);border-color:var(--warnedge);color:var(--warntext)}
.podroute strong.fine{color:var(--fine)}
.podroute strong.info{color:var(--soft)}
.podroute .btn{margin-left:auto;font:inherit;font-weight:700;font-size:13px;padding:3px 14px;border-radius:99px;border:2px solid var(--tile);background:var(--page);color:var(--text);cursor:pointer}
.podroute .btn:hover,.podroute .btn:focus-visible{background:var(--tile);color:#fff;outline:none}
.podroute .note{border-left:4px solid var(--warnedge);padding:4px 10px;margin:0 0 12px}
.podroute cwdb-action{display:none}
.podroute .map{margin:0 0 14px}
.podroute table{border:0;margin:0;background:none;color:inherit;width:100%}
.podroute .grid{table-layout:fixed;border-collapse:separate;border-spacing:2px;font-size:11px;margin-top:4px}
.podroute .grid caption,.podroute .grid td>span,.podroute .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.podroute .grid th{padding:0;border:0;background:none;color:var(--soft);font-weight:400;text-align:center;overflow:hidden}
.podroute .grid thead th{font-size:10px;line-height:14px}
.podroute .grid th:first-child{width:92px;text-align:left;white-space:nowrap;font:11px/1 ui-monospace,"Liberation Mono",Menlo,monospace}
.podroute .grid.ipv6 th:first-child{width:132px}
.podroute .grid td,.podroute .legend b{height:24px;padding:0;text-align:center;vertical-align:middle;border:2px solid transparent;border-radius:4px;line-height:18px;overflow:hidden;white-space:nowrap;color:#fff;print-color-adjust:exact;-webkit-print-color-adjust:exact;forced-color-adjust:none}
.podroute .grid td b{font-size:13px}
.podroute .grid.low td{height:17px;line-height:11px;border-radius:3px}
.podroute .grid.low td b{font-size:11px}
.podroute .grid.low th{line-height:12px}
.podroute .grid td i{display:none;font:11px/1 ui-monospace,"Liberation Mono",Menlo,monospace}
.podroute .grid td b+i{margin-left:4px}
@container(min-width:940px){.podroute .grid.of16 td i{display:inline}.podroute .grid.of16 td b+i{display:none}}
@container(min-width:1140px){.podroute .grid.of16 td b+i{display:inline}}
@container(min-width:1500px){.podroute .grid.of32 td i{display:inline}.podroute .grid.of32 td b+i{display:none}}
.podroute .grid td.fold{text-overflow:ellipsis;text-align:left;padding:0 8px;font-size:12px}
.podroute.podroute .grid td.fold.is-free{color:var(--soft);background:none}
.podroute.podroute .is-free{border-width:2px 0;background:radial-gradient(circle,var(--peg) 2px,transparent 2.6px) -1px 0/calc((100% + 2px)/var(--n)) 100%}
.podroute.podroute .is-routed{background:var(--tile);border-color:var(--tile)}
.podroute.podroute .is-contested{background:repeating-linear-gradient(135deg,var(--alarm) 0 6px,var(--alarm2) 6px 12px);border-color:var(--alarm2)}
.podroute.podroute .is-conflict{background:repeating-linear-gradient(45deg,#39414d 0 2px,transparent 2px 6px),repeating-linear-gradient(135deg,#39414d 0 2px,transparent 2px 6px),var(--grey);border-color:var(--alarm)}
.podroute.podroute .is-misdirected{background:var(--alarm);border:2px dotted #fff;outline:1px solid var(--alarm);outline-offset:-1px}
.podroute.podroute .is-blackholed{background:#0b0f14;border-color:var(--alarm);border-radius:12px}
.podroute.podroute .is-missing{color:var(--alarmtext);border:2px dashed var(--alarmtext)}
.podroute.podroute .is-dropping{background:linear-gradient(var(--tile) 0 55%,var(--alarm) 55%);border-color:var(--alarm)}
.podroute.podroute .is-refused{background:var(--warn);border-color:var(--warnedge);color:var(--warntext)}
.podroute.podroute .is-unclaimed{background:var(--warn);border:2px dotted var(--warnedge);color:var(--warntext)}
.podroute.podroute .is-unknown{border:2px dotted var(--soft);color:var(--text)}
.podroute.podroute .is-stopped{border-color:var(--tile);color:var(--text)}
.podroute.podroute .is-foreign{background:repeating-linear-gradient(45deg,var(--grey) 0 4px,var(--grey2) 4px 8px);border-color:var(--grey)}
.podroute .legend{list-style:none;display:flex;flex-wrap:wrap;gap:6px 18px;margin:0 0 16px;padding:0;font-size:13px}
.podroute .legend li{display:flex;align-items:center;gap:6px;margin:0}
.podroute .legend b{display:inline-block;flex:none;width:30px;font-size:13px}
.podroute .list{border-collapse:collapse;margin:0 0 16px;font-size:13px}
.podroute .list caption{text-align:left;font-weight:700;font-size:14px;padding:0 0 4px;color:inherit}
.podroute .list th,.podroute .list td{border:0;border-bottom:1px solid var(--line);background:none;color:inherit;padding:5px 10px 5px 0;text-align:left;vertical-align:top;overflow-wrap:anywhere;font-weight:400}
.podroute .list thead th{color:var(--soft);font-size:12px}
.podroute .findings th[scope=row]{font-weight:700;min-width:110px}
.podroute .severity{white-space:nowrap}
.podroute .severity.critical{color:var(--alarmtext)!important;font-weight:700!important}
.podroute .quota{width:auto}
.podroute .bar{display:inline-block;vertical-align:middle;width:90px;height:10px;border:1px solid var(--soft);border-radius:5px;margin-right:6px;overflow:hidden}
.podroute .bar span{display:block;height:100%;background:var(--tile);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.podroute summary{cursor:pointer;font-weight:700;font-size:14px;margin:0 0 8px}
.podroute summary:focus-visible{outline:2px solid var(--tile);outline-offset:2px}
.podroute .routes{width:auto;min-width:60%}
@container(max-width:520px){.podroute .grid td,.podroute .legend b{height:20px;line-height:14px;border-radius:3px}.podroute .grid td b{font-size:11px}.podroute .grid thead th{font-size:8px}.podroute .grid{border-spacing:1px}.podroute .grid th:first-child{width:76px;font-size:10px}.podroute .grid.ipv6 th:first-child{width:114px}.podroute .findings,.podroute .findings tbody,.podroute .findings tr,.podroute .findings td,.podroute .findings th{display:block}.podroute .findings thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.podroute .findings td,.podroute .findings th[scope=row]{border:0;padding:1px 0}.podroute .findings tr{border-bottom:1px solid var(--line);padding:5px 0}}
@media print{.podroute .btn{display:none}.podroute{padding:0}}
`;
