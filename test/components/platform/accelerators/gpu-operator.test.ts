import { describe, expect, it } from "vitest";
import { GpuOperator, gpuOperatorConflicts, MigStrategy } from "../../../../components/platform/accelerators";
import { gpuOperatorRendering } from "../../../../components/platform/accelerators/gpu-operator";
import { gpuOperatorValues } from "../../../../components/platform/accelerators/gpu-operator-values";
import type { KubernetesObject } from "../../../../components/rendering";
import { phaseOf, PHASES } from "../../../../components/rendering/phases";
import { problemsOf, startMocks } from "../../../support/mocks";

describe("the chart's values", () => {
  it("leave driver and toolkit to the image of the nodes, and GPUs unsplit", () => {
    expect(gpuOperatorValues({})).toMatchObject({
      driver: { enabled: false },
      toolkit: { enabled: false, env: [] },
      devicePlugin: { enabled: true },
      gfd: { enabled: true },
      dcgmExporter: { enabled: true, serviceMonitor: { enabled: false } },
      migManager: { enabled: false },
      nfd: { enabled: true },
      mig: { strategy: "single" },
    });
  });

  it("ask for nothing that only Helm would do", () => {
    expect(gpuOperatorValues({})).toMatchObject({
      operator: { upgradeCRD: false, cleanupCRD: false },
      psa: { enabled: false },
      "node-feature-discovery": { postDeleteCleanup: false },
    });
  });

  it("keep pods without GPUs from seeing all of them, where the toolkit is the operator's", () => {
    expect(gpuOperatorValues({ operands: { toolkit: true } })["toolkit"]).toEqual({
      enabled: true,
      env: [{ name: "ACCEPT_NVIDIA_VISIBLE_DEVICES_ENVVAR_WHEN_UNPRIVILEGED", value: "false" }],
    });
  });

  it("tolerate further taints with all that runs on GPU nodes", () => {
    const values = gpuOperatorValues({ tolerations: [{ key: "team" }], migStrategy: MigStrategy.mixed });
    const tolerations = [
      { key: "nvidia.com/gpu", operator: "Exists" },
      { key: "team", operator: "Exists" },
    ];
    expect(values).toMatchObject({
      daemonsets: { tolerations },
      "node-feature-discovery": { worker: { tolerations } },
      mig: { strategy: "mixed" },
    });
  });
});

describe("a GpuOperator", () => {
  it("has a privileged namespace of its own", async () => {
    const program = await startMocks();
    new GpuOperator("gpus");
    expect(await program.inputsOf("gpus-namespace")).toMatchObject({
      metadata: { name: "gpu-operator", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    });
  });

  it("has as many operators as asked for, though the chart has one", () => {
    const operator: KubernetesObject = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "gpu-operator" },
      spec: { replicas: 1 },
    };
    expect(gpuOperatorRendering({ replicas: 2 }).adjust?.([operator])).toMatchObject([{ spec: { replicas: 2 } }]);
  });

  it("has its ClusterPolicy deleted before the operator, which tidies up after it", () => {
    const policy = { apiVersion: "nvidia.com/v1", kind: "ClusterPolicy", metadata: { name: "cluster-policy" } };
    const operator = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "gpu-operator" } };
    expect(PHASES.indexOf(phaseOf(policy))).toBeGreaterThan(PHASES.indexOf(phaseOf(operator)));
  });

  it("is refused with an unknown strategy for MIG", () => {
    const args = { migStrategy: "double" as MigStrategy };
    expect(problemsOf(() => new GpuOperator("gpus", args)).reasons).toEqual([
      'migStrategy is "double"; allowed: none, single, mixed. Set migStrategy to one of these.',
    ]);
  });
});

describe("a GpuOperator beside other parts", () => {
  it("runs no device plugin and no exporter a second time", () => {
    const problems = gpuOperatorConflicts("gpuOperator", {}, { devicePlugin: true, dcgmExporter: true });
    expect(problems.map(({ reason }) => reason)).toEqual([
      "gpuOperator.operands.devicePlugin is true beside a NvidiaDevicePlugin; allowed: one of the two. " +
        "Set gpuOperator.operands.devicePlugin to false, or leave the NvidiaDevicePlugin out.",
      "gpuOperator.operands.dcgmExporter is true beside a DcgmExporter; allowed: one of the two. " +
        "Set gpuOperator.operands.dcgmExporter to false, or leave the DcgmExporter out.",
    ]);
  });

  it("goes well with those whose work it does not do", () => {
    const operands = { devicePlugin: false, dcgmExporter: false };
    const beside = { devicePlugin: true, dcgmExporter: true };
    expect(gpuOperatorConflicts("gpuOperator", { operands }, beside)).toEqual([]);
    expect(gpuOperatorConflicts("gpuOperator", {}, { devicePlugin: false, dcgmExporter: false })).toEqual([]);
  });
});
