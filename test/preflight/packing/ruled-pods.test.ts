import { describe, expect, it } from "vitest";
import { job, near, pod, pool, set, spread, train, workload, ZONE } from "../placement/stack";
import { gpus, layoutsOf, pack } from "./pack";

describe("packing pods with rules between them", () => {
  const apart = (app: string) => ({ labels: { app }, antiAffinity: [near(app)] });

  it("puts pods that keep apart on nodes of their own, and others beside them", () => {
    const workloads = [job("a", gpus(1, apart("a")), { count: 4 }), job("b", gpus(3), { count: 3 })];
    const packing = pack(workloads, [train()]);
    expect(layoutsOf(packing)).toEqual([[3, "1 b", "1 a"]]);
    expect(packing.waiting).toEqual([
      {
        podSet: "a",
        pods: 1,
        reason:
          "3 of 4 pods can run at once: no two of them may share a node, " +
          "and pool train (g5.12xlarge) has 3 nodes at most with room for 1 each",
      },
    ]);
  });

  it("keeps pods away from those whose anti-affinity is about them", () => {
    const lonely = job("lonely", gpus(1, { antiAffinity: [near("b")] }));
    const packing = pack([lonely, job("b", gpus(1, { labels: { app: "b" } }), { count: 9 })], [train()]);
    expect(layoutsOf(packing)).toEqual([
      [2, "4 b"],
      [1, "1 lonely"],
    ]);
    expect(packing.waiting.map(({ pods }) => pods)).toEqual([1]);
  });

  it("places the sets of a gang that others must be near to before these", () => {
    const client = set("gang A", gpus(1, { affinity: [near("b")] }), { minCount: 2, gang: "spec", role: "A" });
    const server = set("gang B", gpus(2, { labels: { app: "b" } }), { minCount: 1, gang: "spec", role: "B" });
    expect(layoutsOf(pack([workload("gang", [client, server])], [train()]))).toEqual([[1, "1 gang B", "2 gang A"]]);
  });

  it("places pods with rules before others of the same kind, and after services", () => {
    const lonely = job("lonely", gpus(1, apart("lonely")), { count: 2 });
    const service = job("service", gpus(4), {}, { kind: "always" });
    const packing = pack([job("a", gpus(4)), lonely, service], [train({ maxNodes: 2 })]);
    expect(layoutsOf(packing)).toEqual([
      [1, "1 service"],
      [1, "1 lonely"],
    ]);
    expect(packing.waiting.map(({ podSet }) => podSet)).toEqual(["lonely", "a"]);
  });

  it("takes a gang for one with rules where any of its sets has some", () => {
    const plain = set("gang B", gpus(1), { minCount: 1, gang: "spec", role: "B" });
    const ruled = set("gang A", gpus(1, apart("a")), { minCount: 2, gang: "spec", role: "A" });
    const packing = pack([job("first", gpus(3)), workload("gang", [plain, ruled])], [train({ maxNodes: 2 })]);
    expect(packing.waiting).toEqual([]);
    expect(packing.pools[0]).toMatchObject({ nodes: 2, gpusInUse: 6 });
  });

  it("places pods beside those that they must be near to, whichever come first", () => {
    const client = job("client", gpus(1, { affinity: [near("cache")] }), { count: 3 });
    const cache = job("cache", gpus(2, { labels: { app: "cache" } }));
    const packing = pack([client, cache], [train()]);
    expect(layoutsOf(packing)).toEqual([[1, "1 cache", "2 client"]]);
    expect(packing.waiting.map(({ podSet, pods }) => [podSet, pods])).toEqual([["client", 1]]);
  });

  it("places more of them beside those that come later", () => {
    const labels = { app: "cache" };
    const workloads = [
      job("early", gpus(3, { labels }), {}, { kind: "always" }),
      job("client", gpus(1, { affinity: [near("cache")] }), { count: 3 }),
      job("late", gpus(2, { labels }), {}),
    ];
    const packing = pack(workloads, [train()]);
    expect(packing.waiting).toEqual([]);
    expect(layoutsOf(packing)).toEqual([
      [1, "1 early", "1 client"],
      [1, "1 late", "2 client"],
    ]);
  });

  it("follows some thousand of them beside those that must run, and says that the rest is left out", () => {
    const ports = [{ ip: "0.0.0.0", protocol: "TCP", port: 80 }];
    const many = job("a", pod({ cpus: 0, hostPorts: ports }), { count: 5010 });
    const [waits] = pack([many], [pool({ name: "a", maxNodes: 6000 })]).waiting;
    expect(waits).toEqual({
      podSet: "a",
      pods: 9,
      reason: "of pods with rules between them, 5000 are placed, and the rest is left out",
    });
  });

  it("spreads pods over zones with what was there before", () => {
    const even = job("even", gpus(2, { labels: { app: "e" }, spread: [spread("e", ZONE)] }), {
      count: 4,
      priority: -1,
    });
    const packing = pack([job("first", gpus(3), { count: 2 }), even], [train({ maxNodes: 4 })]);
    expect(layoutsOf(packing)).toEqual([
      [2, "2 even"],
      [2, "1 first"],
    ]);
  });

  it("takes back what it placed of a gang that finds no room", () => {
    const of = (role: string, app: string, minCount: number) =>
      set(role, gpus(1, apart(app)), { minCount, gang: "spec", role });
    const workloads = [
      job("first", gpus(4), { priority: 1 }),
      workload("gang", [of("A", "a", 1), of("B", "a", 2)]),
      job("last", gpus(4, { labels: { app: "a" } }), { count: 2, priority: -1 }),
    ];
    const packing = pack(workloads, [train()]);
    expect(layoutsOf(packing)).toEqual([
      [2, "1 last"],
      [1, "1 first"],
    ]);
    expect(packing.waiting.map(({ podSet }) => podSet)).toEqual(["A", "B"]);
  });
});
