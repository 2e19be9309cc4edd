import { z } from "zod";
import { CapacityType, ClusterKind, DeviceListStrategy, MigStrategy, TaintEffect } from "../components";
import { scenarioNames } from "./scenarios";

/** A mapping that refuses unknown keys; its issues list the known ones as their message. */
function mapping<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  const known = Object.keys(fields).join(", ");
  return z.strictObject(fields, { error: known });
}

const nonEmptyText = z.string().min(1);

const cluster = mapping({
  kind: z.enum(ClusterKind),
  kubeconfig: nonEmptyText.exactOptional(),
  context: nonEmptyText.exactOptional(),
});

const systemPool = mapping({
  instanceType: z.string().exactOptional(),
  nodes: z.number().exactOptional(),
});

const taint = mapping({
  key: z.string(),
  value: z.string().exactOptional(),
  effect: z.enum(TaintEffect),
});

const gpuPool = mapping({
  name: z.string(),
  instanceType: z.string(),
  minNodes: z.number().exactOptional(),
  maxNodes: z.number(),
  capacityType: z.enum(CapacityType).exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
  taints: z.array(taint).exactOptional(),
});

const timeSlicing = mapping({
  replicas: z.number(),
  renameByDefault: z.boolean().exactOptional(),
  failRequestsGreaterThanOne: z.boolean().exactOptional(),
});

const devicePlugin = mapping({
  deviceListStrategy: z.enum(DeviceListStrategy).exactOptional(),
  migStrategy: z.enum(MigStrategy).exactOptional(),
  timeSlicing: timeSlicing.exactOptional(),
});

/**
 * Shape of a stack's configuration: its keys and their types. What the values may be is the concern of the components
 * that take them, and of the rules that span several keys.
 */
export const configSchema = mapping({
  cluster,
  systemPool: systemPool.exactOptional(),
  gpuPools: z.array(gpuPool).exactOptional(),
  devicePlugin: devicePlugin.exactOptional(),
  scenarios: z.array(z.enum(scenarioNames)).exactOptional(),
});

/** A stack's configuration in the right shape. */
export type Config = z.infer<typeof configSchema>;

/** One GPU pool of a stack's configuration. */
export type GpuPoolConfig = z.infer<typeof gpuPool>;
