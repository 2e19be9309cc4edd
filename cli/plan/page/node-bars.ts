import type { NodeLayout, NodePods } from "../../../preflight/packing/packing";
import type { ReportedPool } from "../report";
import { bar, type Segment } from "./bars";
import { markup, type Markup } from "../../page/markup";
import type { PodSetKeys } from "./pod-set-keys";
import { counted, listed, number, percent } from "../words";

/** What every picture of nodes needs. */
export interface Drawing {
  keys: PodSetKeys;
  /** What a pod asks for by resource, by the title of its set. */
  requests: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Nodes that look alike as one row: how many there are, and which pods have what of each. */
export function layoutBar(pool: ReportedPool, layout: NodeLayout, drawing: Drawing): Markup {
  const drawn = hasGpus(pool, layout) ? gpuBar(pool, layout, drawing) : cpuBar(pool, layout, drawing);
  const type = layout.instanceType === undefined ? undefined : markup` <code>${layout.instanceType}</code>`;
  return markup`<li class="node"><span class="times">${counted(layout.nodes, "node")}${type}</span>${drawn}</li>`;
}

function hasGpus({ gpusPerNode = 0 }: ReportedPool, { pods, idleGpus }: NodeLayout): boolean {
  return gpusPerNode > 0 || idleGpus > 0 || pods.some(({ gpusPerPod }) => gpusPerPod > 0);
}

function gpuBar(pool: ReportedPool, layout: NodeLayout, { keys }: Drawing): Markup {
  const { pods, idleGpus, strandedGpus, strandedReason } = layout;
  const segments = pods.filter(({ gpusPerPod }) => gpusPerPod > 0).map((set) => podSegment(set, keys));
  const used = pods.reduce((sum, { pods: count, gpusPerPod }) => sum + count * gpusPerPod, 0);
  const idle = [gpusAlike(idleGpus - strandedGpus, "idle"), gpusAlike(strandedGpus, "stranded")];
  const gpus = used + idleGpus;
  const lost = strandedGpus === 0 ? [] : [`${number(strandedGpus)} of them stranded`];
  const without = pods.filter(({ gpusPerPod }) => gpusPerPod === 0);
  const words = wordsOf(pods, idleGpus === 0 ? [] : [`${counted(idleGpus, "GPU")} idle`, ...lost]);
  const picture = bar({
    title: `${counted(layout.nodes, "node")} of ${pool.name}`,
    description: words,
    segments: [...segments, ...idle.filter(({ times }) => times > 0)],
    total: gpus,
    kind: `gpus wide-${Math.ceil(gpus)}`,
    isDivided: true,
  });
  return markup`${picture}${
    without.length === 0
      ? undefined
      : markup`<span class="beside">and without a GPU: ${without.map(
          ({ podSet, pods: count }) => markup`<span>${keys.chip(podSet)} ${counted(count, "pod")}</span> `,
        )}</span>`
  }${strandedReason === undefined ? undefined : markup`<span class="beside lost">stranded: ${strandedReason}</span>`}`;
}

/** GPUs as one stretch each; where they are shared, what is left of them may be no whole number. */
function gpusAlike(gpus: number, kind: "idle" | "stranded") {
  const times = Math.ceil(gpus);
  return { size: gpus / Math.max(1, times), times, kind, title: counted(gpus, `${kind} GPU`) };
}

function podSegment({ podSet, pods, gpusPerPod }: NodePods, keys: PodSetKeys): Segment {
  const key = keys.of(podSet);
  return {
    size: gpusPerPod,
    times: pods,
    kind: `c${key.colour}`,
    title: `${podSet}: ${counted(pods, "pod")} with ${counted(gpusPerPod, "GPU")}${pods === 1 ? "" : " each"}`,
    label: String(key.number),
  };
}

function cpuBar(pool: ReportedPool, layout: NodeLayout, { keys, requests }: Drawing): Markup {
  const machine = pool.machines?.find(({ instanceType }) => instanceType === layout.instanceType);
  const free = (machine ?? pool).free.find(({ resource }) => resource === "cpu")?.amount;
  const shareOf = ({ podSet, pods }: NodePods) => {
    const asked = requests.get(podSet)?.get("cpu") ?? (requests.has(podSet) ? 0 : undefined);
    return asked === undefined || free === undefined || free <= 0 ? undefined : (pods * asked) / free;
  };
  const shares = layout.pods.map((set) => ({ set, share: shareOf(set) }));
  const known = shares.flatMap(({ set, share }) => (share === undefined || share === 0 ? [] : [{ set, share }]));
  const used = known.reduce((sum, { share }) => sum + share, 0);
  const inUse = free === undefined ? "an unknown share of the CPU" : `${percent(used)} of the CPU`;
  const segments = known.map(({ set: { podSet, pods }, share }) => ({
    size: share,
    kind: `c${keys.of(podSet).colour}`,
    title: `${podSet}: ${counted(pods, "pod")} with ${percent(share)} of the CPU`,
    label: String(keys.of(podSet).number),
  }));
  const unmeasured = shares.filter(({ share }) => share === undefined || share === 0).map(({ set }) => set);
  const picture = bar({
    title: `${counted(layout.nodes, "node")} of ${pool.name}`,
    description: wordsOf(layout.pods, [`${inUse} in use`]),
    segments,
    total: Math.max(1, used),
    kind: "cpu",
  });
  return markup`${picture}<span class="beside">${inUse}${
    unmeasured.length === 0
      ? undefined
      : markup`, and ${unmeasured.map(
          ({ podSet, pods: count }) => markup`<span>${keys.chip(podSet)} ${counted(count, "pod")}</span> `,
        )}`
  }</span>`;
}

function wordsOf(pods: readonly NodePods[], rest: readonly string[]): string {
  return listed([...pods.map(({ podSet, pods: count }) => `${counted(count, "pod")} of ${podSet}`), ...rest]);
}
