import { blockAt } from "../../model/block-at.ts";
import { html, type Markup } from "../html.ts";
import { columnsFor } from "./columns.ts";
import type { BlockMap } from "./maps.ts";
import { type Piece, type Row, rowsOf } from "./rows.ts";
import type { Run } from "./runs.ts";
import { STATE_ORDER, STATES } from "./states.ts";

/** As many hexadecimal digits as tell a cluster's nodes apart at a glance; the whole id is in the cell's text. */
const ID_TAIL = 5;

/** More rows than these are drawn lower. */
const ROWS_HIGH = 16;

/**
 * A map as a table: a row a stretch of blocks, a cell a block or some free ones. `frameWidth`: pixels that there are, where
 * that is known.
 */
export function renderMap(map: BlockMap, frameWidth: number | undefined): Markup {
	const { within, unit, routeTableIds, runs, free } = map;
	const total = 1n << BigInt(unit - within.prefixLength);
	const columns = columnsFor(total - free, frameWidth);
	const width = total < BigInt(columns) ? Number(total) : columns;
	const rows = rowsOf(runs, width);
	return html`<section class="map"><h3>${within.text} <small>in blocks of /${unit}</small></h3>
<p class="meta">${routeTableIds.map((id) => html`<code>${id}</code> \u00b7 `)}${tell(map)}</p>
<table class="grid${rows.length > ROWS_HIGH ? " low" : undefined} of${width} ${within.family}"><caption>Map of ${within.text}: each row starts at a block and each column counts on from it</caption>
<thead><tr><th scope="col">block</th>${Array.from({ length: width }, (_, column) => html`<th scope="col">+${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => renderRow(row, map, width))}</tbody></table></section>
`;
}

function tell({ counts, free, unit, within }: BlockMap): string {
	const trouble = STATE_ORDER.filter((state) => STATES[state].trouble);
	const toActOn = trouble.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
	return [
		`${counts.get("routed") ?? 0} routed`,
		...(toActOn === 0 ? [] : [`${toActOn} in trouble`]),
		`${group(free)} of ${group(1n << BigInt(unit - within.prefixLength))} free`,
	].join(" \u00b7 ");
}

function renderRow(row: Row, map: BlockMap, width: number): Markup {
	const head = html`<th scope="row">${addressAt(map, row.first)}</th>`;
	if (row.kind === "cells")
		return html`<tr>${head}${row.pieces.map((piece) => renderPiece(piece, map))}</tr>`;
	const { first, count, marks } = row.run;
	const last = `${addressAt(map, first + count - 1n)}/${map.unit}`;
	const says = marks.length > 0 ? describe(row.run, map) : `${group(count)} free, to ${last}`;
	return html`<tr>${head}<td colspan="${width}" class="fold is-${stateOf(row.run)}">${renderLetter(row.run)} ${says}</td></tr>`;
}

function renderPiece(piece: Piece, map: BlockMap): Markup {
	const { columns } = piece;
	const state = stateOf(piece);
	const says = describe(piece, map);
	const span = columns === 1 ? undefined : html` colspan="${columns}"`;
	const [mark] = piece.marks;
	if (mark === undefined)
		return html`<td${span} class="is-free" style="--n:${columns}" title="${says}"><span>${says}</span></td>`;
	const tail =
		mark.node === undefined ? undefined : html`<i aria-hidden="true">${mark.node.slice(-ID_TAIL)}</i>`;
	return html`<td${span} class="is-${state}" title="${says}">${renderLetter(piece)}${tail}<span>${says}</span></td>`;
}

function renderLetter({ marks: [mark] }: Run): Markup | undefined {
	const letter = mark === undefined ? "" : STATES[mark.state].letter;
	return letter === "" ? undefined : html`<b aria-hidden="true">${letter}</b>`;
}

function stateOf({ marks: [mark] }: Run): string {
	return mark?.state ?? "free";
}

/** A cell in words: what stands in it, the gravest first, or how many blocks are free from where to where. */
function describe({ first, count, marks }: Run, map: BlockMap): string {
	if (marks.length > 0) return marks.map(({ block, says }) => `${block.text}: ${says}`).join("; ");
	const from = `${addressAt(map, first)}/${map.unit}`;
	if (count === 1n) return `${from}: free`;
	return `${group(count)} free, ${from} to ${addressAt(map, first + count - 1n)}/${map.unit}`;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;

/** The first address of a cell. */
function addressAt({ within, unit }: BlockMap, index: bigint): string {
	const { family } = within;
	const address = within.first + (index << BigInt(BITS[family] - unit));
	return blockAt(family, address, unit).text.replace(/\/.*/, "");
}

/** A number with its thousands apart. */
function group(number: bigint): string {
	return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
