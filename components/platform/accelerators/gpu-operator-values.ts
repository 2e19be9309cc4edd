import { renderToleration } from "../../internal";
import { GPU_RESOURCE } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import { NODE_RELABELING } from "./dcgm-exporter-values";
import { DEFAULT_OPERANDS, type GpuOperatorArgs } from "./gpu-operator-args";
import { MigStrategy } from "./device-plugin-config";

/** Namespace of the operator where nothing else is asked for, as upstream has it. */
export const GPU_OPERATOR_NAMESPACE = "gpu-operator";

/** A pod that asks for no GPU could otherwise set `NVIDIA_VISIBLE_DEVICES` and see every one. */
const toolkitHardening = [{ name: "ACCEPT_NVIDIA_VISIBLE_DEVICES_ENVVAR_WHEN_UNPRIVILEGED", value: "false" }];

/**
 * Values of the GPU operator's chart. What it does by hooks (upgrading resource types, deleting them) is done by the part
 * itself or not at all.
 *
 * @see https://github.com/NVIDIA/gpu-operator/blob/v26.7.0/deployments/gpu-operator/values.yaml
 */
export function gpuOperatorValues(args: GpuOperatorArgs): ChartValues {
  const { platform = {}, migStrategy = MigStrategy.single } = args;
  const operands = { ...DEFAULT_OPERANDS, ...args.operands };
  const tolerations = [{ key: GPU_RESOURCE }, ...(args.tolerations ?? [])].map(renderToleration);
  const nodeSelector = systemNodes(platform);
  const own = {
    operator: {
      upgradeCRD: false,
      cleanupCRD: false,
      nodeSelector,
      resources: partResources(args.resources, { cpu: "200m", memory: "350Mi" }),
    },
    // The namespace has its labels from the part; the operator would write its own over them.
    psa: { enabled: false },
    daemonsets: { tolerations },
    mig: { strategy: migStrategy },
    driver: { enabled: operands.driver },
    toolkit: { enabled: operands.toolkit, env: operands.toolkit ? toolkitHardening : [] },
    devicePlugin: { enabled: operands.devicePlugin },
    gfd: { enabled: operands.featureDiscovery },
    dcgmExporter: {
      enabled: operands.dcgmExporter,
      serviceMonitor: {
        enabled: platform.prometheus ?? false,
        honorLabels: false,
        relabelings: [NODE_RELABELING],
      },
    },
    migManager: { enabled: operands.migManager },
    nfd: { enabled: operands.nodeFeatureDiscovery },
    "node-feature-discovery": {
      master: { nodeSelector },
      gc: { nodeSelector },
      worker: { tolerations },
      postDeleteCleanup: false,
    },
  };
  return withValues(own, args.values);
}
