import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, anyOf, not, type Truth } from "../../engine/truth";
import { has, isLimited, judgeRules, ROLE_KINDS, unknownListsOf } from "./grants";
import { ROLES } from "./known-roles";

/**
 * RBAC-01: roles name what they allow, at least among what Kubernetes itself offers.
 *
 * An operator may have everything among the types of its own group, such as `kubeflow.org`.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/ "Least privilege", v1.36
 */
export const wildcardRole: ResourceRule<{ roles: string[] }> = {
  id: "RBAC-01",
  title: "Roles name the resources and verbs that they allow",
  why: "A wildcard allows more than anybody had in mind, and more still with every new type in the cluster.",
  remediation: "List the API groups, resources and verbs that are needed.",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { roles: ROLES },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.1.3" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: trainer, namespace: ml }
rules: [{ apiGroups: [""], resources: [pods], verbs: ["*"] }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: trainer, namespace: ml }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list, watch] }]
`,
  },
  judge: (subject, { roles }) => judgeRules(subject, ROLE_KINDS, roles, judgeRule),
};

function* judgeRule(rule: Tree, path: string): Iterable<Judgement> {
  const urls = has(rule, "nonResourceURLs", "*", "/*");
  if (isUnknown(urls) && !isUnknown(rule)) yield undecided(`${path}.nonResourceURLs`);
  if (urls === true) yield violation(`${path}.nonResourceURLs`, "every path of the API server");
  for (const [list, everything] of Object.entries(WILDCARDS)) {
    const isWild = allOf([has(rule, list, "*"), isBuiltIn(rule), not(isLimited(rule))]);
    if (isUnknown(isWild)) yield* unknownListsOf(rule, path).map(undecided);
    if (isWild === true) yield violation(`${path}.${list}`, everything);
  }
}

const WILDCARDS = { apiGroups: "every API group", resources: "every resource", verbs: "every verb" };

function violation(path: string, everything: string) {
  return {
    path,
    observed: `a wildcard, which stands for ${everything}`,
    allowed: "a list of what is needed",
    remedy: "Name what is needed.",
  };
}

/** Whether a rule is about types that Kubernetes has by itself, at least among others. */
function isBuiltIn(rule: Tree): Truth {
  if (isUnknown(childAt(rule, "apiGroups"))) return UNKNOWN;
  return anyOf(arrayAt(rule, "apiGroups").map((group) => (isUnknown(group) ? UNKNOWN : isBuiltInGroup(group))));
}

/**
 * Groups of Kubernetes itself with a domain; the older ones have none. Others share the domain, as Spark's operator does.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/
 */
const BUILT_IN_GROUPS = [
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
];

function isBuiltInGroup(group: Tree): boolean {
  return typeof group === "string" && (!group.includes(".") || BUILT_IN_GROUPS.includes(group));
}
