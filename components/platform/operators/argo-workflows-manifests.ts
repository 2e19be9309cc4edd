import { bareVersion } from "../../model";
import { MANIFESTS } from "../../model/versions";
import { type Adjustment, edit, inTurn, type KubernetesObject, without, withoutKinds } from "../../rendering";
import { partResources } from "../part/part-args";
import { withoutNamespaces } from "../part/part-namespace";
import { ARGO_NAMESPACE, ArgoAuthMode, type ArgoWorkflowsArgs } from "./argo-workflows-args";
import { TRANSIENT_ERRORS } from "./argo-workflows-config";
import { adding, controllerPods, disruptionBudgets, movedNamespace, patched, podMonitor } from "./manifest-adjustments";

/** Name of the configuration, which controller and server look for. */
export const ARGO_CONFIG_MAP = "workflow-controller-configmap";

/**
 * Names of what belongs to no namespace. Kubeflow Pipelines bring a controller of their own whose objects have the names
 * that upstream gives these; of two that own one object, each would undo what the other wrote.
 */
const clusterNames: Record<string, string> = {
  "argo-cluster-role": "argo-workflows-controller",
  "argo-binding": "argo-workflows-controller",
  "argo-server-cluster-role": "argo-workflows-server",
  "argo-server-binding": "argo-workflows-server",
  "argo-aggregate-to-view": "argo-workflows-aggregate-to-view",
  "argo-aggregate-to-edit": "argo-workflows-aggregate-to-edit",
  "argo-aggregate-to-admin": "argo-workflows-aggregate-to-admin",
  "workflow-controller": "argo-workflows-controller",
};

/** Objects that there are only with the server. */
const serverObjects = ["argo-server", "argo-workflows-server"];

/**
 * What becomes of the manifests of Argo Workflows. The configuration is left out, as the component makes it.
 *
 * @see https://github.com/argoproj/argo-workflows/tree/v4.0.5/manifests/cluster-install-no-crds
 */
export function argoAdjustment(args: ArgoWorkflowsArgs): Adjustment {
  const { namespace = ARGO_NAMESPACE, platform = {}, replicas = 2, server = {}, managedNamespace } = args;
  const version = bareVersion(args.version ?? MANIFESTS.argoWorkflows.version);
  const scope = managedNamespace === undefined ? [] : ["--namespaced", `--managed-namespace=${managedNamespace}`];
  const adjustments: Adjustment[] = [
    withoutNamespaces,
    withoutKinds("ConfigMap"),
    withClusterNames,
    ...(server.enabled === false ? [without(({ metadata }) => serverObjects.includes(metadata.name))] : []),
    ...(authModesOf(args).includes(ArgoAuthMode.sso) ? [] : [withOwnSecretsOnly]),
    movedNamespace(ARGO_NAMESPACE, namespace),
    ...(managedNamespace === undefined ? [] : [boundTo(namespace, managedNamespace)]),
    controllerPods(
      {
        deployment: "workflow-controller",
        replicas,
        resources: partResources(args.resources, { cpu: "200m", memory: "512Mi" }),
        image: `quay.io/argoproj/workflow-controller:v${version}`,
        args: [`--executor-image=quay.io/argoproj/argoexec:v${version}`, ...scope],
      },
      platform,
    ),
    edit("Deployment", "workflow-controller", withTransientErrors),
    controllerPods(
      {
        deployment: "argo-server",
        replicas: server.replicas ?? replicas,
        resources: partResources(server.resources, { cpu: "100m", memory: "256Mi" }),
        image: `quay.io/argoproj/argocli:v${version}`,
        args: [...serverArgs(args), ...scope],
      },
      platform,
    ),
    disruptionBudgets("workflow-controller", "argo-server"),
    ...(platform.prometheus === true ? [adding(monitorOf(namespace))] : []),
    patched(args.patches),
  ];
  return inTurn(...adjustments);
}

function withTransientErrors({ spec }: KubernetesObject): void {
  const { containers } = (spec as { template: { spec: { containers: { env?: object[] }[] } } }).template.spec;
  for (const container of containers) container.env = [...(container.env ?? []), TRANSIENT_ERRORS];
}

function authModesOf({ server = {} }: ArgoWorkflowsArgs): ArgoAuthMode[] {
  return server.authModes ?? [server.sso === undefined ? ArgoAuthMode.client : ArgoAuthMode.sso];
}

function serverArgs(args: ArgoWorkflowsArgs): string[] {
  const { tlsSecret } = args.server ?? {};
  return [
    "server",
    "--secure=true",
    ...authModesOf(args).map((mode) => `--auth-mode=${mode}`),
    ...(tlsSecret === undefined ? [] : [`--tls-certificate-secret-name=${tlsSecret}`]),
  ];
}

/**
 * With tokens of their own, users read Secrets by their own rights. Upstream's server may read those of the whole cluster,
 * which it needs for single sign-on alone.
 */
const withOwnSecretsOnly: Adjustment = (objects) => {
  const role = objects.find(
    ({ kind, metadata }) => kind === "ClusterRole" && metadata.name === "argo-workflows-server",
  );
  if (role === undefined) return objects;
  const isOfSecrets = ({ resources }: Rule) => resources.includes("secrets");
  const rules = (role["rules"] as Rule[]).filter(isOfSecrets);
  const metadata = { name: "argo-server", namespace: ARGO_NAMESPACE };
  const rbac = "rbac.authorization.k8s.io";
  return [
    ...edit("ClusterRole", role.metadata.name, (object) => {
      object["rules"] = (object["rules"] as Rule[]).filter((rule) => !isOfSecrets(rule));
    })(objects),
    { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name: "argo-server", namespace: ARGO_NAMESPACE }],
    },
  ];
};

interface Rule {
  resources: string[];
}

function monitorOf(namespace: string): KubernetesObject {
  const labels = { app: "workflow-controller" };
  return podMonitor({ name: "workflow-controller", namespace, labels, port: "metrics", secure: true });
}

const withClusterNames: Adjustment = (objects) =>
  inTurn(
    ...["ClusterRole", "ClusterRoleBinding", "PriorityClass"].map((kind) =>
      edit(kind, undefined, ({ metadata, roleRef }) => {
        rename(metadata);
        rename(roleRef as { name: string } | undefined);
      }),
    ),
    edit("Deployment", "workflow-controller", ({ spec }) => {
      const pod = (spec as { template: { spec: { priorityClassName: string } } }).template.spec;
      pod.priorityClassName = clusterNames[pod.priorityClassName] ?? pod.priorityClassName;
    }),
  )(objects);

function rename(named: { name: string } | undefined): void {
  if (named !== undefined) named.name = clusterNames[named.name] ?? named.name;
}

/** Gives rights in the namespace of Argo and in another one, in place of those in the whole cluster. */
function boundTo(...namespaces: string[]): Adjustment {
  return (objects) =>
    objects.flatMap((object) => {
      if (object.kind !== "ClusterRoleBinding") return [object];
      return [...new Set(namespaces)].map((namespace) => {
        const copy = structuredClone(object);
        return { ...copy, kind: "RoleBinding", metadata: { ...copy.metadata, namespace } };
      });
    });
}
