import { describe, expect, it } from "vitest";
import { packingOf } from "../../../preflight/packing";
import { proofsOf } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import { having, HOST, job, near, pod, pool, ZONE, type PodArgs } from "./stack";

const together = (topologyKey: string): PodArgs => ({
  cpus: 1,
  labels: { app: "a" },
  affinity: [near("a", topologyKey)],
});

function planned(of: PodArgs, count: number, pools: PlannedPool[], minCount = count) {
  const workloads = [job("Job ml/a", pod(of), { count, minCount })];
  const proofs = proofsOf(workloads, pools);
  return { proof: proofs[0]!, packing: packingOf(workloads, pools, proofs) };
}

describe("pods that must be near each other", () => {
  it("begin on the node that has room for most of them, whichever pool is tried first", () => {
    const pools = [pool({ name: "small", cpus: 2 }), pool({ name: "large", cpus: 8, gpus: 1 })];
    const { proof, packing } = planned(together(HOST), 5, pools);
    expect(proof).toMatchObject({ verdict: "runs", atOnce: 5 });
    expect(packing.waiting).toEqual([]);
    expect(packing.pools.map(({ layouts }) => layouts.map(({ pods }) => pods.map((each) => each.pods)))).toEqual([
      [],
      [[[5]]].flat(),
    ]);
  });

  it("begin in the zone that has room for most of them", () => {
    const pools = [
      pool({ name: "small", cpus: 2, zones: ["eu-1b"] }),
      pool({ name: "large", cpus: 4, maxNodes: 2, gpus: 1, zones: ["eu-1a"] }),
    ];
    expect(planned(together(ZONE), 7, pools).proof).toMatchObject({ verdict: "runs", atOnce: 7 });
  });

  it("begin in the zone of a pool in which its nodes are", () => {
    const pools = [pool({ name: "uneven", cpus: 2, minNodes: 3, maxNodes: 3, zones: ["eu-1a", "eu-1b"] })];
    expect(planned(together(ZONE), 4, pools).proof).toMatchObject({ verdict: "runs", atOnce: 4 });
    const other = { ...together(ZONE), nodeSelector: { [ZONE]: "eu-1b" } };
    expect(planned(other, 4, pools).proof).toMatchObject({ verdict: "never", atOnce: 2 });
  });

  it("stay where most of them are where not all find room", () => {
    const pools = [
      pool({ name: "small", cpus: 2 }),
      pool({ name: "large", cpus: 6, gpus: 1 }),
      pool({ name: "middle", cpus: 4, gpus: 2 }),
    ];
    const { proof, packing } = planned(together(HOST), 7, pools, 1);
    expect(proof).toMatchObject({ verdict: "queues", atOnce: 6 });
    expect(packing.waiting).toMatchObject([{ pods: 1 }]);
    expect(packing.pools.map(({ layouts }) => layouts.length)).toEqual([0, 1, 0]);
  });

  it("begin where those are that they must be near, in the zone with most room", () => {
    const pools = [
      pool({ name: "small", cpus: 2, zones: ["eu-1b"] }),
      pool({ name: "large", cpus: 6, gpus: 1, zones: ["eu-1a"] }),
    ];
    const workloads = [
      job("Job ml/a", pod({ cpus: 1, labels: { app: "a" }, affinity: [near("b", ZONE)] }), { count: 5, minCount: 5 }),
      job("Job ml/b", pod({ cpus: 1, labels: { app: "b" } }), { count: 1 }),
    ];
    expect(proofsOf(workloads, pools)[0]).toMatchObject({ verdict: "runs", atOnce: 5 });
  });
});

describe("pods that ask for nodes by name", () => {
  const pools = [pool({ name: "train", cpus: 2, minNodes: 3, maxNodes: 3 })];
  const [, second] = [1, 2].map((number) => pools[0]!.nodeAt("", number).name);

  it("run on the node that their volume is on", () => {
    const volumes = [{ claim: "data", terms: [{ expressions: having(HOST, second!), fields: [] }] }];
    expect(planned({ cpus: 1, volumes }, 2, pools).proof).toMatchObject({
      verdict: "runs",
      atOnce: 2,
      pools: [{ pool: "train", perNode: 2, atOnce: 2 }],
    });
    expect(planned({ cpus: 1, volumes }, 3, pools).proof).toMatchObject({ verdict: "never", atOnce: 2 });
  });

  it("are told what a node takes that lets them in, which need not be the first", () => {
    const nodeSelector = { [HOST]: second! };
    expect(planned({ cpus: 1, nodeSelector }, 2, pools).proof).toMatchObject({
      verdict: "runs",
      pools: [{ pool: "train", perNode: 2, atOnce: 2 }],
    });
  });
});
