import { stringify } from "yaml";
import { compact } from "../../internal";
import { IMAGES } from "../../model/images";
import { MANIFESTS } from "../../model/versions";
import {
  type Adjustment,
  inTurn,
  isResourceType,
  type KubernetesObject,
  type Rendering,
  without,
} from "../../rendering";
import { behindConsole, gatewayNamespace, openToProxyless, userHeader } from "./kubeflow-console";
import { type DatabaseArgs, type ExternalDatabase, ownDatabase } from "./database";
import { hardened } from "./hardening";
import { KUBEFLOW_NAMESPACE } from "./kubeflow-args";
import {
  added,
  configured,
  dropped,
  edited,
  editedWorkloads,
  fromSecret,
  patched,
  podOf,
  setEnvironment,
  withConfigDigests,
} from "./manifest-edits";
import type { PipelinesArgs } from "./pipelines-args";
import { artifactRepositories, tenantObjects, withStore } from "./pipelines-store";
import { inNamespace } from "./relocation";

/** Secret of the part's own database. */
export const PIPELINES_SECRET = { name: "mysql-secret", username: "username", password: "password" } as const;

/** Label of all pods of Pipelines. */
const OF_PIPELINES = { "application-crd-id": "kubeflow-pipelines" };

/** A day: long enough to look at a failed run with Argo's own tools. */
const DEFAULT_TTL_SECONDS = 86_400;

/**
 * What Pipelines consist of, beside their namespace and the Secret of their database.
 *
 * @see https://github.com/kubeflow/pipelines/tree/2.17.0/manifests/kustomize/env
 */
export function pipelinesRendering(args: PipelinesArgs): Rendering {
  const { namespace = KUBEFLOW_NAMESPACE, platform = {}, version, artifactStore, database, console, resources } = args;
  const { tenants = [], ownArgo = false } = args;
  const folders = args.multiUser === true ? [environmentOf(args)] : ["cluster-scoped-resources", environmentOf(args)];
  const sources = folders.map((folder) => compact({ manifests: MANIFESTS.pipelines, folder, version }));
  const replicas = args.replicas ?? (args.nativeApi === true ? 2 : 1);
  const adjust = inTurn(
    withStore(artifactStore),
    withSettings(args),
    without((object) => isResourceType(object) && isUnused(object, args)),
    dropped("ConfigMap/kfp-cluster-scoped-params", ...unusedTitles(args)),
    console === undefined ? (objects) => objects : behindConsole(console),
    dropped(`Secret/${PIPELINES_SECRET.name}`),
    database?.external === undefined ? own(database, namespace) : elsewhere(database.external),
    inNamespace(namespace),
    added(
      callersPolicy(args, namespace),
      ...(console === undefined ? [] : proxylessCallers(namespace)),
      ...(ownArgo ? [] : [artifactRepositories(artifactStore, namespace)]),
      ...tenants.flatMap((tenant) => tenantObjects(artifactStore, tenant, namespace)),
    ),
    hardened({
      platform,
      replicas: { "ml-pipeline": replicas, "ml-pipeline-ui": replicas },
      resources: {
        "ml-pipeline-api-server": { cpu: "250m", memory: "1Gi", ...resources },
        mysql: { cpu: "250m", memory: "2Gi", ...database?.resources },
      },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  return { sources, facts: platform, namespace, adjust };
}

function environmentOf({ multiUser = false, nativeApi = false }: PipelinesArgs): string {
  const name = `platform-agnostic${multiUser ? "-multi-user" : ""}`;
  return nativeApi ? `env/cert-manager/${name}-k8s-native` : `env/${name}`;
}

function withSettings(args: PipelinesArgs): Adjustment {
  const { blockV1Pipelines = true, workflowTtlSeconds = DEFAULT_TTL_SECONDS, viewers = false, cronTimezone } = args;
  const { runAsUser, runAsGroup, runAsNonRoot } = args.securityContext ?? {};
  const ttl = { secondsAfterCompletion: workflowTtlSeconds };
  const templateDefaults = { retryStrategy: { limit: "2", retryPolicy: "OnError" } };
  return inTurn(
    configured("pipeline-install-config", {
      BLOCK_V1_PIPELINES: String(blockV1Pipelines),
      USERID_HEADER: userHeader(args.console),
      cacheImage: IMAGES.pipelinesCache,
      cronScheduleTimezone: cronTimezone ?? "UTC",
      defaultSecurityContextRunAsUser: textOf(runAsUser),
      defaultSecurityContextRunAsGroup: textOf(runAsGroup),
      defaultSecurityContextRunAsNonRoot: textOf(runAsNonRoot),
    }),
    configured("workflow-controller-configmap", {
      workflowDefaults: stringify({ spec: { ttlStrategy: ttl, templateDefaults } }),
    }),
    edited("Deployment", "ml-pipeline-persistenceagent", (agent) => {
      setEnvironment(podOf(agent).containers[0]!, { TTL_SECONDS_AFTER_WORKFLOW_FINISH: String(workflowTtlSeconds) });
    }),
    edited("Deployment", "ml-pipeline-ui", (ui) => {
      setEnvironment(podOf(ui).containers[0]!, { ALLOW_CUSTOM_VISUALIZATIONS: String(viewers) });
    }),
  );
}

function textOf(value: number | boolean | undefined): string {
  return value === undefined ? "" : String(value);
}

/** Types of Argo belong to whoever installs Argo; those of applications and of metacontroller are used by nobody. */
function isUnused({ metadata }: KubernetesObject, { ownArgo = false }: PipelinesArgs): boolean {
  const [, ...group] = metadata.name.split(".");
  const unused = ["app.k8s.io", "metacontroller.k8s.io", ...(ownArgo ? [] : ["argoproj.io"])];
  return unused.includes(group.join("."));
}

/** What upstream brings that is not wanted, by the switch that wants it. */
function unusedTitles({ ownArgo = false, blockV1Pipelines = true, viewers = false }: PipelinesArgs): string[] {
  return [
    ...tenantController,
    ...(ownArgo ? [] : argo),
    ...(blockV1Pipelines ? cacheServer : []),
    ...(viewers ? [] : viewerServers),
  ];
}

const tenantController = [
  "StatefulSet/metacontroller",
  "ServiceAccount/meta-controller-service",
  "ClusterRole/kubeflow-metacontroller",
  "ClusterRoleBinding/meta-controller-cluster-role-binding",
  "DecoratorController/kubeflow-pipelines-profile-controller",
  "Deployment/kubeflow-pipelines-profile-controller",
  "Service/kubeflow-pipelines-profile-controller",
  "ConfigMap/kubeflow-pipelines-profile-controller-code",
  "ConfigMap/kubeflow-pipelines-profile-controller-env",
];

const argo = [
  "Deployment/workflow-controller",
  "ConfigMap/workflow-controller-configmap",
  "PriorityClass/workflow-controller",
  "ServiceAccount/argo",
  "Role/argo-role",
  "RoleBinding/argo-binding",
  "ClusterRole/argo-aggregate-to-admin",
  "ClusterRole/argo-aggregate-to-edit",
  "ClusterRole/argo-aggregate-to-view",
  "ClusterRole/argo-cluster-role",
  "ClusterRoleBinding/argo-binding",
];

const cacheServer = [
  "Deployment/cache-deployer-deployment",
  "Deployment/cache-server",
  "Service/cache-server",
  "ServiceAccount/kubeflow-pipelines-cache",
  "ServiceAccount/kubeflow-pipelines-cache-deployer-sa",
  "Role/kubeflow-pipelines-cache-role",
  "Role/kubeflow-pipelines-cache-deployer-role",
  "RoleBinding/kubeflow-pipelines-cache-binding",
  "RoleBinding/kubeflow-pipelines-cache-deployer-rolebinding",
  "ClusterRole/kubeflow-pipelines-cache-role",
  "ClusterRole/kubeflow-pipelines-cache-deployer-clusterrole",
  "ClusterRoleBinding/kubeflow-pipelines-cache-binding",
  "ClusterRoleBinding/kubeflow-pipelines-cache-deployer-clusterrolebinding",
  "AuthorizationPolicy/service-cache-server",
];

const viewerServers = [
  "Deployment/ml-pipeline-viewer-crd",
  "ServiceAccount/ml-pipeline-viewer-crd-service-account",
  "Role/ml-pipeline-viewer-controller-role",
  "RoleBinding/ml-pipeline-viewer-crd-binding",
  "ClusterRole/ml-pipeline-viewer-controller-role",
  "ClusterRoleBinding/ml-pipeline-viewer-crd-binding",
  "Deployment/ml-pipeline-visualizationserver",
  "Service/ml-pipeline-visualizationserver",
  "ServiceAccount/ml-pipeline-visualizationserver",
  "DestinationRule/ml-pipeline-visualizationserver",
  "AuthorizationPolicy/ml-pipeline-visualizationserver",
];

function own(database: DatabaseArgs | undefined, namespace: string): Adjustment {
  return inTurn(
    edited("Deployment", "mysql", (mysql) => {
      const password = fromSecret(PIPELINES_SECRET.name, PIPELINES_SECRET.password);
      setEnvironment(podOf(mysql).containers[0]!, { MYSQL_ROOT_PASSWORD: password });
    }),
    ownDatabase(
      {
        workload: "mysql",
        kind: "Deployment",
        claim: "mysql-pv-claim",
        volumeSize: "20Gi",
        image: IMAGES.mysql,
        port: 3306,
        namespace,
        clients: [{ app: "ml-pipeline" }, { app: "cache-server" }, { component: "metadata-grpc-server" }],
      },
      database,
    ),
  );
}

function elsewhere(database: ExternalDatabase): Adjustment {
  const { host, port = 3306, credentialsSecret, tls = false } = database;
  const keys = { username: database.usernameKey ?? "username", password: database.passwordKey ?? "password" };
  return inTurn(
    dropped(
      "Deployment/mysql",
      "Service/mysql",
      "ServiceAccount/mysql",
      "PersistentVolumeClaim/mysql-pv-claim",
      "DestinationRule/ml-pipeline-mysql",
      "AuthorizationPolicy/mysql",
    ),
    configured("pipeline-install-config", { mysqlHost: host, mysqlPort: String(port) }),
    editedWorkloads(({ containers }) => {
      for (const variable of containers.flatMap(({ env = [] }) => env)) {
        const reference = variable.valueFrom?.["secretKeyRef"] as { name: string; key: keyof typeof keys } | undefined;
        if (reference?.name !== PIPELINES_SECRET.name) continue;
        variable.valueFrom = fromSecret(credentialsSecret, keys[reference.key]);
      }
    }),
    edited("Deployment", "ml-pipeline", (server) => {
      const encrypted = tls ? JSON.stringify({ tls: "true" }) : undefined;
      setEnvironment(podOf(server).containers[0]!, { DBCONFIG_MYSQLCONFIG_EXTRAPARAMS: encrypted });
    }),
  );
}

/** Steps of runs have no proxy: they call the API, by HTTP and gRPC, and the metadata store. */
function proxylessCallers(namespace: string): KubernetesObject[] {
  return [
    openToProxyless("ml-pipeline", namespace, { app: "ml-pipeline" }, [8887, 8888]),
    openToProxyless("metadata-grpc-server", namespace, { component: "metadata-grpc-server" }, [8080]),
  ];
}

/** Lets only the part's own namespace, tenants and named ones call the API, which asks single users for no password. */
function callersPolicy(args: PipelinesArgs, namespace: string): KubernetesObject {
  const { tenants = [], clientNamespaces = [], console } = args;
  const gateway = console === undefined ? [] : [gatewayNamespace(console)];
  const namespaces = [...new Set([...tenants, ...clientNamespaces, ...gateway])].sort();
  const callers = namespaces.map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "pipelines-callers", namespace },
    spec: {
      // The database has a rule of its own, and rules add up.
      podSelector: {
        matchLabels: OF_PIPELINES,
        matchExpressions: [{ key: "app", operator: "NotIn", values: ["mysql"] }],
      },
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ podSelector: {} }, ...callers] },
        // Webhooks are called by the API server, which is in no namespace.
        { ports: [{ protocol: "TCP", port: 8443 }] },
      ],
    },
  };
}
