import type { ResourceRule } from "../../engine/rule";
import { judgePowers, judgeRules, ROLE_KINDS, type Power } from "./grants";
import { ROLES } from "./known-roles";

const CREATE_TOKENS: Power = { group: "", resources: ["serviceaccounts/token"], verbs: ["create"] };

const TEXT = {
  reach: "",
  allowed: "tokens of single service accounts by name",
  remedy: "Name the service accounts in resourceNames.",
};

/**
 * RBAC-01: roles make no tokens of arbitrary service accounts.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request v1.36
 */
export const tokenCreator: ResourceRule<{ roles: string[] }> = {
  id: "RBAC-01",
  title: "Roles make no tokens of other service accounts",
  why: "Who makes the token of a service account has its rights, in the cluster and by Pod Identity in AWS.",
  remediation: "Name the service accounts whose tokens are needed in resourceNames.",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { roles: ROLES },
  frameworks: [{ name: "CIS Kubernetes Benchmark", reference: "5.1.13" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: gateway, namespace: ml }
rules: [{ apiGroups: [""], resources: [serviceaccounts/token], verbs: [create] }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: gateway, namespace: ml }
rules: [{ apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [gateway], verbs: [create] }]
`,
  },
  judge: (subject, { roles }) =>
    judgeRules(subject, ROLE_KINDS, roles, (rule, path) => judgePowers(rule, path, [CREATE_TOKENS], TEXT)),
};
