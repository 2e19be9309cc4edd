import { describe, expect, it } from "vitest";
import { gpuMetrics } from "../../../../policies/gpu-ml/pools/gpu-metrics";
import { analyzeStack, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { nodeGroup, notKnownInStack } from "./resources";

const GPUS = nodeGroup({ instanceTypes: ["g5.xlarge"] });
const PROMETHEUS: TestResource = {
  type: "kubernetes:monitoring.coreos.com/v1:Prometheus",
  name: "main",
  props: { apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", metadata: { name: "main" } },
};

function chart(name: unknown, type = "kubernetes:helm.sh/v3:Release"): TestResource {
  return { type, name: "chart", props: { chart: name } };
}

function exporter(image: unknown): TestResource {
  return job({ image });
}

describe("GPU-20 metrics of GPUs", () => {
  it.each<[string, TestResource[]]>([
    ["the exporter by tag", [GPUS, PROMETHEUS, exporter("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3")]],
    ["the exporter by digest", [GPUS, PROMETHEUS, exporter("mirror.example/dcgm-exporter@sha256:00")]],
    ["the exporter by name alone", [GPUS, PROMETHEUS, exporter("mirror.example/dcgm-exporter")]],
    ["the exporter's chart", [GPUS, PROMETHEUS, chart("dcgm-exporter")]],
    ["the operator's chart", [GPUS, PROMETHEUS, chart("gpu-operator", "kubernetes:helm.sh/v4:Chart")]],
    ["a packed chart", [GPUS, PROMETHEUS, chart("https://example.com/gpu-operator-v26.7.1.tgz")]],
    ["our exporter", [GPUS, PROMETHEUS, { type: "mlstack:index:DcgmExporter", props: {} }]],
    ["our operator", [GPUS, PROMETHEUS, { type: "mlstack:index:GpuOperator", props: {} }]],
    [
      "the exporter beside an image not known yet",
      [GPUS, PROMETHEUS, chart("dcgm-exporter"), exporter(UNKNOWN_STRING)],
    ],
    ["a stack that Prometheus does not watch", [GPUS]],
    ["a stack without GPUs", [nodeGroup({ instanceTypes: ["m7i.large"] }), PROMETHEUS, exporter(UNKNOWN_STRING)]],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([gpuMetrics], resources)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["nothing else", []],
    ["other charts", [chart("kube-prometheus-stack"), chart("my-gpu-operator"), chart("gpu-operator-crds")]],
    ["what names such a chart and installs none", [chart("gpu-operator", "kubernetes:example.com/v1:Chart")]],
    ["a chart that is no text", [chart(["gpu-operator"])]],
    ["an image that is no text", [exporter(["dcgm-exporter"])]],
    ["other images", [exporter("registry.example/mnist:1.4"), exporter("registry.example/dcgm-exporter-dashboard:1")]],
  ])("refuses Prometheus and GPUs beside %s", (_case, others) => {
    const found = analyzeStack([gpuMetrics], [GPUS, PROMETHEUS, ...others]);

    expect(lines(found)).toEqual([
      "advisory [GPU-20] Prometheus main: spec is without anything that measures the GPUs of the stack; allowed: the " +
        "DCGM exporter beside pools with GPUs. Install the DCGM exporter, or the GPU operator, which brings it.",
    ]);
    expect(found).toMatchObject([{ urn: urnOf(PROMETHEUS) }]);
  });

  it.each<[string, TestResource[]]>([
    ["whether there are GPUs", [nodeGroup({ instanceTypes: UNKNOWN_STRING }), PROMETHEUS]],
    ["an image", [GPUS, PROMETHEUS, exporter(UNKNOWN_STRING)]],
    ["a chart", [GPUS, PROMETHEUS, chart(UNKNOWN_STRING)]],
  ])("leaves it to the update while %s is not known", (_case, resources) => {
    expect(lines(analyzeStack([gpuMetrics], resources))).toEqual([
      notKnownInStack("Prometheus main", "spec", gpuMetrics),
    ]);
  });
});
