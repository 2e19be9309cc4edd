import { podNames } from "../scenarios/pod-rules";
import { grouped } from "./grouping";
import type { FaultSeen, Observation } from "./observation";
import type { FaultMark, Outcome, PodSpan, StruckWorkload, WorkloadSpan } from "./timeline";

/** Whether a pod was ready from a moment on, in milliseconds of the clock. */
interface Readiness {
  at: number;
  isReady: boolean;
}

/** Gathers faults and what came of each. */
export class FaultMarks {
  private readonly faults: FaultSeen[] = [];
  private readonly readiness = new Map<string, Readiness[]>();
  /** Pods whose images never come, by namespace and name. */
  private readonly withoutImage = new Set<string>();

  /** @param timeOf turns milliseconds of the clock into times of the scenario. */
  constructor(private readonly timeOf: (at: number) => number) {}

  /** Takes in what was seen. */
  see(observation: Observation): void {
    if (observation.of === "fault") this.faults.push(observation);
    if (observation.of !== "pod") return;
    const { uid, at, isReady, isWithoutImage, namespace, name } = observation;
    if (isWithoutImage) this.withoutImage.add(`${namespace}/${name}`);
    const known = this.readiness.get(uid) ?? [];
    this.readiness.set(uid, known);
    if (known.at(-1)?.isReady !== isReady) known.push({ at, isReady });
  }

  /** All of them in the order in which they were done. */
  marks(workloads: readonly WorkloadSpan[], pods: readonly PodSpan[]): FaultMark[] {
    const byWorkload = grouped(pods, ({ workload }) => workload);
    return this.faults.map((fault) => {
      const { kind, did, happened, nodes = [] } = fault;
      const at = this.timeOf(fault.since);
      const open = workloads.filter((workload) => isOpen(workload, at));
      const back = this.controllersBack(fault);
      const withoutImage = this.keptWithoutImage(fault, pods);
      return {
        at,
        kind,
        did,
        happened,
        struck: open.flatMap((workload) => struck(workload, byWorkload.get(workload.title) ?? [], nodes, at)),
        ...(withoutImage.length === 0 ? {} : { withoutImage }),
        ...(back === undefined ? {} : { controllersBack: this.timeOf(back) }),
        open: countOf(open),
      };
    });
  }

  /** Workloads of the pods that wait on their nodes for images which a fault keeps away, in the order of their titles. */
  private keptWithoutImage({ imagesOf, since }: FaultSeen, pods: readonly PodSpan[]) {
    if (imagesOf === undefined) return [];
    const names = new RegExp(podNames(imagesOf));
    const kept = pods.filter(
      ({ namespace, name, from }) =>
        this.withoutImage.has(`${namespace}/${name}`) && names.test(name) && from >= this.timeOf(since),
    );
    const byWorkload = [...grouped(kept, ({ workload }) => workload)].map(([workload, own]) => {
      return { workload, pods: own.length };
    });
    return byWorkload.sort((one, other) => (one.workload < other.workload ? -1 : 1));
  }

  /** When the last of the controllers that a fault killed was ready again; undefined where one was not, or it killed none. */
  private controllersBack({ controllers = [], since }: FaultSeen): number | undefined {
    const back = controllers.map((uid) => {
      const later = (this.readiness.get(uid) ?? []).filter(({ at }) => at >= since);
      const away = later.findIndex(({ isReady }) => !isReady);
      return away < 0 ? undefined : later.slice(away).find(({ isReady }) => isReady)?.at;
    });
    return back.length === 0 || back.includes(undefined) ? undefined : Math.max(...(back as number[]));
  }
}

function isOpen({ arrived, ended = Infinity, outcome }: WorkloadSpan, at: number): boolean {
  return outcome !== "refused" && arrived <= at && at < ended;
}

/** What a fault took from a workload; nothing where none of its pods went with the nodes. */
function struck(
  { title, outcome, ended }: WorkloadSpan,
  pods: readonly PodSpan[],
  nodes: readonly string[],
  at: number,
): StruckWorkload[] {
  const then = pods.filter(({ from, to = Infinity }) => from <= at && at <= to);
  const lost = then.filter((pod) => nodes.includes(pod.node) && (pod.outcome === "evicted" || pod.outcome === "gone"));
  if (lost.length === 0) return [];
  const lastLost = Math.max(...lost.map(({ to = at }) => to));
  const isWhole = (time: number) =>
    pods.filter(({ from, to = Infinity, outcome: how }) => {
      const holds = from <= time && time < to;
      return holds || (how === "succeeded" && at <= to && to <= time);
    }).length >= then.length;
  const times = pods.flatMap(({ from, to }) => [from, to ?? from]).filter((time) => time >= lastLost);
  const whole = times.sort((a, b) => a - b).find(isWhole) ?? (outcome === "succeeded" ? ended : undefined);
  return [{ workload: title, podsLost: lost.length, ...(whole === undefined ? {} : { wholeAgain: whole }), outcome }];
}

function countOf(workloads: readonly WorkloadSpan[]): FaultMark["open"] {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of workloads) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
