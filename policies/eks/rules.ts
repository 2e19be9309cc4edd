import type { Rule } from "../engine/rule";
import { authenticationMode } from "./authentication-mode";
import { controlPlaneLogs } from "./control-plane-logs";
import { creatorAdmin } from "./creator-admin";
import { deletionProtection } from "./deletion-protection";
import { keptData } from "./kept-data";
import { supportedVersion } from "./supported-version";
import { managedPolicies } from "./managed-policies";
import { nodeGroupVersion } from "./node-group-version";
import { nodeRoleRights } from "./node-role-rights";
import { nodeSsh } from "./node-ssh";
import { nodeZones } from "./node-zones";
import { privateEndpoint } from "./private-endpoint";
import { publicAddresses } from "./public-addresses";
import { publicEndpoint } from "./public-endpoint";
import { requiredTags } from "./required-tags";
import { secretEncryption } from "./secret-encryption";
import { supportType } from "./support-type";
import { wildcardRights } from "./wildcard-rights";

/** The rules of the pack. */
export const RULES: Rule[] = [
  publicEndpoint,
  privateEndpoint,
  secretEncryption,
  controlPlaneLogs,
  supportedVersion,
  supportType,
  nodeGroupVersion,
  nodeSsh,
  publicAddresses,
  nodeZones,
  wildcardRights,
  managedPolicies,
  nodeRoleRights,
  authenticationMode,
  creatorAdmin,
  deletionProtection,
  keptData,
  requiredTags,
];
