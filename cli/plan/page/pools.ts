import type { Price } from "../../../preflight/cost/cost";
import type { NodeLayout, PoolPacking } from "../../../preflight/packing/packing";
import type { PlanReport, ReportedPool } from "../report";
import { foldedList } from "./folds";
import { markup, type Content, type Markup } from "../../page/markup";
import { layoutBar, type Drawing } from "./node-bars";
import type { PodSetKeys } from "./pod-set-keys";
import { counted, firstOf, hourly, number, percent, sentence } from "../words";

/** Layouts of a pool that are drawn; further ones are only counted, as their pictures would all be alike. */
const LAYOUTS_DRAWN = 16;

/** Layouts of a pool that are seen without unfolding, and sets in its legend. */
const LAYOUTS_SHOWN = 6;
const SETS_SHOWN = 12;

/** Pools that are seen without unfolding. */
const POOLS_SHOWN = 24;

/** The pools at their fullest, each with the pods on its nodes. */
export function pools({ pools: all, workloads }: PlanReport, keys: PodSetKeys): Markup {
  if (all.length === 0) return markup`<p class="empty">The stack declares no pools.</p>`;
  const requests = new Map(
    workloads.flatMap(({ proofs }) =>
      proofs.map(({ title, requests: asked }) => [
        title,
        new Map(asked.map(({ resource, amount }) => [resource, amount])),
      ]),
    ),
  );
  const drawn = all.map((pool) => markup`<li>${drawnPool(pool, { keys, requests })}</li>`);
  return markup`<p class="intro">Everything that may run at once does: the worst case. A row is a kind of node, and how many look like it; a
number and its colour are a set of pods.</p>
<ul class="marks" aria-label="What the pictures mean">
<li><svg class="swatch idle" aria-hidden="true"><rect width="100%" height="100%"/></svg> idle</li>
<li><svg class="swatch stranded" aria-hidden="true"><rect width="100%" height="100%"/></svg> stranded: idle, and no declared workload could have it</li>
</ul>${foldedList(drawn, POOLS_SHOWN, "plain")}`;
}

function drawnPool(pool: ReportedPool, drawing: Drawing): Markup {
  const { name, packing, free, unknowns, minNodes } = pool;
  const rows = packing.layouts.slice(0, LAYOUTS_DRAWN).map((layout) => layoutBar(pool, layout, drawing));
  const drawn = packing.layouts.reduce((sum, { nodes }) => sum + nodes, 0);
  const standing = Math.max(packing.nodes, minNodes) - drawn;
  const idleRow = standing <= 0 ? [] : [layoutBar(pool, idleLayout(pool, standing), drawing)];
  const undrawn = packing.layouts.slice(LAYOUTS_DRAWN).reduce((sum, { nodes }) => sum + nodes, 0);
  return markup`<article class="pool"><header><h3>${name}</h3><p class="use">${use(pool)}</p></header>
<ul class="facts">${facts(pool).map((fact) => markup`<li>${fact}</li>`)}</ul>
${unknowns.map((unknown) => markup`<p class="warning"><strong>Not known:</strong> ${sentence(unknown)}</p>`)}
${foldedList([...rows, ...idleRow], LAYOUTS_SHOWN, "nodes")}
${undrawn === 0 ? undefined : markup`<p class="note">${counted(undrawn, "more node")} with other mixes of the same sets; the JSON has them all.</p>`}
${legend(packing, drawing.keys)}
<details class="free"><summary>What pods can have of an empty node</summary><dl>${free.map(
    ({ resource, words }) => markup`<div><dt>${resource}</dt><dd>${words}</dd></div>`,
  )}</dl></details></article>`;
}

function idleLayout({ gpusPerNode = 0 }: ReportedPool, nodes: number): NodeLayout {
  return { nodes, pods: [], idleGpus: gpusPerNode, strandedGpus: 0 };
}

function use({ packing, maxNodes, gpusPerNode = 0 }: ReportedPool): Content {
  const { nodes, gpus, gpusInUse, strandedGpus } = packing;
  const ofAll = maxNodes === null ? counted(nodes, "node") : `${number(nodes)} of ${counted(maxNodes, "node")}`;
  if (gpusPerNode === 0 || nodes === 0) return ofAll;
  const lost =
    strandedGpus === 0 ? undefined : markup`, <strong class="lost">${number(strandedGpus)} stranded</strong>`;
  return markup`${ofAll}, ${number(gpusInUse)} of ${counted(gpus, "GPU")} in use (${percent(gpusInUse / Math.max(1, gpus))})${lost}`;
}

function facts(pool: ReportedPool): Content[] {
  const { instanceTypes, capacityType, architecture, gpuModel, minNodes, maxNodes, zones, region, cost } = pool;
  const gpus = gpusOf(pool);
  const inZones = zones.filter((zone) => zone !== "");
  const price =
    cost.price === undefined
      ? markup`<strong>no price</strong>${cost.missing === undefined ? "" : `: ${cost.missing}`}`
      : [cost.machines === undefined ? "" : "up to ", priceOf(cost.price, cost.ceilingPrice)];
  return [
    instanceTypes.length === 0 ? "instance type unknown" : markup`<code>${firstOf(instanceTypes, 3)}</code>`,
    capacityType,
    architecture,
    gpus === undefined ? undefined : [gpus, gpuModel === undefined ? "" : ` ${gpuModel.toUpperCase()}`],
    maxNodes === null
      ? `${number(minNodes)} nodes or more, without a bound`
      : `${number(minNodes)} to ${counted(maxNodes, "node")}`,
    inZones.length > 0 ? firstOf(inZones, 6) : region,
    price,
  ].filter((fact) => fact !== undefined);
}

/** GPUs of a node, of several types those of the smallest and the largest; undefined where there are none. */
function gpusOf({ gpusPerNode, machines = [] }: ReportedPool): string | undefined {
  const counts = machines.length === 0 ? [gpusPerNode] : machines.map((machine) => machine.gpusPerNode);
  const known = counts.filter((count) => count !== undefined);
  if (known.length < counts.length) return "GPUs unknown";
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (most === 0) return undefined;
  return least === most ? counted(most, "GPU") : `${number(least)} to ${counted(most, "GPU")}`;
}

/** The price of a node with where it is from, and of spot nodes the most that they cost. */
function priceOf({ usdPerHour, source, asOf }: Price, most: Price | undefined): Markup {
  const dearer = most === undefined || most.usdPerHour <= usdPerHour ? "" : `, at most ${hourly(most.usdPerHour)}`;
  const day = asOf === "" ? "" : `, ${asOf}`;
  return markup`${hourly(usdPerHour)} a node${dearer} <small>(${source}${day})</small>`;
}

/** Every set on the pool with its number, its colour, and how many of its pods are there. */
function legend({ layouts }: PoolPacking, keys: PodSetKeys): Markup | undefined {
  const pods = new Map<string, number>();
  for (const { nodes, pods: sets } of layouts) {
    for (const each of sets) pods.set(each.podSet, (pods.get(each.podSet) ?? 0) + nodes * each.pods);
  }
  if (pods.size === 0) return undefined;
  const entries = [...pods].map(
    ([title, count]) =>
      markup`<li>${keys.chip(title)} <span>${title}</span> <small>${counted(count, "pod")}</small></li>`,
  );
  return foldedList(entries, SETS_SHOWN, "legend");
}
