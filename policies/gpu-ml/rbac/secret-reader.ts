import type { ResourceRule } from "../../engine/rule";
import { judgePowers, judgeRules, type Power } from "./grants";
import { ROLES } from "./known-roles";

/** Reading secrets; who may list or watch them sees what is in them as well. */
export const READ_SECRETS: Power = { group: "", resources: ["secrets"], verbs: ["get", "list", "watch"] };

const TEXT = {
  reach: " in every namespace that it is bound for",
  allowed: "secrets by name, or a Role in a single namespace",
  remedy: "Name the secrets in resourceNames, or use a Role.",
};

/**
 * RBAC-01: no ClusterRole reads secrets, but those of operators that need it.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets v1.36
 */
export const secretReader: ResourceRule<{ roles: string[] }> = {
  id: "RBAC-01",
  title: "Cluster roles do not read secrets",
  why: "Who reads the secrets of all namespaces has the credentials of every team and of the platform.",
  remediation: "Name the secrets that are needed, or give the right by a Role in their namespace.",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { roles: ROLES },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.1.2" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: trainer }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [get, list] }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: trainer }
rules: [{ apiGroups: [""], resources: [secrets], resourceNames: [registry], verbs: [get] }]
`,
  },
  judge: (subject, { roles }) =>
    judgeRules(subject, ["rbac.authorization.k8s.io/ClusterRole"], roles, (rule, path) =>
      judgePowers(rule, path, [READ_SECRETS], TEXT),
    ),
};
