import type { Rule } from "../../engine/rule";
import { anonymousBinding } from "./anonymous-binding";
import { clusterAdminBinding } from "./cluster-admin-binding";
import { escalation } from "./escalation";
import { namespaceRights } from "./namespace-rights";
import { podAccess } from "./pod-access";
import { podSecurityLevel } from "./pod-security-level";
import { podSecurityVersion } from "./pod-security-version";
import { secretReader } from "./secret-reader";
import { tenantQuota } from "./tenant-quota";
import { tokenCreator } from "./token-creator";
import { wildcardRole } from "./wildcard-role";
import { workloadNamespace } from "./workload-namespace";

/** Rules about rights, namespaces and quotas. */
export const RULES: Rule[] = [
  wildcardRole,
  clusterAdminBinding,
  anonymousBinding,
  secretReader,
  podAccess,
  escalation,
  tokenCreator,
  namespaceRights,
  podSecurityLevel,
  podSecurityVersion,
  tenantQuota,
  workloadNamespace,
];
