import { compact } from "../../../internal";
import type { PoolShape } from "../../../model";
import { hardwareOf, type PodArgs } from "../../pods";
import { programText } from "./texts";

/**
 * What Pipelines run in the container of a step.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto `PipelineContainerSpec`
 */
export function executorSpec(pod: PodArgs, pools: PoolShape[] | undefined) {
  const { cpu, memory, gpus, gpuResource } = hardwareOf(pod, { pods: 1, defaultGpus: 0, pools });
  const accelerator =
    gpuResource === undefined ? undefined : { resourceType: gpuResource, resourceCount: String(gpus) };
  const env = Object.entries(pod.env ?? {}).map(([name, value]) => ({ name, value }));
  return {
    container: compact({
      image: pod.image,
      command: pod.command?.map(programText),
      args: pod.args?.map(programText),
      env: env.length > 0 ? env : undefined,
      resources: compact({
        resourceCpuRequest: cpu,
        resourceMemoryRequest: memory,
        resourceMemoryLimit: memory,
        accelerator,
      }),
    }),
  };
}
