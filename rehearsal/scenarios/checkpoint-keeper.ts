import type { Observation, PodSeen } from "../timeline/observation";
import type { World } from "../timeline/world";
import type { Instruct } from "./instruction";
import { fits } from "./pod-rules";

/** Workloads that save what they have done. */
export interface CheckpointRule {
  /** Namespace, or a pattern. */
  namespace: string;
  /** Name of a workload, or a pattern. */
  name: string;
  /** Seconds of the scenario from one checkpoint to the next. */
  every: number;
}

interface PodAtWork {
  /** Seconds of the scenario that its workload had saved when it came. */
  had: number;
  /** Since when it runs, in milliseconds of the clock. */
  since: number | undefined;
}

/**
 * Has workloads that lost a pod go on from their last checkpoint: pods that come later have only the rest to do. What a
 * pod has done counts from when it was seen to run; where several are lost together, the one that was furthest counts, as
 * all save the same.
 */
export class CheckpointKeeper {
  /** Pods that are there, by uid. */
  private readonly pods = new Map<string, PodAtWork>();
  /** Seconds of the scenario that workloads have saved; by uid. */
  private readonly saved = new Map<string, number>();

  /**
   * @param rules the first that fits counts.
   * @param speed seconds of the scenario per second.
   */
  constructor(
    private readonly rules: readonly CheckpointRule[],
    private readonly world: World,
    private readonly speed: number,
    private readonly instruct: Instruct,
  ) {}

  /** Takes in what was seen. @throws what `instruct` does. */
  async see(observation: Observation): Promise<void> {
    if (observation.of !== "pod") return;
    const root = this.world.workloadOf(observation);
    const rule = this.rules.find(({ namespace, name }) => fits(namespace, root.namespace) && fits(name, root.name));
    if (rule === undefined) return;
    const { uid, at } = observation;
    const phase = phaseOf(observation);
    const pod = this.pods.get(uid);
    if (phase === "Succeeded" || phase === "Failed") {
      this.pods.delete(uid);
      if (phase === "Failed" && pod !== undefined) this.save(root.uid, this.doneBy(pod, at), rule.every);
    } else if (pod === undefined) {
      await this.begin(observation, this.savedOf(root.uid));
    } else if (phase === "Running") {
      pod.since ??= at;
    }
  }

  /** A pod came: it has only the rest to do. */
  private async begin(pod: PodSeen & { at: number }, had: number): Promise<void> {
    this.pods.set(pod.uid, { had, since: pod.phase === "Running" ? pod.at : undefined });
    if (had > 0) await this.shorten(pod, had);
  }

  /** What a workload has done once a pod of it ran until then; nothing more where the pod never ran. */
  private doneBy({ had, since }: PodAtWork, at: number): number {
    return had + ((at - (since ?? at)) / 1000) * this.speed;
  }

  /** The last checkpoint of what was done is there from now on, unless a later one is. */
  private save(workload: string, done: number, every: number): void {
    const checkpoint = Math.floor(done / every) * every;
    this.saved.set(workload, Math.max(checkpoint, this.savedOf(workload)));
  }

  private savedOf(workload: string): number {
    return this.saved.get(workload) ?? 0;
  }

  private async shorten(pod: PodSeen, saved: number): Promise<void> {
    const [told, milliseconds] = / after=(\d+)ms/.exec(pod.simulate ?? "") ?? [];
    if (told === undefined) return;
    const rest = Math.max(1, Math.round(Number(milliseconds) - (saved * 1000) / this.speed));
    await this.instruct(pod, pod.simulate!.replace(told, ` after=${rest}ms`));
  }
}

/** The phase that counts: a pod that goes before it has succeeded is lost, as one that failed. */
function phaseOf({ phase, isLeaving, isGone }: PodSeen & { isGone?: true }): PodSeen["phase"] {
  return phase !== "Succeeded" && (isLeaving || isGone === true) ? "Failed" : phase;
}
