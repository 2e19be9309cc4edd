import { describe, expect, it } from "vitest";
import { gangCapacity } from "../../../../policies/gpu-ml/stack/gang-capacity";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import {
  container,
  karpenterPool,
  node,
  object,
  pod,
  poolGroup,
  pyTorchJob,
  release,
  said,
  undecidedAt,
} from "./resources";

const POOL = "mlstack.dev/pool";
const TYPE = "node.kubernetes.io/instance-type";
const WORKERS = "spec.pytorchReplicaSpecs.Worker.template.spec";

const onTrain = { nodeSelector: { [POOL]: "train" } };

function job(replicas: unknown, gpus: unknown, spec: object = onTrain): TestResource {
  return pyTorchJob(replicas, gpus, spec);
}

function group(maxSize: unknown, instanceType: unknown = "g5.12xlarge", rest: object = {}): TestResource {
  return poolGroup("train", instanceType, maxSize, rest);
}

function component(maxNodes: number): TestResource {
  const shape = {
    name: "train",
    instanceTypes: ["g5.12xlarge"],
    gpuResource: "nvidia.com/gpu",
    maxNodes,
    labels: { [POOL]: "train" },
  };
  return { type: "mlstack:index:GpuNodePool", name: "component", props: { shape } };
}

function gpuNode(name: string, gpus: unknown): TestResource {
  return node(name, { [POOL]: "train" }, { status: { capacity: { "nvidia.com/gpu": gpus } } });
}

function template(userData: string): TestResource {
  return {
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    props: { userData: Buffer.from(userData).toString("base64") },
  };
}

function tooMany(needed: number, pods: number, ceiling: number, pools = "pool train"): string {
  return (
    `mandatory [GPU-15] PyTorchJob ml/bert: ${WORKERS} is in need of ${needed} nvidia.com/gpu at the same time, ` +
    `${pods} pods together; allowed: at most ${ceiling}, which ${pools} can have at their largest. ` +
    "Ask for fewer at once, or raise the largest size of the pool."
  );
}

function tooLarge(gpus: number, machine: number, pools = "pool train"): string {
  return (
    `mandatory [GPU-15] PyTorchJob ml/bert: ${WORKERS} is asking for ${gpus} nvidia.com/gpu in one pod; ` +
    `allowed: at most ${machine}, which the largest machine of ${pools} has. ` +
    "Spread them over several pods, or choose larger machines."
  );
}

const TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" };

describe("GPU-15 pools of gangs", () => {
  it.each<[string, TestResource[]]>([
    ["a gang that fills its pool", [group(3), job(3, 4)]],
    ["a gang that may run on two pools", [group(2), poolGroup("more", "g5.12xlarge", 1), job(3, 4, {})]],
    ["a pool without a largest size", [group(undefined), job(3, 4)]],
    [
      "a pool of Karpenter without limits",
      [karpenterPool("any", [{ key: TYPE, operator: "In", values: ["g5.12xlarge"] }]), job(3, 4, {})],
    ],
    [
      "groups of several zones together",
      [group(2), poolGroup("train", "g5.12xlarge", 1), job(3, 4)].map((each, index) => ({
        ...each,
        name: `r${index}`,
      })),
    ],
    ["a component that may have more than the group that it makes", [component(3), group(2), job(3, 4)]],
    ["a stack without GPUs, whose jobs run elsewhere", [poolGroup("cpu", "m6i.large", 1), job(3, 4, {})]],
    [
      "pools of which none is known to have GPUs",
      [poolGroup("train", "m6i.large", 1), poolGroup("more", "g9.huge", 1), job(3, 4)],
    ],
    ["pools of parts of GPUs", [group(1, "g6f.large"), job(3, 4)]],
    ["a stack without pools", [job(3, 4)]],
    [
      "a pool that the stack does not declare, which GPU-04 says",
      [group(2), job(3, 4, { nodeSelector: { [POOL]: "x" } })],
    ],
    [
      "pools whose taints are not tolerated, which GPU-02 says",
      [group(2, "g5.12xlarge", { taints: [TAINT] }), job(3, 4)],
    ],
    ["a type that no catalogue has", [group(1, "g9.huge"), job(3, 4)]],
    [
      "a group without types",
      [group(1, "g5.12xlarge", { instanceTypes: [], amiType: "AL2023_x86_64_NVIDIA" }), job(3, 4)],
    ],
    [
      "a group whose image alone tells of GPUs",
      [group(1, "x", { instanceTypes: undefined, amiType: "AL2023_x86_64_NVIDIA" }), job(3, 4)],
    ],
    ["nodes enough", [gpuNode("a", 8), gpuNode("b", 8), job(4, 4)]],
    ["slices, which are counted otherwise", [group(1, "p4d.24xlarge"), pod(9, onTrain, "nvidia.com/mig-1g.5gb")]],
    [
      "shared GPUs by a ConfigMap",
      [
        group(2),
        object("v1", "ConfigMap", "plugin", { data: { "config.yaml": "sharing: { timeSlicing: {} }" } }),
        job(3, 4),
      ],
    ],
    [
      "shared GPUs by a release",
      [group(2), release("nvidia-device-plugin", { config: { map: { a: "sharing: {mps: {}}" } } }), job(3, 4)],
    ],
    ["shared GPUs by user data", [group(2), template('device-sharing-strategy = "time-slicing"'), job(3, 4)]],
    [
      "pools of which the machines are hidden",
      [group(2), { type: "aws:autoscaling/group:Group", props: {} }, job(3, 4, {})],
    ],
    ["a pod without GPUs", [group(0), job(3, undefined)]],
    [
      "pods that only reach machines without GPUs, which PLACE-01 says",
      [group(9), poolGroup("cpu", "m6i.large", 9), job(1, 1, { nodeSelector: { [POOL]: "cpu" } })],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(gangCapacity, resources)).toEqual([]);
  });

  it("cannot decide without knowing some of the machines", () => {
    const hidden = poolGroup("more", "g5.12xlarge", 9, { instanceTypes: UNKNOWN_STRING });

    expect(said(gangCapacity, [group(9), hidden, job(1, 8, {})])).toEqual([
      undecidedAt(gangCapacity, "PyTorchJob ml/bert", WORKERS),
    ]);
  });

  it.each<[string, TestResource[], string]>([
    ["a gang larger than its pool", [group(2), job(3, 4)], tooMany(12, 3, 8)],
    [
      "a gang larger than all pools together",
      [group(1), poolGroup("more", "g5.12xlarge", 1), job(3, 4, {})],
      tooMany(12, 3, 8, "pools train, more"),
    ],
    [
      "groups of one pool that are too small together",
      [group(1), { ...poolGroup("train", "g5.12xlarge", 1), name: "b" }, job(3, 4)],
      tooMany(12, 3, 8),
    ],
    [
      "a component and the group that it makes, which are the same",
      [component(2), group(2), job(3, 4)],
      tooMany(12, 3, 8),
    ],
    [
      "a pool of Karpenter within its limits",
      [
        karpenterPool("any", [{ key: TYPE, operator: "In", values: ["g5.12xlarge"] }], {
          limits: { "nvidia.com/gpu": 8 },
        }),
        job(3, 4, {}),
      ],
      tooMany(12, 3, 8, "pool any"),
    ],
    [
      "a pool that another one does not help",
      [group(2), poolGroup("other", "g5.12xlarge", 9), job(3, 4)],
      tooMany(12, 3, 8),
    ],
    [
      "a pool that tolerated taints do not hide",
      [group(2, "g5.12xlarge", { taints: [TAINT] }), job(3, 4, { ...onTrain, tolerations: [{ operator: "Exists" }] })],
      tooMany(12, 3, 8),
    ],
    ["a pool that must have no nodes", [group(0), job(1, 4)], tooMany(4, 1, 0)],
    ["a pod larger than a machine", [group(9, "g5.xlarge"), job(1, 2)], tooLarge(2, 1)],
    [
      "a pod larger than the largest machine",
      [group(9, "x", { instanceTypes: ["g5.xlarge", "g5.12xlarge"] }), job(1, 8)],
      tooLarge(8, 4),
    ],
    [
      "a gang that a pool without GPUs does not help",
      [group(2), poolGroup("cpu", "m6i.large", 9), job(3, 4, {})],
      tooMany(12, 3, 8),
    ],
    [
      "a pod larger than a machine beside a pool without GPUs",
      [poolGroup("cpu", "m6i.large", 9), group(9, "g5.xlarge"), job(1, 2, {})],
      tooLarge(2, 1),
    ],
    ["more than nodes have", [gpuNode("a", 8), gpuNode("b", 8), job(5, 4)], tooMany(20, 5, 16)],
    [
      "a pool beside ConfigMaps about something else",
      [
        group(2),
        object("v1", "ConfigMap", "a", { data: { a: "steps: 1" } }),
        template("a"),
        object("v1", "Secret", "timeSlicing"),
        job(3, 4),
      ],
      tooMany(12, 3, 8),
    ],
    [
      "a pool beside settings that are not known yet",
      [group(2), object("v1", "ConfigMap", "a", { data: UNKNOWN_STRING }), job(3, 4)],
      tooMany(12, 3, 8),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(gangCapacity, resources)).toEqual([message]);
  });

  it("counts GPUs outside the stack as it is told to, of which the machines are not known", () => {
    const config = { stack: { rules: { "GPU-15": { gpus: 4 } } } };

    expect(said(gangCapacity, [group(2), job(3, 4)], config)).toEqual([]);
    expect(said(gangCapacity, [group(2), job(2, 6)], config)).toEqual([]);
    expect(said(gangCapacity, [group(2), job(4, 4)], config)).toEqual([tooMany(16, 4, 12)]);
    for (const gpus of [-1, 0.5, "4"]) {
      expect(said(gangCapacity, [], { stack: { rules: { "GPU-15": { gpus } } } })).toHaveLength(1);
    }
    expect(said(gangCapacity, [], { stack: { rules: { "GPU-15": { gpus: 0 } } } })).toEqual([]);
  });

  it.each<[string, TestResource[], string?]>([
    ["the largest size", [group(UNKNOWN_STRING), job(3, 4)]],
    ["the machines", [group(2, UNKNOWN_STRING), job(3, 4)]],
    ["all the machines", [group(2, "x", { instanceTypes: UNKNOWN_STRING }), job(3, 4)]],
    ["the GPUs of a node", [gpuNode("a", UNKNOWN_STRING), job(3, 4)]],
    [
      "the selected pool",
      [group(2), poolGroup("more", "g5.12xlarge", 2), job(3, 4, { nodeSelector: { [POOL]: UNKNOWN_STRING } })],
    ],
    ["the taints of the pool", [group(3, "g5.12xlarge", { taints: UNKNOWN_STRING }), job(3, 4)]],
    ["a taint of the pool", [group(3, "g5.12xlarge", { taints: [UNKNOWN_STRING] }), job(3, 4)]],
    ["the replicas", [group(2), job(UNKNOWN_STRING, 4)], "spec.pytorchReplicaSpecs.Worker.template"],
    [
      "the GPUs of a pod",
      [group(2), job(1, UNKNOWN_STRING)],
      `${WORKERS}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
  ])("cannot decide without knowing %s", (_case, resources, path = WORKERS) => {
    expect(said(gangCapacity, resources)).toEqual([undecidedAt(gangCapacity, "PyTorchJob ml/bert", path)]);
  });

  it("needs not know more where nothing bounds the pool, or where it is too small in any case", () => {
    expect(said(gangCapacity, [group(undefined), job(UNKNOWN_STRING, 4)])).toEqual([]);
    expect(said(gangCapacity, [group(2), poolGroup("a", "g5.xlarge", UNKNOWN_STRING), job(3, 4)])).toEqual([
      tooMany(12, 3, 8),
    ]);
    expect(
      said(gangCapacity, [group(3, "g5.12xlarge"), poolGroup("a", "g5.xlarge", UNKNOWN_STRING), job(3, 4, {})]),
    ).toEqual([undecidedAt(gangCapacity, "PyTorchJob ml/bert", WORKERS)]);
  });

  it("reaches the workers of an MPIJob, whose launcher may run anywhere", () => {
    const launcher = { template: { spec: { containers: [container()] } } };
    const workers = { replicas: 3, template: { spec: { ...onTrain, containers: [container(4)] } } };
    const mpi = object("kubeflow.org/v2beta1", "MPIJob", "bert", {
      spec: { mpiReplicaSpecs: { Launcher: launcher, Worker: workers } },
    });

    expect(said(gangCapacity, [group(2), poolGroup("more", "g5.12xlarge", 9), mpi])).toEqual([
      tooMany(12, 4, 8).replace("PyTorchJob", "MPIJob").replace(WORKERS, "spec.mpiReplicaSpecs.Worker.template.spec"),
    ]);
  });
});
