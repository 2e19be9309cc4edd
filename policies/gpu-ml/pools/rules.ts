import type { Rule } from "../../engine/rule";
import { efaInterfaces } from "./efa-interfaces";
import { efaPlacement } from "./efa-placement";
import { gpuMetrics } from "./gpu-metrics";
import { gpuPoolTaint } from "./gpu-pool-taint";
import { nodeClassVolume } from "./node-class-volume";
import { nodeImage } from "./node-image";
import { nodeRepair } from "./node-repair";
import { rootVolume } from "./root-volume";
import { spotDiversity } from "./spot-diversity";
import { standingNodes } from "./standing-nodes";

/** Rules about node pools with GPUs. */
export const RULES: Rule[] = [
  gpuPoolTaint,
  nodeImage,
  efaInterfaces,
  efaPlacement,
  spotDiversity,
  standingNodes,
  nodeRepair,
  gpuMetrics,
  rootVolume,
  nodeClassVolume,
];
