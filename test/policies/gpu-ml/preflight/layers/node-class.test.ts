import { describe, expect, it } from "vitest";
import { nodeClassImage } from "../../../../../policies/gpu-ml/preflight/layers/node-class-image";
import { nodeClassOperands } from "../../../../../policies/gpu-ml/preflight/layers/node-class-operands";
import { nodeClassPlugin } from "../../../../../policies/gpu-ml/preflight/layers/node-class-plugin";
import { nodeClassPluginMissing } from "../../../../../policies/gpu-ml/preflight/layers/node-class-plugin-missing";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, pod, release, said, undecidedAt } from "../../stack/resources";
import { AUTO_MODE, deployment, nodeClass, nodePool, pluginSet } from "./objects";

const AL2023 = nodeClass("al2023@v20260724");
const BOTTLEROCKET = nodeClass("bottlerocket@1.50.0");
const ALIAS = "spec.amiSelectorTerms[0].alias of EC2NodeClass gpu";
const GPUS = nodePool("train", ["g5.xlarge"]);

describe("GPU-08 images of node classes", () => {
  const path = "spec.template.spec.requirements";
  const refusal = (type: string, remedy: string) =>
    `mandatory [GPU-08] NodePool train: ${path} is a choice of ${type}, for whose GPUs ${ALIAS} has no drivers; allowed: ` +
    `an image with drivers for the GPUs of the type. ${remedy}`;
  const G7 = "G7 needs NVIDIA's driver 595, and the images of EKS have 580; choose a type of g6e or g7e.";

  it.each<[string, TestResource[]]>([
    ["machines that the image has drivers for", [GPUS, AL2023]],
    ["machines without GPUs", [nodePool("train", ["m6i.large"]), AL2023]],
    ["an image of somebody's own", [nodePool("train", ["g7.2xlarge"]), nodeClass(undefined, [{ id: "ami-0a" }])]],
    ["another operating system", [nodePool("train", ["g7.2xlarge"]), nodeClass("windows2022@v1")]],
    ["Auto Mode, which knows its machines", [nodePool("train", ["g7.2xlarge"], AUTO_MODE)]],
    ["a class of another name", [nodePool("train", ["g7.2xlarge"], { name: "other" }), AL2023]],
    ["a class that the stack does not have", [nodePool("train", ["g7.2xlarge"])]],
    ["a managed node group", [nodeGroup("train", { instanceTypes: ["g7.2xlarge"] }), AL2023]],
    ["a NodePool of any machines", [nodePool("train", undefined, {}, { requirements: [] }), AL2023]],
    ["a class that is not known yet and images of its own", [nodePool("train", UNKNOWN_STRING, AUTO_MODE)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(nodeClassImage, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "machines that no image has drivers for",
      [nodePool("train", ["g5.xlarge", "g7.2xlarge"]), AL2023],
      refusal("g7.2xlarge", G7),
    ],
    [
      "machines that another image has drivers for",
      [nodePool("train", ["p6e-gb200.36xlarge"]), BOTTLEROCKET],
      refusal("p6e-gb200.36xlarge", "Choose the images of al2023, which have them."),
    ],
    [
      "them beside machines that are not known",
      [nodePool("train", [UNKNOWN_STRING, "g7.2xlarge"]), AL2023],
      refusal("g7.2xlarge", G7),
    ],
    [
      "an alias behind other terms",
      [nodePool("train", ["g7.2xlarge"]), nodeClass(undefined, [{ tags: { a: "b" } }, { alias: "al2023@v1" }])],
      refusal("g7.2xlarge", G7).replace("[0]", "[1]"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(nodeClassImage, resources)).toEqual([message]);
  });

  it.each<[string, TestResource[]]>([
    ["the machines", [nodePool("train", UNKNOWN_STRING), AL2023]],
    ["one machine", [nodePool("train", ["g5.xlarge", UNKNOWN_STRING]), AL2023]],
    ["the image", [nodePool("train", ["g7.2xlarge"]), nodeClass(UNKNOWN_STRING)]],
    ["the images", [nodePool("train", ["g7.2xlarge"]), nodeClass("", UNKNOWN_STRING)]],
    ["the class", [nodePool("train", ["g7.2xlarge"], { name: UNKNOWN_STRING }), AL2023]],
    ["the kind of class", [nodePool("train", ["g7.2xlarge"], { group: UNKNOWN_STRING }), AL2023]],
    [
      "what is required",
      [nodePool("train", [], {}, { requirements: [{ key: UNKNOWN_STRING, operator: "In", values: ["x"] }] }), AL2023],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(nodeClassImage, resources)).toEqual([undecidedAt(nodeClassImage, "NodePool train", path)]);
  });
});

describe("GPU-09 device plugins on nodes of Karpenter", () => {
  const refusal = (title = "DaemonSet ml/nvidia-device-plugin", path = "metadata.name", end = ALIAS) =>
    `mandatory [GPU-09] ${title}: ${path} is a second device plugin, beside that which ${end} brings to the nodes of ` +
    "NodePool train; allowed: one on each node. Keep this one off these nodes.";
  const group = "spec.template.spec.nodeClassRef.group of NodePool train";
  const labelled = (labels: object) => nodePool("train", ["g5.xlarge"], {}, {}, labels);
  const keptOff = labelled({ "nvidia.com/gpu.deploy.device-plugin": "false" });

  it.each<[string, TestResource[]]>([
    ["an image without a plugin", [pluginSet(), GPUS, AL2023]],
    ["an image of somebody's own", [pluginSet(), GPUS, nodeClass(undefined, [{ id: "ami-0a" }])]],
    ["nodes without GPUs", [pluginSet(), nodePool("train", ["m6i.large"]), BOTTLEROCKET]],
    [
      "nodes that the plugin does not select",
      [pluginSet({ nodeSelector: { a: "b" } }), labelled({ a: "c" }), BOTTLEROCKET],
    ],
    ["a selector by labels of which nothing is told", [pluginSet({ nodeSelector: { a: "b" } }), GPUS, BOTTLEROCKET]],
    ["nodes that keep the operator's off", [release("gpu-operator"), keptOff, BOTTLEROCKET]],
    [
      "a plugin that is switched off",
      [release("gpu-operator", { devicePlugin: { enabled: false } }), GPUS, BOTTLEROCKET],
    ],
    [
      "managed node groups, of which another rule tells",
      [pluginSet(), nodeGroup("a", { amiType: "BOTTLEROCKET_x86_64_NVIDIA" })],
    ],
    ["another operating system", [pluginSet(), GPUS, nodeClass("windows2022@v1")]],
    ["no plugin", [GPUS, BOTTLEROCKET]],
  ])("accepts %s", (_case, resources) => {
    expect(said(nodeClassPlugin, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["Bottlerocket", [pluginSet(), GPUS, BOTTLEROCKET], refusal()],
    ["Auto Mode", [pluginSet(), nodePool("train", ["g5.xlarge"], AUTO_MODE)], refusal(undefined, undefined, group)],
    [
      "nodes that the plugin selects",
      [pluginSet({ nodeSelector: { a: "b" } }), labelled({ a: "b" }), BOTTLEROCKET],
      refusal(),
    ],
    [
      "the operator",
      [release("gpu-operator"), GPUS, BOTTLEROCKET],
      refusal("Release gpu-operator", "values.devicePlugin.enabled"),
    ],
    [
      "the chart",
      [release("nvidia-device-plugin"), GPUS, BOTTLEROCKET],
      refusal("Release nvidia-device-plugin", "chart"),
    ],
    [
      "a pool beside one that is not known",
      [pluginSet(), nodePool("a", ["g5.xlarge"], { group: UNKNOWN_STRING }), GPUS, BOTTLEROCKET],
      refusal(),
    ],
  ])("refuses a second plugin beside %s", (_case, resources, message) => {
    expect(said(nodeClassPlugin, resources)).toEqual([message]);
  });

  it.each<[string, TestResource[]]>([
    ["the image", [pluginSet(), GPUS, nodeClass(UNKNOWN_STRING)]],
    ["the machines", [pluginSet(), nodePool("train", UNKNOWN_STRING), BOTTLEROCKET]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(nodeClassPlugin, resources)).toEqual([
      undecidedAt(nodeClassPlugin, "DaemonSet ml/nvidia-device-plugin", "metadata.name"),
    ]);
  });

  it("cannot decide without knowing the label that keeps the operator's off", () => {
    const pool = labelled({ "nvidia.com/gpu.deploy.device-plugin": UNKNOWN_STRING });

    expect(said(nodeClassPlugin, [release("gpu-operator"), pool, BOTTLEROCKET])).toEqual([
      undecidedAt(nodeClassPlugin, "Release gpu-operator", "values.devicePlugin.enabled"),
    ]);
  });
});

describe("GPU-09 nodes of Karpenter without a device plugin", () => {
  const path = "spec.template.spec.nodeClassRef";
  const message =
    `mandatory [GPU-09] NodePool train: ${path} is a class without a device plugin by ${ALIAS}, and nothing in the stack ` +
    "installs one; allowed: such a class beside NVIDIA's device plugin or GPU operator. Install the plugin, or take " +
    "Bottlerocket, which brings it.";

  it.each<[string, TestResource[]]>([
    ["the plugin", [GPUS, AL2023, pod(1), pluginSet()]],
    ["the DRA driver", [GPUS, AL2023, pod(1), release("dra-driver-nvidia-gpu")]],
    [
      "an add-on",
      [GPUS, AL2023, pod(1), { type: "aws:eks/addon:Addon", props: { addonName: "nvidia-device-plugin" } }],
    ],
    ["Bottlerocket", [GPUS, BOTTLEROCKET, pod(1)]],
    ["Auto Mode", [nodePool("train", ["g5.xlarge"], AUTO_MODE), pod(1)]],
    ["nodes without GPUs", [nodePool("train", ["m6i.large"]), AL2023, pod(1)]],
    ["pods without GPUs", [GPUS, AL2023, pod(undefined)]],
    ["slices, which the plugin does not offer by itself", [GPUS, AL2023, pod(1, {}, "nvidia.com/mig-1g.5gb")]],
    [
      "placeholders that keep nodes ready",
      [
        GPUS,
        AL2023,
        deployment("warm", "registry.k8s.io/pause:3.10", { resources: { limits: { "nvidia.com/gpu": 1 } } }),
      ],
    ],
    ["managed node groups", [nodeGroup("train", { amiType: "AL2023_x86_64_NVIDIA" }), pod(1)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(nodeClassPluginMissing, resources)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["no plugin", [GPUS, AL2023, pod(1)]],
    [
      "a plugin that is switched off",
      [GPUS, AL2023, pod(1), release("gpu-operator", { devicePlugin: { enabled: false } })],
    ],
    [
      "other charts and add-ons",
      [GPUS, AL2023, pod(1), release("kueue"), { type: "aws:eks/addon:Addon", props: { addonName: "coredns" } }],
    ],
  ])("refuses %s", (_case, resources) => {
    expect(said(nodeClassPluginMissing, resources)).toEqual([message]);
  });

  it("takes the word of whoever knows that the plugin is installed elsewhere", () => {
    const config = { stack: { rules: { "GPU-09": { level: "mandatory", installedElsewhere: true } } } };

    expect(said(nodeClassPluginMissing, [GPUS, AL2023, pod(1)], config)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["the image", [GPUS, nodeClass(UNKNOWN_STRING), pod(1)]],
    ["the machines", [nodePool("train", UNKNOWN_STRING), AL2023, pod(1)]],
    ["what pods ask for", [GPUS, AL2023, pod(1, { containers: UNKNOWN_STRING })]],
    ["a chart", [GPUS, AL2023, pod(1), release(UNKNOWN_STRING)]],
    ["an add-on", [GPUS, AL2023, pod(1), { type: "aws:eks/addon:Addon", props: { addonName: UNKNOWN_STRING } }]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(nodeClassPluginMissing, resources)).toEqual([
      undecidedAt(nodeClassPluginMissing, "NodePool train", path),
    ]);
  });
});

describe("GPU-09 operands of the GPU operator on nodes of Karpenter", () => {
  const refusal = (operand: string, title = "Release gpu-operator", root = "values", end = ALIAS) =>
    `mandatory [GPU-09] ${title}: ${root}.${operand}.enabled is on, although ${end} brings its own to the nodes of ` +
    "NodePool train; allowed: false. Set it to false.";
  const off = { driver: { enabled: false }, toolkit: { enabled: false } };
  const kept = nodePool(
    "train",
    ["g5.xlarge"],
    {},
    {},
    {
      "nvidia.com/gpu.deploy.driver": "false",
      "nvidia.com/gpu.deploy.container-toolkit": "false",
    },
  );

  it.each<[string, TestResource[]]>([
    ["operands that are off", [GPUS, AL2023, release("gpu-operator", off)]],
    ["an image of somebody's own", [GPUS, nodeClass(undefined, [{ id: "ami-0a" }]), release("gpu-operator")]],
    ["nodes without GPUs", [nodePool("train", ["m6i.large"]), AL2023, release("gpu-operator")]],
    ["nodes that keep them off", [kept, AL2023, release("gpu-operator")]],
    ["other charts", [GPUS, AL2023, release("kueue")]],
    ["no NodePool", [release("gpu-operator")]],
  ])("accepts %s", (_case, resources) => {
    expect(said(nodeClassOperands, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string[]]>([
    ["both by default", [GPUS, AL2023, release("gpu-operator")], [refusal("driver"), refusal("toolkit")]],
    [
      "one that is on",
      [GPUS, BOTTLEROCKET, release("gpu-operator", { ...off, toolkit: { enabled: true } })],
      [refusal("toolkit")],
    ],
    [
      "those of a policy",
      [GPUS, AL2023, object("nvidia.com/v1", "ClusterPolicy", "gpus", { spec: { toolkit: { enabled: false } } })],
      [refusal("driver", "ClusterPolicy ml/gpus", "spec")],
    ],
    [
      "them in Auto Mode",
      [nodePool("train", ["g5.xlarge"], AUTO_MODE), release("gpu-operator", { ...off, driver: {} })],
      [refusal("driver", "Release gpu-operator", "values", "spec.template.spec.nodeClassRef.group of NodePool train")],
    ],
  ])("refuses %s", (_case, resources, messages) => {
    expect(said(nodeClassOperands, resources)).toEqual(messages);
  });

  it.each<[string, TestResource[]]>([
    ["the image", [GPUS, nodeClass(UNKNOWN_STRING), release("gpu-operator", { ...off, driver: {} })]],
    [
      "one of two images",
      [
        nodePool("cpu", ["m6i.large"], AUTO_MODE),
        GPUS,
        nodeClass(UNKNOWN_STRING),
        release("gpu-operator", { ...off, driver: {} }),
      ],
    ],
    ["the machines", [nodePool("train", UNKNOWN_STRING), AL2023, release("gpu-operator", { ...off, driver: {} })]],
    ["the operand", [GPUS, AL2023, release("gpu-operator", { ...off, driver: { enabled: UNKNOWN_STRING } })]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(nodeClassOperands, resources)).toEqual([
      undecidedAt(nodeClassOperands, "Release gpu-operator", "values.driver.enabled"),
    ]);
  });
});
