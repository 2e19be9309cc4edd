import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import { naiveObstacle, type Placement } from "./naive-rules";
import { asking, nodeOf, podOf, spreadOver } from "./samples";

describe("a cluster", () => {
  const [one, two] = [nodeOf("1", { allocatable: { cpu: "4" } }), nodeOf("2")];

  it("has the nodes that it was made of, and those that were added", () => {
    const state = new ClusterState([one]);
    state.add(two);
    state.add({ ...one, labels: { later: "yes" } });
    expect([...state.nodes()]).toEqual([one, two]);
    expect(state.size).toBe(2);
  });

  it("knows what is on a node, and what is left of it", () => {
    const state = new ClusterState([one]);
    const [small, large] = [podOf(asking({ cpu: "1" })), podOf(asking({ cpu: "2", memory: "1Ki" }))];
    state.place(small, one, 2);
    state.place(large, one);
    expect([...state.podsOn(one)]).toEqual([
      [small, 2],
      [large, 1],
    ]);
    expect(Object.fromEntries(state.leftOn(one))).toEqual({ cpu: 0, memory: -1024, pods: 107 });
    state.remove(small, one);
    state.remove(large, one);
    expect([...state.podsOn(one)]).toEqual([[small, 1]]);
    expect(Object.fromEntries(state.leftOn(one))).toEqual({ cpu: 3000, memory: 0, pods: 109 });
  });

  it("does not change what a node is said to have", () => {
    const state = new ClusterState([one]);
    state.place(podOf(asking({ cpu: "1" })), one);
    expect(one.allocatable.get("cpu")).toBe(4000);
  });

  it("gives back no more pods than are there", () => {
    const state = new ClusterState([one]);
    const pod = podOf(asking({ cpu: "1" }));
    state.place(pod, one);
    state.remove(pod, one, 5);
    state.remove(pod, one);
    state.remove(pod, two);
    expect([...state.podsOn(one)]).toEqual([]);
    expect(state.leftOn(one).get("cpu")).toBe(4000);
    expect(state.size).toBe(1);
  });

  it("takes a node that it does not have for an empty one", () => {
    const state = new ClusterState();
    expect(state.leftOn(one)).toBe(one.allocatable);
    expect([...state.podsOn(one)]).toEqual([]);
    expect(obstaclesOf(podOf(asking({ cpu: "4" })), one, state)).toEqual([]);
    expect(state.size).toBe(0);
  });

  it("has a node as soon as something is put on it", () => {
    const state = new ClusterState();
    state.place(podOf({}), one);
    expect([...state.nodes()]).toEqual([one]);
  });

  it("tells nodes apart by their names", () => {
    const state = new ClusterState([one]);
    state.place(podOf(asking({ cpu: "1" })), { ...one });
    expect(state.leftOn({ ...one }).get("cpu")).toBe(3000);
  });
});

describe("rules between pods", () => {
  const apps = ["web", "db"];
  const keys = ["zone", "rack"];
  const namespaces = ["ml", "other"];

  const selector = fc.oneof(
    fc.constantFrom<TreeObject>(...apps.map((app) => ({ matchLabels: { app } }))),
    fc.constant<TreeObject>({ matchExpressions: [{ key: "app", operator: "NotIn", values: ["db"] }] }),
    fc.constantFrom({}, null),
  );
  const term = fc.record({
    topologyKey: fc.constantFrom(...keys),
    labelSelector: selector,
    namespaces: fc.subarray(namespaces),
    namespaceSelector: fc.constantFrom<TreeObject | null>(null, null, {}),
  });
  const spread = fc.record({ maxSkew: fc.integer({ min: 1, max: 2 }), minDomains: fc.integer({ min: 1, max: 4 }) });
  const spreads = fc
    .uniqueArray(fc.constantFrom(...keys), { maxLength: 2 })
    .chain((own) =>
      fc.tuple(
        ...own.map((key) =>
          fc.tuple(spread, selector).map(([more, labelSelector]) => spreadOver(key, { ...more, labelSelector })),
        ),
      ),
    );
  const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 });
  const pod = fc
    .tuple(fc.constantFrom(...apps, "none"), fc.constantFrom(...namespaces), few(term), few(term), spreads)
    .map(([app, namespace, near, far, topologySpreadConstraints]) => {
      const rule = (terms: TreeObject[]) => ({ requiredDuringSchedulingIgnoredDuringExecution: terms });
      const affinity = { podAffinity: rule(near), podAntiAffinity: rule(far) };
      return podOf({ affinity, topologySpreadConstraints }, { app }, namespace);
    });
  const nodes = fc
    .array(fc.tuple(fc.constantFrom("a", "b", "c", undefined), fc.constantFrom("1", "2", undefined)), {
      minLength: 1,
      maxLength: 5,
    })
    .map((list) =>
      list.map(([zone, rack], index) =>
        nodeOf(`n${index}`, { labels: { ...(zone && { zone }), ...(rack && { rack }) } }),
      ),
    );
  const moves = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean(), fc.nat({ max: 3 })), { maxLength: 14 });

  it("hold as if every pod was looked at each time, however pods and nodes come and go", () => {
    let refused = 0;
    let asked = 0;
    fc.assert(
      fc.property(fc.array(pod, { minLength: 1, maxLength: 4 }), nodes, moves, fc.nat(), (pods, all, steps, late) => {
        // Some nodes come when there are pods already.
        const early = all.slice(0, late % (all.length + 1));
        const state = new ClusterState(early);
        let placements: Placement[] = [];
        const check = (there: typeof all) => {
          for (const one of pods) {
            for (const node of there) {
              const expected = naiveObstacle(one, node, there, placements);
              expect(obstaclesOf(one, node, state)[0]?.kind).toBe(expected);
              asked += 1;
              if (expected !== undefined) refused += 1;
            }
          }
        };
        const half = Math.floor(steps.length / 2);
        const move = ([p, n, comes, count]: (typeof steps)[number], there: typeof all) => {
          if (there.length === 0) return;
          const [one, node] = [pods[p % pods.length]!, there[n % there.length]!];
          if (comes) {
            state.place(one, node, count + 1);
            placements.push(...Array.from({ length: count + 1 }, () => ({ pod: one, node })));
          } else {
            state.remove(one, node, count);
            const gone = placements.filter((other) => other.pod === one && other.node === node).slice(0, count);
            placements = placements.filter((other) => !gone.includes(other));
          }
        };
        for (const step of steps.slice(0, half)) move(step, early);
        check(early);
        for (const node of all.slice(early.length)) state.add(node);
        check(all);
        for (const step of steps.slice(half)) {
          move(step, all);
          check(all);
        }
      }),
      { seed: 8, numRuns: 250 },
    );
    // Both answers are common, so that neither is right by chance.
    expect(refused / asked).toBeGreaterThan(0.2);
    expect(refused / asked).toBeLessThan(0.8);
  });
});
