import { describe, expect, it } from "vitest";
import { chartRelease } from "../../../../policies/gpu-ml/helm/chart-release";
import { analyze, lines, UNKNOWN_STRING } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

function message(name: string): string {
  return (
    `advisory [HELM-02] Release it: chart is "${name}", installed where no policy sees its objects; ` +
    "allowed: a kubernetes.helm.v4.Chart for it. Install it as one."
  );
}

describe("HELM-02 charts that policies should see into", () => {
  it.each([
    ["a rendered chart", chart({ chart: "nvidia-device-plugin" })],
    ["a Release of another chart", release({ chart: "wordpress" })],
    ["a Release without chart", release({})],
    ["a Release of a folder without name", release({ chart: "/" })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([chartRelease], resource)).toEqual([]);
  });

  it.each([
    ["nvidia-device-plugin", "nvidia-device-plugin"],
    ["oci://public.ecr.aws/karpenter/karpenter", "karpenter"],
    ["oci://public.ecr.aws/karpenter/karpenter:1.14.1", "karpenter"],
    ["oci://public.ecr.aws/karpenter/karpenter@sha256:beef", "karpenter"],
    ["https://charts.example/minio-5.4.0.tgz", "minio"],
    ["https://charts.example/minio-v5.4.0-rc.1.tgz", "minio"],
    ["https://charts.example/minio.tgz?token=hunter2", "minio"],
    ["https://charts.example/minio.tgz#hunter2", "minio"],
    ["./charts/minio/", "minio"],
    ["bitnami/minio", "minio"],
  ])("finds a Release of %s", (reference, name) => {
    const found = lines(analyze([chartRelease], release({ chart: reference })));

    expect(found.filter((line) => !line.includes("hunter2"))).toEqual([message(name)]);
  });

  it.each([
    "argo-workflows",
    "aws-ebs-csi-driver",
    "aws-efa-k8s-device-plugin",
    "aws-load-balancer-controller",
    "cert-manager",
    "cluster-autoscaler",
    "cni",
    "dcgm-exporter",
    "dra-driver-nvidia-gpu",
    "external-secrets",
    "gpu-operator",
    "istiod",
    "jobset",
    "karpenter",
    "keda",
    "kserve-llmisvc-resources",
    "kserve-resources",
    "kube-prometheus-stack",
    "kubeflow-trainer",
    "kueue",
    "lws",
    "minio",
    "network-operator",
    "node-feature-discovery",
    "nvidia-device-plugin",
    "nvidia-dra-driver-gpu",
    "seaweedfs",
    "spark-operator",
    "vertical-pod-autoscaler",
    "ztunnel",
  ])("knows %s", (name) => {
    expect(lines(analyze([chartRelease], release({ chart: name })))).toEqual([message(name)]);
  });

  it("has a list that can be changed", () => {
    const config = { platform: { rules: { "HELM-02": { charts: ["wordpress"] } } } };

    expect(lines(analyze([chartRelease], release({ chart: "wordpress" }), config))).toEqual([message("wordpress")]);
    expect(analyze([chartRelease], release({ chart: "minio" }), config)).toEqual([]);
  });

  it.each([["text"], [["a", 5]], [null]])("refuses %j as a list of charts", (charts) => {
    const config = { platform: { rules: { "HELM-02": { charts } } } };

    expect(analyze([chartRelease], { type: "pulumi:pulumi:Stack", props: {} }, config).map(({ name }) => name)).toEqual(
      ["META-03"],
    );
  });

  it("leaves it to the update while the chart is not known", () => {
    expect(lines(analyze([chartRelease], release({ chart: UNKNOWN_STRING })))).toEqual([
      `advisory [HELM-02] Release it: chart ${notKnown("Charts that matter to security are rendered for policies to see")}`,
    ]);
  });
});
