import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Verdict } from "../../preflight/placement";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import type { TestCluster } from "../support/cluster";
import { ClusterWatch } from "./agreement/cluster-watch";
import { disagreementsOf } from "./agreement/judgement";
import { planned } from "./agreement/plan";
import { platformCluster, SURROUNDINGS } from "./agreement/platform";
import { declared } from "./agreement/declared";
import { type Outcome, setOf, Trials } from "./agreement/trial";
import type { World } from "./agreement/world";
import { standingWorlds, startedWorlds } from "./agreement/worlds";

/** How many environments are generated, each with one workload; 300 take five times as long. */
const cases = Number(process.env["MLSTACK_AGREEMENT_CASES"] ?? 24);

/** Part of them in which Karpenter starts nodes. */
const STARTED_SHARE = 1 / 4;

/** Which; a test run always has the same ones. */
const seed = Number(process.env["MLSTACK_AGREEMENT_SEED"] ?? 1);

/** How many are there at once: enough that waiting for one is time for the others. Karpenter takes its time. */
const AT_ONCE = { standing: 24, started: 30 };

describe("what the plan says and the cluster does, with the real Kueue, JobSet and Karpenter", () => {
  let cluster: TestCluster;
  let watch: ClusterWatch;
  beforeAll(async () => {
    cluster = await platformCluster();
    watch = await ClusterWatch.start(readKubeconfig(cluster.controlPlane.layout.kubeconfig), setOf);
  });
  afterAll(async () => {
    await watch.stop();
    await cluster.remove();
  });

  test(`is the same in ${cases} environments (seed ${seed})`, { timeout: 120_000 + cases * 9000 }, async () => {
    const trials = new Trials(readKubeconfig(cluster.controlPlane.layout.kubeconfig), watch);
    const verdicts: Verdict[] = [];
    const disagreements: object[] = [];
    const judge = async (name: string, world: World) => {
      const stack = declared(world, name);
      const { proofs, remarks } = planned(stack, SURROUNDINGS);
      // Of what a remark says that it is not proven, nothing is held against the verdict.
      const isProven = !remarks.some((remark) => remark.endsWith("is not proven."));
      verdicts.push(...proofs.map(({ verdict }) => (isProven ? verdict : Verdict.undecided)));
      const hasEnd = ["Job", "Indexed Job", "JobSet"].includes(world.work.kind);
      const waits = proofs.some(({ verdict }) => verdict === Verdict.queues);
      const goesOn = proofs.every(({ verdict }) => verdict === Verdict.queues || verdict === Verdict.runs);
      const foundIn = (outcome: Outcome) => (isProven ? disagreementsOf(world.work, proofs, outcome) : []);
      const isExpected = (outcome: Outcome) => foundIn(outcome).length === 0;
      const outcome = await trials.run(name, stack, world.work, hasEnd && waits && goesOn, isExpected);
      for (const each of foundIn(outcome)) disagreements.push({ name, ...each, world });
      await trials.remove(name, stack);
    };
    const started = Math.round(cases * STARTED_SHARE);
    await Promise.all([
      eachOf(fc.sample(standingWorlds, { seed, numRuns: cases - started }), AT_ONCE.standing, (world, index) =>
        judge(`w${index}`, world),
      ),
      eachOf(fc.sample(startedWorlds, { seed, numRuns: started }), AT_ONCE.started, (world, index) =>
        judge(`k${index}`, world),
      ),
    ]);
    const shareOf = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length / verdicts.length;
    console.log(
      Object.values(Verdict)
        .map((each) => `${each}: ${(100 * shareOf(each)).toFixed(0)} %`)
        .join(", ") + `; in ${started} of ${cases} environments Karpenter starts nodes`,
    );
    expect(disagreements).toEqual([]);
    expect(shareOf(Verdict.undecided)).toBeLessThan(0.1);
  });
});

/** Does something with each of many, so many at once. */
async function eachOf<T>(
  all: readonly T[],
  atOnce: number,
  act: (one: T, index: number) => Promise<void>,
): Promise<void> {
  const left = [...all.entries()];
  const next = async (): Promise<void> => {
    for (let entry = left.shift(); entry !== undefined; entry = left.shift()) await act(entry[1], entry[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
