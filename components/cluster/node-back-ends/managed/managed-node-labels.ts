import type { PoolShape } from "../../../model";
import { declaredLabels } from "../declared-labels";

/**
 * Label by which the Cluster Autoscaler knows that a node will have GPUs while its device plugin is still starting;
 * without it, the pod that the node was started for looks as if it did not fit, and a second node is started.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/cas.html "Accelerators" (read 2026-11)
 */
export const ACCELERATOR_LABEL = "k8s.amazonaws.com/accelerator";

/** GPU models that the autoscaler's metrics know under another name than `nvidia-<model>`. */
const acceleratorNames: Record<string, string> = {
  a100: "nvidia-tesla-a100",
  t4: "nvidia-tesla-t4",
  v100: "nvidia-tesla-v100",
};

/** Value of the label where a pool has GPUs of several models: only its presence counts for the autoscaler. */
const SEVERAL_MODELS = "nvidia";

/** Every label that a managed node group declares for its nodes; those of the pool's arguments win. */
export function managedNodeLabels(shape: PoolShape): Record<string, string> {
  return { ...acceleratorLabel(shape), ...declaredLabels(shape) };
}

function acceleratorLabel({ gpusPerNode, gpuModel }: PoolShape): Record<string, string> {
  if (gpusPerNode === 0) return {};
  const name = gpuModel === undefined ? SEVERAL_MODELS : (acceleratorNames[gpuModel] ?? `nvidia-${gpuModel}`);
  return { [ACCELERATOR_LABEL]: name };
}
