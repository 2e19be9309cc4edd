import { describe, expect, it } from "vitest";
import { sparkOperatorValues } from "../../../../policies/gpu-ml/helm/spark-operator-values";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown } from "./charts";

function operator(values: unknown, more: object = {}): TestResource {
  return chart({ chart: "spark-operator", version: "2.5.2", values, ...more });
}

const TITLE = "The Spark operator serves chosen namespaces, and its webhook is always asked";

describe("HELM-03 values of the Spark operator", () => {
  it.each([
    ["no values", operator(undefined)],
    ["chosen namespaces", operator({ spark: { jobNamespaces: ["research", "ads"] } })],
    ["no namespaces, where labels may select them", operator({ spark: { jobNamespaces: [] } })],
    ["namespaces of another type", operator({ spark: { jobNamespaces: "" } })],
    ["a webhook that is left on", operator({ webhook: { enable: true, failurePolicy: "Fail" } })],
    ["values in other files", operator({}, { valueYamlFiles: [{}] })],
    ["another chart", chart({ chart: "minio", values: { webhook: { enable: false } } })],
    ["a chart without name", chart({ values: { webhook: { enable: false } } })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([sparkOperatorValues], resource)).toEqual([]);
  });

  it.each([
    [
      "all namespaces",
      { spark: { jobNamespaces: ["research", ""] } },
      "values.spark.jobNamespaces is a list with an empty name, which stands for all namespaces; " +
        "allowed: the names of namespaces for Spark. " +
        "List the namespaces, or select them by label with spark.jobNamespaceSelector.",
    ],
    [
      "no webhook",
      { webhook: { enable: false } },
      "values.webhook.enable is false, so that pods lose what applications say of security, volumes and nodes; " +
        "allowed: true. Leave the webhook on: it alone carries those fields over to the pods.",
    ],
    [
      "a webhook that may be passed by",
      { webhook: { failurePolicy: "Ignore" } },
      "values.webhook.failurePolicy is Ignore, so that pods run without their security context while the webhook is " +
        "down; allowed: Fail. Leave it at Fail, and give the webhook two replicas.",
    ],
  ])("refuses %s", (_case, values, message) => {
    expect(lines(analyze([sparkOperatorValues], operator(values)))).toEqual([
      `advisory [HELM-03] Chart it: ${message}`,
    ]);
  });

  it.each([
    ["the chart", chart({ chart: UNKNOWN_STRING, values: { webhook: { enable: false } } }), "chart"],
    [
      "what the values are",
      operator(UNKNOWN_STRING),
      "values.spark.jobNamespaces, values.webhook.enable, values.webhook.failurePolicy",
    ],
    ["a namespace", operator({ spark: { jobNamespaces: ["a", UNKNOWN_STRING] } }), "values.spark.jobNamespaces[1]"],
    ["whether there is a webhook", operator({ webhook: { enable: UNKNOWN_STRING } }), "values.webhook.enable"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([sparkOperatorValues], resource))).toEqual([
      `advisory [HELM-03] Chart it: ${path} ${notKnown(TITLE)}`,
    ]);
  });
});
