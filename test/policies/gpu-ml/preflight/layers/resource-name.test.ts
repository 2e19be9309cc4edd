import { describe, expect, it } from "vitest";
import { resourceName } from "../../../../../policies/gpu-ml/preflight/layers/resource-name";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import {
  clusterQueue,
  node,
  nodeGroup,
  object,
  pod,
  pyTorchJob,
  quota,
  release,
  said,
  undecidedAt,
} from "../../stack/resources";
import { AUTO_MODE, nodePool, pluginSet } from "./objects";

const SHARED = "nvidia.com/gpu.shared";
const SLICE = "nvidia.com/mig-1g.5gb";
const LABEL = "nvidia.com/device-plugin.config";

const POOL = nodeGroup("serve", { instanceTypes: ["p4d.24xlarge"] });
const CHOOSING = nodeGroup("serve", { instanceTypes: ["p4d.24xlarge"], labels: { [LABEL]: "shared" } });

/** A configuration of the plugin. */
function sharing(content: string, kind = "timeSlicing"): string {
  return `version: v1\nsharing:\n  ${kind}: ${content}\n`;
}

const RENAMED = sharing("{ renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 4 }] }");
const PLAIN = sharing("{ resources: [{ name: nvidia.com/gpu, replicas: 4 }] }");
const MIXED = "version: v1\nflags: { migStrategy: mixed }\n";

function chart(map: object | undefined, values: object = {}, config: object = {}): TestResource {
  return release("nvidia-device-plugin", { ...values, config: { ...config, ...(map === undefined ? {} : { map }) } });
}

function configMap(data: unknown, name: unknown = "gpu-config"): TestResource {
  return object("v1", "ConfigMap", "gpu-config", { data }, { name });
}

/** The plugin with one configuration in a volume. */
function pluginWith(items?: object[], env: object[] = []): TestResource {
  const volumes = [{ name: "config", configMap: { name: "gpu-config", ...(items === undefined ? {} : { items }) } }];
  return pluginSet({ volumes }, { env: [{ name: "CONFIG_FILE", value: "/config/config.yaml" }, ...env] });
}

function strategy(value: unknown): TestResource {
  return pluginSet({}, { env: [{ name: "MIG_STRATEGY", value }] });
}

function refusal(resource: string, offer: string, end: string, title = "Pod ml/chat", path?: string): string {
  const place = path ?? `spec.containers[0].resources.limits["${resource}"]`;
  return (
    `mandatory [LAY-03] ${title}: ${place} is an amount of ${resource}, which the device plugin does not offer on pool ` +
    `serve; allowed: ${offer}, as ${end} has it. Ask for what the plugin offers there, or change its configuration.`
  );
}

const GPU = "nvidia.com/gpu";
const VARIABLES = "spec.template.spec.containers[0].env of DaemonSet ml/nvidia-device-plugin";
const CHART_STRATEGY = "values.migStrategy of Release nvidia-device-plugin";
const OF_MAP = (name: string) => `values.config.map["${name}"] of Release nvidia-device-plugin`;

describe("LAY-03 names of GPUs", () => {
  it.each<[string, TestResource[]]>([
    ["whole GPUs", [POOL, pluginSet(), pod(1)]],
    ["whole GPUs beside slices", [POOL, strategy("mixed"), pod(1)]],
    ["slices as GPUs", [POOL, strategy("single"), pod(1)]],
    ["slices by their sizes", [POOL, strategy("mixed"), pod(1, {}, SLICE)]],
    ["slices by a configuration", [POOL, chart({ a: MIXED }), pod(1, {}, SLICE)]],
    ["slices by the strategy of the chart", [POOL, chart(undefined, { migStrategy: "mixed" }), pod(1, {}, SLICE)]],
    [
      "slices by that of the operator",
      [POOL, release("gpu-operator", { mig: { strategy: "mixed" } }), pod(1, {}, SLICE)],
    ],
    ["shared GPUs", [POOL, chart({ a: RENAMED }), pod(1, {}, SHARED)]],
    [
      "shared GPUs of MPS",
      [
        POOL,
        chart({ a: sharing("{ renameByDefault: true, resources: [{ name: nvidia.com/gpu, replicas: 2 }] }", "mps") }),
        pod(1, {}, SHARED),
      ],
    ],
    ["shared GPUs under their own name", [POOL, chart({ a: PLAIN }), pod(1)]],
    [
      "shared GPUs under a name without a domain",
      [POOL, chart({ a: RENAMED.replace("nvidia.com/gpu", "gpu") }), pod(1, {}, SHARED)],
    ],
    [
      "GPUs under a name of somebody's choice",
      [
        POOL,
        chart({ a: sharing("{ resources: [{ name: gpu, replicas: 2, rename: gpu.shared }] }") }),
        pod(1, {}, SHARED),
      ],
    ],
    [
      "shared slices",
      [
        POOL,
        chart(
          { a: sharing(`{ renameByDefault: true, resources: [{ name: ${SLICE}, replicas: 2 }] }`) },
          { migStrategy: "mixed" },
        ),
        pod(1, {}, `${SLICE}.shared`),
      ],
    ],
    [
      "the configuration that the pool chooses",
      [CHOOSING, chart({ shared: RENAMED, other: PLAIN }), pod(1, {}, SHARED)],
    ],
    [
      "the default one",
      [POOL, chart({ shared: RENAMED, other: PLAIN }, {}, { default: "shared" }), pod(1, {}, SHARED)],
    ],
    ["one in a ConfigMap", [POOL, pluginWith(), configMap({ only: RENAMED }), pod(1, {}, SHARED)]],
    [
      "the item that is mounted",
      [POOL, pluginWith([{ key: "b", path: "config.yaml" }]), configMap({ a: PLAIN, b: RENAMED }), pod(1, {}, SHARED)],
    ],
    [
      "the default of the helper",
      [
        POOL,
        pluginWith(undefined, [{ name: "DEFAULT_CONFIG", value: "b" }]),
        configMap({ a: PLAIN, b: RENAMED }),
        pod(1, {}, SHARED),
      ],
    ],
    [
      "one that a chart names",
      [POOL, chart(undefined, {}, { name: "gpu-config" }), configMap({ a: RENAMED }), pod(1, {}, SHARED)].map((one) =>
        one.type.includes("Release") ? { ...one, props: { ...one.props, namespace: "ml" } } : one,
      ),
    ],
    [
      "that of the operator",
      [POOL, release("gpu-operator", { devicePlugin: { config: { data: { a: RENAMED } } } }), pod(1, {}, SHARED)],
    ],
    ["one of several plugins", [POOL, strategy("none"), chart({ a: RENAMED }), pod(1, {}, SHARED)]],
    ["a stack without a plugin, which GPU-09 tells", [POOL, pod(1, {}, SHARED)]],
    ["nodes with a plugin in their image", [nodePool("a", ["g5.xlarge"], AUTO_MODE), pluginSet(), pod(1, {}, SHARED)]],
    [
      "nodes that say what they have",
      [node("n", { "nvidia.com/gpu.present": "true" }), pluginSet(), pod(1, {}, SHARED)],
    ],
    ["nodes without GPUs", [nodeGroup("cpu", { instanceTypes: ["m6i.large"] }), pluginSet(), pod(1, {}, SHARED)]],
    ["hidden nodes", [POOL, { type: "eks:index:Cluster", props: {} }, pluginSet(), pod(1, {}, SHARED)]],
    ["none of it", [POOL, pluginSet(), pod(0, {}, SHARED)]],
    ["pods that no pool takes", [CHOOSING, pluginSet(), pod(1, { nodeSelector: { [LABEL]: "x" } }, SHARED)]],
    ["other resources", [POOL, pluginSet(), pod(1, {}, "example.com/gpu")]],
  ])("accepts %s", (_case, resources) => {
    expect(said(resourceName, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["shared GPUs, where none are", [POOL, pluginSet(), pod(1, {}, SHARED)], refusal(SHARED, GPU, VARIABLES)],
    ["slices without a strategy", [POOL, pluginSet(), pod(1, {}, SLICE)], refusal(SLICE, GPU, VARIABLES)],
    ["slices offered as GPUs", [POOL, strategy("single"), pod(1, {}, SLICE)], refusal(SLICE, GPU, VARIABLES)],
    [
      "slices by default of the chart",
      [POOL, chart(undefined), pod(1, {}, SLICE)],
      refusal(SLICE, GPU, CHART_STRATEGY),
    ],
    [
      "slices by default of the operator",
      [POOL, release("gpu-operator"), pod(1, {}, SLICE)],
      refusal(SLICE, GPU, "values.mig.strategy of Release gpu-operator"),
    ],
    [
      "slices by default of a policy",
      [POOL, object("nvidia.com/v1", "ClusterPolicy", "gpus", { spec: {} }), pod(1, {}, SLICE)],
      refusal(SLICE, GPU, "spec.mig.strategy of ClusterPolicy ml/gpus"),
    ],
    [
      "whole GPUs that are shared under another name",
      [POOL, chart({ a: RENAMED }), pod(1)],
      refusal(GPU, SHARED, OF_MAP("a")),
    ],
    [
      "shared GPUs that keep their name",
      [POOL, chart({ a: PLAIN }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, OF_MAP("a")),
    ],
    [
      "shared GPUs beside slices",
      [POOL, chart({ a: MIXED }), pod(1, {}, SHARED)],
      refusal(SHARED, "nvidia.com/gpu and slices by their sizes", OF_MAP("a")),
    ],
    [
      "what a chart with an empty name has",
      [POOL, chart(undefined, {}, { name: "" }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, CHART_STRATEGY),
    ],
    [
      "what a chart with a name of null has",
      [POOL, chart(undefined, {}, { name: null }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, CHART_STRATEGY),
    ],
    [
      "what a chart with an empty map names",
      [
        POOL,
        {
          ...chart({}, {}, { name: "gpu-config" }),
          props: { ...chart({}, {}, { name: "gpu-config" }).props, namespace: "ml" },
        },
        configMap({ a: PLAIN }),
        pod(1, {}, SHARED),
      ],
      refusal(SHARED, GPU, 'data["a"] of ConfigMap ml/gpu-config'),
    ],
    [
      "what another pool chooses",
      [POOL, chart({ a: RENAMED, b: PLAIN }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, CHART_STRATEGY),
    ],
    [
      "what the pool does not choose",
      [CHOOSING, chart({ shared: PLAIN, other: RENAMED }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, OF_MAP("shared")),
    ],
    [
      "what a ConfigMap does not say",
      [POOL, pluginWith(), configMap({ only: PLAIN }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, 'data["only"] of ConfigMap ml/gpu-config'),
    ],
    [
      "slices by a configuration that a flag outranks",
      [POOL, chart({ a: MIXED }, { migStrategy: "single" }), pod(1, {}, SLICE)],
      refusal(SLICE, GPU, `${OF_MAP("a")} and ${CHART_STRATEGY}`),
    ],
    [
      "slices by a configuration of the operator, which always sets the flag",
      [POOL, release("gpu-operator", { devicePlugin: { config: { data: { a: MIXED } } } }), pod(1, {}, SLICE)],
      refusal(
        SLICE,
        GPU,
        'values.devicePlugin.config.data["a"] of Release gpu-operator and values.mig.strategy of Release gpu-operator',
      ),
    ],
    [
      "a configuration that is no YAML",
      [POOL, chart({ a: "{" }), pod(1, {}, SHARED)],
      refusal(SHARED, GPU, OF_MAP("a")),
    ],
    [
      "workers of a job",
      [POOL, pluginSet(), pyTorchJob(1, 1, { containers: [{ name: "a", resources: { requests: { [SHARED]: 1 } } }] })],
      refusal(
        SHARED,
        GPU,
        VARIABLES,
        "PyTorchJob ml/bert",
        `spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].resources.requests["${SHARED}"]`,
      ),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(resourceName, resources)).toEqual([message]);
  });

  it.each<[string, TestResource[]]>([
    ["the strategy", [POOL, strategy(UNKNOWN_STRING), pod(1, {}, SLICE)]],
    ["a variable", [POOL, pluginSet({}, { env: [UNKNOWN_STRING] }), pod(1, {}, SLICE)]],
    [
      "the containers",
      [
        POOL,
        pluginSet({ containers: [UNKNOWN_STRING, { name: "a", image: "x/k8s-device-plugin:v1" }] }),
        pod(1, {}, SLICE),
      ],
    ],
    ["a volume", [POOL, pluginSet({ volumes: [UNKNOWN_STRING] }), pod(1, {}, SLICE)]],
    ["the values", [POOL, release("nvidia-device-plugin", UNKNOWN_STRING as never), pod(1, {}, SLICE)]],
    ["the map", [POOL, release("nvidia-device-plugin", { config: UNKNOWN_STRING }), pod(1, {}, SLICE)]],
    [
      "other values",
      [POOL, release("nvidia-device-plugin", {}, { valueYamlFiles: UNKNOWN_STRING }), pod(1, {}, SLICE)],
    ],
    ["the configuration", [POOL, chart({ a: UNKNOWN_STRING }), pod(1, {}, SHARED)]],
    ["the default", [POOL, chart({ a: PLAIN, b: PLAIN }, {}, { default: UNKNOWN_STRING }), pod(1, {}, SHARED)]],
    [
      "the pool's choice",
      [
        nodeGroup("serve", { instanceTypes: ["g5.xlarge"], labels: { [LABEL]: UNKNOWN_STRING } }),
        chart({ a: PLAIN }),
        pod(1, {}, SHARED),
      ],
    ],
    [
      "the pool's labels",
      [
        nodeGroup("serve", { instanceTypes: ["g5.xlarge"], labels: UNKNOWN_STRING }),
        chart({ a: PLAIN }),
        pod(1, {}, SHARED),
      ],
    ],
    ["the name of a ConfigMap", [POOL, pluginWith(), configMap({ a: PLAIN }, UNKNOWN_STRING), pod(1, {}, SHARED)]],
    ["a ConfigMap of somebody else", [POOL, pluginWith(), pod(1, {}, SHARED)]],
    ["the amount", [POOL, pluginSet(), pod(UNKNOWN_STRING, {}, SHARED)]],
    ["the machines", [nodeGroup("serve", { instanceTypes: UNKNOWN_STRING }), pluginSet(), pod(1, {}, SHARED)]],
    [
      "the image",
      [nodeGroup("serve", { instanceTypes: ["g5.xlarge"], amiType: UNKNOWN_STRING }), pluginSet(), pod(1, {}, SHARED)],
    ],
    [
      "whether the plugin is on",
      [POOL, release("gpu-operator", { devicePlugin: { enabled: UNKNOWN_STRING } }), pod(1, {}, SHARED)],
    ],
    [
      "the pool",
      [
        CHOOSING,
        nodeGroup("b", { instanceTypes: ["g5.xlarge"], labels: { [LABEL]: "b" } }),
        chart({ shared: PLAIN, b: RENAMED }),
        pod(1, { nodeSelector: { [LABEL]: UNKNOWN_STRING } }, SHARED),
      ],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    const [said1] = said(resourceName, resources);
    const resource = said1?.includes(SLICE) === true ? SLICE : SHARED;
    const path = `spec.containers[0].resources.limits["${resource}"]`;

    expect(said(resourceName, resources)).toEqual([undecidedAt(resourceName, "Pod ml/chat", path)]);
  });
});

describe("LAY-03 names of GPUs in queues", () => {
  const path = "spec.resourceGroups[0].flavors[0].resources[0].nominalQuota";
  const flavor = (nodeLabels: object) =>
    object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "train", { spec: { nodeLabels } }, { namespace: undefined });
  const OURS = flavor({ [LABEL]: "shared" });
  const has = (resource: unknown, amount: unknown = 4, name: unknown = "train") =>
    clusterQueue("research", [quota(resource, amount)], {}, name);

  it.each<[string, TestResource[]]>([
    ["what the plugin offers", [CHOOSING, OURS, chart({ shared: RENAMED }), has(SHARED)]],
    ["none of it", [CHOOSING, OURS, chart({ shared: PLAIN }), has(SHARED, 0)]],
    ["other resources", [CHOOSING, OURS, chart({ shared: PLAIN }), has("cpu")]],
    ["flavors that the stack does not have", [CHOOSING, chart({ shared: PLAIN }), has(SHARED)]],
    ["flavors of other nodes", [CHOOSING, flavor({ [LABEL]: "x" }), chart({ shared: PLAIN }), has(SHARED)]],
    ["flavors of all nodes", [CHOOSING, flavor({}), chart({ shared: PLAIN }), has(SHARED)]],
    ["flavors that are not known", [CHOOSING, OURS, chart({ shared: PLAIN }), has(SHARED, 1, UNKNOWN_STRING)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(resourceName, resources)).toEqual([]);
  });

  it("refuses a quota of what the plugin offers under another name", () => {
    expect(said(resourceName, [CHOOSING, OURS, chart({ shared: RENAMED }), has(GPU)])).toEqual([
      refusal(GPU, SHARED, OF_MAP("shared"), "ClusterQueue ml/research", path),
    ]);
  });

  it("cannot decide without knowing the amount", () => {
    expect(said(resourceName, [CHOOSING, OURS, chart({ shared: RENAMED }), has(GPU, UNKNOWN_STRING)])).toEqual([
      undecidedAt(resourceName, "ClusterQueue ml/research", path),
    ]);
  });
});
