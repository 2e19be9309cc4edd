import { describe, expect, it } from "vitest";
import { timeSlicingTenants } from "../../../../policies/gpu-ml/pods/time-slicing-tenants";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const SHARED = "nvidia.com/gpu.shared";
const AT = "#sharing.timeSlicing.resources[0].replicas";

function configuration(resource: object = {}, slicing: object = { renameByDefault: true }): string {
  const timeSlicing = { ...slicing, resources: [{ name: "nvidia.com/gpu", replicas: 4, ...resource }] };
  return JSON.stringify({ version: "v1", sharing: { timeSlicing } });
}

function configMap(data: unknown, name: unknown = "device-plugin", namespace: unknown = "nvidia"): TestResource {
  const props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
  return { type: "kubernetes:core/v1:ConfigMap", name: "config", props };
}

function pod(namespace: unknown, resource = SHARED, amount: unknown = 1): TestResource {
  const spec = { containers: [{ name: "main", image: "a:1", resources: { limits: { [resource]: amount } } }] };
  const props = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace }, spec };
  return { type: "kubernetes:core/v1:Pod", name: `in-${String(namespace)}`, props };
}

function quota(namespace: string, hard: unknown): TestResource {
  const props = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", namespace }, spec: { hard } };
  return { type: "kubernetes:core/v1:ResourceQuota", name: `quota-${namespace}`, props };
}

function profile(name: string, hard: unknown): TestResource {
  const props = {
    apiVersion: "kubeflow.org/v1",
    kind: "Profile",
    metadata: { name },
    spec: { resourceQuotaSpec: { hard } },
  };
  return { type: "kubernetes:kubeflow.org/v1:Profile", name: `profile-${name}`, props };
}

function release(values: unknown, type = "kubernetes:helm.sh/v3:Release"): TestResource {
  return { type, name: "plugin", props: { chart: "nvidia-device-plugin", values } };
}

function judged(...resources: TestResource[]): string[] {
  return lines(analyzeStack([timeSlicingTenants], resources));
}

function found(object: string, path: string, replicas = 4, tenants = 2): string {
  return (
    `advisory [GPU-10] ${object}: ${path} is ${replicas}, with pods of ${tenants} namespaces on the slices; allowed: slices for ` +
    "the pods of one namespace. Give each tenant whole GPUs or MIG slices, or time-sliced GPUs that no other tenant gets."
  );
}

function open(object: string, path: string): string {
  return (
    `advisory [GPU-10] ${object}: ${path} is not known yet; allowed: a value that keeps "Time slices of a GPU are shared ` +
    'within one namespace". It is judged at the end of the update, when the object is there already.'
  );
}

const TWO = [pod("vision"), pod("language")];
const MAP = "ConfigMap nvidia/device-plugin";

describe("GPU-10 time slices and tenants", () => {
  it.each<[string, TestResource[]]>([
    ["slices for one namespace", [configMap({ any: configuration() }), pod("vision"), pod("vision")]],
    ["slices for nobody", [configMap({ any: configuration() })]],
    ["one slice for each GPU", [configMap({ any: configuration({ replicas: 1 }) }), ...TWO]],
    ["a number that is none", [configMap({ any: configuration({ replicas: "4" }) }), ...TWO]],
    ["a resource without name", [configMap({ any: configuration({ name: 1 }) }), ...TWO]],
    [
      "slices under a name that one namespace asks for",
      [configMap({ any: configuration({}, {}) }), pod("a", "nvidia.com/gpu"), ...TWO],
    ],
    [
      "pods that ask for none",
      [configMap({ any: configuration() }), pod("vision", SHARED, 0), pod("language", SHARED, 0)],
    ],
    ["no time slicing", [configMap({ any: "version: v1" }), ...TWO]],
    ["text that is no YAML", [configMap({ any: "timeSlicing: [" }), ...TWO]],
    ["data that is no object", [configMap("timeSlicing"), ...TWO]],
    ["data that is no text", [configMap({ any: 1 }), ...TWO]],
    [
      "a quota of none",
      [configMap({ any: configuration() }), pod("vision"), quota("language", { [`requests.${SHARED}`]: 0 })],
    ],
    ["a quota on something else", [configMap({ any: configuration() }), pod("vision"), quota("language", { pods: 9 })]],
    ["a quota that is no object", [configMap({ any: configuration() }), pod("vision"), quota("language", "all")]],
    [
      "the same text in a resource of another kind",
      [{ ...configMap({ any: configuration() }), type: "kubernetes:core/v1:Secret" }, ...TWO],
    ],
    [
      "another ConfigMap that is not known",
      [configMap(UNKNOWN_STRING, "app", "web"), configMap({ a: UNKNOWN_STRING }, "app", "web"), ...TWO],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(judged(...resources)).toEqual([]);
  });

  it.each<[string, TestResource, string, string]>([
    ["a ConfigMap", configMap({ any: configuration() }), MAP, `data.any${AT}`],
    ["a ConfigMap with a file in it", configMap({ "config.yaml": configuration() }), MAP, `data["config.yaml"]${AT}`],
    [
      "a ConfigMap whatever its name",
      configMap({ any: configuration() }, "app", "web"),
      "ConfigMap web/app",
      `data.any${AT}`,
    ],
    ["a new name of its own", configMap({ any: configuration({ rename: SHARED }, {}) }), MAP, `data.any${AT}`],
    [
      "the chart of the device plugin",
      release({ config: { map: { any: configuration() } } }),
      "Release plugin",
      `values.config.map.any${AT}`,
    ],
    [
      "the rendered chart of the device plugin",
      release({ config: { map: { any: configuration() } } }, "kubernetes:helm.sh/v4:Chart"),
      "Chart plugin",
      `values.config.map.any${AT}`,
    ],
    [
      "the chart of the GPU operator",
      release({ devicePlugin: { config: { data: { any: configuration() } } } }),
      "Release plugin",
      `values.devicePlugin.config.data.any${AT}`,
    ],
    [
      "the rendered chart of the GPU operator",
      release({ devicePlugin: { config: { data: { any: configuration() } } } }, "kubernetes:helm.sh/v4:Chart"),
      "Chart plugin",
      `values.devicePlugin.config.data.any${AT}`,
    ],
  ])("refuses slices for two namespaces from %s", (_case, resource, object, path) => {
    expect(judged(resource, ...TWO)).toEqual([found(object, path)]);
  });

  it("goes by the name under which slices are offered", () => {
    const plain = [pod("vision", "nvidia.com/gpu"), pod("language", "nvidia.com/gpu")];

    expect(judged(configMap({ any: configuration({}, {}) }), ...plain)).toEqual([found(MAP, `data.any${AT}`)]);
    expect(judged(configMap({ any: configuration() }), ...plain)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["a quota", quota("language", { [`requests.${SHARED}`]: 2 })],
    ["a quota on limits", quota("language", { [`limits.${SHARED}`]: 2 })],
    ["a profile", profile("language", { [`requests.${SHARED}`]: 2 })],
  ])("counts a namespace that has %s on slices", (_case, resource) => {
    expect(judged(configMap({ any: configuration({ replicas: 2 }) }), pod("vision"), resource)).toEqual([
      found(MAP, `data.any${AT}`, 2),
    ]);
  });

  it("files the finding under the configuration", () => {
    const resource = configMap({ any: configuration() });

    expect(analyzeStack([timeSlicingTenants], [...TWO, resource])).toMatchObject([{ urn: urnOf(resource) }]);
  });

  it.each<[string, TestResource[], string, string]>([
    ["the text", [configMap({ any: UNKNOWN_STRING }), ...TWO], MAP, "data.any"],
    [
      "the text, by the name alone",
      [configMap({ any: UNKNOWN_STRING }, "gpu", "web"), ...TWO],
      "ConfigMap web/gpu",
      "data.any",
    ],
    [
      "the text, by the namespace alone",
      [configMap({ any: UNKNOWN_STRING }, "app"), ...TWO],
      "ConfigMap nvidia/app",
      "data.any",
    ],
    ["the data", [configMap(UNKNOWN_STRING), ...TWO], MAP, "data"],
    [
      "the text of a chart",
      [release({ config: { map: { any: UNKNOWN_STRING } } }), ...TWO],
      "Release plugin",
      "values.config.map.any",
    ],
    ["a namespace", [configMap({ any: configuration() }), pod("vision"), pod(UNKNOWN_STRING)], MAP, `data.any${AT}`],
    [
      "an amount",
      [configMap({ any: configuration() }), pod("vision"), pod("a", SHARED, UNKNOWN_STRING)],
      MAP,
      `data.any${AT}`,
    ],
    ["a quota", [configMap({ any: configuration() }), pod("vision"), quota("a", UNKNOWN_STRING)], MAP, `data.any${AT}`],
    [
      "an amount in a quota",
      [configMap({ any: configuration() }), pod("vision"), quota("a", { [`requests.${SHARED}`]: UNKNOWN_STRING })],
      MAP,
      `data.any${AT}`,
    ],
  ])("cannot decide without knowing %s", (_case, resources, object, path) => {
    const chart = path.startsWith("values") ? open(object, "values.devicePlugin.config.data") : undefined;

    expect(chart === undefined ? judged(...resources) : judged(...resources).filter((line) => line !== chart)).toEqual([
      open(object, path),
    ]);
  });

  it("asks nothing of what is not known where there is one namespace only", () => {
    expect(judged(configMap({ any: UNKNOWN_STRING }), pod("vision"))).toEqual([]);
    expect(judged(configMap({ any: configuration() }), pod(UNKNOWN_STRING))).toEqual([]);
  });
});
