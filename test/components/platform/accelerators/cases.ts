import { DcgmExporter, GpuOperator, MigStrategy } from "../../../../components/platform/accelerators";
import { dcgmExporterValues } from "../../../../components/platform/accelerators/dcgm-exporter-values";
import { gpuOperatorValues } from "../../../../components/platform/accelerators/gpu-operator-values";
import type { PartCase } from "../../../support/part-case";

const tolerations = [{ key: "team", value: "vision" }];
const platforms = [undefined, { prometheus: true, systemPool: "system" }, { simulated: true }];

/** The parts for accelerators that are charts. */
export const cases: PartCase[] = [
  {
    part: "DcgmExporter",
    create: (name, args) => new DcgmExporter(name, args),
    options: {
      platform: platforms,
      namespace: [undefined, "gpu-metrics"],
      resources: [undefined, { memory: "1Gi" }],
      tolerations: [undefined, tolerations],
      podLabels: [undefined, ["^kueue\\.x-k8s\\.io/queue-name$"]],
      scrapeInterval: [undefined, "30s"],
    },
    charts: [
      {
        values: dcgmExporterValues,
        upstream: "dcgm-exporter/chart/values.yaml",
        open: ["nodeSelector"],
      },
    ],
  },
  {
    part: "GpuOperator",
    create: (name, args) => new GpuOperator(name, args),
    options: {
      platform: platforms,
      namespace: [undefined, "nvidia"],
      replicas: [undefined, 2],
      resources: [undefined, { memory: "1Gi" }],
      tolerations: [undefined, tolerations],
      migStrategy: [undefined, MigStrategy.mixed],
      operands: [undefined, { toolkit: true, migManager: true }, { devicePlugin: false, nodeFeatureDiscovery: false }],
    },
    // Neither the mirror nor upstream data has the chart's values.
    charts: [{ values: gpuOperatorValues }],
  },
];
