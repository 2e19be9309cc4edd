import * as pulumi from "@pulumi/pulumi";
import { describeFinding, type Finding, gpuInstanceTypes, type PoolShape } from "../../model";
import { GpuSharing } from "../pods/hardware-args";

/** GPUs of one role of a workload. */
export interface GpuRole {
  /** Where the role's arguments lie, with a dot at its end; empty at the top. */
  path: string;
  /** Argument that says how many pods there are, for example `replicas`. */
  countArgument: string;
  /** Pods. */
  pods: number;
  /** GPUs of each. */
  gpus: number;
  /** How they may be used by others; `exclusive` by default. There is no advice on shares of GPUs. */
  gpuSharing?: GpuSharing | undefined;
}

/** GPUs of the largest machines that can be had. */
const MOST_GPUS_PER_MACHINE = Math.max(...gpuInstanceTypes().map(({ gpuCount }) => gpuCount));

/**
 * Advises to take one bigger machine before several: GPUs of one machine exchange data many times faster than a network does.
 *
 * @param object the workload as its author knows it, for example `TrainJob resnet`.
 */
export function scaleUpAdvice(object: string, role: GpuRole, pools: PoolShape[] | undefined): Finding[] {
  const { path, countArgument, pods, gpus, gpuSharing = GpuSharing.exclusive } = role;
  const together = pods * gpus;
  if (pods < 2 || gpus === 0 || gpuSharing !== GpuSharing.exclusive || together > MOST_GPUS_PER_MACHINE) return [];
  const roomy = pools?.filter(({ gpusPerNode }) => gpusPerNode >= together);
  if (roomy?.length === 0) return [];
  const where = roomy
    ? `pool ${roomy.map(({ name }) => name).join(" or ")}`
    : `a machine with ${together} GPUs or more`;
  return [
    {
      rule: "SIZE-01",
      severity: "low",
      object,
      path: `${path}${countArgument}`,
      observed: `${pods} pods with ${gpus} ${gpus === 1 ? "GPU" : "GPUs"} each`,
      allowed: `one pod with ${together} GPUs, as long as one machine has them`,
      remedy: `Ask for ${together} GPUs in one pod on ${where}: they exchange data faster than a network does.`,
    },
  ];
}

/** Tells advisory findings in the log of the program, where a preview shows them beside the component. */
export function logAdvice(findings: Finding[], component: pulumi.Resource): void {
  for (const finding of findings) void pulumi.log.warn(describeFinding(finding), component);
}
