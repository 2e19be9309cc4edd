import { describe, expect, it } from "vitest";
import { MetricsServer } from "../../../../components/platform/foundations";
import { metricsServerValues } from "../../../../components/platform/foundations/metrics-server-values";
import { childList, startMocks } from "../../../support/mocks";

describe("the chart's values", () => {
  it("check the certificates of kubelets", () => {
    expect(metricsServerValues({})["args"]).toEqual([]);
  });

  it("leave them unchecked where that is asked for in so many words", () => {
    expect(metricsServerValues({ insecureKubeletTls: true })["args"]).toEqual(["--kubelet-insecure-tls"]);
  });

  it("have two pods and a budget that lets broken pods go", () => {
    expect(metricsServerValues({})).toMatchObject({
      replicas: 2,
      podDisruptionBudget: { enabled: true, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    });
  });

  it("let the API server check the certificate where cert-manager makes it", () => {
    expect(metricsServerValues({ platform: { certManager: true } })).toMatchObject({
      tls: { type: "cert-manager" },
      apiService: { insecureSkipTLSVerify: false },
    });
    expect(metricsServerValues({})).toMatchObject({
      tls: { type: "metrics-server" },
      apiService: { insecureSkipTLSVerify: true },
    });
  });

  it("limit memory to what is asked for", () => {
    expect(metricsServerValues({ resources: { memory: "400Mi" } })["resources"]).toEqual({
      requests: { cpu: "100m", memory: "400Mi" },
      limits: { memory: "400Mi" },
    });
  });
});

describe("a MetricsServer", () => {
  it("has a restricted namespace of its own", async () => {
    const program = await startMocks();
    new MetricsServer("metrics");
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:MetricsServer metrics",
      "kubernetes:core/v1:Namespace metrics-namespace < metrics",
      "mlstack:internal:RenderedObjects metrics-objects < metrics",
    ]);
    expect(await program.inputsOf("metrics-namespace")).toMatchObject({
      metadata: { name: "metrics-server", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });
});
