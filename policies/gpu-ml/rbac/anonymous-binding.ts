import { arrayAt, childAt, isUnknown } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";

/** How the API server calls those who have not said who they are. */
const NOBODY = ["system:anonymous", "system:unauthenticated"];

/**
 * RBAC-01: those who have not said who they are have no rights.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests v1.36
 */
export const anonymousBinding: ResourceRule = {
  id: "RBAC-01",
  title: "Callers without a login have no rights",
  why: "Whoever reaches the API server has what is bound to anonymous callers, without any credential.",
  remediation: "Bind users, groups or service accounts that are known.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {},
  frameworks: [{ name: "Kubescape", reference: "C-0262" }],
  examples: {
    bad: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: everybody }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated" }]
`,
    good: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: everybody }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: engineers }]
`,
  },
  judge(subject) {
    const kinds = ["rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"];
    return subject.is(...kinds) ? judgeSubjects(subject) : [];
  },
};

function* judgeSubjects({ tree }: Subject): Iterable<Judgement> {
  if (isUnknown(childAt(tree, "subjects"))) yield undecided("subjects");
  for (const [index, one] of arrayAt(tree, "subjects").entries()) {
    const name = childAt(one, "name");
    const path = `subjects[${index}].name`;
    if (isUnknown(name)) yield undecided(path);
    if (typeof name !== "string" || !NOBODY.includes(name)) continue;
    yield {
      path,
      observed: `${name}, which stands for callers without a login`,
      allowed: "users, groups and service accounts that are known",
      remedy: "Remove this subject.",
    };
  }
}
