import { compact } from "../../internal";
import type { KubernetesObject } from "../../rendering";
import type { TenantArgs, TenantMembers, TenantServiceAccount } from "./tenant-args";

/** A rule of a Role. */
interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const reading = ["get", "list", "watch"];
const writing = [...reading, "create", "update", "patch", "delete", "deletecollection"];

/** Groups of the platform's own types, whose resources members of a tenant work with. */
const platformGroups = [
  "argoproj.io",
  "jobset.x-k8s.io",
  "kubeflow.org",
  "leaderworkerset.x-k8s.io",
  "pipelines.kubeflow.org",
  "ray.io",
  "serving.kserve.io",
  "sparkoperator.k8s.io",
  "tensorboard.kubeflow.org",
  "trainer.kubeflow.org",
];

/** Types of Kubernetes' own that run something. */
const runningTypes: [group: string, ...resources: string[]][] = [
  ["apps", "deployments", "deployments/scale", "replicasets", "statefulsets", "statefulsets/scale"],
  ["autoscaling", "horizontalpodautoscalers"],
  ["batch", "jobs", "cronjobs"],
  ["policy", "poddisruptionbudgets"],
];

/**
 * Rights of those who work in the namespace. Unlike Kubernetes' own role `edit`, it leaves out NetworkPolicies, by which
 * members could undo the tenant's isolation, and ServiceAccounts, by which pods could have roles of others in AWS.
 */
const editorRules: Rule[] = [
  rule([""], ["pods", "configmaps", "secrets", "services", "persistentvolumeclaims"], writing),
  rule([""], ["pods/attach", "pods/exec", "pods/portforward"], ["create", "get"]),
  rule([""], ["pods/log", "events", "limitranges", "resourcequotas", "serviceaccounts"], reading),
  ...runningTypes.map(([group, ...resources]) => rule([group], resources, writing)),
  rule(platformGroups, ["*"], writing),
  rule(["kueue.x-k8s.io"], ["workloads", "localqueues"], reading),
];

/** Rights of those who look on; secrets are not among them. */
const viewerRules: Rule[] = [
  rule(
    [""],
    [
      "pods",
      "pods/log",
      "configmaps",
      "services",
      "persistentvolumeclaims",
      "events",
      "limitranges",
      "resourcequotas",
      "serviceaccounts",
    ],
    reading,
  ),
  ...runningTypes.map(([group, ...resources]) => rule([group], resources, reading)),
  rule(platformGroups, ["*"], reading),
  rule(["kueue.x-k8s.io"], ["workloads", "localqueues"], reading),
];

/**
 * What Argo's executor does beside the container of a step: it reports results.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/workflow-rbac/
 */
const executorRules: Rule[] = [rule(["argoproj.io"], ["workflowtaskresults"], ["create", "patch"])];

/** Name of the Role of workflows, and of its binding. */
const EXECUTOR = "workflow-executor";

/** Accounts that pods run under where nothing else is asked for. */
const defaultAccounts: TenantServiceAccount[] = [{ name: "trainer" }];

/** Roles of a tenant's members and accounts, and who has them. */
export function rights(namespace: string, args: TenantArgs): KubernetesObject[] {
  const executors = accountsOf(args).filter(({ runsWorkflows }) => runsWorkflows === true);
  const subjects = executors.map(({ name }) => ({ kind: "ServiceAccount", name, namespace }));
  return [
    ...granted("tenant-editor", namespace, editorRules, people(args.editors)),
    ...granted("tenant-viewer", namespace, viewerRules, people(args.viewers)),
    ...granted(EXECUTOR, namespace, executorRules, subjects),
  ];
}

/** Accounts that pods of a tenant run under. */
export function serviceAccounts(namespace: string, args: TenantArgs): KubernetesObject[] {
  return accountsOf(args).map(({ name, roleArn, mountsToken, runsWorkflows = false, imagePullSecrets }) => {
    const annotations = roleArn === undefined ? undefined : { "eks.amazonaws.com/role-arn": roleArn };
    const account = compact({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: compact({ name, namespace, annotations }),
      automountServiceAccountToken: mountsToken ?? runsWorkflows,
      imagePullSecrets: imagePullSecrets?.map((secret) => ({ name: secret })),
    });
    return account as KubernetesObject;
  });
}

/** Accounts of a tenant, as they were asked for. */
export function accountsOf({ serviceAccounts: given = defaultAccounts }: TenantArgs): TenantServiceAccount[] {
  return given;
}

function people({ groups = [], users = [] }: TenantMembers = {}) {
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    ...groups.map((name) => ({ kind: "Group", name, apiGroup })),
    ...users.map((name) => ({ kind: "User", name, apiGroup })),
  ];
}

/** A Role that nobody has is left out. */
function granted(name: string, namespace: string, rules: Rule[], subjects: object[]): KubernetesObject[] {
  if (subjects.length === 0) return [];
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
  return [
    { apiVersion, kind: "Role", metadata: { name, namespace }, rules },
    { apiVersion, kind: "RoleBinding", metadata: { name, namespace }, roleRef, subjects },
  ];
}

function rule(apiGroups: string[], resources: string[], verbs: string[]): Rule {
  return { apiGroups, resources, verbs };
}
