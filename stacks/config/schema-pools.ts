import { z } from "zod";
import { Architecture, CapacityType, PoolBackEnd, PoolPurpose, TaintEffect } from "../../components";
import { AmiFamily, Weekday } from "../../components/model";
import { amount, count, mapping, texts } from "./schema-types";

/** Keys of the nodes of any pool. */
const nodes = {
  labels: texts.exactOptional(),
  availabilityZones: z.array(z.string()).exactOptional(),
  amiFamily: z.enum(AmiFamily).exactOptional(),
  amiType: z.string().exactOptional(),
  amiVersion: z.string().exactOptional(),
  rootVolumeGib: count.exactOptional(),
};

/** The pool without GPUs. */
export const systemPool = mapping({
  instanceType: z.string().exactOptional(),
  nodes: count.exactOptional(),
  maxNodes: count.exactOptional(),
  ...nodes,
});

const taint = mapping({
  key: z.string(),
  value: z.string().exactOptional(),
  effect: z.enum(TaintEffect),
});

const gpuRequirement = mapping({
  gpuMemoryGib: amount,
  gpusPerNode: count.exactOptional(),
  gpuModels: z.array(z.string()).exactOptional(),
  architecture: z.enum(Architecture).exactOptional(),
  efa: z.boolean().exactOptional(),
});

const schedule = mapping({
  name: z.string(),
  days: z.array(z.enum(Weekday)).exactOptional(),
  from: z.string(),
  to: z.string(),
  timeZone: z.string().exactOptional(),
  nodes: count,
});

/** A GPU pool: the arguments of its component, and its name. */
export const gpuPool = mapping({
  name: z.string(),
  backEnd: z.enum(PoolBackEnd).exactOptional(),
  purpose: z.enum(PoolPurpose).exactOptional(),
  instanceType: z.string().exactOptional(),
  instanceTypes: z.array(z.string()).exactOptional(),
  gpus: gpuRequirement.exactOptional(),
  minNodes: count.exactOptional(),
  maxNodes: count.exactOptional(),
  maxGpus: count.exactOptional(),
  maxUsdPerHour: amount.exactOptional(),
  usdPerNodeHour: amount.exactOptional(),
  schedules: z.array(schedule).exactOptional(),
  capacityType: z.enum(CapacityType).exactOptional(),
  capacityReservationId: z.string().exactOptional(),
  efa: z.boolean().exactOptional(),
  placementGroup: z.boolean().exactOptional(),
  localStorage: z.boolean().exactOptional(),
  taints: z.array(taint).exactOptional(),
  ...nodes,
});

/** One GPU pool of a stack's configuration. */
export type GpuPoolConfig = z.infer<typeof gpuPool>;
