import { patternList } from "../../engine/parameters";
import type { ResourceRule } from "../../engine/rule";
import { judgePowers, judgeRules } from "./grants";
import { ENTER_PODS } from "./pod-access";
import { READ_SECRETS } from "./secret-reader";
import { ROLES } from "./known-roles";

/**
 * Members of a tenant work with its secrets and pods, which is what the namespace is for.
 *
 * @see components/platform/tenants/tenant-rights.ts
 */
const members = patternList("a list of the Roles of people who work in their namespace, by name or as namespace/name", [
  "tenant-editor",
]);

const TEXT = {
  reach: " in its namespace",
  allowed: "rights over single secrets and pods by name",
  remedy: "Remove it, or name the secrets or pods in resourceNames.",
};

/**
 * RBAC-01 in single namespaces, as advice: programs neither read all secrets beside them nor enter pods.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/ v1.36
 */
export const namespaceRights: ResourceRule<{ roles: string[]; members: string[] }> = {
  id: "RBAC-01",
  title: "Roles neither read all secrets of their namespace nor enter its pods",
  why: "A program that is taken over has the credentials and the pods of its whole namespace then.",
  remediation: "Name the secrets or pods that are needed in resourceNames.",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: { roles: ROLES, members },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.1.2" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: trainer, namespace: ml }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [get] }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: trainer, namespace: ml }
rules: [{ apiGroups: [""], resources: [secrets], resourceNames: [registry], verbs: [get] }]
`,
  },
  judge: (subject, { roles, members }) =>
    judgeRules(subject, ["rbac.authorization.k8s.io/Role"], [...roles, ...members], (rule, path) =>
      judgePowers(rule, path, [READ_SECRETS, ...ENTER_PODS], TEXT),
    ),
};
