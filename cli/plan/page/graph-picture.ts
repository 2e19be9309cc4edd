import { GRAPH_GROUPS } from "../graph-groups";
import type { PlanReport } from "../report";
import { foldedGraph, type FoldedGraph, type FoldedNode } from "./graph-folding";
import { layered, type Box, type Point } from "./graph-layout";
import { foldedTable } from "./folds";
import { markup, type Markup } from "../../page/markup";
import { groupedBy } from "./grouping";
import { typeName } from "./type-name";
import { counted, firstOf, number } from "../words";

/** Nodes that can be read at once. */
const NODES_DRAWN = 60;

/** Rows of the list, of which the first are seen when it is unfolded, and names in one of its cells. */
const ROWS = 250;
const ROWS_SHOWN = 60;
const NAMES_SHOWN = 8;

/** Sizes of a node in pixels. */
const NODE_HEIGHT = 40;
const LEAST_WIDTH = 72;
const PADDING = 16;

/** Widths of signs in pixels, in the widest of the fonts that the style sheet names; the second line is smaller and not bold. */
const SIGN_WIDTHS: [signs: RegExp, width: number][] = [
  [/[ijlI|.,:;'!()/ -]/, 5.6],
  [/[mwMW@%]/, 13.5],
  [/[A-Z…×+]/, 10.4],
  [/[^\x20-\x7e]/, 13],
];
const SIGN_WIDTH = 8.9;
const SECOND_LINE = 0.8;

/** Signs of a label beyond which it is cut; the node's title has all of it. */
const LONGEST_LABEL = 22;

/** The stack by its components in layers: what stands to the left comes first. */
export function graphPicture({ graph }: PlanReport): Markup {
  if (graph.nodes.length === 0) return markup`<p class="empty">The stack has no resources.</p>`;
  const folded = foldedGraph(graph, NODES_DRAWN);
  const groups = GRAPH_GROUPS.filter((group) => graph.nodes.some((node) => node.group === group));
  return markup`<p class="intro">What stands to the left comes first: a line leads from what is waited for to what waits. A dotted line only says
that something is a part of the component at its left; +5 are 5 resources inside.</p>
<ul class="marks" aria-label="What the colours mean">${groups.map(
    (group) =>
      markup`<li><svg class="swatch group-${group}" aria-hidden="true"><rect width="100%" height="100%"/></svg> ${group}</li>`,
  )}</ul>
<div class="graph" role="region" aria-label="Dependency graph" tabindex="0">${drawing(folded)}</div>
<details class="more"><summary>The same as a list</summary>${list(graph)}</details>`;
}

function drawing({ nodes, edges }: FoldedGraph): Markup {
  const sized = nodes.map((node) => ({ id: node.id, width: widthOf(node), height: NODE_HEIGHT }));
  const layout = layered(
    sized,
    edges.map(({ from, to }) => [to, from]),
  );
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  const size = markup`width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const places = new Map(nodes.map(({ id }, at) => [id, at]));
  const paths = edges.map(({ from, to, kind }, at) => {
    const [start, end] = [layout.boxes.get(to)!, layout.boxes.get(from)!];
    const line = curve([pointOf(start, 1), ...layout.lines[at]!, pointOf(end, -1)]);
    return markup`<path class="${kind}" data-from="${places.get(from)}" data-to="${places.get(to)}" d="${line}"/>`;
  });
  const boxes = nodes.map((node, at) => box(node, at, layout.boxes.get(node.id)!));
  return markup`<svg class="stack" role="img" ${size}><title>Dependency graph of the stack</title>
<desc>${counted(nodes.length, "node")} and ${counted(edges.length, "dependency", "dependencies")} in layers; the list below has the same.</desc>
<g class="edges">${paths}</g>${boxes}</svg>`;
}

function widthOf(node: FoldedNode): number {
  const longest = Math.max(lengthOf(cut(node.title)), lengthOf(secondLine(node)) * SECOND_LINE);
  return Math.max(LEAST_WIDTH, Math.ceil(longest) + PADDING);
}

/** How long a text is in bold at most, as no font is at hand that could tell. */
function lengthOf(text: string): number {
  return Array.from(text).reduce(
    (sum, sign) => sum + (SIGN_WIDTHS.find(([signs]) => signs.test(sign))?.[1] ?? SIGN_WIDTH),
    0,
  );
}

function box(node: FoldedNode, place: number, { x, y, width, height }: Box): Markup {
  return markup`<g class="box group-${node.group}" data-node="${place}" transform="translate(${round(x - width / 2)} ${round(y - height / 2)})"><title>${node.title}: ${node.type}, ${counted(node.children, "resource")} inside</title>
<rect width="${round(width)}" height="${NODE_HEIGHT}" rx="6"/><rect class="stripe" width="5" height="${NODE_HEIGHT}" rx="2.5"/>
<text x="14" y="17">${cut(node.title)}</text><text class="second" x="14" y="32">${secondLine(node)}</text></g>`;
}

function secondLine({ type, children, stands }: FoldedNode): string {
  const inside = children === 0 ? "" : ` +${number(children)}`;
  return `${cut(stands === undefined ? typeName(type) : "folded")}${inside}`;
}

function cut(text: string): string {
  const signs = Array.from(text);
  return signs.length > LONGEST_LABEL ? `${signs.slice(0, LONGEST_LABEL - 1).join("")}…` : text;
}

/** The middle of a node's side: to its right at which lines begin, to its left at which they end. */
function pointOf({ x, y, width }: Box, side: 1 | -1): Point {
  return { x: x + (side * width) / 2, y };
}

/** A smooth line from left to right through points: level at each of them. */
function curve([first, ...rest]: readonly Point[]): string {
  const bends = rest.map(({ x, y }, at) => {
    const from = rest[at - 1] ?? first!;
    const middle = round((from.x + x) / 2);
    return `C${middle} ${round(from.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
  });
  return `M${round(first!.x)} ${round(first!.y)}${bends.join("")}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function list({ nodes, edges }: FoldedGraph): Markup {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const ends = (kind: string) =>
    groupedBy(
      edges.filter((edge) => edge.kind === kind),
      ({ from }) => from,
    );
  const [waits, parts] = [ends("waits"), ends("part")];
  const names = (id: string, of: typeof waits) =>
    firstOf(
      (of.get(id) ?? []).map(({ to }) => titles.get(to) ?? to),
      NAMES_SHOWN,
    );
  const rows = nodes.slice(0, ROWS).map(({ id, title, type, group, children }) => ({
    cells: [
      markup`<span class="title">${title}</span>`,
      typeName(type),
      group,
      number(children),
      names(id, waits),
      names(id, parts),
    ],
  }));
  const columns = [
    { title: "Resource", kind: "name" },
    { title: "Type" },
    { title: "Group" },
    { title: "Inside", kind: "number" },
    { title: "Waits for" },
    { title: "Part of" },
  ];
  const left = nodes.length - rows.length;
  const rest = left <= 0 ? undefined : markup`<p class="note">${number(left)} more are in the JSON output.</p>`;
  return markup`${foldedTable("Resources of the stack and what they wait for", columns, rows, ROWS_SHOWN)}${rest}`;
}
