import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Verdict } from "../../preflight/placement";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import type { TestCluster } from "../support/cluster";
import { ClusterWatch } from "./agreement/cluster-watch";
import { disagreementsOf } from "./agreement/judgement";
import { planned } from "./agreement/plan";
import { queuedCluster, SURROUNDINGS } from "./agreement/platform";
import { setOf, Trials } from "./agreement/trial";
import { declared, type World } from "./agreement/world";
import { worlds } from "./agreement/worlds";

/** How many environments are generated, each with one workload; 300 take five times as long. */
const cases = Number(process.env["MLSTACK_AGREEMENT_CASES"] ?? 60);

/** Which; a test run always has the same ones. */
const seed = Number(process.env["MLSTACK_AGREEMENT_SEED"] ?? 1);

/** How many are there at once: enough that waiting for one is time for the others. */
const AT_ONCE = 24;

describe("what the plan says and the cluster does, with the real Kueue and JobSet", () => {
  let cluster: TestCluster;
  let watch: ClusterWatch;
  beforeAll(async () => {
    cluster = await queuedCluster();
    watch = await ClusterWatch.start(readKubeconfig(cluster.controlPlane.layout.kubeconfig), setOf);
  });
  afterAll(async () => {
    await watch.stop();
    await cluster.remove();
  });

  test(`is the same in ${cases} environments (seed ${seed})`, { timeout: 60_000 + cases * 6000 }, async () => {
    const trials = new Trials(readKubeconfig(cluster.controlPlane.layout.kubeconfig), watch);
    const verdicts: Verdict[] = [];
    const disagreements: object[] = [];
    const left = fc.sample(worlds, { seed, numRuns: cases }).map((world, index) => [`w${index}`, world] as const);
    const next = async (): Promise<void> => {
      for (let entry = left.shift(); entry !== undefined; entry = left.shift()) await judge(...entry);
    };
    const judge = async (name: string, world: World) => {
      const stack = declared(world, name);
      const { proofs, remarks } = planned(stack, SURROUNDINGS);
      // Of what a remark says that it is not proven, nothing is held against the verdict.
      const isProven = !remarks.some((remark) => remark.endsWith("is not proven."));
      verdicts.push(...proofs.map(({ verdict }) => (isProven ? verdict : Verdict.undecided)));
      const hasEnd = ["Job", "Indexed Job", "JobSet"].includes(world.work.kind);
      const waits = proofs.some(({ verdict }) => verdict === Verdict.queues);
      const goesOn = proofs.every(({ verdict }) => verdict === Verdict.queues || verdict === Verdict.runs);
      const outcome = await trials.run(name, stack, world.work, hasEnd && waits && goesOn);
      const found = isProven ? disagreementsOf(world.work, proofs, outcome) : [];
      for (const each of found) disagreements.push({ name, ...each, world });
      await trials.remove(stack);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    const shareOf = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length / verdicts.length;
    console.log(
      Object.values(Verdict)
        .map((each) => `${each}: ${(100 * shareOf(each)).toFixed(0)} %`)
        .join(", "),
    );
    expect(disagreements).toEqual([]);
    expect(shareOf(Verdict.undecided)).toBeLessThan(0.1);
  });
});
