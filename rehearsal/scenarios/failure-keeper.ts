import type { ObjectRef, Observation, PodSeen } from "../timeline/observation";
import { FailedTries } from "../timeline/tries";
import type { World } from "../timeline/world";
import type { Instruct } from "./instruction";
import { fits, type PodRule } from "./pod-rules";

/** A rule under which only the first tries of a workload fail. */
export interface FailingRule extends PodRule {
  /** How many of them. */
  fails: number;
}

/**
 * Has workloads succeed once as many of their tries have failed as they should: it counts the failures, and changes the rules
 * for the pods that come then.
 */
export class FailureKeeper {
  private readonly tries = new FailedTries();
  private readonly firstSeen = new Map<string, number>();
  private readonly mended = new Map<string, PodRule>();
  private changed: Promise<void> = Promise.resolve();

  /**
   * @param rules the first that fits counts.
   * @param change has the cluster follow further rules, which go before the others.
   */
  constructor(
    private readonly rules: readonly FailingRule[],
    private readonly world: World,
    private readonly instruct: Instruct,
    private readonly change: (first: PodRule[]) => Promise<void>,
  ) {}

  /**
   * Takes in what was seen.
   *
   * @throws what `change` does; it is asked again at the next sight of the workload.
   */
  async see(observation: Observation): Promise<void> {
    if (observation.of !== "pod" || observation.isGone === true) return;
    const { uid, at } = observation;
    if (!this.firstSeen.has(uid)) this.firstSeen.set(uid, at);
    const root = this.world.workloadOf(observation);
    const rule = this.rules.find(({ namespace, name }) => fits(namespace, root.namespace) && fits(name, root.name));
    if (rule === undefined) return;
    if (this.failedTries(observation, root) >= rule.fails) await this.mend(root, rule);
    if (this.mended.has(root.uid)) await this.mendPod(observation);
  }

  private failedTries({ uid, at, phase, isLeaving, disruption, restarts }: PodSeen & { at: number }, root: ObjectRef) {
    const failed = phase === "Failed" && !isLeaving && disruption === undefined;
    if (failed) this.tries.add(root.uid, this.firstSeen.get(uid)!, at);
    return Math.max(this.tries.of(root.uid), restarts);
  }

  private async mend(root: ObjectRef, { fails: _, ...rule }: FailingRule): Promise<void> {
    if (this.mended.has(root.uid)) return;
    this.mended.set(root.uid, { ...rule, namespace: root.namespace, name: root.name, does: "succeed" });
    // One after the other, as the last to arrive counts.
    this.changed = this.changed.catch(() => undefined).then(() => this.change([...this.mended.values()]));
    await this.changed.catch((error: unknown) => {
      this.mended.delete(root.uid);
      throw error;
    });
  }

  /** A pod that came before the rule was changed, or that starts again by itself; one that fails once more is another try. */
  private async mendPod(pod: PodSeen): Promise<void> {
    const { phase, simulate = "" } = pod;
    if (!simulate.startsWith("fail") || phase === "Failed" || phase === "Succeeded") return;
    await this.instruct(pod, simulate.replace(/^fail/, "succeed").replace(/ exit=\d+/, ""));
  }
}
