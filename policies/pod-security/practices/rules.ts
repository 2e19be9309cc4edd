import type { Rule } from "../../engine/rule";
import { apiVersion } from "./api-version";
import { batchToken } from "./batch-token";
import { blockingBudget } from "./blocking-budget";
import { defaultAccount } from "./default-account";
import { imageDigest } from "./image-digest";
import { imageRegistry } from "./image-registry";
import { imageTag } from "./image-tag";
import { jobLimits } from "./job-limits";
import { literalCredential } from "./literal-credential";
import { probes } from "./probes";
import { readOnlyRoot } from "./read-only-root";
import { resourceBounds } from "./resource-bounds";
import { scratchSpace } from "./scratch-space";
import { secretInEnvironment } from "./secret-in-environment";
import { servingAvailability } from "./serving-availability";

/** Rules about how pods are kept, beyond the Pod Security Standards. */
export const RULES: Rule[] = [
  readOnlyRoot,
  batchToken,
  defaultAccount,
  literalCredential,
  secretInEnvironment,
  resourceBounds,
  scratchSpace,
  imageTag,
  imageDigest,
  imageRegistry,
  probes,
  blockingBudget,
  servingAvailability,
  jobLimits,
  apiVersion,
];
