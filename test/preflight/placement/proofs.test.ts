import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packingOf } from "../../../preflight/packing";
import { proofsOf, type Limits } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import {
  GPU,
  HOST,
  job,
  near,
  plainQueue,
  pod,
  pool,
  proofOf,
  set,
  system,
  TOLERANT,
  train,
  workload,
  ZONE,
} from "./stack";

describe("pods that mind nothing but the node", () => {
  it("run where there is room for all of them, and the pools that take them come first", () => {
    const proof = proofOf({ gpus: 2, ...TOLERANT }, { count: 6 }, [system(), train()]);
    expect(proof).toEqual({
      urn: "urn:Job ml/a",
      title: "Job ml/a",
      path: "spec.template",
      count: 6,
      minCount: 1,
      verdict: "runs",
      atOnce: 6,
      pools: [
        { pool: "train", perNode: 2, atOnce: 6, obstacles: [] },
        {
          pool: "system",
          perNode: 0,
          atOnce: 0,
          obstacles: [
            { kind: "resource", message: "Insufficient nvidia.com/gpu", subject: "nvidia.com/gpu", asked: 2, left: 0 },
          ],
        },
      ],
      queues: [],
      reason: "",
    });
  });

  it("queue where there is room for some of them", () => {
    expect(proofOf(GPU, { count: 5 }, [train(), system()])).toMatchObject({
      verdict: "queues",
      atOnce: 3,
      reason: "3 of 5 pods can run at once: pool train (g5.12xlarge) has 3 nodes at most with room for 1 each",
    });
  });

  it("never run where fewer fit than must run together", () => {
    expect(proofOf(GPU, { minCount: 5 }, [train(), system()])).toMatchObject({
      verdict: "never",
      atOnce: 3,
      reason:
        "5 pods must run together, and at most 3 can: pool train (g5.12xlarge) has 3 nodes at most with room for 1 each",
    });
  });

  it("are told what a pool has that may have one node", () => {
    expect(proofOf({ cpus: 9 }, { count: 2 }, [pool({ name: "a" })]).reason).toBe(
      "1 of 2 pods can run at once: pool a has 1 node at most, with room for 1",
    );
    const volumes = [
      {
        claim: "data",
        terms: [{ expressions: [{ key: ZONE, operator: "In" as const, values: ["eu-1b"] }], fields: [] }],
      },
    ];
    expect(proofOf({ ...GPU, volumes }, { count: 9 }, [train({ minNodes: 3 })]).reason).toBe(
      "1 of 9 pods can run at once: pool train (g5.12xlarge) has 1 node at most in eu-1b, where they must be, " +
        "with room for 1",
    );
  });

  it("are undecided where the stack declares no pool, unless a queue or quota is too small for them", () => {
    const none = { verdict: "undecided", atOnce: 0, reason: "nothing tells on which nodes it runs", pools: [] };
    expect(proofOf({}, {}, [])).toMatchObject(none);
    expect(proofOf({ labels: { app: "a" }, antiAffinity: [near("a")] }, { minCount: 2 }, [])).toMatchObject(none);
    const gang = ["A", "B"].map((role) => set(role, pod(), { gang: "spec", role }));
    expect(proofsOf([workload("Job ml/a", gang)], [])).toMatchObject([none, none]);
    expect(proofOf({}, {}, [], plainQueue({ cpu: 0 }))).toMatchObject({
      verdict: "never",
      reason: "no pod can run, as ClusterQueue research has 0 CPUs at most",
    });
  });

  it("add up over pools, of which three are named", () => {
    const pools = ["a", "b", "c", "d", "e"].map((name, at) => pool({ name, cpus: at + 1, maxNodes: 2 }));
    expect(proofOf({}, { count: 31 }, pools)).toMatchObject({
      verdict: "queues",
      atOnce: 30,
      reason:
        "30 of 31 pods can run at once: pool a has 2 nodes at most with room for 1 each, pool b has 2 nodes at most with " +
        "room for 2 each, pool c has 2 nodes at most with room for 3 each and 2 more pools have room for 18",
    });
  });

  it("have no end on a pool without one", () => {
    expect(proofOf({}, { count: undefined }, [pool({ name: "a", maxNodes: undefined })])).toMatchObject({
      verdict: "runs",
      atOnce: Infinity,
    });
  });

  it("have the nodes of their zone: those that are there, and all that may yet be made", () => {
    const volumes = [
      {
        claim: "data",
        terms: [{ expressions: [{ key: ZONE, operator: "In" as const, values: ["eu-1b"] }], fields: [] }],
      },
    ];
    const inZones = (minNodes: number) => proofOf({ ...GPU, volumes }, { count: 9 }, [train({ minNodes })]);
    expect([0, 1, 2, 3].map((minNodes) => inZones(minNodes).atOnce)).toEqual([3, 2, 2, 1]);
    expect(inZones(2).reason).toBe(
      "2 of 9 pods can run at once: pool train (g5.12xlarge) has 2 nodes at most in eu-1b, where they must be, " +
        "with room for 1 each",
    );
  });

  it("that name their node have that node alone", () => {
    const proof = proofOf({ nodeSelector: { [HOST]: "system-2" }, cpus: 3 }, { count: 2 }, [system()]);
    expect(proof).toMatchObject({ verdict: "queues", atOnce: 1 });
    expect(proofOf({ nodeName: "system-9" }, {}, [system()]).verdict).toBe("never");
  });
});

describe("proofsOf", () => {
  it("looks at the pools and limits that it is given, whatever it was given before", () => {
    const workloads = [job("Job ml/a", pod(), { count: 99 }, { clusterQueue: "research" })];
    const atOnce = (pools: PlannedPool[], limits?: Limits) => proofsOf(workloads, pools, limits)[0]!.atOnce;
    const [small, large] = [[pool({ name: "a" })], [pool({ name: "a", cpus: 32 })]];
    const limits = plainQueue({ cpu: 5000 });
    expect([atOnce(small), atOnce(large), atOnce(large, limits), atOnce(large)]).toEqual([16, 32, 5, 32]);
  });

  it("puts pods of no queue under no queue's limit, and sets that name a gang of their own alone under none", () => {
    const limits = plainQueue({ cpu: 0 });
    expect(proofsOf([job("Job ml/a", pod(), { count: 2, gang: "spec" })], [system()], limits)[0]).toMatchObject({
      verdict: "runs",
      atOnce: 12,
    });
  });

  it("takes whatever numbers there are", () => {
    const odd = fc.constantFrom(0, -1, NaN, Infinity, 1e300, 0.5);
    fc.assert(
      fc.property(odd, odd, odd, odd, (asked, free, count, minNodes) => {
        const pools = [
          pool({ name: "a", cpus: free, minNodes: Number.isFinite(minNodes) && minNodes < 9 ? minNodes : 0 }),
        ];
        const workloads = [job("Job ml/a", pod({ cpus: asked, more: { "nvidia.com/gpu": asked } }), { count })];
        expect(() => proofsOf(workloads, pools)).not.toThrow();
        expect(() => packingOf(workloads, pools, proofsOf(workloads, pools))).not.toThrow();
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
