import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { packingOf } from "../../../preflight/packing";
import { proofsOf, type Limits } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import {
  HOST,
  job,
  near,
  pod,
  pool,
  set,
  spread,
  system,
  TOLERANT,
  train,
  workload,
  ZONE,
  type PodArgs,
  type SetArgs,
} from "./stack";

function proofOf(of: PodArgs, args: SetArgs, pools: PlannedPool[], limits?: Limits) {
  return proofsOf([job("Job ml/a", pod(of), args, { clusterQueue: "research" })], pools, limits)[0]!;
}

const GPU = { gpus: 3, ...TOLERANT };

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
    const limits: Limits = { queues: { ceilingOf: () => 0, flavorsOf: () => [] } };
    expect(proofOf({}, {}, [], limits)).toMatchObject({
      verdict: "never",
      reason: "no pod can run, as ClusterQueue research has 0 pods at most",
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

describe("pods with rules between them", () => {
  it.each<[what: string, pod: PodArgs, count: number, atOnce: number, reason: string]>([
    [
      "that keep apart by node have a node each",
      { labels: { app: "a" }, antiAffinity: [near("a")] },
      5,
      3,
      "3 of 5 pods can run at once: no two of them may share a node, and pool system has 3 nodes at most with room for 1 each",
    ],
    [
      "that keep apart by zone have a zone each",
      { labels: { app: "a" }, antiAffinity: [near("a", ZONE)] },
      3,
      2,
      "2 of 3 pods can run at once: no two of them may share a zone, and pool system has 3 nodes at most with room for 1 each",
    ],
    [
      "that are spread over zones stop where a zone is full",
      { cpus: 2, labels: { app: "a" }, spread: [spread("a", ZONE)] },
      7,
      5,
      "5 of 7 pods can run at once: they must be spread evenly over zones, " +
        "and pool system has 3 nodes at most with room for 2 each",
    ],
    [
      "that must be together fill one node",
      { labels: { app: "a" }, affinity: [near("a")] },
      5,
      4,
      "4 of 5 pods can run at once: each must share a node with pods with app=a, " +
        "and pool system has 3 nodes at most with room for 4 each",
    ],
    [
      "that take a port of their node have a node each",
      { hostPorts: [{ ip: "0.0.0.0", protocol: "TCP", port: 80 }] },
      4,
      3,
      "3 of 4 pods can run at once: each takes a port of its node for itself, " +
        "and pool system has 3 nodes at most with room for 1 each",
    ],
  ])("%s", (_, of, count, atOnce, reason) => {
    expect(proofOf(of, { count }, [system()])).toMatchObject({ verdict: "queues", atOnce, reason });
  });

  describe("that keep apart by zone", () => {
    const apart = { labels: { app: "a" }, antiAffinity: [near("a", ZONE)] };
    const inZones = (name: string, ...zones: string[]) => pool({ name, zones });

    it("leave the zones to the pools that have no other", () => {
      const pools = [inZones("two", "eu-1a", "eu-1b"), inZones("one", "eu-1a")];
      for (const given of [pools, [...pools].reverse()]) {
        expect(proofOf(apart, { minCount: 2 }, given)).toMatchObject({ verdict: "runs", atOnce: 2 });
        expect(proofOf(apart, { count: 3 }, given)).toMatchObject({ verdict: "queues", atOnce: 2 });
      }
    });

    it("find the one way there is in which every pool has a zone for itself", () => {
      const pools = [
        inZones("p", "eu-1a", "eu-1b", "eu-1c"),
        inZones("q", "eu-1a", "eu-1b"),
        inZones("r", "eu-1b", "eu-1c"),
        inZones("s", "eu-1d", "eu-1a"),
        inZones("t", "eu-1d"),
      ];
      expect(proofOf(apart, { minCount: 4 }, pools)).toMatchObject({ verdict: "runs", atOnce: 4 });
      expect(proofOf(apart, { minCount: 5 }, pools)).toMatchObject({ verdict: "never", atOnce: 4 });
    });

    it("never run where nodes that are there are all in one zone", () => {
      const pools = [1, 2].map((at) => pool({ name: `p${at}`, zones: ["eu-1a", "eu-1b"], minNodes: 1 }));
      expect(proofOf(apart, { minCount: 2 }, pools)).toMatchObject({ verdict: "never", atOnce: 1 });
    });

    it("are not bounded by it on nodes that say of no zone", () => {
      const pools = [pool({ name: "none", maxNodes: 5, cpus: 1 }), inZones("one", "eu-1a")];
      expect(proofOf(apart, { count: 6 }, pools)).toMatchObject({ verdict: "runs", atOnce: 6 });
    });

    it("run as many as some choice of zones lets run, and no fewer", () => {
      const zones = fc.subarray(["a", "b", "c", "d"], { minLength: 1 });
      fc.assert(
        fc.property(fc.array(fc.tuple(zones, fc.nat({ max: 2 })), { minLength: 1, maxLength: 4 }), (given) => {
          const pools = given.map(([of, maxNodes], at) => pool({ name: `p${at}`, zones: of, maxNodes }));
          const most = mostZones(
            given.flatMap(([of, nodes]) => Array<string[]>(nodes).fill(of)),
            [],
          );
          const proof = proofOf(apart, { count: 5 }, pools);
          expect(proof.atOnce).toBe(most);
          expect(proof.verdict).toBe(most === 0 ? "never" : "queues");
        }),
        { seed: 8, numRuns: 200 },
      );
    });
  });

  it("that are spread are undecided, not impossible, where no choice of zones for several pools is found", () => {
    const even = { cpus: 1, labels: { app: "a" }, spread: [spread("a", ZONE)] };
    const pools = [
      pool({ name: "one", cpus: 4, zones: ["eu-1a"] }),
      pool({ name: "two", cpus: 1, maxNodes: 2, zones: ["eu-1a", "eu-1b"], minNodes: 2 }),
      pool({ name: "more", cpus: 1, zones: ["eu-1a", "eu-1b"] }),
    ];
    const proof = proofOf(even, { minCount: 7 }, pools);
    expect(proof).toMatchObject({
      verdict: "undecided",
      reason: `no arrangement of more than ${proof.atOnce} of its pods was found, and none is ruled out`,
    });
    expect(proofOf(even, { minCount: 8 }, pools).verdict).toBe("never");
  });

  it("that are spread are undecided where that depends on the zones of new nodes", () => {
    const even = { cpus: 2, labels: { app: "a" }, spread: [spread("a", ZONE)] };
    const verdict = (count: number) => proofOf(even, { count }, [system({ minNodes: 0 })]);
    expect(verdict(5)).toMatchObject({ verdict: "runs", atOnce: 5 });
    expect(verdict(6)).toMatchObject({
      verdict: "undecided",
      atOnce: 5,
      reason:
        "how many fit depends on the zones in which new nodes are made, " +
        "as its pods are spread over those that have nodes",
    });
    expect(proofOf(even, { minCount: 7 }, [system({ minNodes: 0 })])).toMatchObject({ verdict: "never", atOnce: 6 });
  });

  it("certainly have the pools alone of which all is known", () => {
    const apart = { labels: { app: "a" }, antiAffinity: [near("a")] };
    const unknowns = [{ property: "taints" as const, reason: "the taints of its nodes are not known yet" }];
    const pools = [system({ unknowns }), pool({ name: "sure", maxNodes: 2 })];
    expect(proofOf(apart, { count: 2 }, pools)).toMatchObject({ verdict: "runs", atOnce: 2 });
    expect(proofOf(apart, { count: 3 }, pools)).toMatchObject({
      verdict: "undecided",
      atOnce: 2,
      reason: "whether pool system takes it is not known: the taints of its nodes are not known yet",
    });
    expect(proofOf(apart, { count: 1 }, pools.slice(0, 1))).toMatchObject({ verdict: "undecided", atOnce: 0 });
    expect(proofOf(apart, { minCount: 6 }, pools)).toMatchObject({ verdict: "never", atOnce: 5 });
  });

  it("must be near to pods that meet all of their terms", () => {
    const both = job("Job ml/a", pod({ affinity: [near("a"), near("b")] }));
    const only = job("Job ml/b", pod({ labels: { app: "a" } }));
    expect(proofsOf([only, both], [system()])[1]).toMatchObject({
      verdict: "never",
      reason:
        "no pod can run: each must share a node with pods with app=a and pods with app=b, " +
        "and no workload of the stack has such pods",
    });
  });

  it("run where the rules leave room for all of them", () => {
    const apart = { labels: { app: "a" }, antiAffinity: [near("a")] };
    expect(proofOf(apart, { count: 3 }, [system()])).toMatchObject({ verdict: "runs", atOnce: 3, reason: "" });
    expect(proofOf(apart, { count: undefined }, [system({ maxNodes: undefined })])).toMatchObject({
      verdict: "runs",
      atOnce: Infinity,
    });
  });

  it("tell for each pool how many it takes by itself", () => {
    const apart = { labels: { app: "a" }, antiAffinity: [near("a")] };
    const { pools } = proofOf(apart, { count: 9 }, [system(), pool({ name: "more", maxNodes: 2 })]);
    expect(pools).toEqual([
      { pool: "system", perNode: 1, atOnce: 3, obstacles: [] },
      { pool: "more", perNode: 1, atOnce: 2, obstacles: [] },
    ]);
  });

  it("find the pods of another workload that they must be near to", () => {
    const cache = job("StatefulSet ml/cache", pod({ labels: { app: "cache" }, cpus: 3 }), { count: 2 });
    const client = job("Job ml/a", pod({ affinity: [near("cache")] }), { count: 5 });
    const [, proof] = proofsOf([cache, client], [system()]);
    expect(proof).toMatchObject({ verdict: "queues", atOnce: 2 });
    const large = job("StatefulSet ml/cache", pod({ labels: { app: "cache" }, cpus: 4 }));
    expect(proofsOf([large, client], [system()])[1]).toMatchObject({
      verdict: "never",
      reason:
        "no pod can run: each must share a node with pods with app=cache, and no node has room for it beside them",
    });
  });

  it("find a place beside them although they fill the first nodes on which they are tried", () => {
    const cache = job("StatefulSet ml/cache", pod({ labels: { app: "cache" }, cpus: 3 }));
    const client = job("Job ml/a", pod({ cpus: 3, affinity: [near("cache", ZONE)] }), { count: 1 });
    const pools = [pool({ name: "a", cpus: 4, minNodes: 1, zones: ["eu-1a"] }), system({ minNodes: 0, maxNodes: 1 })];
    expect(proofsOf([cache, client], pools)[1]).toMatchObject({ verdict: "runs", atOnce: 1 });
    expect(proofsOf([cache, client], [pool({ name: "a", cpus: 4, minNodes: 1, zones: ["eu-1a"] })])[1]).toMatchObject({
      verdict: "never",
    });
  });

  it("are followed up to some thousand pods, beyond which nothing new bounds them", () => {
    const apart = { labels: { app: "a" }, antiAffinity: [near("a")] };
    const pools = [pool({ name: "a", maxNodes: undefined })];
    expect(proofOf(apart, { count: 1_000_000 }, pools)).toMatchObject({ verdict: "runs", atOnce: Infinity });
    const bounded = proofOf({ ...apart, antiAffinity: [near("a", ZONE)] }, { count: 1_000_000 }, [
      system({ maxNodes: undefined }),
    ]);
    expect(bounded).toMatchObject({
      verdict: "queues",
      atOnce: 2,
      reason:
        "2 of 1000000 pods can run at once: no two of them may share a zone, and pool system has room for 1 on each node",
    });
  });

  it("may be near to pods of another pool of the same zone", () => {
    const cache = job(
      "StatefulSet ml/cache",
      pod({ labels: { app: "cache" }, nodeSelector: { "mlstack.dev/pool": "system" } }),
    );
    const client = job("Job ml/a", pod({ gpus: 4, affinity: [near("cache", ZONE)], ...TOLERANT }), { count: 3 });
    expect(proofsOf([cache, client], [train(), system()])[1]).toMatchObject({ verdict: "runs", atOnce: 3 });
  });
});

describe("gangs of several sets", () => {
  const gang = (masters: number, masterGpus: number, workers: number, workerGpus: number) => {
    const of = (role: string, minCount: number, gpus: number) =>
      set(`PyTorchJob ml/b ${role}`, pod({ gpus, ...TOLERANT }), { minCount, gang: "spec", role });
    return [workload("PyTorchJob ml/b", [of("Master", masters, masterGpus), of("Worker", workers, workerGpus)])];
  };
  const verdicts = (...[workloads, pools]: Parameters<typeof proofsOf>) =>
    proofsOf(workloads, pools).map(({ verdict, reason }) => [verdict, reason]);

  it("run where all that must run together fits at once", () => {
    expect(verdicts(gang(2, 3, 6, 1), [train()])).toEqual([
      ["runs", ""],
      ["runs", ""],
    ]);
  });

  it("never run where the pools have too little for them together", () => {
    const reason =
      "1 pod of Master and 3 pods of Worker that must run together ask for 13 GPUs, " +
      "and pool train (g5.12xlarge) has 12 at the largest size";
    expect(verdicts(gang(1, 4, 3, 3), [train()])).toEqual([
      ["never", reason],
      ["never", reason],
    ]);
  });

  it("never run where no arrangement on the nodes has room for them, though there is enough in all", () => {
    const reason =
      "2 pods of Master and 3 pods of Worker must run together, and do not all fit on 3 nodes of pool train (g5.12xlarge)";
    expect(verdicts(gang(2, 3, 3, 2), [train()])).toEqual([
      ["never", reason],
      ["never", reason],
    ]);
  });

  it("are found a place that the largest first do not find", () => {
    const pools = [pool({ name: "a", cpus: 10 }), pool({ name: "b", cpus: 10 })];
    const of = (role: string, minCount: number, cpus: number) =>
      set(role, pod({ cpus }), { minCount, gang: "spec", role });
    // Largest first puts 5 beside 4 on the first node, and has no room for the last 3.
    const sets = [of("A", 1, 5), of("B", 2, 4), of("C", 1, 2), of("D", 1, 3), of("E", 1, 2)];
    expect(verdicts([workload("Job ml/a", sets)], pools).map(([verdict]) => verdict)).toEqual(Array(5).fill("runs"));
  });

  it("never run without a set that never can", () => {
    expect(verdicts(gang(1, 8, 1, 1), [train()])).toEqual([
      ["never", "asks for 8 GPUs; a node of pool train (g5.12xlarge) has 4"],
      ["never", "needs PyTorchJob ml/b Master, which can never run"],
    ]);
  });

  it("are undecided where a set of them is, and impossible where the others are alone", () => {
    const unknowns = [{ property: "gpusPerNode" as const, reason: "the instance type x9.large is in no table" }];
    expect(verdicts(gang(1, 8, 1, 1), [train({ unknowns })])).toEqual([
      [
        "undecided",
        "whether pool train (g5.12xlarge) takes it is not known: the instance type x9.large is in no table",
      ],
      ["undecided", "whether PyTorchJob ml/b Master can run, which it needs, is not known"],
    ]);
    expect(verdicts(gang(1, 8, 13, 1), [train({ unknowns })])).toEqual([
      ["never", "needs PyTorchJob ml/b Worker, which can never run"],
      [
        "never",
        "13 pods must run together, and at most 12 can: pool train (g5.12xlarge) has 3 nodes at most with room for 4 each",
      ],
    ]);
  });

  it("are left undecided where they are too large for every way to be tried", () => {
    const of = (role: string, minCount: number, cpus: number) =>
      set(role, pod({ cpus }), { minCount, gang: "spec", role });
    const sets = [of("A", 40, 3), of("B", 30, 2)];
    const reason = "no arrangement of 40 pods of A and 30 pods of B was found, and none is ruled out";
    expect(verdicts([workload("Job ml/a", sets)], [pool({ name: "a", cpus: 4, maxNodes: 47 })])).toEqual(
      Array(2).fill(["undecided", reason]),
    );
    const [proof] = proofsOf([workload("Job ml/a", sets)], [pool({ name: "a", cpus: 4, maxNodes: 47 })]);
    expect(proof).not.toHaveProperty("unknownPath");
    expect(verdicts([workload("Job ml/a", sets)], [pool({ name: "a", cpus: 4, maxNodes: 55 })])).toEqual(
      Array(2).fill(["runs", ""]),
    );
  });

  it("are judged with the rules between their pods", () => {
    const of = (role: string, minCount: number) =>
      set(role, pod({ labels: { app: "a" }, antiAffinity: [near("a")] }), { minCount, gang: "spec", role });
    expect(verdicts([workload("Job ml/a", [of("A", 2), of("B", 1)])], [system()])).toEqual([
      ["runs", ""],
      ["runs", ""],
    ]);
    expect(verdicts([workload("Job ml/a", [of("A", 2), of("B", 2)])], [system()])).toEqual(
      Array(2).fill(["undecided", "no arrangement of 2 pods of A and 2 pods of B was found, and none is ruled out"]),
    );
  });
});

describe("queues and quotas", () => {
  const queues = (ceiling: number | typeof UNKNOWN): Limits => ({
    queues: { ceilingOf: (_, resource) => (resource === "nvidia.com/gpu" ? ceiling : undefined), flavorsOf: () => [] },
  });

  it("let as many pods run as they have room for", () => {
    expect(proofOf(GPU, { count: 3 }, [train()], queues(6))).toMatchObject({
      verdict: "queues",
      atOnce: 2,
      reason: "2 of 3 pods can run at once, as ClusterQueue research has 6 GPUs at most",
      queues: [
        { clusterQueue: "research", title: "ClusterQueue research", resource: "nvidia.com/gpu", needed: 9, ceiling: 6 },
      ],
    });
  });

  it("keep a gang waiting for ever that is larger", () => {
    expect(proofOf(GPU, { minCount: 3 }, [train()], queues(8))).toMatchObject({
      verdict: "never",
      atOnce: 2,
      reason: "3 pods must run together, and at most 2 can, as ClusterQueue research has 8 GPUs at most",
    });
    expect(proofOf(GPU, { minCount: 3 }, [train()], queues(9))).toMatchObject({ verdict: "runs", queues: [] });
  });

  it("keep sets waiting that fit one by one, and not together", () => {
    const of = (role: string) => set(role, pod(GPU), { gang: "spec", role });
    const [proof] = proofsOf(
      [workload("Job ml/a", [of("A"), of("B")], { clusterQueue: "research" })],
      [train()],
      queues(5),
    );
    expect(proof).toMatchObject({
      verdict: "never",
      reason:
        "1 pod of A and 1 pod of B that must run together ask for 6 GPUs, and ClusterQueue research has 5 at most",
      queues: [
        { clusterQueue: "research", title: "ClusterQueue research", resource: "nvidia.com/gpu", needed: 6, ceiling: 5 },
      ],
    });
  });

  it("count the pods of a namespace as well", () => {
    const quotas: Limits = {
      quotas: { ceilingOf: (namespace, resource) => (namespace === "ml" && resource === "pods" ? 1 : undefined) },
    };
    expect(proofOf({}, { count: 2 }, [system()], quotas)).toMatchObject({
      verdict: "queues",
      atOnce: 1,
      reason: "1 of 2 pods can run at once, as the quota of namespace ml has 1 pod at most",
    });
  });

  it("leave undecided what they allow while they are not known", () => {
    expect(proofOf(GPU, { count: 2 }, [train()], queues(UNKNOWN))).toMatchObject({
      verdict: "undecided",
      reason: "what ClusterQueue research has of nvidia.com/gpu is not known yet",
    });
    expect(proofOf({ gpus: 5, ...TOLERANT }, {}, [train()], queues(UNKNOWN)).verdict).toBe("never");
  });

  it("send pods to the nodes of a flavor, with its tolerations, all pods of a set to the same", () => {
    const flavor = (name: string, tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }]) => ({
      name,
      nodeLabels: { "mlstack.dev/pool": name },
      tolerations,
    });
    const limits: Limits = {
      queues: { ceilingOf: () => undefined, flavorsOf: () => [flavor("small"), flavor("train")] },
    };
    const pools = [train({ name: "small", maxNodes: 1 }), train(), train({ name: "other", maxNodes: 9 })];
    expect(proofOf({ gpus: 4 }, { count: 4 }, pools, limits)).toMatchObject({ verdict: "queues", atOnce: 3 });
    const without: Limits = { queues: { ceilingOf: () => undefined, flavorsOf: () => [flavor("train", [])] } };
    expect(proofOf({ gpus: 4 }, {}, pools, without).verdict).toBe("never");
  });

  it("name the flavor whose labels no pool has, and the pods where these select them as well", () => {
    const flavor = (name: string, nodeLabels: Record<string, string>) => ({ name, nodeLabels, tolerations: [] });
    const reason = (of: PodArgs, ...flavors: ReturnType<typeof flavor>[]) =>
      proofOf(of, {}, [system()], { queues: { ceilingOf: () => undefined, flavorsOf: () => flavors } }).reason;
    const wrong = flavor("wrong", { "mlstack.dev/pool": "zzz" });
    expect(reason({}, wrong)).toBe(
      "its ResourceFlavor wrong is of nodes with the label mlstack.dev/pool=zzz, " +
        "and nodes of pool system have mlstack.dev/pool=system",
    );
    expect(reason({}, flavor("arm", { "kubernetes.io/arch": "arm64" }), wrong)).toBe(
      "its ResourceFlavor arm is of nodes with architecture arm64 (label kubernetes.io/arch), " +
        "and nodes of pool system have amd64",
    );
    expect(reason({ nodeSelector: { "mlstack.dev/pool": "zzz" } }, wrong)).toBe(
      "selects nodes with the label mlstack.dev/pool=zzz, and nodes of pool system have mlstack.dev/pool=system",
    );
  });
});

describe("proofsOf", () => {
  it("looks at the pools and limits that it is given, whatever it was given before", () => {
    const workloads = [job("Job ml/a", pod(), { count: 99 }, { clusterQueue: "research" })];
    const atOnce = (pools: PlannedPool[], limits?: Limits) => proofsOf(workloads, pools, limits)[0]!.atOnce;
    const [small, large] = [[pool({ name: "a" })], [pool({ name: "a", cpus: 32 })]];
    const limits: Limits = {
      queues: { ceilingOf: (_, name) => (name === "cpu" ? 5000 : undefined), flavorsOf: () => [] },
    };
    expect([atOnce(small), atOnce(large), atOnce(large, limits), atOnce(large)]).toEqual([16, 32, 5, 32]);
  });

  it("puts pods of no queue under no queue's limit, and sets that name a gang of their own alone under none", () => {
    const limits: Limits = { queues: { ceilingOf: () => 0, flavorsOf: () => [] } };
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

describe("pods that a queue can admit in several ways", () => {
  const flavors = ["a", "b"].map((name) => ({ name, nodeLabels: { "mlstack.dev/pool": name }, tolerations: [] }));
  const limits: Limits = { queues: { ceilingOf: () => undefined, flavorsOf: () => flavors } };
  const of = (a: Partial<PlannedPool>, b: Partial<PlannedPool>, args: SetArgs) =>
    proofOf({}, args, [pool({ name: "a", cpus: 2, ...a }), pool({ name: "b", cpus: 2, ...b })], limits);
  const vague = { unknowns: [{ property: "taints" as const, reason: "they are not known yet" }] };

  it("are judged by the best of them", () => {
    expect(of({ maxNodes: 1 }, { maxNodes: 2 }, { count: 9 })).toMatchObject({ verdict: "queues", atOnce: 4 });
    expect(of({ maxNodes: 2 }, { maxNodes: 1 }, { count: 9 })).toMatchObject({ verdict: "queues", atOnce: 4 });
    expect(of({ maxNodes: 1 }, { maxNodes: 2 }, { count: 4 })).toMatchObject({ verdict: "runs", atOnce: 4 });
    expect(of({ maxNodes: 2 }, { maxNodes: 3, ...vague }, { count: 4 })).toMatchObject({ verdict: "runs", atOnce: 4 });
    expect(of({ maxNodes: 3, ...vague }, { maxNodes: 1 }, { minCount: 4 })).toMatchObject({ verdict: "undecided" });
    expect(of({ maxNodes: 1 }, { maxNodes: 3, ...vague }, { minCount: 4 })).toMatchObject({ verdict: "undecided" });
    expect(of({ maxNodes: 0 }, { maxNodes: 1 }, { minCount: 4 })).toMatchObject({ verdict: "never", atOnce: 2 });
  });

  it("are undecided where nothing tells which nodes a flavor is", () => {
    const hidden = [{ name: "a", nodeLabels: undefined, tolerations: [] }];
    const strange: Limits = { queues: { ceilingOf: () => undefined, flavorsOf: () => hidden } };
    expect(proofOf({}, {}, [system()], strange)).toMatchObject({
      verdict: "undecided",
      reason: "spec.nodeSelector is not known yet, and may decide where it can run",
    });
  });

  it("are those of the first where they are equally good", () => {
    const { pools } = of({ maxNodes: 1 }, { maxNodes: 1 }, {});
    expect(pools.map(({ pool: name, atOnce }) => [name, atOnce])).toEqual([
      ["a", 2],
      ["b", 0],
    ]);
  });
});

describe("what is not known yet", () => {
  const unknown = (property: keyof PlannedPool["shape"], reason: string) => [{ property, reason }];

  it("of the pods decides only where they could run", () => {
    const unknownPaths = ["spec.nodeSelector"];
    expect(proofOf({ ...GPU, unknownPaths }, {}, [train()])).toMatchObject({
      verdict: "undecided",
      atOnce: 0,
      reason: "spec.nodeSelector is not known yet, and may decide where it can run",
      unknownPath: "spec.template.spec.nodeSelector",
    });
    expect(proofOf({ gpus: 9, ...TOLERANT, unknownPaths }, {}, [train()])).toMatchObject({ verdict: "never" });
  });

  it("of tolerations decides nothing on nodes without taints", () => {
    const unknownPaths = ["spec.tolerations[0].key"];
    expect(proofOf({ unknownPaths }, {}, [system()]).verdict).toBe("runs");
    expect(proofOf({ ...TOLERANT, unknownPaths }, {}, [train()]).verdict).toBe("undecided");
  });

  it.each<[property: keyof PlannedPool["shape"], pod: PodArgs]>([
    ["gpusPerNode", { gpus: 8, ...TOLERANT }],
    ["gpuResource", { more: { "nvidia.com/mig-1g.5gb": 1 }, ...TOLERANT }],
    ["vcpus", { cpus: 96, ...TOLERANT }],
    ["memoryGib", { memoryGib: 500, ...TOLERANT }],
    ["ephemeralStorageGib", { more: { "ephemeral-storage": 1 }, ...TOLERANT }],
    ["efaInterfaces", { more: { "vpc.amazonaws.com/efa": 1, "hugepages-2Mi": 2 }, ...TOLERANT }],
    ["instanceTypes", { gpus: 8, cpus: 96, nodeSelector: { a: "b" }, ...TOLERANT }],
    ["architecture", { nodeSelector: { "kubernetes.io/arch": "arm64" }, ...TOLERANT }],
    ["labels", { nodeSelector: { team: "a" }, ...TOLERANT }],
  ])("of the %s of a pool never makes pods impossible", (property, of) => {
    const unknowns = unknown(property, "the instance type x9.large is in no table");
    expect(proofOf(of, {}, [train({ unknowns })])).toMatchObject({
      verdict: "undecided",
      atOnce: 0,
      reason: "whether pool train (g5.12xlarge) takes it is not known: the instance type x9.large is in no table",
    });
    expect(proofOf(of, {}, [train()]).verdict).toBe("never");
    const { tolerations, ...intolerant } = of;
    expect(tolerations).toBeDefined();
    expect(proofOf(intolerant, {}, [train({ unknowns })]).verdict).toBe("never");
  });

  it("of the taints of a pool may keep pods from it", () => {
    const unknowns = unknown("taints", "the taints of its nodes are not known yet");
    expect(proofOf({}, {}, [system({ unknowns })])).toMatchObject({
      verdict: "undecided",
      reason: "whether pool system takes it is not known: the taints of its nodes are not known yet",
    });
    expect(proofOf({}, {}, [system({ unknowns }), pool({ name: "sure" })])).toMatchObject({ verdict: "runs" });
  });

  it("of the largest size of a pool leaves the nodes that are there", () => {
    const unknowns = unknown("maxNodes", "the largest size is not known yet");
    const pools = [train({ minNodes: 1, maxNodes: undefined, unknowns })];
    expect(proofOf({ gpus: 2, ...TOLERANT }, { count: 5 }, pools)).toMatchObject({
      verdict: "undecided",
      atOnce: 2,
      reason: "how large pool train (g5.12xlarge) can be is not known: the largest size is not known yet",
    });
    expect(proofOf({ gpus: 2, ...TOLERANT }, { count: 2 }, pools).verdict).toBe("runs");
  });

  it("of one property of a pool lifts no other obstacle", () => {
    const verdict = (property: keyof PlannedPool["shape"], of: PodArgs) =>
      proofOf({ ...of, ...TOLERANT }, {}, [train({ unknowns: unknown(property, "") })]).verdict;
    expect(verdict("vcpus", { memoryGib: 500 })).toBe("never");
    expect(verdict("vcpus", { nodeSelector: { cpu: "a" } })).toBe("never");
    expect(verdict("gpusPerNode", { cpus: 500 })).toBe("never");
    expect(verdict("efaInterfaces", { cpus: 500 })).toBe("never");
    expect(verdict("efaInterfaces", { more: { "hugepages-2Mi": 1 } })).toBe("undecided");
    expect(verdict("minNodes", { cpus: 500 })).toBe("never");
    const volumes = [
      {
        claim: "data",
        terms: [{ expressions: [{ key: ZONE, operator: "In" as const, values: ["eu-1c"] }], fields: [] }],
      },
    ];
    expect(verdict("availabilityZones", { volumes })).toBe("undecided");
    expect(verdict("labels", { gpus: 8, nodeSelector: { team: "a" } })).toBe("never");
  });

  it("of single labels, or of all, is told from labels that are known", () => {
    const verdict = (openLabels: string[], nodeSelector: Record<string, string>) =>
      proofOf({ ...TOLERANT, nodeSelector }, {}, [train({ openLabels })]).verdict;
    expect(verdict(["team"], { team: "a" })).toBe("undecided");
    expect(verdict(["team"], { teams: "a" })).toBe("never");
    expect(verdict([""], { teams: "a" })).toBe("undecided");
    expect(verdict(["team."], { "team.a": "a" })).toBe("undecided");
    expect(verdict(["kubernetes.io/"], { "kubernetes.io/arch": "arm64" })).toBe("never");
    const key = (name: string) => ({ key: name, operator: "Exists" as const, values: [] });
    const nodeTerms = [{ expressions: [key("team"), key("other")], fields: [] }];
    expect(proofOf({ ...TOLERANT, nodeTerms }, {}, [train({ openLabels: ["team"] })]).verdict).toBe("never");
  });

  it("of labels that drivers put on nodes leaves pods undecided that select by them", () => {
    const openLabels = ["nvidia.com/"];
    const nodeSelector = { "nvidia.com/gpu.product": "A10G" };
    expect(proofOf({ ...TOLERANT, nodeSelector }, {}, [train({ openLabels })])).toMatchObject({
      verdict: "undecided",
      reason:
        "whether nodes of pool train (g5.12xlarge) have the label nvidia.com/gpu.product that it selects is told by nothing",
    });
    expect(
      proofOf({ ...TOLERANT, nodeSelector: { ...nodeSelector, a: "b" } }, {}, [train({ openLabels })]).verdict,
    ).toBe("never");
    const nodeTerms = [
      { expressions: [{ key: "nvidia.com/gpu.count", operator: "Exists" as const, values: [] }], fields: [] },
    ];
    expect(proofOf({ ...TOLERANT, nodeTerms }, {}, [train({ openLabels })]).verdict).toBe("undecided");
  });

  it("of their number is said with how many can run", () => {
    expect(proofOf({ gpus: 2, ...TOLERANT }, { count: undefined }, [train()])).toMatchObject({
      verdict: "undecided",
      atOnce: 6,
      reason: "how many pods it has at once is not known, and 6 can run at once",
      unknownPath: "spec.template",
    });
  });
});

/** Zones that nodes can be in at most, each in one of its own. */
function mostZones([first, ...rest]: string[][], taken: string[]): number {
  if (first === undefined) return taken.length;
  const free = first.filter((zone) => !taken.includes(zone));
  return Math.max(mostZones(rest, taken), ...free.map((zone) => mostZones(rest, [...taken, zone])));
}
