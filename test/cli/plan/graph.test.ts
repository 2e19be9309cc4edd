import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stackGraph, type GraphEdge } from "../../../cli/plan/graph";
import { groupOf } from "../../../cli/plan/graph-groups";
import { reduced } from "../../../cli/plan/graph-reduction";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { checkoutRoot } from "../../../rehearsal/checkout";

/** A resource whose URN is its name. */
function resource(type: string, name: string, parent?: string, ...dependencies: string[]): PlannedResource {
  return { type, name, urn: name, properties: {}, ...(parent === undefined ? {} : { parent }), dependencies };
}

const component = (name: string, ...rest: [parent?: string, ...dependencies: string[]]) =>
  resource(`mlstack:index:${name}`, name, ...rest);

const titles = (resources: PlannedResource[]) => stackGraph(resources).nodes.map(({ title }) => title);
const lines = (edges: readonly GraphEdge[]) => edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`).sort();

const STACK = resource("pulumi:pulumi:Stack", "stack");

describe("the graph of a stack", () => {
  it("has the components of the program and their own, with everything else folded into them", () => {
    const { nodes } = stackGraph([
      STACK,
      component("MlPlatform", "stack"),
      component("Kueue", "MlPlatform"),
      component("Queues", "Kueue"),
      resource("kubernetes:core/v1:ConfigMap", "deep", "Queues"),
      resource("kubernetes:core/v1:Namespace", "namespace", "MlPlatform"),
      resource("kubernetes:core/v1:ConfigMap", "alone", "stack"),
    ]);
    expect(nodes.map(({ title, children }) => [title, children])).toEqual([
      ["MlPlatform", 1],
      ["Kueue", 2],
      ["alone", 0],
    ]);
  });

  it("shows two levels of the project's components inside somebody else's", () => {
    const inside = [
      resource("acme:index:Team", "team", "stack"),
      component("MlPlatform", "team"),
      component("Kueue", "MlPlatform"),
      component("Queues", "Kueue"),
    ];
    expect(titles([STACK, ...inside])).toEqual(["team", "MlPlatform", "Kueue"]);
  });

  it("has no stack and no providers, and looks through them", () => {
    const { nodes, edges } = stackGraph([
      STACK,
      component("Cluster", "stack"),
      resource("pulumi:providers:kubernetes", "provider", "stack", "provider-of-provider"),
      resource("pulumi:providers:aws", "provider-of-provider", "stack", "provider", "Cluster"),
      component("GpuJob", "stack", "provider"),
    ]);
    expect(nodes.map(({ id }) => id)).toEqual(["Cluster", "GpuJob"]);
    expect(lines(edges)).toEqual(["GpuJob waits Cluster"]);
  });

  it("takes what has an unknown parent for the program's own", () => {
    expect(titles([resource("a:b:C", "orphan", "gone"), resource("pulumi:providers:x", "provider", "orphan")])).toEqual(
      ["orphan"],
    );
  });

  it("ends where resources are inside of one another", () => {
    const circle = [
      resource("a:b:C", "one", "other"),
      resource("a:b:C", "other", "one"),
      resource("a:b:C", "inside", "one"),
    ];
    expect(titles(circle)).toEqual(["one", "other", "inside"]);
  });

  it("lets the node of what waits wait for the node of what it waits for", () => {
    const { edges } = stackGraph([
      component("Cluster"),
      resource("eks:index:Cluster", "control-plane", "Cluster"),
      component("GpuNodePool"),
      resource("aws:eks/nodeGroup:NodeGroup", "group", "GpuNodePool", "control-plane", "nothing"),
      resource("aws:ec2/launchTemplate:LaunchTemplate", "template", "GpuNodePool", "group"),
    ]);
    expect(lines(edges)).toEqual(["GpuNodePool waits Cluster"]);
  });

  it("says what is a part of what, unless the whole waits for the part", () => {
    const { edges } = stackGraph([
      component("MlPlatform"),
      component("Kueue", "MlPlatform"),
      component("Istio", "MlPlatform"),
      resource("kubernetes:core/v1:Namespace", "namespace", "MlPlatform", "Istio"),
    ]);
    expect(lines(edges)).toEqual(["Kueue part MlPlatform", "MlPlatform waits Istio"]);
  });

  it("tells of each node its type and group", () => {
    expect(stackGraph([component("GpuNodePool")])).toEqual({
      nodes: [
        { id: "GpuNodePool", title: "GpuNodePool", type: "mlstack:index:GpuNodePool", group: "pool", children: 0 },
      ],
      edges: [],
    });
  });
});

describe("the reduction of edges", () => {
  const waits = (...pairs: string[]) =>
    pairs.map((pair): GraphEdge => ({ from: pair[0]!, to: pair[1]!, kind: "waits" }));

  it.each([
    ["what follows from others", ["ab", "bc", "ac"], ["ab", "bc"]],
    ["what is said twice", ["ab", "ab"], ["ab"]],
    ["what waits for itself", ["aa"], []],
    ["no side of a diamond", ["ab", "ac", "bd", "cd"], ["ab", "ac", "bd", "cd"]],
    ["no side of a circle", ["ab", "ba"], ["ab", "ba"]],
  ])("leaves out %s", (_, given, left) => {
    expect(lines(reduced(waits(...given)))).toEqual(lines(waits(...left)));
  });

  it("keeps what can be reached from where, and needs every edge that it keeps", () => {
    const node = fc.integer({ min: 0, max: 7 }).map(String);
    const edge = fc.record({ from: node, to: node, kind: fc.constant("waits" as const) });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 30 }), (edges) => {
        const kept = reduced(edges);
        expect(closure(kept)).toEqual(closure(edges));
        for (const each of kept) expect(closure(kept.filter((other) => other !== each))).not.toEqual(closure(edges));
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  /** Every pair of different nodes of which one can be reached from the other. */
  function closure(edges: readonly GraphEdge[]): string[] {
    const pairs = new Set(edges.map(({ from, to }) => `${from}${to}`));
    for (const through of "01234567") {
      for (const from of "01234567") {
        for (const to of "01234567") if (pairs.has(from + through) && pairs.has(through + to)) pairs.add(from + to);
      }
    }
    return [...pairs].filter(([from, to]) => from !== to).sort();
  }
});

describe("the group of a resource", () => {
  it.each([
    ["mlstack:index:GpuNodePool", "pool"],
    ["mlstack:index:Tenant", "tenant"],
    ["mlstack:index:Queues", "queue"],
    ["mlstack:index:Kueue", "platform"],
    ["mlstack:index:SomethingNew", "platform"],
    ["mlstack:index:TrainJob", "workload"],
    ["kubernetes:karpenter.sh/v1:NodePool", "pool"],
    ["kubernetes:core/v1:Node", "pool"],
    ["aws:eks/nodeGroup:NodeGroup", "pool"],
    ["aws:eks/cluster:Cluster", "cluster"],
    ["eks:index:Cluster", "cluster"],
    ["aws:s3/bucket:Bucket", "storage"],
    ["kubernetes:core/v1:PersistentVolumeClaim", "storage"],
    ["kubernetes:storage.k8s.io/v1:StorageClass", "storage"],
    ["kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue", "queue"],
    ["kubernetes:core/v1:Namespace", "tenant"],
    ["kubernetes:batch/v1:Job", "workload"],
    ["kubernetes:core/v1:Pod", "workload"],
    ["kubernetes:kubeflow.org/v1:PyTorchJob", "workload"],
    ["kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob", "workload"],
    ["kubernetes:argoproj.io/v1alpha1:Workflow", "workload"],
    ["kubernetes:serving.kserve.io/v1beta1:InferenceService", "workload"],
    ["kubernetes:helm.sh/v3:Release", "platform"],
    ["kubernetes:core/v1:ConfigMap", "other"],
    ["random:index/randomPassword:RandomPassword", "other"],
  ])("of %s is %s", (type, group) => {
    expect(groupOf(type)).toBe(group);
  });

  it("is workload for every component in components/workloads, and for no other", () => {
    const workloads = tokensIn("workloads");
    expect(workloads.length).toBeGreaterThan(20);
    for (const token of workloads) expect([token, groupOf(token)]).toEqual([token, "workload"]);
    for (const token of [...tokensIn("platform"), ...tokensIn("cluster")]) expect(groupOf(token)).not.toBe("workload");
  });

  function tokensIn(room: string): string[] {
    const folder = join(checkoutRoot(), "components", room);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const texts = files.map((file) => readFileSync(join(folder, file), "utf8"));
    return texts.flatMap((text) => [...text.matchAll(/"(mlstack:index:\w+)"/g)].map(([, token]) => token!));
  }
});
