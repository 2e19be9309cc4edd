import { describe, expect, it } from "vitest";
import { devicePluginMissing } from "../../../../policies/gpu-ml/stack/device-plugin-missing";
import { devicePluginTwice } from "../../../../policies/gpu-ml/stack/device-plugin-twice";
import { gpuOperatorOperands } from "../../../../policies/gpu-ml/stack/gpu-operator-operands";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { nodeGroup, object, pod, release, said, undecidedAt } from "./resources";

const POOL = "mlstack.dev/pool";
const operator = release("gpu-operator");
const plugin = release("nvidia-device-plugin");

function group(amiType: unknown, rest: object = {}): TestResource {
  return nodeGroup("train", { amiType, instanceTypes: ["g5.xlarge"], labels: { [POOL]: "train" }, ...rest });
}

function daemonSet(name: unknown = "nvidia-device-plugin", podSpec: object = {}, urn = "ds"): TestResource {
  const containers = [{ name: "main", image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" }];
  const props = object(
    "apps/v1",
    "DaemonSet",
    "x",
    { spec: { template: { spec: { containers, ...podSpec } } } },
    { name, namespace: "gpu" },
  );
  return { ...props, name: urn };
}

function policy(spec: object): TestResource {
  return object("nvidia.com/v1", "ClusterPolicy", "cluster-policy", { spec }, { namespace: undefined });
}

function off(operand: string): object {
  return { [operand]: { enabled: false } };
}

function affinity(key: string, operator = "In", values: unknown = ["true"]): object {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator, values }] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

const BOTTLEROCKET = "BOTTLEROCKET_x86_64_NVIDIA";
const AL2023 = "AL2023_x86_64_NVIDIA";

describe("GPU-09 two device plugins", () => {
  const second = (object: string, path: string, other: string) =>
    `mandatory [GPU-09] ${object}: ${path} is a second device plugin, beside that of ${other}; allowed: one on each node. ` +
    "Switch one of them off, or keep it off the nodes of the other.";

  it.each<[string, TestResource[]]>([
    ["one chart", [plugin]],
    ["one DaemonSet", [daemonSet()]],
    ["a DaemonSet of something else", [daemonSet("node-exporter"), plugin]],
    [
      "what the chart has beside the plugin",
      [
        daemonSet("nvdp-nvidia-device-plugin-mps-control-daemon"),
        daemonSet("nvidia-device-plugin-gpu-feature-discovery"),
        plugin,
      ],
    ],
    ["the operator without its plugin", [release("gpu-operator", off("devicePlugin")), plugin]],
    ["a policy of the operator without its plugin", [policy(off("devicePlugin")), plugin]],
    [
      "a Chart, whose objects are in the stack themselves",
      [{ ...plugin, type: "kubernetes:helm.sh/v4:Chart" }, daemonSet()],
    ],
    [
      "the operator's Chart, whose policy is in the stack itself",
      [{ ...operator, type: "kubernetes:helm.sh/v4:Chart" }, policy(off("devicePlugin")), plugin],
    ],
    [
      "plugins that select different nodes",
      [
        daemonSet("nvidia-device-plugin", { nodeSelector: { [POOL]: "a" } }),
        daemonSet("nvidia-device-plugin", { nodeSelector: { [POOL]: "b" } }, "b"),
      ],
    ],
    [
      "a plugin beside one that selects nodes, which may be others",
      [daemonSet("nvidia-device-plugin", { nodeSelector: { [POOL]: "a" } }), plugin],
    ],
    ["an image without a plugin", [group(AL2023), plugin]],
    ["an image without drivers", [group("BOTTLEROCKET_x86_64"), plugin]],
    ["an image with a plugin alone", [group(BOTTLEROCKET)]],
    [
      "a plugin that is kept off by the pool",
      [group(BOTTLEROCKET), daemonSet("nvidia-device-plugin", affinity(POOL, "NotIn", ["train"]))],
    ],
    [
      "a chart that is kept off by the pool",
      [group(BOTTLEROCKET), release("nvidia-device-plugin", affinity(POOL, "NotIn", ["train"]))],
    ],
    [
      "a chart for another pool",
      [
        group(BOTTLEROCKET),
        nodeGroup("b", { amiType: AL2023, labels: { [POOL]: "b" } }),
        release("nvidia-device-plugin", { nodeSelector: { [POOL]: "b" } }),
      ],
    ],
    [
      "a plugin that is kept off by a taint",
      [group(BOTTLEROCKET, { taints: [{ key: "a", effect: "NO_SCHEDULE" }] }), plugin],
    ],
    [
      "a plugin that tolerates nothing",
      [
        group(BOTTLEROCKET, { taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }] }),
        release("nvidia-device-plugin", { tolerations: [] }),
      ],
    ],
    [
      "a plugin that selects by what the stack does not tell",
      [group(BOTTLEROCKET), release("nvidia-device-plugin", { nodeSelector: { "example.com/os": "al2023" } })],
    ],
    [
      "one that selects nodes beside a plugin",
      [plugin, daemonSet("nvidia-device-plugin", { nodeSelector: { [POOL]: "a" } })],
    ],
    ["other charts", [release("karpenter"), plugin]],
  ])("accepts %s", (_case, resources) => {
    expect(said(devicePluginTwice, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "the operator's and a chart",
      [operator, plugin],
      second("Release nvidia-device-plugin", "chart", "Release gpu-operator"),
    ],
    [
      "a chart in a repository",
      [operator, release("oci://example/charts/nvidia-device-plugin")],
      second("Release oci://example/charts/nvidia-device-plugin", "chart", "Release gpu-operator"),
    ],
    [
      "a chart and the operator's",
      [plugin, operator],
      second("Release gpu-operator", "values.devicePlugin.enabled", "Release nvidia-device-plugin"),
    ],
    [
      "a DaemonSet and the operator's policy",
      [daemonSet(), policy({})],
      second("ClusterPolicy cluster-policy", "spec.devicePlugin.enabled", "DaemonSet gpu/nvidia-device-plugin"),
    ],
    [
      "two DaemonSets",
      [daemonSet(), daemonSet("nvdp-nvidia-device-plugin", affinity("nvidia.com/gpu.present"), "b")],
      second("DaemonSet gpu/nvdp-nvidia-device-plugin", "metadata.name", "DaemonSet gpu/nvidia-device-plugin"),
    ],
    [
      "a chart and the image",
      [group(BOTTLEROCKET), plugin],
      second("Release nvidia-device-plugin", "chart", "the image of NodeGroup train"),
    ],
    [
      "a chart for the pool, and its image",
      [group(BOTTLEROCKET), release("nvidia-device-plugin", { nodeSelector: { [POOL]: "train" } })],
      second("Release nvidia-device-plugin", "chart", "the image of NodeGroup train"),
    ],
    [
      "a chart that tolerates the taint, and the image",
      [group(BOTTLEROCKET, { taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }] }), plugin],
      second("Release nvidia-device-plugin", "chart", "the image of NodeGroup train"),
    ],
    [
      "a DaemonSet and the image",
      [group("BOTTLEROCKET_ARM_64_NVIDIA"), daemonSet()],
      second("DaemonSet gpu/nvidia-device-plugin", "metadata.name", "the image of NodeGroup train"),
    ],
    [
      "the operator's and the image",
      [group(BOTTLEROCKET), operator],
      second("Release gpu-operator", "values.devicePlugin.enabled", "the image of NodeGroup train"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(devicePluginTwice, resources)).toEqual([message]);
  });

  it("compares with every other place", () => {
    const selecting = daemonSet("nvidia-device-plugin", { nodeSelector: { [POOL]: "a" } });
    const perhaps = release("gpu-operator", { devicePlugin: { enabled: UNKNOWN_STRING } });

    expect(said(devicePluginTwice, [selecting, plugin, daemonSet("nvidia-device-plugin", {}, "b")])).toEqual([
      second("DaemonSet gpu/nvidia-device-plugin", "metadata.name", "Release nvidia-device-plugin"),
    ]);
    expect(said(devicePluginTwice, [plugin, perhaps, daemonSet()])).toEqual([
      second("DaemonSet gpu/nvidia-device-plugin", "metadata.name", "Release nvidia-device-plugin"),
      undecidedAt(devicePluginTwice, "Release gpu-operator", "values.devicePlugin.enabled"),
    ]);
    expect(said(devicePluginTwice, [perhaps, policy(off("devicePlugin")), plugin])).toEqual([
      undecidedAt(devicePluginTwice, "Release nvidia-device-plugin", "chart"),
    ]);
    expect(said(devicePluginTwice, [policy(off("devicePlugin")), group(BOTTLEROCKET), plugin])).toEqual([
      second("Release nvidia-device-plugin", "chart", "the image of NodeGroup train"),
    ]);
    expect(
      said(devicePluginTwice, [
        plugin,
        group(BOTTLEROCKET),
        daemonSet("nvidia-device-plugin", { nodeSelector: { [POOL]: "train" } }),
      ]),
    ).toEqual([
      second("Release nvidia-device-plugin", "chart", "the image of NodeGroup train"),
      second("DaemonSet gpu/nvidia-device-plugin", "metadata.name", "the image of NodeGroup train"),
    ]);
  });

  it("finds the plugin's image beside others", () => {
    const containers = [
      { name: "a", image: "registry.example/agent:1" },
      { name: "b", image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" },
    ];

    expect(said(devicePluginTwice, [plugin, daemonSet(UNKNOWN_STRING, { containers })])).toEqual([
      undecidedAt(devicePluginTwice, "DaemonSet gpu/ds", "metadata.name"),
    ]);
  });

  it("names a plugin that is on before one of which it is not known", () => {
    const perhaps = release("gpu-operator", { devicePlugin: { enabled: UNKNOWN_STRING } });

    expect(said(devicePluginTwice, [perhaps, plugin, daemonSet()])).toEqual([
      second("DaemonSet gpu/nvidia-device-plugin", "metadata.name", "Release nvidia-device-plugin"),
      undecidedAt(devicePluginTwice, "Release nvidia-device-plugin", "chart"),
    ]);
  });

  it.each<[string, TestResource[], string, string]>([
    [
      "whether the operator brings one",
      [plugin, release("gpu-operator", { devicePlugin: { enabled: UNKNOWN_STRING } })],
      "Release gpu-operator",
      "values.devicePlugin.enabled",
    ],
    [
      "which chart it is",
      [plugin, release(UNKNOWN_STRING)],
      `Release ${UNKNOWN_STRING}`,
      "values.devicePlugin.enabled",
    ],
    [
      "the name of a DaemonSet with the plugin's image",
      [plugin, daemonSet(UNKNOWN_STRING)],
      "DaemonSet gpu/ds",
      "metadata.name",
    ],
    [
      "the taints of the nodes",
      [group(BOTTLEROCKET, { taints: UNKNOWN_STRING }), release("nvidia-device-plugin", { tolerations: [] })],
      "Release nvidia-device-plugin",
      "chart",
    ],
  ])("cannot decide without knowing %s", (_case, resources, title, path) => {
    expect(said(devicePluginTwice, resources)).toEqual([undecidedAt(devicePluginTwice, title, path)]);
  });

  it("leaves DaemonSets of other images alone, whatever their names turn out to be", () => {
    const other = daemonSet(UNKNOWN_STRING, {
      containers: [{ name: "main", image: "registry.example/agent:1" }, { name: "a" }],
    });

    expect(said(devicePluginTwice, [plugin, other])).toEqual([]);
  });
});

describe("GPU-09 no device plugin", () => {
  const message =
    "mandatory [GPU-09] NodeGroup train: amiType is an image without a device plugin, and nothing in the stack installs " +
    "one; allowed: such an image beside NVIDIA's device plugin or GPU operator. " +
    "Install the plugin, or take Bottlerocket, which brings it.";
  const addon = (addonName: unknown): TestResource => ({ type: "aws:eks/addon:Addon", props: { addonName } });

  it.each<[string, TestResource[]]>([
    ["nodes with a chart of the plugin", [group(AL2023), plugin, pod(1)]],
    ["nodes with a DaemonSet", [group(AL2023), daemonSet(), pod(1)]],
    ["nodes with the operator", [group(AL2023), operator, pod(1)]],
    ["nodes with the DRA driver", [group(AL2023), release("nvidia-dra-driver-gpu"), pod(1)]],
    ["nodes with an add-on", [group(AL2023), addon("nvidia-device-plugin"), pod(1)]],
    ["nodes with an operator as add-on", [group(AL2023), addon("nvidia_gpu-operator"), pod(1)]],
    ["nodes whose image has one", [group(BOTTLEROCKET), pod(1)]],
    ["nodes without drivers", [group("AL2023_x86_64_STANDARD"), pod(1)]],
    ["nodes of which no pod asks for GPUs", [group(AL2023), pod(undefined)]],
    ["pods that ask for slices, which a MIG manager offers", [group(AL2023), pod(1, {}, "nvidia.com/mig-1g.5gb")]],
    [
      "other resources with a field of the same name",
      [{ type: "x:index:Y", props: { amiType: UNKNOWN_STRING } }, pod(1)],
    ],
    ["pods alone", [pod(1)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(devicePluginMissing, resources)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["nodes without any", [group(AL2023), pod(1)]],
    ["nodes beside other charts and add-ons", [group(AL2023), release("karpenter"), addon("vpc-cni"), pod(1)]],
    ["the operator without its plugin", [group(AL2023), release("gpu-operator", off("devicePlugin")), pod(1)]],
  ])("refuses %s", (_case, resources) => {
    expect(said(devicePluginMissing, resources)).toEqual([message]);
  });

  it("is told where somebody else installs it", () => {
    const config = (installedElsewhere: unknown) => ({ stack: { rules: { "GPU-09": { installedElsewhere } } } });

    expect(said(devicePluginMissing, [group(AL2023), pod(1)], config(true))).toEqual([]);
    expect(said(devicePluginMissing, [group(AL2023), pod(1)], config(false))).toEqual([message]);
    expect(said(devicePluginMissing, [], config("yes"))).toHaveLength(1);
  });

  it.each<[string, TestResource[]]>([
    ["the image", [group(UNKNOWN_STRING), pod(1)]],
    ["whether pods ask for GPUs", [group(AL2023), pod(UNKNOWN_STRING)]],
    ["which chart there is", [group(AL2023), release(UNKNOWN_STRING), pod(1)]],
    ["which add-on there is", [group(AL2023), addon(UNKNOWN_STRING), pod(1)]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(devicePluginMissing, resources)).toEqual([
      undecidedAt(devicePluginMissing, "NodeGroup train", "amiType"),
    ]);
  });
});

describe("GPU-09 operands of the GPU operator", () => {
  const refusal = (object: string, path: string, nodes = "NodeGroup train") =>
    `mandatory [GPU-09] ${object}: ${path} is on, although the image of ${nodes} has its own; allowed: false. Set it to false.`;
  const quiet = { ...off("driver"), ...off("toolkit") };

  it.each<[string, TestResource[]]>([
    ["both off", [group(AL2023), release("gpu-operator", quiet)]],
    ["both off in the policy", [group(AL2023), policy(quiet)]],
    ["nodes without drivers", [group("AL2023_x86_64_STANDARD"), operator]],
    ["no node groups", [operator]],
    ["other charts", [group(AL2023), release("karpenter")]],
    [
      "nodes that keep both off by their labels",
      [
        group(AL2023, {
          labels: { "nvidia.com/gpu.deploy.driver": "false", "nvidia.com/gpu.deploy.container-toolkit": "false" },
        }),
        operator,
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(gpuOperatorOperands, resources)).toEqual([]);
  });

  it("refuses what the image brings, each by itself", () => {
    const [driver, toolkit] = ["values.driver.enabled", "values.toolkit.enabled"] as const;

    expect(said(gpuOperatorOperands, [group(AL2023), operator])).toEqual([
      refusal("Release gpu-operator", driver),
      refusal("Release gpu-operator", toolkit),
    ]);
    expect(said(gpuOperatorOperands, [group(BOTTLEROCKET), release("gpu-operator", off("driver"))])).toEqual([
      refusal("Release gpu-operator", toolkit),
    ]);
    expect(said(gpuOperatorOperands, [group(AL2023), policy(off("toolkit"))])).toEqual([
      refusal("ClusterPolicy cluster-policy", "spec.driver.enabled"),
    ]);
    expect(
      said(gpuOperatorOperands, [group(AL2023, { labels: { "nvidia.com/gpu.deploy.driver": "false" } }), operator]),
    ).toEqual([refusal("Release gpu-operator", toolkit)]);
    expect(
      said(gpuOperatorOperands, [
        nodeGroup("a", { amiType: UNKNOWN_STRING }),
        group(AL2023),
        release("gpu-operator", off("driver")),
      ]),
    ).toEqual([refusal("Release gpu-operator", toolkit)]);
  });

  it.each<[string, TestResource[]]>([
    ["the image", [group(UNKNOWN_STRING), release("gpu-operator", off("toolkit"))]],
    [
      "whether it is on",
      [group(AL2023), release("gpu-operator", { ...off("toolkit"), driver: { enabled: UNKNOWN_STRING } })],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(gpuOperatorOperands, resources)).toEqual([
      undecidedAt(gpuOperatorOperands, "Release gpu-operator", "values.driver.enabled"),
    ]);
  });
});
