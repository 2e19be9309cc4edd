import { z } from "zod";
import { DeviceListStrategy, EksAddOn, MigStrategy } from "../../components";
import { scenarioNames } from "../scenarios";
import { cluster } from "./schema-cluster";
import { gpuPool, systemPool } from "./schema-pools";
import { platform } from "./schema-platform";
import { storage } from "./schema-storage";
import { count, mapping, nonEmptyText, texts } from "./schema-types";

const timeSlicing = mapping({
  replicas: count,
  renameByDefault: z.boolean().exactOptional(),
  failRequestsGreaterThanOne: z.boolean().exactOptional(),
});

const devicePlugin = mapping({
  deviceListStrategy: z.enum(DeviceListStrategy).exactOptional(),
  migStrategy: z.enum(MigStrategy).exactOptional(),
  timeSlicing: timeSlicing.exactOptional(),
});

const addOns = mapping({
  install: z.array(z.enum(EksAddOn)).exactOptional(),
  versions: texts.exactOptional(),
  storageClass: z.boolean().exactOptional(),
});

const scenarioArtifactStore = mapping({
  bucket: nonEmptyText,
  region: nonEmptyText,
  endpoint: z.string().exactOptional(),
  insecure: z.boolean().exactOptional(),
  credentialsSecret: z.string().exactOptional(),
});

/**
 * Shape of a stack's configuration: its keys and their types. What the values may be is the concern of the components
 * that take them, and of the rules that span several keys.
 */
export const configSchema = mapping({
  cluster,
  systemPool: systemPool.exactOptional(),
  gpuPools: z.array(gpuPool).exactOptional(),
  addOns: addOns.exactOptional(),
  devicePlugin: devicePlugin.exactOptional(),
  storage: storage.exactOptional(),
  platform: platform.exactOptional(),
  scenarios: z.array(z.enum(scenarioNames)).exactOptional(),
  scenarioImages: z.string().exactOptional(),
  scenarioStorageClass: z.string().exactOptional(),
  scenarioArtifactStore: scenarioArtifactStore.exactOptional(),
  commit: z.string().exactOptional(),
  tags: texts.exactOptional(),
  protect: z.boolean().exactOptional(),
});

/** A stack's configuration in the right shape. */
export type Config = z.infer<typeof configSchema>;
