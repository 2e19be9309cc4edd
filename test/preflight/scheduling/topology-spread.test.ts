import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { nodeOf, podOf, required, spreadOver } from "./samples";

const MISMATCH = "node(s) didn't match pod topology spread constraints";
const web = { matchLabels: { app: "web" } };

/** A pod with the label `app=web` that is spread over zones. */
function spreading(more: TreeObject = {}, spec: TreeObject = {}, labels: TreeObject = { app: "web" }): SchedulablePod {
  return podOf({ topologySpreadConstraints: [spreadOver("zone", { labelSelector: web, ...more })], ...spec }, labels);
}

function inZone(zone: string, name = zone): SchedulableNode {
  return nodeOf(name, { labels: { zone, name } });
}

/** The zones in which a pod finds a node, with so many pods in each zone already. */
function openZones(
  pod: SchedulablePod,
  there: Record<string, number>,
  placed: SchedulablePod = podOf({}, { app: "web" }),
) {
  const nodes = Object.keys(there).map((zone) => inZone(zone));
  const state = new ClusterState(nodes);
  for (const node of nodes) state.place(placed, node, there[node.name]);
  return nodes.filter((node) => obstaclesOf(pod, node, state).length === 0).map(({ name }) => name);
}

describe("a spread constraint", () => {
  it("opens the domains that have no more than others, by its skew", () => {
    expect(openZones(spreading(), { a: 2, b: 1, c: 1 })).toEqual(["b", "c"]);
    expect(openZones(spreading({ maxSkew: 2 }), { a: 3, b: 2, c: 1 })).toEqual(["b", "c"]);
    expect(openZones(spreading({ maxSkew: 3 }), { a: 3, b: 2, c: 1 })).toEqual(["a", "b", "c"]);
  });

  it("says what it goes by", () => {
    const [full, free] = [inZone("a"), inZone("b")];
    const state = new ClusterState([full, free]);
    state.place(spreading(), full);
    expect(obstaclesOf(spreading(), full, state)).toEqual([
      { kind: "topology-spread", message: MISMATCH, subject: "zone" },
    ]);
  });

  it("counts the pod itself only where it selects it", () => {
    expect(openZones(spreading({}, {}, { app: "other" }), { a: 1, b: 0 })).toEqual(["a", "b"]);
    expect(openZones(spreading({}, {}, { app: "other" }), { a: 2, b: 0 })).toEqual(["b"]);
  });

  it("counts no pods that it does not select, and none of other namespaces", () => {
    expect(openZones(spreading(), { a: 5, b: 0 }, podOf({}, { app: "other" }))).toEqual(["a", "b"]);
    expect(openZones(spreading(), { a: 5, b: 0 }, podOf({}, { app: "web" }, "other"))).toEqual(["a", "b"]);
  });

  it("counts nothing with an empty selector, and nothing without one", () => {
    expect(openZones(spreading({ labelSelector: {} }), { a: 5, b: 0 })).toEqual(["a", "b"]);
    expect(openZones(spreading({ labelSelector: null }), { a: 5, b: 0 })).toEqual(["a", "b"]);
  });

  it("asks for more domains than there are by counting from 0", () => {
    expect(openZones(spreading({ minDomains: 3 }), { a: 1, b: 1 })).toEqual([]);
    expect(openZones(spreading({ minDomains: 3, maxSkew: 2 }), { a: 1, b: 2 })).toEqual(["a"]);
    expect(openZones(spreading({ minDomains: 2 }), { a: 1, b: 1 })).toEqual(["a", "b"]);
  });

  it("counts all nodes of a domain together", () => {
    const nodes = [inZone("a", "a1"), inZone("a", "a2"), inZone("b")];
    const state = new ClusterState(nodes);
    state.place(spreading(), nodes[0]!);
    expect(nodes.filter((node) => obstaclesOf(spreading(), node, state).length === 0)).toEqual([nodes[2]]);
  });
});

describe("domains of a spread constraint", () => {
  it("are not made by nodes that lack the label of another constraint", () => {
    const pod = podOf(
      { topologySpreadConstraints: [spreadOver("zone", { labelSelector: web }), spreadOver("rack")] },
      { app: "web" },
    );
    const [a, b] = [nodeOf("a", { labels: { zone: "a", rack: "1" } }), inZone("b")];
    const state = new ClusterState([a, b]);
    state.place(pod, a);
    state.place(pod, b);
    expect(obstaclesOf(pod, a, state)).toEqual([]);
    expect(obstaclesOf(pod, b, state)).toEqual([
      { kind: "topology-spread-label", message: `${MISMATCH} (missing required label)`, subject: "rack" },
    ]);
  });

  it.each<[policy: string | undefined, open: boolean]>([
    [undefined, true],
    ["Honor", true],
    ["Ignore", false],
  ])("on nodes that a pod does not select, with the policy %j: left out %j", (nodeAffinityPolicy, open) => {
    const zoneA = { nodeSelector: { zone: "a" } };
    const byTerm = required("nodeAffinity", { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] });
    for (const spec of [zoneA, byTerm]) {
      expect(openZones(spreading({ nodeAffinityPolicy }, spec), { a: 1, b: 0 })).toEqual(open ? ["a"] : []);
    }
  });

  it("are all those that a pod selects", () => {
    const byTerm = required("nodeAffinity", {
      matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }],
    });
    expect(openZones(spreading({}, byTerm), { a: 2, b: 1, c: 0 })).toEqual(["b"]);
    const nodes = ["a", "b"].map((zone) => nodeOf(zone, { labels: { zone, pool: "gpu" } }));
    const state = new ClusterState([...nodes, inZone("c")]);
    const pod = spreading({}, { nodeSelector: { pool: "gpu" } });
    state.place(pod, nodes[0]!, 2);
    state.place(pod, nodes[1]!);
    expect(nodes.map((node) => obstaclesOf(pod, node, state).length)).toEqual([1, 0]);
  });

  it.each<[policy: string | undefined, open: boolean]>([
    [undefined, false],
    ["Ignore", false],
    ["Honor", true],
  ])("on nodes with taints that a pod does not tolerate, with the policy %j: left out %j", (nodeTaintsPolicy, open) => {
    const tainted = nodeOf("b", { labels: { zone: "b" }, taints: [{ key: "gpu", effect: "NoSchedule" }] });
    const node = inZone("a");
    const pod = spreading({ nodeTaintsPolicy });
    const state = new ClusterState([node, tainted]);
    state.place(pod, node);
    expect(obstaclesOf(pod, node, state)).toHaveLength(open ? 0 : 1);
    const tolerant = spreading({ nodeTaintsPolicy }, { tolerations: [{ operator: "Exists" }] });
    expect(obstaclesOf(tolerant, node, state)).toHaveLength(1);
  });

  it("are those of each pod, also where pods differ only in which nodes they can run on", () => {
    const tainted = nodeOf("b", { labels: { zone: "b" }, taints: [{ key: "gpu", effect: "NoSchedule" }] });
    const node = inZone("a");
    const state = new ClusterState([node, tainted]);
    state.place(spreading(), node);
    const takes = (more: TreeObject, spec: TreeObject) => obstaclesOf(spreading(more, spec), node, state).length === 0;
    expect(takes({}, { nodeSelector: { zone: "a" } })).toBe(true);
    expect(takes({}, {})).toBe(false);
    expect(takes({}, required("nodeAffinity", { matchExpressions: [{ key: "name", operator: "Exists" }] }))).toBe(true);
    expect(takes({ nodeTaintsPolicy: "Honor" }, {})).toBe(true);
    expect(takes({ nodeTaintsPolicy: "Honor" }, { tolerations: [{ operator: "Exists" }] })).toBe(false);
  });

  it("come with nodes that are added later", () => {
    const [a, b] = [inZone("a"), inZone("b")];
    const state = new ClusterState([a]);
    state.place(spreading(), a);
    const pod = spreading();
    expect(obstaclesOf(pod, a, state)).toEqual([]);
    state.add(b);
    expect(obstaclesOf(pod, a, state)).toHaveLength(1);
    expect(obstaclesOf(pod, b, state)).toEqual([]);
  });

  it("lose the pods that are taken away", () => {
    const [a, b] = [inZone("a"), inZone("b")];
    const state = new ClusterState([a, b]);
    const pod = spreading();
    state.place(pod, a, 2);
    state.place(pod, b, 1);
    expect(obstaclesOf(pod, a, state)).toHaveLength(1);
    state.remove(pod, a, 2);
    expect(obstaclesOf(pod, a, state)).toEqual([]);
    expect(obstaclesOf(pod, b, state)).toHaveLength(1);
  });
});
