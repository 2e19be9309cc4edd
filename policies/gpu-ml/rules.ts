import type { Rule } from "../engine/rule";
import { gpuPoolTaint } from "./gpu-pool-taint";
import { gpuQuantity } from "./gpu-quantity";
import { gpuToleration } from "./gpu-toleration";
import { imageTag } from "./image-tag";
import { poolToleration } from "./pool-toleration";

/** The rules of the pack. */
export const RULES: Rule[] = [imageTag, gpuQuantity, gpuToleration, poolToleration, gpuPoolTaint];
