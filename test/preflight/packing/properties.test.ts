import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packed } from "../../../preflight/packing/packed";
import { packingOf } from "../../../preflight/packing";
import { proofsOf } from "../../../preflight/placement";
import { compiled } from "../../../preflight/placement/compiled";
import type { NodeGroup } from "../../../preflight/placement/fleet";
import { NO_LIMITS } from "../../../preflight/placement/limits";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import { builtInLabels } from "../../../preflight/scheduling/pod-terms";
import { arbitraryPlainPod, arbitraryPod, arbitraryPools, arbitraryWorkloads } from "../placement/arbitrary-stack";
import { HOST } from "../placement/stack";

const SEEDED = { seed: 8, numRuns: 300 };

describe("packings", () => {
  it("put nothing on a node beyond what it has, and no more nodes into a pool than it can have", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryWorkloads(arbitraryPod), (pools, workloads) => {
        const { pools: packings } = packingOf(workloads, pools, proofsOf(workloads, pools));
        const podOf = new Map(
          workloads.flatMap(({ podSets }) => podSets.map(({ title, pod }) => [title, pod] as const)),
        );
        packings.forEach((packing, index) => {
          const { free, minNodes, maxNodes } = pools[index]!;
          expect(packing.nodes).toBeGreaterThanOrEqual(minNodes);
          expect(packing.nodes).toBeLessThanOrEqual(maxNodes!);
          expect(packing.nodes).toBe(packing.layouts.reduce((sum, { nodes }) => sum + nodes, 0));
          for (const { pods } of packing.layouts) {
            for (const [resource, amount] of free) {
              const asked = pods.map((each) => each.pods * (podOf.get(each.podSet)!.requests.get(resource) ?? 0));
              expect(asked.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(amount);
            }
          }
        });
      }),
      SEEDED,
    );
  });

  it("place or let wait as many pods as there are, and gangs whole or not at all", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryWorkloads(arbitraryPod), (pools, workloads) => {
        const packing = packingOf(workloads, pools, proofsOf(workloads, pools));
        const placed = new Map<string, number>();
        for (const { layouts } of packing.pools) {
          for (const { nodes, pods } of layouts) {
            for (const each of pods) placed.set(each.podSet, (placed.get(each.podSet) ?? 0) + nodes * each.pods);
          }
        }
        const waiting = new Map(packing.waiting.map(({ podSet, pods }) => [podSet, pods]));
        for (const { podSets } of workloads) {
          for (const { title, count } of podSets)
            expect((placed.get(title) ?? 0) + (waiting.get(title) ?? 0)).toBe(count);
          const whole = podSets.map(({ title, minCount }) => (placed.get(title) ?? 0) >= minCount);
          const none = podSets.map(({ title }) => (placed.get(title) ?? 0) === 0);
          expect(whole.every(Boolean) || none.every(Boolean)).toBe(true);
        }
        expect(packing.waiting.every(({ reason }) => reason !== "")).toBe(true);
      }),
      SEEDED,
    );
  });

  it("put each pod where the scheduler lets it, one after the other", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryWorkloads(arbitraryPod), (pools, workloads) => {
        const stack = compiled(workloads, pools, NO_LIMITS, builtInLabels);
        const { fleet } = packed(stack, proofsOf(workloads, pools));
        const nodes = fleet.groups().flatMap(namedNodes);
        const state = new ClusterState(nodes.flatMap(({ node, isKept }) => (isKept ? [node] : [])));
        const steps = nodes.flatMap(({ group, node }) => chainOf(group).map((on) => ({ ...on, node })));
        for (const { set, pods, node } of steps.sort((a, b) => a.sequence - b.sequence)) {
          for (let count = 0; count < pods; count++) {
            expect(obstaclesOf(stack.entries.podOf(set), node, state)).toEqual([]);
            state.place(stack.entries.podOf(set), node);
          }
        }
      }),
      { ...SEEDED, numRuns: 1000 },
    );
  });

  it("place no fewer pods of a set without rules on larger pools", () => {
    fc.assert(
      fc.property(
        arbitraryPools,
        arbitraryWorkloads(arbitraryPlainPod, 1),
        fc.nat({ max: 3 }),
        (pools, workloads, more) => {
          const [single] = workloads;
          fc.pre(single !== undefined && single.podSets.length === 1);
          const larger = pools.map((each) => ({ ...each, maxNodes: each.maxNodes! + more }));
          const waiting = [pools, larger].map((of) =>
            packingOf(workloads, of, proofsOf(workloads, of)).waiting.reduce((sum, { pods }) => sum + pods, 0),
          );
          expect(waiting[1]).toBeLessThanOrEqual(waiting[0]!);
        },
      ),
      SEEDED,
    );
  });

  it("are the same for the same stack", () => {
    fc.assert(
      fc.property(arbitraryPools, arbitraryWorkloads(arbitraryPod), (pools, workloads) => {
        const again = workloads.map((each) => ({ ...each }));
        const packings = [workloads, again].map((of) => packingOf(of, pools, proofsOf(of, pools)));
        expect(packings[1]).toEqual(packings[0]);
      }),
      { ...SEEDED, numRuns: 100 },
    );
  });
});

/** Every node of a group by itself; those that no rule has told apart get names here. */
function namedNodes(group: NodeGroup, at: number): { group: NodeGroup; node: SchedulableNode; isKept: boolean }[] {
  const { pool } = group.ground;
  if (group.node !== undefined) {
    const isKept = Number(/\d+$/.exec(group.node.name)![0]) <= pool.minNodes;
    return [{ group, node: group.node, isKept }];
  }
  return Array.from({ length: group.nodes }, (_, index) => {
    const name = `${pool.name}-unnamed-${at}-${index}`;
    const node = pool.nodeAt(pool.zones[Math.max(0, group.zone)]!, 1);
    return {
      group,
      node: { ...node, name, labels: { ...node.labels, [HOST]: name }, allocatable: pool.free },
      isKept: group.pods === undefined,
    };
  });
}

function chainOf({ pods }: NodeGroup) {
  const chain = [];
  for (let on = pods; on !== undefined; on = on.before) chain.push(on);
  return chain;
}
