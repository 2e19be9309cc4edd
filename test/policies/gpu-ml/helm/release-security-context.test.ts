import { describe, expect, it } from "vitest";
import { releaseSecurityContext } from "../../../../policies/gpu-ml/helm/release-security-context";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

function withValues(values: unknown, name: unknown = "seaweedfs"): TestResource {
  return release({ chart: name, version: "4.44.0", values });
}

const TITLE = "The values of a Release take no protection away from its pods";

describe("HELM-03 security contexts in the values of a Release", () => {
  it.each([
    ["what protects", withValues({ securityContext: { privileged: false, runAsNonRoot: true, runAsUser: 1000 } })],
    ["what only looks like a switch", withValues({ privileged: "true", runAsUser: "0", runAsNonRoot: null })],
    ["a chart whose pods work on the node", withValues({ privileged: true }, "nvidia-device-plugin")],
    ["no values", withValues(undefined)],
    ["a key that every object inherits", withValues({ constructor: true })],
    ["a rendered chart, whose pods are judged", chart({ chart: "seaweedfs", values: { privileged: true } })],
    ["a Release without chart", release({ values: { privileged: true } })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([releaseSecurityContext], resource)).toEqual([]);
  });

  it.each([
    ["privileged", true, "false"],
    ["allowPrivilegeEscalation", true, "false"],
    ["hostNetwork", true, "false"],
    ["hostPID", true, "false"],
    ["hostIPC", true, "false"],
    ["runAsNonRoot", false, "true"],
    ["runAsUser", 0, "a number above 0"],
  ])("finds %s: %s", (field, weak, allowed) => {
    const values = { parts: [{ securityContext: { [field]: weak } }] };

    expect(lines(analyze([releaseSecurityContext], withValues(values)))).toEqual([
      `advisory [HELM-03] Release it: values.parts[0].securityContext.${field} is ${weak}; ` +
        `allowed: ${allowed} or absent. Remove it.`,
    ]);
  });

  it.each([
    "aws-ebs-csi-driver",
    "aws-efa-k8s-device-plugin",
    "cni",
    "dcgm-exporter",
    "gpu-operator",
    "network-operator",
    "nvidia-device-plugin",
    "ztunnel",
  ])("leaves %s alone, whose pods work on the node", (name) => {
    expect(analyze([releaseSecurityContext], withValues({ privileged: true }, name))).toEqual([]);
  });

  it("has a list of charts that can be changed", () => {
    const config = { platform: { rules: { "HELM-03": { nodeCharts: ["seaweedfs"] } } } };

    expect(analyze([releaseSecurityContext], withValues({ privileged: true }), config)).toEqual([]);
    expect(analyze([releaseSecurityContext], withValues({ privileged: true }, "cni"), config)).toHaveLength(1);
  });

  it.each([["text"], [["a", 5]], [null]])("refuses %j as a list of charts", (nodeCharts) => {
    const config = { platform: { rules: { "HELM-03": { nodeCharts } } } };
    const found = analyze([releaseSecurityContext], { type: "pulumi:pulumi:Stack", props: {} }, config);

    expect(found.map(({ name }) => name)).toEqual(["META-03"]);
  });

  it.each([
    ["the values", withValues(UNKNOWN_STRING), "values"],
    ["the field", withValues({ a: { privileged: UNKNOWN_STRING } }), "values.a.privileged"],
    ["the chart", withValues({ privileged: true }, UNKNOWN_STRING), "chart"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([releaseSecurityContext], resource))).toEqual([
      `advisory [HELM-03] Release it: ${path} ${notKnown(TITLE)}`,
    ]);
  });

  it("needs not wait for the chart where the values protect", () => {
    expect(analyze([releaseSecurityContext], withValues({ privileged: false }, UNKNOWN_STRING))).toEqual([]);
  });
});
