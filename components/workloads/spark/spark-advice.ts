import type { Finding } from "../../model";
import { scaleUpAdvice } from "../object/advice";
import type { SparkApplicationArgs } from "./spark-args";

/**
 * Advises to take one bigger executor before several with GPUs. How many there are is known of a fixed number only.
 *
 * @param kind component as its author knows it, for example `SparkJob`.
 */
export function sparkAdvice(kind: string, name: string, args: SparkApplicationArgs): Finding[] {
  const { executor = {}, dynamicAllocation, objectName = name, pools } = args;
  if (dynamicAllocation !== undefined) return [];
  const { replicas: pods = 1, gpus = 0, gpuSharing } = executor;
  const role = { path: "executor.", countArgument: "replicas", pods, gpus, gpuSharing };
  return scaleUpAdvice(`${kind} ${objectName}`, role, pools);
}
