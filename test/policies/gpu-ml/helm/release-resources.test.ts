import { describe, expect, it } from "vitest";
import { releaseResources } from "../../../../policies/gpu-ml/helm/release-resources";
import { analyze, lines, UNKNOWN_STRING } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

const resources = { requests: { cpu: 1, memory: "1Gi" } };

function found(path: string): string {
  return (
    `advisory [HELM-03] Release it: ${path} is absent, and the chart itself sets none; ` +
    "allowed: requests for CPU and memory. Set them."
  );
}

describe("HELM-03 resources of what a Release installs", () => {
  it.each([
    ["resources in the values", release({ chart: "karpenter", values: { controller: { resources } } })],
    ["a chart with resources of its own", release({ chart: "kueue" })],
    ["a chart that is called after an inherited property", release({ chart: "constructor" })],
    ["a rendered chart, whose pods are judged", chart({ chart: "karpenter" })],
    ["values in other files", release({ chart: "karpenter", valueYamlFiles: [{}] })],
    ["resources of another type", release({ chart: "karpenter", values: { controller: { resources: "small" } } })],
    ["a Release without chart", release({})],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([releaseResources], resource)).toEqual([]);
  });

  it.each([
    ["argo-workflows", ["values.controller.resources", "values.server.resources"]],
    ["aws-load-balancer-controller", ["values.resources"]],
    ["cert-manager", ["values.resources", "values.webhook.resources", "values.cainjector.resources"]],
    ["cluster-autoscaler", ["values.resources"]],
    ["karpenter", ["values.controller.resources"]],
    ["kubeflow-trainer", ["values.manager.resources"]],
    ["nvidia-device-plugin", ["values.resources"]],
    ["spark-operator", ["values.controller.resources", "values.webhook.resources"]],
    [
      "vertical-pod-autoscaler",
      ["values.admissionController.resources", "values.recommender.resources", "values.updater.resources"],
    ],
  ])("finds %s without", (name, paths) => {
    expect(lines(analyze([releaseResources], release({ chart: name })))).toEqual(paths.map(found));
  });

  it("finds empty resources, and those alone", () => {
    const values = { controller: { resources: {} }, webhook: { resources } };

    expect(lines(analyze([releaseResources], release({ chart: "spark-operator", values })))).toEqual([
      found("values.controller.resources"),
    ]);
  });

  it.each([
    ["the chart", { chart: UNKNOWN_STRING }, "chart"],
    [
      "the resources",
      { chart: "karpenter", values: { controller: { resources: UNKNOWN_STRING } } },
      "values.controller.resources",
    ],
  ])("leaves it to the update while %s is not known", (_case, props, path) => {
    expect(lines(analyze([releaseResources], release(props)))).toEqual([
      `advisory [HELM-03] Release it: ${path} ${notKnown("The controllers that a Release installs ask for resources")}`,
    ]);
  });
});
