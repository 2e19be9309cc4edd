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

/**
 * Has workloads that lost a pod go on from their last checkpoint: pods that come later have only the rest to do. What a
 * pod has done counts from when it was seen to run; where several are lost together, the one that was furthest counts, as
 * all save the same.
 */
export class CheckpointKeeper {
  /** Pods that are there: what was saved when they came, and since when they run; by uid. */
  private readonly pods = new Map<string, { had: number; since?: number }>();
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
    const { uid, at, phase, isLeaving, isGone } = observation;
    const isLost = isGone === true || isLeaving || phase === "Failed";
    const known = this.pods.get(uid);
    if (known === undefined) {
      const had = this.saved.get(root.uid) ?? 0;
      if (isLost || phase === "Succeeded") return;
      this.pods.set(uid, phase === "Running" ? { had, since: at } : { had });
      if (had > 0) await this.shorten(observation, had);
      return;
    }
    if (isLost || phase === "Succeeded") this.pods.delete(uid);
    else if (phase === "Running") known.since ??= at;
    if (!isLost || phase === "Succeeded" || known.since === undefined) return;
    const done = known.had + ((at - known.since) / 1000) * this.speed;
    const kept = Math.floor(done / rule.every) * rule.every;
    this.saved.set(root.uid, Math.max(kept, this.saved.get(root.uid) ?? 0));
  }

  /** A pod that has only the rest to do. */
  private async shorten(pod: PodSeen, saved: number): Promise<void> {
    const [told, milliseconds] = / after=(\d+)ms/.exec(pod.simulate ?? "") ?? [];
    if (told === undefined) return;
    const rest = Math.max(1, Math.round(Number(milliseconds) - (saved * 1000) / this.speed));
    await this.instruct(pod, pod.simulate!.replace(told, ` after=${rest}ms`));
  }
}
