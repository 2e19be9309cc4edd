import type { ResourceRule } from "../../engine/rule";
import { judgePowers, judgeRules, ROLE_KINDS, type Power } from "./grants";
import { ROLES } from "./known-roles";

/** Ways to rights that one does not have. */
const ESCALATIONS: Power[] = [
  { group: "rbac.authorization.k8s.io", resources: ["roles", "clusterroles"], verbs: ["bind", "escalate"] },
  { group: "", resources: ["users", "groups", "serviceaccounts"], verbs: ["impersonate"] },
];

const TEXT = {
  reach: "",
  allowed: "such rights over single roles, users or groups by name",
  remedy: "Remove it, or name the roles, users or groups in resourceNames.",
};

/**
 * RBAC-01: roles give no way to rights that they do not have themselves.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb v1.36
 */
export const escalation: ResourceRule<{ roles: string[] }> = {
  id: "RBAC-01",
  title: "Roles give no way to further rights",
  why: "Who may bind or escalate roles, or act as somebody else, has every right in the end.",
  remediation: "Leave bind, escalate and impersonate out, or name the roles, users or groups that they are for.",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { roles: ROLES },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.1.8" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: onboarding }
rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind] }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: onboarding }
rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view], verbs: [bind] }]
`,
  },
  judge: (subject, { roles }) =>
    judgeRules(subject, ROLE_KINDS, roles, (rule, path) => judgePowers(rule, path, ESCALATIONS, TEXT)),
};
