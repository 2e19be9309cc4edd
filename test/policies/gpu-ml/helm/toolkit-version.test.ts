import { describe, expect, it } from "vitest";
import { toolkitVersion } from "../../../../policies/gpu-ml/helm/toolkit-version";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown } from "./charts";

function operator(version: unknown, toolkit?: unknown, more: object = {}): TestResource {
  return chart({ chart: "gpu-operator", version, values: { toolkit }, ...more });
}

function clusterPolicy(toolkit: unknown, kind = "ClusterPolicy"): TestResource {
  const props = { apiVersion: "nvidia.com/v1", kind, metadata: { name: "cluster-policy" }, spec: { toolkit } };
  return { type: `kubernetes:nvidia.com/v1:${kind}`, name: "it", props };
}

const TITLE = "The NVIDIA container toolkit has no known way out of a container";

function message(object: string, path: string, version: string, allowed: string): string {
  return (
    `advisory [HELM-03] ${object}: ${path} is ${version}, from which containers can break out; allowed: ${allowed}. ` +
    "Install a newer one, and replace the nodes that have the old one."
  );
}

describe("HELM-03 versions of the NVIDIA container toolkit", () => {
  it.each([
    ["the first fixed operator", operator("25.3.1")],
    ["the first fixed operator, with a v", operator("v25.3.1")],
    [
      "a new operator of which it is not known whether it brings the toolkit",
      operator("26.7.0", { enabled: UNKNOWN_STRING }),
    ],
    ["a new chart whose name is not known", chart({ chart: UNKNOWN_STRING, version: "26.7.0" })],
    ["a version with one more number", operator("25.3.1.1")],
    ["a newer patch", operator("25.3.10")],
    ["a newer minor", operator("25.10.0")],
    ["a newer major", operator("26.3")],
    ["a version of one number, which is a range", operator("24")],
    ["a range", operator("^24.6.1")],
    ["no version", operator(undefined)],
    ["an old operator that leaves the toolkit to the machine image", operator("24.6.1", { enabled: false })],
    ["an old operator with a new toolkit", operator("24.6.1", { version: "v1.17.8-ubuntu20.04" })],
    ["a toolkit by digest", operator("24.6.1", { version: "sha256:beef" })],
    ["a toolkit version of another type", operator("24.6.1", { version: 1.16 })],
    ["a cluster policy with a new toolkit", clusterPolicy({ version: "v1.18.0" })],
    ["a cluster policy that leaves it to the operator", clusterPolicy({})],
    ["a cluster policy without toolkit", clusterPolicy({ enabled: false, version: "v1.16.1" })],
    ["another kind of NVIDIA's", clusterPolicy({ version: "v1.16.1" }, "NVIDIADriver")],
    ["another chart", chart({ chart: "dcgm-exporter", version: "3.1.0" })],
    ["a chart without name", chart({ version: "3.1.0" })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([toolkitVersion], resource)).toEqual([]);
  });

  it.each([
    ["25.3.0", "25.3.0"],
    ["v24.6.1", "24.6.1"],
    ["24.9.2", "24.9.2"],
    ["25.2.9", "25.2.9"],
    ["25.3", "25.3"],
    ["25.3.0-rc.1", "25.3.0"],
  ])("refuses operator %s", (version, shown) => {
    const found = message("Chart it", "version", shown, "the GPU operator from 25.3.1");

    expect(lines(analyze([toolkitVersion], operator(version)))).toEqual([found]);
    expect(lines(analyze([toolkitVersion], operator(version, { enabled: true, version: "" })))).toEqual([found]);
    expect(lines(analyze([toolkitVersion], operator(version, { version: null })))).toEqual([found]);
  });

  it.each([
    ["v1.16.1", "1.16.1"],
    ["1.17.7", "1.17.7"],
    ["v1.17.7-ubuntu20.04", "1.17.7"],
    ["v1.17.7-line\nbreak", "1.17.7"],
    ["v0.18.9", "0.18.9"],
  ])("refuses toolkit %s", (version, shown) => {
    const allowed = "the container toolkit from 1.17.8";

    expect(lines(analyze([toolkitVersion], operator("26.7.0", { version })))).toEqual([
      message("Chart it", "values.toolkit.version", shown, allowed),
    ]);
    expect(lines(analyze([toolkitVersion], clusterPolicy({ version })))).toEqual([
      message("ClusterPolicy cluster-policy", "spec.toolkit.version", shown, allowed),
    ]);
  });

  it("has floors that can be raised", () => {
    const config = { platform: { rules: { "HELM-03": { toolkit: "v1.20", operator: "26.7.0" } } } };

    expect(lines(analyze([toolkitVersion], operator("26.3.1"), config))).toEqual([
      message("Chart it", "version", "26.3.1", "the GPU operator from 26.7.0"),
    ]);
    expect(lines(analyze([toolkitVersion], clusterPolicy({ version: "v1.19.1" }), config))).toEqual([
      message("ClusterPolicy cluster-policy", "spec.toolkit.version", "1.19.1", "the container toolkit from v1.20"),
    ]);
    expect(analyze([toolkitVersion], clusterPolicy({ version: "v1.20.0" }), config)).toEqual([]);
  });

  it.each(["new", "v", "25", "1.2.x", "^1.2", 1.2, null])("refuses %j as a floor", (toolkit) => {
    const config = { platform: { rules: { "HELM-03": { toolkit } } } };
    const found = analyze([toolkitVersion], { type: "pulumi:pulumi:Stack", props: {} }, config);

    expect(found.map(({ name }) => name)).toEqual(["META-03"]);
  });

  it.each([
    ["the chart", chart({ chart: UNKNOWN_STRING, version: "24.6.1" }), "chart"],
    ["the version", operator(UNKNOWN_STRING), "version"],
    ["whether an old operator brings the toolkit", operator("24.6.1", { enabled: UNKNOWN_STRING }), "version"],
    ["the version of the toolkit", operator("24.6.1", { version: UNKNOWN_STRING }), "values.toolkit.version"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([toolkitVersion], resource))).toEqual([
      `advisory [HELM-03] Chart it: ${path} ${notKnown(TITLE)}`,
    ]);
  });

  it("leaves it to the update while the toolkit of a cluster policy is not known", () => {
    expect(lines(analyze([toolkitVersion], clusterPolicy(UNKNOWN_STRING)))).toEqual([
      `advisory [HELM-03] ClusterPolicy cluster-policy: spec.toolkit.version ${notKnown(TITLE)}`,
    ]);
  });

  it("says nothing of an operator whose other files may name the toolkit", () => {
    expect(analyze([toolkitVersion], operator("24.6.1", {}, { valueYamlFiles: [{}] }))).toEqual([]);
  });
});
