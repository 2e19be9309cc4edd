import type { ResourceRule } from "../../engine/rule";
import { judgePowers, judgeRules, type Power } from "./grants";
import { ROLES } from "./known-roles";

/** Ways into pods that run. */
export const ENTER_PODS: Power[] = [
  { group: "", resources: ["pods/exec", "pods/attach", "pods/portforward"], verbs: ["create", "get"] },
  { group: "", resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
];

/** By way of the kubelet, past the API server's own checks and records. */
const ENTER_NODES: Power = { group: "", resources: ["nodes/proxy"], verbs: ["create", "get"] };

const TEXT = {
  reach: " in every namespace that it is bound for",
  allowed: "such rights in single namespaces only",
  remedy: "Remove it, or use a Role in the namespace where it is needed.",
};

/**
 * RBAC-01: no ClusterRole runs commands in pods, but those of operators that need it.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes v1.36
 */
export const podAccess: ResourceRule<{ roles: string[] }> = {
  id: "RBAC-01",
  title: "Cluster roles do not run commands in pods",
  why: "Who runs commands in a pod has its files, its memory and the rights of its account, in whatever namespace.",
  remediation: "Give the right by a Role in the namespace where it is needed.",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { roles: ROLES },
  frameworks: [{ name: "Kubescape", reference: "C-0002" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: support }
rules: [{ apiGroups: [""], resources: [pods/exec], verbs: [create] }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: support }
rules: [{ apiGroups: [""], resources: [pods/log], verbs: [get] }]
`,
  },
  judge: (subject, { roles }) =>
    judgeRules(subject, ["rbac.authorization.k8s.io/ClusterRole"], roles, (rule, path) =>
      judgePowers(rule, path, [...ENTER_PODS, ENTER_NODES], TEXT),
    ),
};
