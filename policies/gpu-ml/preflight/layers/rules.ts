import type { Rule } from "../../../engine/rule";
import { draClaim } from "./dra-claim";
import { driverBranch } from "./driver-branch";
import { efaReach } from "./efa-reach";
import { flavorPool } from "./flavor-pool";
import { flavorQuota } from "./flavor-quota";
import { flavorToleration } from "./flavor-toleration";
import { imageArchitecture } from "./image-architecture";
import { migAsk } from "./mig-ask";
import { migLayout } from "./mig-layout";
import { nodeClassImage } from "./node-class-image";
import { nodeClassOperands } from "./node-class-operands";
import { nodeClassPlugin } from "./node-class-plugin";
import { nodeClassPluginMissing } from "./node-class-plugin-missing";
import { pluginReach } from "./plugin-reach";
import { resourceName } from "./resource-name";
import { versionPair } from "./version-pair";

/** Agreement of layers: what one object says of the nodes, the others say too. */
export const RULES: Rule[] = [
  nodeClassImage,
  nodeClassPlugin,
  nodeClassPluginMissing,
  nodeClassOperands,
  pluginReach,
  flavorPool,
  flavorToleration,
  flavorQuota,
  resourceName,
  migLayout,
  migAsk,
  efaReach,
  driverBranch,
  draClaim,
  versionPair,
  imageArchitecture,
];
