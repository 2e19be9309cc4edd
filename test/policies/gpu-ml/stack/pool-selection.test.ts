import { describe, expect, it } from "vitest";
import { poolSelection } from "../../../../policies/gpu-ml/stack/pool-selection";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { karpenterPool, node, nodeGroup, object, pod, poolGroup, said, undecidedAt } from "./resources";

const POOL = "mlstack.dev/pool";
const TYPE = "node.kubernetes.io/instance-type";
const PRODUCT = "nvidia.com/gpu.product";
const train = poolGroup("train", "g5.xlarge");

function selecting(nodeSelector: unknown): TestResource {
  return pod(1, { nodeSelector });
}

function requiring(...terms: unknown[]): TestResource {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
  return pod(1, { affinity: { nodeAffinity: required } });
}

function expression(key: unknown, operator: unknown, values?: unknown): object {
  return { matchExpressions: [{ key, operator, values }] };
}

function refusal(observed: string, pools: string, keys: string, path = "spec.nodeSelector"): string {
  return (
    `advisory [GPU-04] Pod ml/chat: ${path} is ${observed}, which no pool of the stack has; ` +
    `allowed: labels of ${pools}. Correct ${keys}, or declare such a pool.`
  );
}

const AFFINITY = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";

describe("GPU-04 selection over the stack", () => {
  it.each<[string, TestResource[]]>([
    ["a pod that selects a declared pool", [train, selecting({ [POOL]: "train" })]],
    ["a pod that selects nothing", [train, pod(1)]],
    ["a pod with an empty selector", [train, selecting({})]],
    ["a stack without pools", [selecting({ [POOL]: "training" })]],
    ["a label that controllers may put on nodes", [train, selecting({ "example.com/rack": "4" })]],
    ["the instance type of a pool", [train, selecting({ [TYPE]: "g5.xlarge" })]],
    ["the GPU product of a pool", [train, selecting({ [PRODUCT]: "NVIDIA-A10G" })]],
    [
      "a product of shared GPUs",
      [poolGroup("a", "p4d.24xlarge"), selecting({ [PRODUCT]: "NVIDIA-A100-SXM4-40GB-SHARED" })],
    ],
    [
      "a product of several words",
      [poolGroup("a", "g7e.2xlarge"), selecting({ [PRODUCT]: "NVIDIA-RTX-PRO-6000-Server" })],
    ],
    [
      "an unfit product beside a fit one",
      [
        poolGroup("a", "g7e.2xlarge"),
        requiring(expression(PRODUCT, "In", ["NVIDIA-RTX-A6000", "NVIDIA-RTX-PRO-6000-Server"])),
      ],
    ],
    ["a product that a node has", [node("n", { [PRODUCT]: "Tesla-T4" }), selecting({ [PRODUCT]: "Tesla-T4" })]],
    ["a product where machines are not said", [nodeGroup("a", {}), selecting({ [PRODUCT]: "Tesla-T4" })]],
    ["the architecture of a pool", [train, selecting({ "kubernetes.io/arch": "amd64" })]],
    ["a zone where the pool says none", [train, selecting({ "topology.kubernetes.io/zone": "eu-west-1a" })]],
    [
      "the model that a component says",
      [
        { type: "mlstack:index:GpuNodePool", props: { instanceType: "g5.xlarge" } },
        selecting({ "mlstack.dev/gpu-model": "a10g" }),
      ],
    ],
    [
      "how machines are bought",
      [poolGroup("a", "g5.xlarge", 1, { capacityType: "SPOT" }), selecting({ "mlstack.dev/capacity-type": "spot" })],
    ],
    [
      "a label of a component that only says its arguments",
      [
        { type: "mlstack:index:GpuNodePool", props: { poolName: "a", instanceType: "g5.xlarge" } },
        node("n", { team: "b" }),
        selecting({ team: "a" }),
      ],
    ],
    [
      "a model of the GPUs that Karpenter chooses",
      [
        karpenterPool("any", [{ key: "karpenter.k8s.aws/instance-gpu-name", operator: "In", values: ["l4"] }]),
        selecting({ "karpenter.k8s.aws/instance-gpu-name": "l4" }),
      ],
    ],
    [
      "a family that Karpenter chooses",
      [
        karpenterPool("any", [{ key: TYPE, operator: "In", values: ["g5.xlarge"] }]),
        selecting({ "karpenter.k8s.aws/instance-family": "g5" }),
      ],
    ],
    [
      "a value of a requirement",
      [karpenterPool("any", [{ key: "team", operator: "In", values: ["a", "b"] }]), selecting({ team: "b" })],
    ],
    [
      "a label of Karpenter that the pool does not narrow",
      [karpenterPool("any", []), selecting({ "karpenter.k8s.aws/instance-family": "g5" })],
    ],
    [
      "a requirement that allows any value",
      [karpenterPool("any", [{ key: "team", operator: "Exists" }]), selecting({ team: "b" })],
    ],
    [
      "pools built into EKS Auto Mode",
      [
        train,
        { type: "aws:eks/cluster:Cluster", props: { computeConfig: { nodePools: ["general-purpose"] } } },
        selecting({ [POOL]: "x" }),
      ],
    ],
    [
      "built-in pools that are not known yet",
      [
        train,
        { type: "aws:eks/cluster:Cluster", props: { computeConfig: { nodePools: UNKNOWN_STRING } } },
        selecting({ [POOL]: "x" }),
      ],
    ],
    [
      "nodes of an Auto Scaling group",
      [train, { type: "aws:autoscaling/group:Group", props: {} }, selecting({ [POOL]: "x" })],
    ],
    ["one term that fits", [train, requiring(expression(POOL, "In", ["x"]), expression(POOL, "In", ["train"]))]],
    ["no terms", [train, requiring()]],
    ["a term without expressions", [train, requiring({})]],
    ["a label that is there, whatever its value", [train, requiring(expression(POOL, "Exists"))]],
    ["another value", [train, requiring(expression(POOL, "NotIn", ["x"]))]],
    [
      "another value of a label that is not there",
      [train, node("n", { team: "a" }), requiring(expression("team", "NotIn", ["a"]))],
    ],
    ["a label that is not there", [train, node("n", { team: "a" }), requiring(expression("team", "DoesNotExist"))]],
    ["a comparison of numbers", [train, requiring(expression(POOL, "Gt", ["4"]))]],
  ])("accepts %s", (_case, resources) => {
    expect(said(poolSelection, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "a pool that is not there",
      [train, selecting({ [POOL]: "training" })],
      refusal(`${POOL}=training`, "pool train", POOL),
    ],
    [
      "an instance type",
      [train, selecting({ [TYPE]: "p5.48xlarge" })],
      refusal(`${TYPE}=p5.48xlarge`, "pool train", TYPE),
    ],
    [
      "an architecture",
      [train, selecting({ "kubernetes.io/arch": "arm64" })],
      refusal("kubernetes.io/arch=arm64", "pool train", "kubernetes.io/arch"),
    ],
    [
      "a GPU product",
      [train, selecting({ [PRODUCT]: "NVIDIA-L4" })],
      refusal(`${PRODUCT}=NVIDIA-L4`, "pool train", PRODUCT),
    ],
    [
      "a product where no pool has GPUs",
      [poolGroup("cpu", "m6i.large"), selecting({ [PRODUCT]: "NVIDIA-L4" })],
      refusal(`${PRODUCT}=NVIDIA-L4`, "pool cpu", PRODUCT),
    ],
    [
      "a label that another pool has",
      [
        train,
        poolGroup("a", "g5.xlarge", 1, { labels: { [POOL]: "a", team: "x" } }),
        selecting({ [POOL]: "train", team: "x" }),
      ],
      refusal(`${POOL}=train and team=x`, "pools train, a", `${POOL}, team`),
    ],
    [
      "a label of Karpenter on node groups",
      [train, selecting({ "karpenter.sh/nodepool": "a" })],
      refusal("karpenter.sh/nodepool=a", "pool train", "karpenter.sh/nodepool"),
    ],
    [
      "a model of Karpenter on node groups",
      [train, selecting({ "karpenter.k8s.aws/instance-gpu-name": "a10g" })],
      refusal("karpenter.k8s.aws/instance-gpu-name=a10g", "pool train", "karpenter.k8s.aws/instance-gpu-name"),
    ],
    [
      "a model that Karpenter may not choose",
      [
        karpenterPool("any", [{ key: TYPE, operator: "In", values: ["g5.xlarge", "m6i.large"] }]),
        selecting({ "karpenter.k8s.aws/instance-gpu-name": "l4" }),
      ],
      refusal("karpenter.k8s.aws/instance-gpu-name=l4", "pool any", "karpenter.k8s.aws/instance-gpu-name"),
    ],
    [
      "a family that Karpenter may not choose",
      [
        karpenterPool("any", [{ key: TYPE, operator: "In", values: ["g5.xlarge"] }]),
        selecting({ "karpenter.k8s.aws/instance-family": "g6" }),
      ],
      refusal("karpenter.k8s.aws/instance-family=g6", "pool any", "karpenter.k8s.aws/instance-family"),
    ],
    [
      "a value outside a requirement",
      [
        karpenterPool("any", [{ key: "team", operator: "In", values: ["a"] }], {}, { team: "c" }),
        karpenterPool("b", [{ key: "team", operator: "In", values: ["b"] }]),
        selecting({ team: "x" }),
      ],
      refusal("team=x", "pools any, b", "team"),
    ],
    [
      "a zone",
      [
        karpenterPool("any", [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1a"] }]),
        selecting({ "topology.kubernetes.io/zone": "eu-west-1b" }),
      ],
      refusal("topology.kubernetes.io/zone=eu-west-1b", "pool any", "topology.kubernetes.io/zone"),
    ],
    [
      "no term that fits",
      [train, requiring(expression(POOL, "In", ["x", "y"]), expression(POOL, "NotIn", ["train"]))],
      refusal(`${POOL}=x or y or ${POOL} NotIn train`, "pool train", POOL, AFFINITY),
    ],
    [
      "a label that is there",
      [train, requiring(expression(POOL, "DoesNotExist"))],
      refusal(`${POOL} DoesNotExist`, "pool train", POOL, AFFINITY),
    ],
    [
      "a label that is not there",
      [
        train,
        node("n", { team: "a", [POOL]: "n" }),
        requiring({
          matchExpressions: [
            { key: "team", operator: "Exists" },
            { key: POOL, operator: "In", values: ["train"] },
          ],
        }),
      ],
      refusal(`team Exists and ${POOL}=train`, "pools train, n", `team, ${POOL}`, AFFINITY),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(poolSelection, resources)).toEqual([message]);
  });

  it("names a few of many pools, and equal nodes once", () => {
    const pools = ["a", "b", "c", "d", "e", "f", "g"].map((name) => poolGroup(name, "g5.xlarge"));
    const nodes = [1, 2, 3].map((index) => node(`n${index}`, { [POOL]: "a", "kubernetes.io/hostname": `n${index}` }));

    expect(said(poolSelection, [...pools, ...nodes, selecting({ [POOL]: "x" })])).toEqual([
      refusal(`${POOL}=x`, "pools a, b, c, d, e and 2 more", POOL),
    ]);
    expect(said(poolSelection, [...pools.slice(0, 5), ...nodes, selecting({ [POOL]: "x" })])).toEqual([
      refusal(`${POOL}=x`, "pools a, b, c, d, e", POOL),
    ]);
  });

  it("leaves alone what is said to exist outside the stack", () => {
    const config = { stack: { rules: { "GPU-04": { labels: [`${POOL}=shared`] } } } };

    expect(said(poolSelection, [train, selecting({ [POOL]: "shared" })], config)).toEqual([]);
    expect(said(poolSelection, [train, selecting({ [POOL]: "share" })], config)).toHaveLength(1);
  });

  it("reaches the pods of a job", () => {
    const template = { spec: { nodeSelector: { [POOL]: "x" }, containers: [] } };
    const job = object("batch/v1", "Job", "chat", { spec: { template } });

    expect(said(poolSelection, [train, job])).toEqual([
      refusal(`${POOL}=x`, "pool train", POOL, "spec.template.spec.nodeSelector").replace("Pod ml/chat", "Job ml/chat"),
    ]);
  });

  it.each<[string, TestResource[], string?]>([
    [
      "the labels of the pool",
      [poolGroup("train", "g5.xlarge", 1, { labels: UNKNOWN_STRING }), selecting({ [POOL]: "x" })],
    ],
    ["the name of the pool", [poolGroup(UNKNOWN_STRING, "g5.xlarge"), selecting({ [POOL]: "x" })]],
    ["the pod's selector", [train, selecting(UNKNOWN_STRING)]],
    ["the selected pool", [train, selecting({ [POOL]: UNKNOWN_STRING })]],
    ["the machines of the pool", [poolGroup("train", UNKNOWN_STRING), selecting({ [PRODUCT]: "Tesla-T4" })]],
    ["the product", [train, selecting({ [PRODUCT]: UNKNOWN_STRING, [POOL]: "train" })]],
    ["the requirements", [karpenterPool("any", UNKNOWN_STRING), selecting({ "karpenter.sh/nodepool": "x" })]],
    [
      "the values of a requirement",
      [karpenterPool("any", [{ key: "team", operator: "In", values: UNKNOWN_STRING }]), selecting({ team: "x" })],
    ],
    [
      "a value of a requirement",
      [karpenterPool("any", [{ key: "team", operator: "In", values: [UNKNOWN_STRING] }]), selecting({ team: "x" })],
    ],
    [
      "a type that Karpenter may choose",
      [
        karpenterPool("any", [{ key: TYPE, operator: "In", values: [UNKNOWN_STRING] }]),
        selecting({ "karpenter.k8s.aws/instance-family": "g6" }),
      ],
    ],
    [
      "the types that Karpenter may choose",
      [
        karpenterPool("any", [{ key: TYPE, operator: "In", values: UNKNOWN_STRING }]),
        selecting({ "karpenter.k8s.aws/instance-family": "g6" }),
      ],
    ],
    [
      "the terms",
      [
        train,
        pod(1, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: UNKNOWN_STRING } } }),
      ],
      AFFINITY,
    ],
    ["the expressions of a term", [train, requiring({ matchExpressions: UNKNOWN_STRING })], AFFINITY],
    ["the key", [train, requiring(expression(UNKNOWN_STRING, "In", ["x"]))], AFFINITY],
    ["the operator", [train, requiring(expression(POOL, UNKNOWN_STRING, ["x"]))], AFFINITY],
    ["the values", [train, requiring(expression(POOL, "In", UNKNOWN_STRING))], AFFINITY],
  ])("cannot decide without knowing %s", (_case, resources, path = "spec.nodeSelector") => {
    expect(said(poolSelection, resources)).toEqual([undecidedAt(poolSelection, "Pod ml/chat", path)]);
  });
});
