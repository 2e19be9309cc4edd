import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofsOf } from "../../../preflight/placement";
import { job, near, pod, pool, proofOf, spread, system, TOLERANT, train, ZONE, type PodArgs } from "./stack";

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

/** Zones that nodes can be in at most, each in one of its own. */
function mostZones([first, ...rest]: string[][], taken: string[]): number {
  if (first === undefined) return taken.length;
  const free = first.filter((zone) => !taken.includes(zone));
  return Math.max(mostZones(rest, taken), ...free.map((zone) => mostZones(rest, [...taken, zone])));
}
