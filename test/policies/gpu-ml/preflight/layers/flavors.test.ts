import { describe, expect, it } from "vitest";
import { flavorPool } from "../../../../../policies/gpu-ml/preflight/layers/flavor-pool";
import { flavorQuota } from "../../../../../policies/gpu-ml/preflight/layers/flavor-quota";
import { flavorToleration } from "../../../../../policies/gpu-ml/preflight/layers/flavor-toleration";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import {
  clusterQueue,
  node,
  nodeGroup,
  object,
  poolGroup,
  quota,
  release,
  said,
  undecidedAt,
} from "../../stack/resources";
import { DEDICATED, nodePool } from "./objects";

const POOL = "mlstack.dev/pool";

function flavor(nodeLabels: unknown, rest: object = {}, name: unknown = "train"): TestResource {
  const spec = { ...(nodeLabels === undefined ? {} : { nodeLabels }), ...rest };
  return object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "train", { spec }, { name, namespace: undefined });
}

const TRAIN = poolGroup("train", "g5.12xlarge", 2);
const OF_TRAIN = flavor({ [POOL]: "train" });

describe("LAY-02 labels of flavors", () => {
  const refusal = (labels: string, pools: string) =>
    `advisory [LAY-02] ResourceFlavor train: spec.nodeLabels is ${labels}, which no node of the stack has; allowed: ` +
    `labels of one pool, as in ${pools}. Name the labels of the pool that the flavor stands for.`;

  it.each<[string, TestResource[]]>([
    ["the labels of a pool", [TRAIN, OF_TRAIN]],
    ["those of one of several pools", [poolGroup("serve", "g5.xlarge"), TRAIN, OF_TRAIN]],
    ["a label that no pool of the stack declares", [TRAIN, flavor({ "example.com/rack": "a" })]],
    ["an instance type that a pool has", [TRAIN, flavor({ "node.kubernetes.io/instance-type": "g5.12xlarge" })]],
    ["a flavor without labels", [TRAIN, flavor(undefined)]],
    ["a flavor with no labels", [TRAIN, flavor({})]],
    ["a flavor whose labels are null", [TRAIN, flavor(null)]],
    ["a stack without pools", [flavor({ [POOL]: "training" })]],
    [
      "a stack of components only",
      [
        { type: "mlstack:index:GpuNodePool", name: "serve", props: { shape: { name: "serve" } } },
        flavor({ [POOL]: "training" }),
      ],
    ],
    ["nodes that are hidden", [TRAIN, { type: "eks:index:Cluster", props: {} }, flavor({ [POOL]: "training" })]],
    [
      "nodes of an Auto Scaling group",
      [TRAIN, { type: "aws:autoscaling/group:Group", props: {} }, flavor({ [POOL]: "training" })],
    ],
    [
      "nodes that are hidden in Auto Mode",
      [
        TRAIN,
        { type: "eks:index:Cluster", props: { skipDefaultNodeGroup: true, autoMode: { enabled: true } } },
        flavor({ [POOL]: "training" }),
      ],
    ],
    [
      "nodes that are hidden in Fargate",
      [
        TRAIN,
        { type: "eks:index:Cluster", props: { skipDefaultNodeGroup: true, fargate: true } },
        flavor({ [POOL]: "x" }),
      ],
    ],
    [
      "nodes that are hidden in other resources of the provider",
      [TRAIN, { type: "eks:index:ManagedNodeGroup", props: { skipDefaultNodeGroup: true } }, flavor({ [POOL]: "x" })],
    ],
    [
      "other kinds",
      [TRAIN, object("kueue.x-k8s.io/v1beta2", "Topology", "train", { spec: { nodeLabels: { [POOL]: "x" } } })],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(flavorPool, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "a pool that is not there",
      [TRAIN, flavor({ [POOL]: "training" })],
      refusal("mlstack.dev/pool=training", "labels of NodeGroup train"),
    ],
    [
      "labels of two pools",
      [TRAIN, flavor({ [POOL]: "train", "node.kubernetes.io/instance-type": "p5.48xlarge" })],
      refusal("mlstack.dev/pool=train and node.kubernetes.io/instance-type=p5.48xlarge", "labels of NodeGroup train"),
    ],
    [
      "more pools than a message names",
      ["a", "b", "c", "d"].map((name) => poolGroup(name, "g5.xlarge")).concat(flavor({ [POOL]: "e" })),
      refusal("mlstack.dev/pool=e", "labels of NodeGroup a, labels of NodeGroup b, labels of NodeGroup c and 1 more"),
    ],
    [
      "as many pools as a message names",
      ["a", "b", "c"].map((name) => poolGroup(name, "g5.xlarge")).concat(flavor({ [POOL]: "e" })),
      refusal("mlstack.dev/pool=e", "labels of NodeGroup a, labels of NodeGroup b, labels of NodeGroup c"),
    ],
    [
      "nodes and NodePools",
      [node("n", { [POOL]: "a" }), nodePool("b", ["g5.xlarge"], {}, {}, { [POOL]: "b" }), flavor({ [POOL]: "c" })],
      refusal("mlstack.dev/pool=c", "metadata.labels of Node ml/n, spec.template.metadata.labels of NodePool b"),
    ],
    [
      "tags of the Auto Scaling group behind a managed one",
      [TRAIN, { type: "aws:autoscaling/tag:Tag", props: {} }, flavor({ [POOL]: "training" })],
      refusal("mlstack.dev/pool=training", "labels of NodeGroup train"),
    ],
    [
      "a cluster that makes no nodes of its own",
      [TRAIN, { type: "eks:index:Cluster", props: { skipDefaultNodeGroup: true } }, flavor({ [POOL]: "training" })],
      refusal("mlstack.dev/pool=training", "labels of NodeGroup train"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(flavorPool, resources)).toEqual([message]);
  });

  it("leaves out flavors whose nodes are elsewhere", () => {
    const config = (flavors: string[]) => ({ stack: { rules: { "LAY-02": { level: "mandatory", flavors } } } });
    const resources = [TRAIN, flavor({ [POOL]: "training" })];

    expect(said(flavorPool, resources, config(["train"]))).toEqual([]);
    expect(said(flavorPool, resources, config(["serve"]))).toHaveLength(1);
  });

  it.each<[string, TestResource[]]>([
    ["the label", [TRAIN, flavor({ [POOL]: UNKNOWN_STRING })]],
    ["all labels", [TRAIN, flavor(UNKNOWN_STRING)]],
    ["the labels of the pool", [nodeGroup("train", { labels: UNKNOWN_STRING }), OF_TRAIN]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(flavorPool, resources)).toEqual([undecidedAt(flavorPool, "ResourceFlavor train", "spec.nodeLabels")]);
  });
});

describe("LAY-02 taints of flavors", () => {
  const tainted = (taints: unknown) => poolGroup("train", "g5.xlarge", 1, { taints });
  const refusal = (taint = "dedicated=research:NoSchedule", end = "taints of NodeGroup train") =>
    `advisory [LAY-02] ResourceFlavor train: spec.tolerations is without a match for ${taint}, which is in ${end}; ` +
    "allowed: tolerations for the taints of the nodes, or these taints in spec.nodeTaints. Add a toleration for it.";
  const ofTrain = (rest: object) => flavor({ [POOL]: "train" }, rest);

  it.each<[string, TestResource[]]>([
    ["a toleration", [tainted([DEDICATED]), ofTrain({ tolerations: [{ key: "dedicated", operator: "Exists" }] })]],
    [
      "the taint, told to Kueue",
      [tainted([DEDICATED]), ofTrain({ nodeTaints: [{ key: "dedicated", value: "research", effect: "NoSchedule" }] })],
    ],
    [
      "a taint without a value, told to Kueue",
      [tainted([{ key: "a", effect: "NO_SCHEDULE" }]), ofTrain({ nodeTaints: [{ key: "a", effect: "NoSchedule" }] })],
    ],
    ["a taint that only asks", [tainted([{ ...DEDICATED, effect: "PREFER_NO_SCHEDULE" }]), OF_TRAIN]],
    ["a pool without taints", [tainted([]), OF_TRAIN]],
    ["taints of other pools", [tainted([DEDICATED]), flavor({ [POOL]: "serve" })]],
    ["a flavor without labels", [tainted([DEDICATED]), flavor(undefined)]],
    ["a flavor whose labels are null", [tainted([DEDICATED]), flavor(null)]],
    ["what is no flavor", [tainted([DEDICATED])]],
  ])("accepts %s", (_case, resources) => {
    expect(said(flavorToleration, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string[]]>([
    ["no toleration", [tainted([DEDICATED]), OF_TRAIN], [refusal()]],
    [
      "a toleration of another taint",
      [tainted([DEDICATED]), ofTrain({ tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }] })],
      [refusal()],
    ],
    ...(["key", "value", "effect"] as const).map((field): [string, TestResource[], string[]] => [
      `a taint with another ${field}, told to Kueue`,
      [
        tainted([DEDICATED]),
        ofTrain({ nodeTaints: [{ key: "dedicated", value: "research", effect: "NoSchedule", [field]: "NoExecute" }] }),
      ],
      [refusal()],
    ]),
    [
      "each taint of a NodePool",
      [
        nodePool(
          "b",
          ["g5.xlarge"],
          {},
          {
            taints: [
              { key: "a", effect: "NoSchedule" },
              { key: "b", effect: "NoExecute" },
            ],
          },
          {
            [POOL]: "train",
          },
        ),
        OF_TRAIN,
      ],
      [
        refusal("a:NoSchedule", "spec.template.spec.taints of NodePool b"),
        refusal("b:NoExecute", "spec.template.spec.taints of NodePool b"),
      ],
    ],
    [
      "the same taint of several pools once",
      [tainted([DEDICATED]), { ...tainted([DEDICATED]), name: "b" }, OF_TRAIN],
      [refusal()],
    ],
    [
      "a taint beside one that is not known",
      [tainted([UNKNOWN_STRING, DEDICATED]), OF_TRAIN],
      [refusal(), undecidedAt(flavorToleration, "ResourceFlavor train", "spec.tolerations")],
    ],
  ])("refuses %s", (_case, resources, messages) => {
    expect(said(flavorToleration, resources)).toEqual(messages);
  });

  it.each<[string, TestResource[]]>([
    ["the taints", [tainted(UNKNOWN_STRING), OF_TRAIN]],
    [
      "a part of a taint",
      [
        tainted([{ ...DEDICATED, value: UNKNOWN_STRING }]),
        ofTrain({ nodeTaints: [{ key: "dedicated", value: "research", effect: "NoSchedule" }] }),
      ],
    ],
    ["the tolerations", [tainted([DEDICATED]), ofTrain({ tolerations: UNKNOWN_STRING })]],
    ["what Kueue is told", [tainted([DEDICATED]), ofTrain({ nodeTaints: UNKNOWN_STRING })]],
    ["one taint that Kueue is told", [tainted([DEDICATED]), ofTrain({ nodeTaints: [UNKNOWN_STRING] })]],
    ["the label", [tainted([DEDICATED]), flavor({ [POOL]: UNKNOWN_STRING })]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(flavorToleration, resources)).toEqual([
      undecidedAt(flavorToleration, "ResourceFlavor train", "spec.tolerations"),
    ]);
  });
});

describe("LAY-02 quotas of flavors", () => {
  const GPU = "nvidia.com/gpu";
  const research = (amount: unknown, name = "research") => clusterQueue(name, [quota(GPU, amount)]);
  const PATH = "spec.resourceGroups[0].flavors[0].resources[0].nominalQuota";
  const refusal = (
    total: number,
    most: number,
    by = "pool train can have by scalingConfig.maxSize of NodeGroup train",
    what = "a quota",
  ) =>
    `advisory [LAY-02] ClusterQueue ml/research: ${PATH} is ${what} of ${total} GPUs of ResourceFlavor ` +
    `train; allowed: at most ${most}, which ${by}. Lower the quotas, or raise the largest size of the pool.`;
  const component = {
    type: "mlstack:index:GpuNodePool",
    name: "train",
    props: { shape: { name: "train", instanceTypes: ["g5.12xlarge"], maxNodes: 4, labels: { [POOL]: "train" } } },
  };

  it.each<[string, TestResource[]]>([
    ["what the pool can have", [TRAIN, OF_TRAIN, research(8)]],
    ["several queues within it", [TRAIN, OF_TRAIN, research(4), research(4, "serving")]],
    ["what a component can have beside a smaller number of nodes", [component, TRAIN, OF_TRAIN, research(16)]],
    ["a pool without a largest size", [poolGroup("train", "g5.xlarge"), OF_TRAIN, research(800)]],
    ["quotas of other resources", [TRAIN, OF_TRAIN, clusterQueue("research", [quota("cpu", 800)])]],
    ["other flavors", [TRAIN, OF_TRAIN, clusterQueue("research", [quota(GPU, 800)], {}, "serve")]],
    ["a flavor without labels", [TRAIN, flavor(undefined), research(800)]],
    ["flavors of nodes that are not there", [TRAIN, flavor({ [POOL]: "x" }), research(800)]],
    [
      "machines that are not known and quotas of other resources",
      [poolGroup("train", UNKNOWN_STRING, 1), OF_TRAIN, clusterQueue("research", [quota("cpu", 8)])],
    ],
    [
      "what one pool can have, beside one of which less is known",
      [TRAIN, nodeGroup("b", { instanceTypes: UNKNOWN_STRING, labels: UNKNOWN_STRING }), OF_TRAIN, research(8)],
    ],
    ["no quota", [TRAIN, OF_TRAIN, research(undefined)]],
    ["hidden nodes", [TRAIN, OF_TRAIN, research(800), { type: "eks:index:Cluster", props: {} }]],
    [
      "shared GPUs",
      [
        TRAIN,
        OF_TRAIN,
        research(800),
        release("nvidia-device-plugin", { config: { map: { a: "sharing: { timeSlicing: {} }" } } }),
      ],
    ],
    ["a stack without queues", [TRAIN, OF_TRAIN]],
    ["a stack without flavors", [TRAIN, research(800)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(flavorQuota, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["more than the pool can have", [TRAIN, OF_TRAIN, research(9)], refusal(9, 8)],
    [
      "more than it all together",
      [TRAIN, OF_TRAIN, research(4, "serving"), research(5)],
      refusal(9, 8, undefined, "one of several quotas, together"),
    ],
    [
      "more than a component can have",
      [component, TRAIN, OF_TRAIN, research(17)],
      refusal(
        17,
        16,
        "pool train can have by shape.maxNodes of GpuNodePool train, scalingConfig.maxSize of NodeGroup train",
      ),
    ],
    [
      "more than it for certain, though a part is not known",
      [TRAIN, OF_TRAIN, research(9), research(UNKNOWN_STRING, "serving")],
      refusal(9, 8),
    ],
    [
      "more than a pool can have beside one that may be of the flavor",
      [
        TRAIN,
        nodeGroup("b", { instanceTypes: ["g5.xlarge"], labels: UNKNOWN_STRING, scalingConfig: { maxSize: 1 } }),
        OF_TRAIN,
        research(10),
      ],
      refusal(
        10,
        9,
        "pools train, b can have by scalingConfig.maxSize of NodeGroup train, scalingConfig.maxSize of NodeGroup b",
      ),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(flavorQuota, resources)).toEqual([message]);
  });

  it.each<[string, TestResource[]]>([
    ["an amount", [TRAIN, OF_TRAIN, research(UNKNOWN_STRING)]],
    ["one of two amounts", [TRAIN, OF_TRAIN, research(4), research(UNKNOWN_STRING, "serving")]],
    ["a resource", [TRAIN, OF_TRAIN, clusterQueue("research", [quota(UNKNOWN_STRING, 9)])]],
    ["a flavor", [TRAIN, OF_TRAIN, clusterQueue("research", [quota(GPU, 9)], {}, UNKNOWN_STRING)]],
    ["the size of the pool", [poolGroup("train", "g5.xlarge", UNKNOWN_STRING), OF_TRAIN, research(1)]],
    ["the machines of the pool", [poolGroup("train", UNKNOWN_STRING, 1), OF_TRAIN, research(1)]],
    ["the label", [TRAIN, flavor({ [POOL]: UNKNOWN_STRING }), research(9)]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(flavorQuota, resources)).toEqual([undecidedAt(flavorQuota, "ClusterQueue ml/research", PATH)]);
  });

  it("needs not know the flavor of what is there in any case", () => {
    const queue = clusterQueue("research", [quota(GPU, 8)], {}, UNKNOWN_STRING);

    expect(said(flavorQuota, [TRAIN, OF_TRAIN, queue])).toEqual([]);
  });
});
