import { durationText } from "../../../rehearsal/scenarios/duration";
import { lanesOf } from "../../../rehearsal/timeline/lanes";
import type { NodeSpan, PodSpan } from "../../../rehearsal/timeline/timeline";
import { markup, type Markup } from "../../page/markup";
import { counted } from "../../plan/words";
import type { RehearsalReport } from "../report";
import { axis, grid, percentAt } from "./axis";

/** Height of a GPU, and of a pod without one, in pixels. */
const [GPU_HEIGHT, POD_HEIGHT, GAP] = [14, 6, 2];

/** Colours that tell workloads apart; more workloads than these share them. */
const COLOURS = 8;

/** Pods on GPUs as bars, node by node, with what went wrong as marks. */
export function nodeTimeline(report: RehearsalReport): Markup {
  const { nodes, pods, ends, faults, workloads } = report;
  if (nodes.length === 0) return markup`<p class="empty">There was no node.</p>`;
  const colours = new Map(
    [...new Set(workloads.map(({ title }) => title))].map((title, index) => [title, index % COLOURS]),
  );
  const sorted = nodes.toSorted(
    (a, b) => b.gpus - a.gpus || a.pool.localeCompare(b.pool) || a.from - b.from || a.name.localeCompare(b.name),
  );
  const rows = sorted.map((node) => {
    const own = pods.filter((pod) => pod.node === node.name && pod.from >= node.from && pod.from <= (node.to ?? ends));
    return nodeRow(node, own, { ends, colours, marks: faultLines(report) });
  });
  return markup`<p class="note">Each bar is a pod on its node, as high as it has GPUs; arrow keys go from bar to bar. ${faults.length === 0 ? undefined : "Dashed lines are faults."}</p>
<div class="nodes" data-bars>${rows}<div class="node foot"><span></span>${axis(ends)}</div></div>
<p class="tip" role="status" aria-live="polite" hidden></p>`;
}

interface Canvas {
  ends: number;
  colours: ReadonlyMap<string, number>;
  marks: Markup[];
}

function nodeRow(node: NodeSpan, pods: readonly PodSpan[], { ends, colours, marks }: Canvas): Markup {
  const withGpus = pods.filter(({ gpus }) => gpus > 0);
  const others = pods.filter(({ gpus }) => gpus === 0);
  const lanes = lanesOf(others.map(({ from, to = Infinity }) => ({ gpus: 1, from, to })));
  const gpuLanes = Math.max(node.gpus, ...withGpus.flatMap(({ lanes: own }) => own.map((lane) => lane + 1)));
  const below = gpuLanes * (GPU_HEIGHT + GAP);
  const height = Math.max(GPU_HEIGHT, below + Math.max(0, ...lanes.map(([lane = 0]) => lane + 1)) * (POD_HEIGHT + GAP));
  const life = percentAt(node.from, ends);
  const bars = [
    ...withGpus.map((pod) => ({
      pod,
      spans: stretchesOf(pod.lanes).map(([first, count]) => ({
        y: first * (GPU_HEIGHT + GAP),
        height: count * (GPU_HEIGHT + GAP) - GAP,
      })),
    })),
    ...others.map((pod, index) => ({
      pod,
      spans: [{ y: below + lanes[index]![0]! * (POD_HEIGHT + GAP), height: POD_HEIGHT }],
    })),
  ];
  return markup`<div class="node"><span class="name"><strong>${node.name}</strong><small>${[node.pool, node.instanceType].filter(Boolean).join(" · ")}</small></span>
<svg class="pods" height="${height}" role="group" aria-label="${nodeText(node, pods.length)}"><title>${nodeText(node, pods.length)}</title><rect class="life" x="${life}" width="${widthOf(node.from, node.to, ends)}" height="100%"/>${grid(ends)}${bars.map(({ pod, spans }) => podBar(pod, spans, ends, colours.get(pod.workload) ?? 0))}${marks}</svg></div>
`;
}

function podBar(pod: PodSpan, spans: readonly { y: number; height: number }[], ends: number, colour: number): Markup {
  const text = podText(pod, ends);
  const rects = spans.map(
    ({ y, height }) =>
      markup`<rect x="${percentAt(pod.from, ends)}" y="${y}" width="${widthOf(pod.from, pod.to, ends)}" height="${height}" rx="2"/>`,
  );
  return markup`<g class="pod colour-${colour} ${pod.outcome}" role="img" aria-label="${text}" tabindex="-1" data-workload="${pod.workload}"><title>${text}</title>${rects}</g>`;
}

/** Numbers that follow each other, as the first and how many. */
function stretchesOf(lanes: readonly number[]): [first: number, count: number][] {
  return lanes.reduce<[number, number][]>((all, lane) => {
    const last = all.at(-1);
    if (last !== undefined && last[0] + last[1] === lane) last[1] += 1;
    else all.push([lane, 1]);
    return all;
  }, []);
}

function podText({ workload, name, gpus, from, to, outcome, node }: PodSpan, ends: number): string {
  const until = to === undefined ? "the end" : durationText(to);
  const how = {
    succeeded: "succeeded",
    failed: "failed",
    evicted: "was evicted",
    gone: "was deleted",
    running: "runs",
  }[outcome];
  return `${workload}: pod ${name} with ${counted(gpus, "GPU")} on ${node}, ${durationText(from)} to ${until} (${durationText((to ?? ends) - from)}), ${how}`;
}

function nodeText({ name, instanceType, gpus, from, to }: NodeSpan, pods: number): string {
  const until = to === undefined ? "the end" : durationText(to);
  return `Node ${name}, ${instanceType}, ${counted(gpus, "GPU")}, ${durationText(from)} to ${until}, ${counted(pods, "pod")}`;
}

function faultLines({ faults, ends }: RehearsalReport): Markup[] {
  return faults.map(({ at, kind, did }) => {
    const x = percentAt(at, ends);
    return markup`<g class="fault"><title>${`${durationText(at)} ${kind}: ${did}`}</title><line x1="${x}" x2="${x}" y1="0" y2="100%"/></g>`;
  });
}

function widthOf(from: number, to: number | undefined, ends: number): string {
  const share = (Math.min(to ?? ends, ends) - Math.min(from, ends)) / Math.max(ends, 1e-9);
  return `${Number(Math.max(share * 100, 0.1).toFixed(4))}%`;
}
