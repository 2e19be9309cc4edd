import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { pluginSourceOf, type PluginForm, type PluginSource } from "../../../preflight/pools/plugin-source";

const NOTHING = { written: undefined, configMap: undefined, byDefault: undefined, chosen: undefined };
const CHART = { ...NOTHING, strategy: undefined, strategyPath: "values.migStrategy", isConfigured: false };
const OPERATOR = { ...NOTHING, strategy: "single", strategyPath: "values.mig.strategy", isConfigured: false };
const SET = { ...NOTHING, strategy: undefined, strategyPath: "spec.containers[0].env", isConfigured: false };

function daemonSet(env: TreeObject[], configMap?: TreeObject, initEnv: TreeObject[] = []): TreeObject {
  const volumes = [{ name: "other" }, ...(configMap === undefined ? [] : [{ name: "config", configMap }])];
  return { spec: { template: { spec: { volumes, initContainers: [{ env: initEnv }], containers: [{ env }] } } } };
}

const FILE = { name: "CONFIG_FILE", value: "/config/config.yaml" };

describe("where an object says how GPUs are offered", () => {
  it.each<[string, PluginForm, TreeObject, PluginSource]>([
    ["a chart without values", "chart", {}, CHART],
    [
      "a chart with configurations of its own",
      "chart",
      { values: { migStrategy: "mixed", config: { map: { a: "x" }, name: "other", default: "a" } } },
      {
        ...CHART,
        strategy: "mixed",
        written: { entries: { a: "x" }, path: "values.config.map" },
        configMap: "other",
        byDefault: "a",
        isConfigured: true,
      },
    ],
    [
      "a chart that names a ConfigMap beside an empty map and texts",
      "chart",
      { values: { migStrategy: null, config: { map: {}, name: "gpu-config", default: "" } } },
      { ...CHART, configMap: "gpu-config", isConfigured: true },
    ],
    ["a chart that names none", "chart", { values: { config: { map: null, name: "" } } }, CHART],
    ["the operator without values", "operatorChart", { values: {} }, OPERATOR],
    [
      "its policy",
      "operatorPolicy",
      { spec: { mig: { strategy: "mixed" }, devicePlugin: { config: { data: { a: "x" }, default: "a" } } } },
      {
        ...OPERATOR,
        strategy: "mixed",
        strategyPath: "spec.mig.strategy",
        written: { entries: { a: "x" }, path: "spec.devicePlugin.config.data" },
        byDefault: "a",
        isConfigured: true,
      },
    ],
    [
      "a DaemonSet without a file",
      "daemonSet",
      daemonSet([{ name: "MIG_STRATEGY", value: "single" }], { name: "x" }),
      {
        ...SET,
        strategy: "single",
      },
    ],
    [
      "one with a file, and a helper that chooses by default",
      "daemonSet",
      daemonSet([FILE], { name: "x" }, [{ name: "DEFAULT_CONFIG", value: "a" }]),
      { ...SET, configMap: "x", byDefault: "a", isConfigured: true },
    ],
    [
      "one that mounts a single configuration",
      "daemonSet",
      daemonSet([FILE], { name: "x", items: [{ key: "a", path: "config.yaml" }] }),
      { ...SET, configMap: "x", chosen: "a", isConfigured: true },
    ],
    ["one with a file from elsewhere", "daemonSet", daemonSet([FILE]), { ...SET, isConfigured: true }],
  ])("is read of %s", (_case, form, object, source) => {
    expect(pluginSourceOf(object, form)).toEqual(source);
  });

  it.each<[string, PluginForm, TreeObject]>([
    ["the values", "chart", { values: UNKNOWN }],
    ["the configuration", "chart", { values: { config: UNKNOWN } }],
    ["the strategy", "operatorChart", { values: { mig: { strategy: UNKNOWN } } }],
    ["further values", "chart", { values: {}, valueYamlFiles: UNKNOWN }],
    ["the pods", "daemonSet", { spec: { template: { spec: UNKNOWN } } }],
    ["a variable", "daemonSet", daemonSet([{ name: UNKNOWN, value: "a" }])],
    ["a strategy", "daemonSet", daemonSet([{ name: "MIG_STRATEGY", value: UNKNOWN }])],
    ["a volume", "daemonSet", { spec: { template: { spec: { volumes: [UNKNOWN] } } } }],
    ["a container", "daemonSet", { spec: { template: { spec: { containers: [UNKNOWN] } } } }],
  ])("is not known before %s", (_case, form, object) => {
    expect(pluginSourceOf(object, form)).toBe(UNKNOWN);
  });

  it("is not known of configurations that are not known yet, but where they are is", () => {
    expect(pluginSourceOf({ values: { config: { map: UNKNOWN } } }, "chart")).toMatchObject({
      written: { entries: UNKNOWN, path: "values.config.map" },
      isConfigured: true,
    });
  });
});
