import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofsOf } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { emptyNodeObstacles, obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { arbitraryPlainPod, arbitraryPod, arbitraryPools } from "./arbitrary-stack";
import { job, pod, pool, set, workload } from "./stack";

const SEEDED = { seed: 8, numRuns: 300 };

/** Empty nodes of a pool, one in each zone. */
function nodesOf({ nodeAt, zones, free }: PlannedPool) {
  return zones.map((zone, index) => ({ ...nodeAt(zone, index + 1), allocatable: free }));
}

/** Pods that the scheduler puts on one node when it has no other. */
function podsOnOne(of: SchedulablePod, node: ReturnType<typeof nodesOf>[number]): number {
  const state = new ClusterState([node]);
  let pods = 0;
  while (obstaclesOf(of, node, state).length === 0) {
    state.place(of, node);
    pods += 1;
  }
  return pods;
}

describe("proofs and the filters of the scheduler", () => {
  it("agree on which pools take a pod, and give the reasons of the first filter that refuses it among theirs", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryPod, (pools, of) => {
        const [proof] = proofsOf([job("a", of)], pools);
        for (const each of pools) {
          const { perNode, obstacles } = proof!.pools.find((verdict) => verdict.pool === each.name)!;
          const refusals = nodesOf(each).map((node) => emptyNodeObstacles(of, node));
          const isTaken = refusals.some(({ length }) => length === 0);
          expect(perNode > 0).toBe(isTaken);
          expect(obstacles.length === 0).toBe(isTaken);
          const given = JSON.stringify(obstacles);
          const isNamed = refusals.some((refusal) => refusal.every((one) => given.includes(JSON.stringify(one))));
          expect(isTaken || isNamed).toBe(true);
        }
      }),
      SEEDED,
    );
  });

  it("agree on how many pods without rules a node and a pool take", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryPlainPod, (pools, of) => {
        const [proof] = proofsOf([job("a", of, { count: 1000 })], pools);
        let all = 0;
        for (const each of pools) {
          const { perNode, atOnce } = proof!.pools.find((verdict) => verdict.pool === each.name)!;
          const onNodes = nodesOf(each).map((node) => podsOnOne(of, node));
          expect(perNode).toBe(Math.max(...onNodes));
          const open = onNodes.flatMap((pods, zone) => (pods > 0 ? [zone] : []));
          const there = Array.from({ length: each.minNodes }, (_, index) => index % onNodes.length);
          const kept = there.filter((zone) => open.includes(zone)).length;
          const made = open.length === 0 ? 0 : each.maxNodes! - each.minNodes;
          expect(atOnce).toBe(perNode * (kept + made));
          all += atOnce;
        }
        expect(proof!.atOnce).toBe(all);
      }),
      SEEDED,
    );
  });
});

describe("proofs", () => {
  it("let no fewer pods run on larger pools", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryPlainPod, fc.nat({ max: 3 }), (pools, of, more) => {
        const larger = pools.map((each) => ({ ...each, maxNodes: each.maxNodes! + more }));
        const [before] = proofsOf([job("a", of, { count: 1000 })], pools);
        const [after] = proofsOf([job("a", of, { count: 1000 })], larger);
        expect(after!.atOnce).toBeGreaterThanOrEqual(before!.atOnce);
      }),
      SEEDED,
    );
  });

  it("let as many pods with rules run as fit one by one, and no more than without the rules", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryPod, fc.integer({ min: 1, max: 12 }), (pools, of, count) => {
        const [proof] = proofsOf([job("a", of, { count })], pools);
        const free = { ...of, affinity: [], antiAffinity: [], spread: [], hostPorts: [] };
        const [without] = proofsOf([job("a", free, { count })], pools);
        expect(proof!.atOnce).toBeLessThanOrEqual(without!.atOnce);
        if (proof!.verdict === "runs") expect(proof!.atOnce).toBeGreaterThanOrEqual(count);
        else expect(proof!.reason).not.toBe("");
      }),
      SEEDED,
    );
  });

  it("say that a gang runs exactly where some way of placing it exists", () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 2 })), {
      minLength: 2,
      maxLength: 4,
    });
    const machines = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, machines, (sets, nodes) => {
        const pools = nodes.map((cpus, index) => pool({ name: `pool-${index}`, cpus }));
        const members = sets.map(([cpus, minCount], index) =>
          set(`set ${index}`, pod({ cpus }), { minCount, gang: "spec", role: String(index) }),
        );
        const verdicts = proofsOf([workload("a", members)], pools).map(({ verdict }) => verdict);
        const expected = isPlaceable(
          sets.flatMap(([cpus, count]) => Array<number>(count).fill(cpus)),
          nodes,
        );
        expect(verdicts).toEqual(members.map(() => (expected ? "runs" : "never")));
      }),
      SEEDED,
    );
  });
});

/** Tries every node for every pod. */
function isPlaceable([first, ...rest]: number[], nodes: number[]): boolean {
  if (first === undefined) return true;
  return nodes.some(
    (left, at) =>
      left >= first &&
      isPlaceable(
        rest,
        nodes.map((each, index) => (index === at ? each - first : each)),
      ),
  );
}
