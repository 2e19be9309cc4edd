import { describe, expect, it } from "vitest";
import { DcgmExporter } from "../../../../components/platform/accelerators";
import { dcgmExporterRendering } from "../../../../components/platform/accelerators/dcgm-exporter";
import { dcgmExporterValues } from "../../../../components/platform/accelerators/dcgm-exporter-values";
import type { KubernetesObject } from "../../../../components/rendering";
import { problemsOf, startMocks } from "../../../support/mocks";

describe("the chart's values", () => {
  it("run on nodes with GPUs alone, and tolerate their taints whatever the effect", () => {
    const values = dcgmExporterValues({ tolerations: [{ key: "team", value: "vision" }] });
    expect(values["nodeSelector"]).toEqual({ "nvidia.com/gpu.present": "true" });
    expect(values["tolerations"]).toEqual([
      { key: "nvidia.com/gpu", operator: "Exists" },
      { key: "team", value: "vision", operator: "Equal" },
    ]);
  });

  it("have a monitor only where the platform has Prometheus", () => {
    expect(dcgmExporterValues({})["serviceMonitor"]).toMatchObject({ enabled: false });
    expect(dcgmExporterValues({ platform: { prometheus: true } })["serviceMonitor"]).toMatchObject({ enabled: true });
  });

  it("name the node of each sample themselves, as the exporter's own label changes with its version", () => {
    expect(dcgmExporterValues({})["serviceMonitor"]).toMatchObject({
      honorLabels: false,
      relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node", action: "replace" }],
    });
  });

  it("read pods only where labels of theirs are wanted", () => {
    expect(dcgmExporterValues({})["kubernetes"]).toMatchObject({ enablePodLabels: false, enablePodUID: false });
    expect(dcgmExporterValues({ podLabels: ["^team$"] })["kubernetes"]).toEqual({
      enablePodLabels: true,
      enablePodUID: true,
      podLabelAllowlistRegex: ["^team$"],
    });
  });
});

describe("a DcgmExporter", () => {
  it("has a privileged namespace of its own", async () => {
    const program = await startMocks();
    new DcgmExporter("dcgm");
    expect(await program.inputsOf("dcgm-namespace")).toMatchObject({
      metadata: { name: "dcgm-exporter", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    });
  });

  it("does not wait for pods behind its Service, of which there are none before the first GPU node", () => {
    const service: KubernetesObject = { apiVersion: "v1", kind: "Service", metadata: { name: "dcgm-exporter" } };
    expect(dcgmExporterRendering({}).adjust?.([service])).toMatchObject([
      { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } },
    ]);
  });

  it("is refused with misspelt arguments, all named at once", () => {
    const args = { tolerations: [{ key: "-" }], podLabels: ["(", "a,b"], scrapeInterval: "0s" };
    expect(problemsOf(() => new DcgmExporter("dcgm", args)).reasons).toEqual([
      'tolerations[0].key is "-"; allowed: a label key such as example.com/team. Rename the key.',
      'podLabels[0] is "("; allowed: a regular expression without commas. Name a label\'s key.',
      'podLabels[1] is "a,b"; allowed: a regular expression without commas. Name a label\'s key.',
      'scrapeInterval is "0s"; allowed: whole seconds, minutes or hours. Write it like "15s".',
    ]);
  });
});
