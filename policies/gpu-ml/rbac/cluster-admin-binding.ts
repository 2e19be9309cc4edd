import { isUnknown, nodeAt } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf } from "../../engine/truth";
import { unlessNamed } from "../names";

/**
 * Bindings that may give everything, shared by the rules about bindings. Kubeflow's controller of profiles hands rights
 * of its own on to the owners of profiles, and upstream binds it so.
 *
 * @see https://github.com/kubeflow/dashboard/tree/main/components/profile-controller/manifests v2.0
 */
export const BINDINGS = patternList(
  "a list of the RoleBindings and ClusterRoleBindings that may bind cluster-admin, by name or as namespace/name",
  ["profiles-cluster-rolebinding"],
);

/**
 * RBAC-01: nobody is bound to `cluster-admin`.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles v1.36
 */
export const clusterAdminBinding: ResourceRule<{ bindings: string[] }> = {
  id: "RBAC-01",
  title: "Nobody is bound to cluster-admin",
  why: "Whoever has cluster-admin can do everything: in the whole cluster, or in the namespace, its quota included.",
  remediation:
    "Bind a role that allows what is needed; people who run the cluster have their rights by access entries.",
  url: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { bindings: BINDINGS },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.1.1" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: trainer }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: trainer, namespace: ml }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: trainer }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: trainer, namespace: ml }]
`,
  },
  judge(subject, { bindings }) {
    const kinds = ["rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"];
    return subject.is(...kinds) ? unlessNamed(subject, bindings, judgeRole(subject)) : [];
  },
};

function* judgeRole({ tree, kind }: Subject): Iterable<Judgement> {
  const name = nodeAt(tree, "roleRef.name");
  const isAdmin = allOf([isOneOf(nodeAt(tree, "roleRef.kind"), "ClusterRole"), isOneOf(name, "cluster-admin")]);
  if (isUnknown(isAdmin)) yield undecided(isUnknown(name) ? "roleRef.name" : "roleRef.kind");
  if (isAdmin !== true) return;
  yield {
    path: "roleRef.name",
    observed: `cluster-admin, which allows everything in ${kind === "RoleBinding" ? "the namespace" : "the cluster"}`,
    allowed: "a role with the rights that are needed",
    remedy: "Bind such a role instead.",
  };
}
