import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

const template = { spec: { containers: [{ name: "main" }] } };

describe("kinds of Kubeflow Trainer", () => {
  const label = { metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } } };
  const gpu = (count: number) => ({ limits: { "nvidia.com/gpu": count } });

  function runtime(podSpec: TreeObject = {}, mlPolicy: Tree = { numNodes: 1, torch: {} }): TreeObject {
    const node = { name: "node", image: "torch:2", env: [{ name: "A", value: "1" }], resources: gpu(1) };
    return {
      apiVersion: "trainer.kubeflow.org/v1alpha1",
      kind: "ClusterTrainingRuntime",
      metadata: { name: "torch" },
      spec: {
        mlPolicy,
        template: {
          spec: {
            replicatedJobs: [
              { name: "dataset", template: { spec: { template } } },
              {
                name: "node",
                dependsOn: [{ name: "dataset", status: "Complete" }],
                template: { ...label, spec: { template: { spec: { containers: [node], ...podSpec } } } },
              },
            ],
          },
        },
      },
    };
  }

  function trainJob(spec: TreeObject): TreeObject {
    const runtimeRef = { name: "torch" };
    return { apiVersion: "trainer.kubeflow.org/v1alpha1", kind: "TrainJob", spec: { runtimeRef, ...spec } };
  }

  function patch(job: string, podSpec: TreeObject): TreeObject {
    const spec = { replicatedJobs: [{ name: job, template: { spec: { template: { spec: podSpec } } } }] };
    return { trainingRuntimeSpec: { template: { spec } } };
  }

  const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }];
  const PATCHED =
    "spec.runtimePatches[0].trainingRuntimeSpec.template.spec.replicatedJobs[0].template.spec.template.spec";

  it.each(["TrainingRuntime", "ClusterTrainingRuntime"])("%s runs nothing by itself", (kind) => {
    expect(podSetsOf({ ...runtime(), kind }).map(({ role, count }) => [role, count])).toEqual([
      ["dataset", 0],
      ["node", 0],
    ]);
  });

  it("TrainJob has the nodes that it asks for; where they run is unknown without the runtime", () => {
    const [set] = podSetsOf(trainJob({ trainer: { image: "a:1", numNodes: 4, resourcesPerNode: gpu(8) } }));
    expect(set).toMatchObject({ path: "spec.trainer", count: 4, minCount: 4, completedBy: "spec.runtimeRef" });
    expect(set!.template.spec).toEqual({
      tolerations: UNKNOWN,
      nodeSelector: UNKNOWN,
      affinity: UNKNOWN,
      containers: [{ name: "node", image: "a:1", resources: gpu(8) }],
    });
    const [node] = containersOf(set!);
    expect(node!.path).toBe("spec.trainer");
    expect(pathInContainer(node!, 'resources.limits["nvidia.com/gpu"]')).toBe(
      'spec.trainer.resourcesPerNode.limits["nvidia.com/gpu"]',
    );
  });

  it("TrainJob leaves open how many nodes and what these ask for where only the runtime says so", () => {
    const [set] = podSetsOf(trainJob({}));
    expect(set).toMatchObject({ count: undefined, minCount: 1 });
    expect(containersOf(set!)[0]!.container).toEqual({ name: "node", resources: UNKNOWN });
  });

  it("TrainJob says where its pods run in patches", () => {
    const container = { name: "node", securityContext: { runAsNonRoot: true } };
    const object = trainJob({ trainer: {}, runtimePatches: [patch("node", { tolerations, containers: [container] })] });
    const [set] = podSetsOf(object);
    expect(set!.template.spec.tolerations).toEqual(tolerations);
    expect(pathInPodSet(set!, "spec.tolerations")).toBe(`${PATCHED}.tolerations`);
    const [node] = containersOf(set!);
    expect(node!.container).toMatchObject(container);
    expect(pathInContainer(node!, "securityContext")).toBe(`${PATCHED}.containers[0].securityContext`);
  });

  it("TrainJob has a set for each other job that it patches", () => {
    const object = trainJob({ runtimePatches: [patch("dataset", { containers: [{ name: "fetch" }] })] });
    const set = podSetsOf(object)[1]!;
    expect(set).toMatchObject({ role: "dataset", count: undefined, completedBy: "spec.runtimeRef" });
    expect(pathInPodSet(set, "spec.tolerations")).toBe(`${PATCHED}.tolerations`);
    expect(containersOf(set)).toMatchObject([{ path: `${PATCHED}.containers[0]` }]);
  });

  it("TrainJob has all pods of the runtime, with its changes, where that is at hand", () => {
    const trainer = { image: "a:1", numNodes: 4, env: [{ name: "B", value: "2" }], resourcesPerNode: gpu(8) };
    const object = trainJob({ trainer, runtimePatches: [patch("node", { nodeSelector: { pool: "a" } })] });
    const sets = podSetsOf(object, [runtime({ tolerations, nodeSelector: { zone: "b" } })]);
    expect(sets.map(({ role, count, minCount }) => [role, count, minCount])).toEqual([
      ["dataset", 1, 1],
      ["node", 4, 4],
    ]);
    const node = sets[1]!;
    expect(node.completedBy).toBeUndefined();
    expect(node.template.spec).toEqual({
      tolerations,
      nodeSelector: { zone: "b", pool: "a" },
      containers: [
        {
          name: "node",
          image: "a:1",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          resources: gpu(8),
        },
      ],
    });
    const written = "spec.runtimeRef#spec.template.spec.replicatedJobs[1].template.spec.template";
    expect(node.path).toBe(written);
    expect(pathInPodSet(node, "spec.tolerations")).toBe(`${written}.spec.tolerations`);
    expect(pathInContainer(containersOf(node)[0]!, "image")).toBe("spec.trainer.image");
    expect(containersOf(sets[0]!)[0]!.path).toBe(
      "spec.runtimeRef#spec.template.spec.replicatedJobs[0].template.spec.template.spec.containers[0]",
    );
  });

  it.each<[name: string, mlPolicy: Tree, numNodes: Tree, nodes: number | undefined]>([
    ["the policy of the runtime", { numNodes: 3, torch: {} }, undefined, 3],
    ["one where the policy says nothing", { torch: {} }, undefined, 1],
    ["its own number", { numNodes: 3, torch: {} }, 2, 2],
    ["its own number without a policy", undefined, 2, 2],
    ["an unknown number", { numNodes: 3, torch: {} }, UNKNOWN, undefined],
  ])("TrainJob has the nodes of %s", (_name, mlPolicy, numNodes, nodes) => {
    const [, set] = podSetsOf(trainJob({ trainer: { numNodes } }), [runtime({}, mlPolicy)]);
    expect([set!.role, set!.count]).toEqual(["node", nodes]);
  });

  it.each([
    [false, 4],
    [true, 3],
  ])("TrainJob with MPI has a launcher beside its nodes; itself a node: %j", (runLauncherAsNode, workers) => {
    const base = runtime({}, { numNodes: 1, mpi: { runLauncherAsNode } });
    const jobs = [
      { name: "launcher", template: { ...label, spec: { template } } },
      { name: "node", template: { spec: { template } } },
    ];
    const mpi = { ...base, spec: { ...(base.spec as TreeObject), template: { spec: { replicatedJobs: jobs } } } };
    expect(podSetsOf(trainJob({ trainer: { numNodes: 4 } }), [mpi])).toMatchObject([
      { role: "launcher", count: 1, minCount: 1, gang: "spec" },
      { role: "node", count: workers, minCount: workers, gang: "spec" },
    ]);
  });

  it("TrainJob takes no runtime of another name, kind or namespace", () => {
    const inNamespace = (kind: string, name: string, namespace: string) => ({
      ...runtime(),
      kind,
      metadata: { name, namespace },
    });
    const own = {
      ...trainJob({ runtimeRef: { name: "torch", kind: "TrainingRuntime" } }),
      metadata: { namespace: "ml" },
    };
    const others = [
      inNamespace("TrainingRuntime", "torch", "other"),
      inNamespace("TrainingRuntime", "jax", "ml"),
      inNamespace("ClusterTrainingRuntime", "torch", "ml"),
    ];
    expect(podSetsOf(own, others).map(({ path }) => path)).toEqual(["spec.trainer"]);
    expect(podSetsOf(own, [...others, inNamespace("TrainingRuntime", "torch", "ml")])).toHaveLength(2);
  });
});
