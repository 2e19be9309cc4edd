import { describe, expect, it } from "vitest";
import { unfilledPool } from "../../../../../policies/gpu-ml/preflight/advice/unfilled-pool";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { karpenterPool, nodeGroup, object, pod, poolGroup, pyTorchJob, said, undecidedAt } from "../../stack/resources";

const SELECTED = { nodeSelector: { "mlstack.dev/pool": "train" } };
const JOB = pyTorchJob(4, 1, SELECTED);
const POD_SPEC = {
  containers: [{ name: "a", image: "registry.example/a:1", resources: { limits: { "nvidia.com/gpu": 1 } } }],
};
const ZONE = { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] };
const TYPE = { key: "node.kubernetes.io/instance-type", operator: "In", values: ["g5.12xlarge"] };
const TYPES = { ...TYPE, values: ["g5.xlarge", "g5.12xlarge"] };

function advice(title: string, filled: number, nodes: number, money: string, remedy: string): string {
  const [name, path] = title.startsWith("NodePool") ? [title, "spec.limits"] : [title, "scalingConfig.maxSize"];
  return (
    `advisory [ADV-02] ${name}: ${path} is such that the stack fills ${filled} of ${nodes} nodes at its peak, and no ` +
    `declared workload can use the other ${nodes - filled}${money}; allowed: at most twice the nodes that workloads fill. ${remedy}`
  );
}

function flavor(pool: string): TestResource {
  return object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", pool, {
    spec: { nodeLabels: { "mlstack.dev/pool": pool } },
  });
}

describe("ADV-02 pools far larger than the stack fills", () => {
  it.each<[string, TestResource[]]>([
    ["half a pool that is filled", [poolGroup("train", "g5.xlarge", 8), JOB]],
    ["a pool without a largest size", [poolGroup("train", "g5.xlarge"), JOB]],
    [
      "a pool that does not grow",
      [
        nodeGroup("spare", { instanceTypes: ["g5.xlarge"], scalingConfig: { minSize: 9, maxSize: 9 } }),
        poolGroup("train", "g5.xlarge", 4),
        JOB,
      ],
    ],
    ["machines without GPUs", [poolGroup("cpu", "m6i.large", 90), poolGroup("train", "g5.xlarge", 4), JOB]],
    ["machines that no table has", [poolGroup("odd", "g9.large", 90), poolGroup("train", "g5.xlarge", 4), JOB]],
    ["a stack without work for GPUs", [poolGroup("train", "g5.xlarge", 9), pod(undefined)]],
    ["pools of a queue", [poolGroup("train", "g5.xlarge", 90), flavor("train"), JOB]],
    [
      "pods of which nothing will tell how many there are",
      [poolGroup("train", "g5.xlarge", 90), JOB, object("example.com/v1", "Trainer", "x", { spec: { pod: POD_SPEC } })],
    ],
    ["hidden nodes", [poolGroup("train", "g5.xlarge", 90), JOB, { type: "eks:index:Cluster", props: {} }]],
    [
      "a pool that takes what another one has no room for",
      [poolGroup("train", "g5.xlarge", 4), poolGroup("more", "g5.xlarge", 8), pyTorchJob(4, 1)],
    ],
  ])("has nothing to say about %s", (_case, resources) => {
    expect(said(unfilledPool, resources)).toEqual([]);
  });

  it("tells what nodes cost that no workload can use", () => {
    const unused = karpenterPool("bigger", [TYPE, ZONE], { limits: { nodes: 100 } });

    expect(said(unfilledPool, [unused, poolGroup("train", "g5.xlarge", 4), JOB])).toEqual([
      advice(
        "NodePool ml/bigger",
        0,
        100,
        ", which cost up to USD 567.20/h",
        "Lower the largest size, or remove the pool.",
      ),
    ]);
  });

  it("tells how many they are where their price is not known", () => {
    expect(said(unfilledPool, [poolGroup("train", "g5.xlarge", 9), JOB])).toEqual([
      advice("NodeGroup train", 4, 9, "", "Lower the largest size to 4."),
    ]);
  });

  it("tells what a pool of several types may cost that no workload can use", () => {
    const unused = karpenterPool("mixed", [TYPES, ZONE], { limits: { "nvidia.com/gpu": 8 } });

    expect(said(unfilledPool, [unused, poolGroup("train", "g5.xlarge", 4), JOB])).toEqual([
      "advisory [ADV-02] NodePool ml/mixed: spec.limits is such that the stack fills none of its nodes at its peak, and no " +
        "declared workload can use any, which may cost up to USD 11.34/h; allowed: a pool that workloads fill. Lower its " +
        "limits, or remove the pool.",
    ]);
  });

  it("has nothing to say about a pool of several types of which workloads fill any", () => {
    const mixed = karpenterPool("mixed", [TYPES, ZONE], { limits: { "nvidia.com/gpu": 90 } });

    expect(said(unfilledPool, [mixed, pyTorchJob(1, 1)])).toEqual([]);
  });

  it("counts pods of which a node takes several", () => {
    expect(said(unfilledPool, [poolGroup("train", "g5.12xlarge", 3), pyTorchJob(5, 1, SELECTED)])).toEqual([]);
    expect(said(unfilledPool, [poolGroup("train", "g5.12xlarge", 3), JOB])).toEqual([
      advice("NodeGroup train", 1, 3, "", "Lower the largest size to 1."),
    ]);
  });

  it.each<[string, TestResource[], string, string]>([
    ["the machines", [poolGroup("train", UNKNOWN_STRING, 90), pod(1)], "NodeGroup train", "instanceTypes"],
    ["the size", [poolGroup("train", "g5.xlarge", UNKNOWN_STRING), JOB], "NodeGroup train", "scalingConfig.maxSize"],
    [
      "how many pods there are",
      [poolGroup("train", "g5.xlarge", 90), pyTorchJob(UNKNOWN_STRING, 1, SELECTED)],
      "PyTorchJob ml/bert",
      "spec.pytorchReplicaSpecs.Worker.template",
    ],
    [
      "where pods run",
      [poolGroup("train", "g5.xlarge", 90), pyTorchJob(4, 1, { nodeSelector: { "mlstack.dev/pool": UNKNOWN_STRING } })],
      "PyTorchJob ml/bert",
      'spec.pytorchReplicaSpecs.Worker.template.spec.nodeSelector["mlstack.dev/pool"]',
    ],
  ])("cannot decide without knowing %s", (_case, resources, title, path) => {
    expect(said(unfilledPool, resources)).toEqual([undecidedAt(unfilledPool, title, path)]);
  });
});
