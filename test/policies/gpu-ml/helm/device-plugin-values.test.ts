import { describe, expect, it } from "vitest";
import { devicePluginValues } from "../../../../policies/gpu-ml/helm/device-plugin-values";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

function plugin(values: unknown, more: object = {}): TestResource {
  return chart({ chart: "nvidia-device-plugin", version: "0.20.0", values, ...more });
}

const TITLE = "The device plugin hands GPUs out by mounts or CDI, and fails where it finds none";
const SAFE = { deviceListStrategy: "cdi-cri" };
const STRATEGY =
  "allowed: cdi-cri or volume-mounts. " +
  "Set it to cdi-cri, and let the nodes refuse NVIDIA_VISIBLE_DEVICES from pods without privileges.";
const ABSENT = `advisory [HELM-03] Chart it: values.deviceListStrategy is absent, which means envvar; ${STRATEGY}`;
const FAILURE =
  "advisory [HELM-03] Chart it: values.failOnInitError is false, although the chart keeps the plugin to nodes with GPUs; " +
  "allowed: true or absent. Remove it, so that a node whose GPUs cannot be read is noticed.";

describe("HELM-03 values of the device plugin", () => {
  it.each([
    ["cdi-cri", plugin(SAFE)],
    ["volume-mounts", plugin({ deviceListStrategy: "volume-mounts" })],
    ["several without envvar", plugin({ deviceListStrategy: "volume-mounts,cdi-cri" })],
    ["a list without envvar", plugin({ deviceListStrategy: ["cdi-cri"] })],
    ["a list of other things", plugin({ deviceListStrategy: [5] })],
    ["a strategy of another type", plugin({ deviceListStrategy: 5 })],
    ["a configuration of its own by name", plugin({ config: { name: "plugin-config" } })],
    ["a configuration of its own in the values", plugin({ config: { map: { default: "version: v1" } } })],
    ["values in other files", plugin({}, { valueYamlFiles: [{ path: "values.yaml" }] })],
    ["failure left on", plugin({ ...SAFE, failOnInitError: true })],
    [
      "failure off where it says itself where it runs",
      plugin({ ...SAFE, failOnInitError: false, nodeSelector: { a: "b" } }),
    ],
    ["failure off with other affinity", plugin({ ...SAFE, failOnInitError: false, affinity: { nodeAffinity: {} } })],
    ["failure off beside other files", plugin({ ...SAFE, failOnInitError: false }, { valueYamlFiles: [{}] })],
    ["another chart", chart({ chart: "gpu-operator", values: { failOnInitError: false } })],
    ["a chart without name", chart({})],
    ["a resource that is no chart", { type: "aws:s3/bucket:Bucket", props: { chart: "nvidia-device-plugin" } }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([devicePluginValues], resource)).toEqual([]);
  });

  it.each([
    ["no values", undefined],
    ["a strategy of null", { deviceListStrategy: null }],
    ["an empty strategy", { deviceListStrategy: "" }],
    ["empty configurations", { config: { name: "", map: {} } }],
    ["configurations of other types", { config: { name: 5, map: null } }],
  ])("refuses %s", (_case, values) => {
    expect(lines(analyze([devicePluginValues], plugin(values)))).toEqual([ABSENT]);
    expect(lines(analyze([devicePluginValues], plugin(values, { valueYamlFiles: [] })))).toEqual([ABSENT]);
  });

  it.each(["envvar", "cdi-cri, envvar", "envvar,volume-mounts"])("refuses %s", (deviceListStrategy) => {
    const found = `values.deviceListStrategy is envvar, alone or among others; ${STRATEGY}`;

    expect(lines(analyze([devicePluginValues], plugin({ deviceListStrategy })))).toEqual([
      `advisory [HELM-03] Chart it: ${found}`,
    ]);
    expect(lines(analyze([devicePluginValues], plugin({ deviceListStrategy: ["cdi-cri", "envvar"] })))).toEqual([
      `advisory [HELM-03] Chart it: ${found}`,
    ]);
    expect(
      lines(analyze([devicePluginValues], release({ chart: "nvidia-device-plugin", values: { deviceListStrategy } }))),
    ).toEqual([`advisory [HELM-03] Release it: ${found}`]);
  });

  it.each([
    ["alone", {}],
    ["with an empty place", { nodeSelector: {}, affinity: {} }],
    ["with a place of null", { nodeSelector: null, affinity: null }],
  ])("refuses to hide failures, %s", (_case, place) => {
    expect(lines(analyze([devicePluginValues], plugin({ ...SAFE, failOnInitError: false, ...place })))).toEqual([
      FAILURE,
    ]);
  });

  it.each([
    ["the chart", chart({ chart: UNKNOWN_STRING, values: { deviceListStrategy: "envvar" } }), "chart"],
    ["the values", plugin(UNKNOWN_STRING), "values.deviceListStrategy, values.failOnInitError"],
    ["the strategy", plugin({ deviceListStrategy: UNKNOWN_STRING }), "values.deviceListStrategy"],
    ["the name of a configuration", plugin({ config: { name: UNKNOWN_STRING } }), "values.deviceListStrategy"],
    [
      "whether there are other files",
      plugin({}, { valueYamlFiles: UNKNOWN_STRING }),
      "values.deviceListStrategy, values.failOnInitError",
    ],
    ["whether it fails", plugin({ ...SAFE, failOnInitError: UNKNOWN_STRING }), "values.failOnInitError"],
    ["where it runs", plugin({ ...SAFE, failOnInitError: false, affinity: UNKNOWN_STRING }), "values.failOnInitError"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([devicePluginValues], resource))).toEqual([
      `advisory [HELM-03] Chart it: ${path} ${notKnown(TITLE)}`,
    ]);
  });

  it("needs not wait for a configuration where the strategy is known", () => {
    const values = { deviceListStrategy: "cdi-cri", config: { name: UNKNOWN_STRING } };

    expect(analyze([devicePluginValues], plugin(values))).toEqual([]);
  });

  it("needs not wait for whether it fails where it says itself where it runs", () => {
    expect(
      analyze([devicePluginValues], plugin({ ...SAFE, failOnInitError: UNKNOWN_STRING, nodeSelector: { a: "b" } })),
    ).toEqual([]);
  });
});
