import { describe, expect, it } from "vitest";
import { pluginReach } from "../../../../../policies/gpu-ml/preflight/layers/plugin-reach";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { node, nodeGroup, object, release, said, undecidedAt } from "../../stack/resources";
import { AUTO_MODE, DEDICATED, nodeClass, nodePool, pluginSet, PRESENT } from "./objects";

const CHART = release("nvidia-device-plugin");
const OPERATOR = release("gpu-operator");

function gpuGroup(props: object = {}): TestResource {
  return nodeGroup("train", { instanceTypes: ["g5.xlarge"], labels: PRESENT, ...props });
}

const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" };

function byTaint(
  title: string,
  path: string,
  taint = "dedicated=research:NoSchedule",
  end = "taints of NodeGroup train",
): string {
  return (
    `mandatory [LAY-01] ${title}: ${path} is without a match for ${taint}, which is in ${end}; allowed: tolerations for ` +
    "the taints of all nodes with GPUs. Add a toleration for it."
  );
}

const PRESENT_LABEL = 'nvidia.com/gpu.present: "true"';

function byLabel(
  title: string,
  path: string,
  end = "labels of NodeGroup train",
  remedy = `Label the pool with ${PRESENT_LABEL}, or have the plugin select labels that it has.`,
): string {
  return (
    `mandatory [LAY-01] ${title}: ${path} is a choice of nodes by labels that are not in ${end}, so that the GPUs of pool ` +
    `${end.split(/ (?:ml\/)?/).at(-1)} are offered to no pod; allowed: labels of all nodes with GPUs. ${remedy}`
  );
}

function requires(key: string, operator: string, ...values: string[]): object {
  return { key, operator, values };
}

/** A node affinity of these terms. */
function required(...terms: object[][]): object {
  const nodeSelectorTerms = terms.map((matchExpressions) => ({ matchExpressions }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

const SET = "DaemonSet ml/nvidia-device-plugin";
const SET_TOLERATIONS = "spec.template.spec.tolerations";
const OF_GPU_NODES = { nodeSelector: PRESENT };

describe("LAY-01 the device plugin on GPU nodes", () => {
  it.each<[string, TestResource[]]>([
    ["the chart on labelled nodes", [CHART, gpuGroup()]],
    ["the chart on nodes with the usual taint", [CHART, gpuGroup({ taints: [GPU_TAINT] })]],
    [
      "a DaemonSet that tolerates everything",
      [pluginSet({ tolerations: [{ operator: "Exists" }] }), gpuGroup({ taints: [DEDICATED] })],
    ],
    ["the operator on nodes without labels", [OPERATOR, gpuGroup({ labels: {} })]],
    ["the operator on nodes with the usual taint", [OPERATOR, gpuGroup({ taints: [GPU_TAINT] })]],
    [
      "the operator with tolerations of its own",
      [
        release("gpu-operator", { daemonsets: { tolerations: [{ key: "dedicated", operator: "Exists" }] } }),
        gpuGroup({ taints: [DEDICATED] }),
      ],
    ],
    [
      "a second plugin for the nodes that the first one leaves out",
      [CHART, pluginSet({ tolerations: [{ operator: "Exists" }] }), gpuGroup({ taints: [DEDICATED], labels: {} })],
    ],
    ["nodes without GPUs", [CHART, gpuGroup({ instanceTypes: ["m6i.large"], taints: [DEDICATED], labels: {} })]],
    ["Bottlerocket, which brings its own", [CHART, gpuGroup({ amiType: "BOTTLEROCKET_x86_64_NVIDIA", labels: {} })]],
    ["Auto Mode, which brings its own", [CHART, nodePool("a", ["g5.xlarge"], AUTO_MODE)]],
    ["Bottlerocket by an alias", [CHART, nodePool("a", ["g5.xlarge"]), nodeClass("bottlerocket@1.50.0")]],
    ["a stack without a plugin", [gpuGroup({ labels: {} })]],
    [
      "a plugin that is switched off",
      [release("gpu-operator", { devicePlugin: { enabled: false } }), gpuGroup({ taints: [DEDICATED] })],
    ],
    [
      "a selector by a label of which no pool tells",
      [pluginSet({ nodeSelector: { "example.com/gpu": "yes" } }), gpuGroup()],
    ],
    ["a taint that only asks", [pluginSet(), gpuGroup({ taints: [{ ...DEDICATED, effect: "PREFER_NO_SCHEDULE" }] })]],
    [
      "labelled nodes beside something that may label nodes",
      [CHART, object("apps/v1", "DaemonSet", "x", {}, { name: UNKNOWN_STRING }), gpuGroup()],
    ],
    ["nodes that feature discovery labels", [CHART, release("node-feature-discovery"), gpuGroup({ labels: {} })]],
    [
      "nodes that the chart labels",
      [release("nvidia-device-plugin", { gfd: { enabled: true } }), gpuGroup({ labels: {} })],
    ],
    [
      "nodes that its feature discovery labels",
      [release("nvidia-device-plugin", { nfd: { enabled: true } }), gpuGroup({ labels: {} })],
    ],
    ["nodes that the operator labels", [pluginSet(OF_GPU_NODES), OPERATOR, gpuGroup({ labels: {} })]],
    [
      "nodes that a policy of the operator has labelled",
      [
        pluginSet(OF_GPU_NODES),
        object("nvidia.com/v1", "ClusterPolicy", "gpus", { spec: { devicePlugin: { enabled: false } } }),
        gpuGroup({ labels: {} }),
      ],
    ],
    [
      "nodes that a DaemonSet labels",
      [CHART, object("apps/v1", "DaemonSet", "nfd-worker", {}), gpuGroup({ labels: {} })],
    ],
    [
      "nodes that a Deployment has labelled",
      [CHART, object("apps/v1", "Deployment", "node-feature-discovery-master", {}), gpuGroup({ labels: {} })],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(pluginReach, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string[]]>([
    [
      "a taint that a DaemonSet does not tolerate",
      [pluginSet(), gpuGroup({ taints: [DEDICATED] })],
      [byTaint(SET, SET_TOLERATIONS)],
    ],
    [
      "a taint that the chart does not tolerate",
      [CHART, gpuGroup({ taints: [GPU_TAINT, DEDICATED] })],
      [byTaint("Release nvidia-device-plugin", "values.tolerations")],
    ],
    [
      "a taint that evicts, which the chart does not tolerate",
      [CHART, gpuGroup({ taints: [{ ...GPU_TAINT, effect: "NO_EXECUTE" }] })],
      [byTaint("Release nvidia-device-plugin", "values.tolerations", "nvidia.com/gpu=present:NoExecute")],
    ],
    [
      "a taint that the operator does not tolerate",
      [OPERATOR, gpuGroup({ taints: [DEDICATED] })],
      [byTaint("Release gpu-operator", "values.daemonsets.tolerations")],
    ],
    [
      "a taint that the operator's policy does not tolerate",
      [object("nvidia.com/v1", "ClusterPolicy", "gpus", { spec: {} }), gpuGroup({ taints: [DEDICATED] })],
      [byTaint("ClusterPolicy ml/gpus", "spec.daemonsets.tolerations")],
    ],
    [
      "nodes without the label",
      [CHART, gpuGroup({ labels: {} })],
      [byLabel("Release nvidia-device-plugin", "values.affinity")],
    ],
    [
      "nodes with another value of the label",
      [pluginSet(OF_GPU_NODES), gpuGroup({ labels: { "nvidia.com/gpu.present": "false" } })],
      [byLabel(SET, "spec.template.spec.nodeSelector")],
    ],
    [
      "an affinity that selects other nodes",
      [
        pluginSet({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: "nvidia.com/gpu.present", operator: "In", values: ["true"] }] },
                ],
              },
            },
          },
        }),
        gpuGroup({ labels: {} }),
      ],
      [byLabel(SET, "spec.template.spec.affinity")],
    ],
    [
      "pools that no plugin selects, though one selects others",
      [
        pluginSet({ nodeSelector: { "mlstack.dev/pool": "a" } }),
        nodeGroup("a", { instanceTypes: ["g5.xlarge"], labels: { "mlstack.dev/pool": "a" } }),
        gpuGroup(),
      ],
      [
        byLabel(
          SET,
          "spec.template.spec.nodeSelector",
          undefined,
          'Label the pool with mlstack.dev/pool: "a", or have the plugin select labels that it has.',
        ),
      ],
    ],
    [
      "nodes without several labels that a plugin selects, of which they have others",
      [
        pluginSet({
          nodeSelector: { ...PRESENT, "mlstack.dev/pool": "a", "mlstack.dev/gpu-model": "a10g" },
          affinity: required(
            [requires("team", "In", "x"), requires("mlstack.dev/pool", "In", "a", "b")],
            [requires("team", "NotIn", "x"), requires("mlstack.dev/pool", "In", "c")],
          ),
        }),
        nodeGroup("a", { instanceTypes: ["g5.xlarge"], labels: { "mlstack.dev/pool": "a", team: "x" } }),
        gpuGroup({ labels: { ...PRESENT, team: "y" } }),
      ],
      [
        byLabel(
          SET,
          "spec.template.spec.affinity",
          "labels of NodeGroup a",
          `Label the pool with ${PRESENT_LABEL}, or have the plugin select labels that it has.`,
        ),
        byLabel(
          SET,
          "spec.template.spec.affinity",
          undefined,
          'Label the pool with mlstack.dev/pool: "a" and team: "x", or have the plugin select labels that it has.',
        ),
      ],
    ],
    [
      "an affinity that no single label meets",
      [
        pluginSet({ affinity: required([requires("team", "NotIn", "x")]) }),
        gpuGroup({ labels: { ...PRESENT, team: "x" } }),
      ],
      [byLabel(SET, "spec.template.spec.affinity", undefined, "Have the plugin select labels that the pool has.")],
    ],
    [
      "NodePools and nodes",
      [
        pluginSet(OF_GPU_NODES),
        nodePool("a", ["g5.xlarge"]),
        nodeClass("al2023@v1"),
        node("n", { "node.kubernetes.io/instance-type": "g5.xlarge" }, {}),
      ],
      [
        byLabel(SET, "spec.template.spec.nodeSelector", "spec.template.metadata.labels of NodePool a"),
        byLabel(SET, "spec.template.spec.nodeSelector", "metadata.labels of Node ml/n"),
      ],
    ],
    [
      "the first plugin that is on, where one may be",
      [
        release("gpu-operator", { devicePlugin: { enabled: UNKNOWN_STRING } }),
        pluginSet(OF_GPU_NODES),
        gpuGroup({ taints: [DEDICATED] }),
      ],
      [byTaint(SET, SET_TOLERATIONS)],
    ],
    [
      "a chart that finds no features",
      [release("nvidia-device-plugin", { gfd: { enabled: false } }), gpuGroup({ labels: {} })],
      [byLabel("Release nvidia-device-plugin", "values.affinity")],
    ],
  ])("refuses %s", (_case, resources, messages) => {
    expect(said(pluginReach, resources)).toEqual(messages);
  });

  it("takes the word of whoever knows that nodes are labelled elsewhere", () => {
    const config = { stack: { rules: { "LAY-01": { level: "mandatory", nodeFeatures: true } } } };

    expect(said(pluginReach, [CHART, gpuGroup({ labels: {} })], config)).toEqual([]);
  });

  it.each<[string, TestResource[], string, string]>([
    ["the taints", [pluginSet(), gpuGroup({ taints: UNKNOWN_STRING })], SET, SET_TOLERATIONS],
    [
      "the tolerations",
      [pluginSet({ tolerations: UNKNOWN_STRING }), gpuGroup({ taints: [DEDICATED] })],
      SET,
      SET_TOLERATIONS,
    ],
    [
      "the labels",
      [pluginSet(OF_GPU_NODES), gpuGroup({ labels: UNKNOWN_STRING })],
      SET,
      "spec.template.spec.nodeSelector",
    ],
    [
      "the machines",
      [pluginSet(), gpuGroup({ instanceTypes: UNKNOWN_STRING, taints: [DEDICATED] })],
      SET,
      SET_TOLERATIONS,
    ],
    ["the image", [pluginSet(), gpuGroup({ amiType: UNKNOWN_STRING, taints: [DEDICATED] })], SET, SET_TOLERATIONS],
    [
      "whether something labels nodes",
      [CHART, object("apps/v1", "DaemonSet", "x", {}, { name: UNKNOWN_STRING }), gpuGroup({ labels: {} })],
      "Release nvidia-device-plugin",
      "values.affinity",
    ],
    [
      "whether the plugin is on",
      [release("gpu-operator", { devicePlugin: { enabled: UNKNOWN_STRING } }), gpuGroup({ taints: [DEDICATED] })],
      "Release gpu-operator",
      "values.daemonsets.tolerations",
    ],
    [
      "the pods of the plugin",
      [
        object("apps/v1", "DaemonSet", "nvidia-device-plugin", { spec: { template: { spec: UNKNOWN_STRING } } }),
        gpuGroup({ taints: [DEDICATED] }),
      ],
      SET,
      "spec.template.spec.nodeSelector",
    ],
  ])("cannot decide without knowing %s", (_case, resources, title, path) => {
    expect(said(pluginReach, resources)).toEqual([undecidedAt(pluginReach, title, path)]);
  });
});
