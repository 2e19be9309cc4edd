import type { Rule } from "../../engine/rule";
import { devicePluginMissing } from "./device-plugin-missing";
import { devicePluginTwice } from "./device-plugin-twice";
import { gangAdmission } from "./gang-admission";
import { gangCapacity } from "./gang-capacity";
import { gangQuota } from "./gang-quota";
import { gpuOperatorOperands } from "./gpu-operator-operands";
import { migProfile } from "./mig-profile";
import { poolSelection } from "./pool-selection";
import { poolToleration } from "./pool-toleration";
import { queueCoverage } from "./queue-coverage";
import { referenceResolution } from "./reference-resolution";
import { spotCheckpoint } from "./spot-checkpoint";
import { spotGang } from "./spot-gang";
import { trialCount } from "./trial-count";
import { trialQuota } from "./trial-quota";

/** Rules about how pods, pools, queues and what they name fit together. */
export const RULES: Rule[] = [
  poolToleration,
  poolSelection,
  devicePluginTwice,
  devicePluginMissing,
  gpuOperatorOperands,
  migProfile,
  gangAdmission,
  gangQuota,
  gangCapacity,
  queueCoverage,
  spotGang,
  spotCheckpoint,
  trialQuota,
  trialCount,
  referenceResolution,
];
