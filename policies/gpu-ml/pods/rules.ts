import type { Rule } from "../../engine/rule";
import { efaAdapters } from "./efa-adapters";
import { efaHugePages } from "./efa-huge-pages";
import { gpuChoice } from "./gpu-choice";
import { gpuDeviceAccess } from "./gpu-device-access";
import { gpuQuantity } from "./gpu-quantity";
import { gpuSlices } from "./gpu-slices";
import { gpuToleration } from "./gpu-toleration";
import { processesPerPod } from "./processes-per-pod";
import { sharedMemory } from "./shared-memory";
import { sharedMemorySize } from "./shared-memory-size";
import { timeSlicingTenants } from "./time-slicing-tenants";
import { toleratesEverything } from "./tolerates-everything";
import { torchrunSize } from "./torchrun-size";
import { visibleDevices } from "./visible-devices";

/** Rules about pods that ask for GPUs, and about those that get at them otherwise. */
export const RULES: Rule[] = [
  gpuQuantity,
  gpuToleration,
  toleratesEverything,
  gpuChoice,
  visibleDevices,
  gpuDeviceAccess,
  gpuSlices,
  timeSlicingTenants,
  sharedMemory,
  sharedMemorySize,
  efaAdapters,
  efaHugePages,
  processesPerPod,
  torchrunSize,
];
