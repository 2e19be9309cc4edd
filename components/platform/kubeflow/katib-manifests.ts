import { compact } from "../../internal";
import { IMAGES } from "../../model/images";
import { MANIFESTS } from "../../model/versions";
import { type Adjustment, inTurn, type KubernetesObject, type Rendering } from "../../rendering";
import { behindConsole } from "./kubeflow-console";
import { type ExternalDatabase, ownDatabase } from "./database";
import { hardened } from "./hardening";
import type { KatibArgs } from "./katib-args";
import { katibConfigured } from "./katib-config";
import { KUBEFLOW_NAMESPACE } from "./kubeflow-args";
import {
  added,
  dropped,
  edited,
  fromSecret,
  patched,
  podOf,
  setEnvironment,
  withConfigDigests,
} from "./manifest-edits";
import { monitored } from "./monitors";
import { inNamespace } from "./relocation";

/** Secret of Katib's own database, and the key that both it and its client read. */
export const KATIB_SECRET = { name: "katib-mysql-secrets", key: "MYSQL_ROOT_PASSWORD" } as const;

/** Label by which Katib's manifests tell their pods apart. */
const COMPONENT = "katib.kubeflow.org/component";

/**
 * What Katib consists of, beside its namespace and the Secret of its database.
 *
 * @see https://github.com/kubeflow/katib/tree/v0.19.0/manifests/v1beta1/installs
 */
export function katibRendering(args: KatibArgs): Rendering {
  const { namespace = KUBEFLOW_NAMESPACE, platform = {}, version, replicas = 2, database, resources, console } = args;
  const source = compact({ manifests: MANIFESTS.katib, folder: `installs/${installOf(args)}`, version });
  const adjust = inTurn(
    katibConfigured(args, replicas),
    dropped(`Secret/${KATIB_SECRET.name}`),
    // The controller writes the certificate that it makes; whoever gave no data never takes it away.
    edited("Secret", "katib-webhook-cert", (secret) => {
      delete secret["data"];
    }),
    console === undefined ? withoutUi : behindConsole(console),
    database?.external === undefined ? own(args, namespace) : elsewhere(database.external),
    ...(replicas > 1 ? [added(...leaderElection)] : []),
    inNamespace(namespace),
    monitored(platform, {
      name: "katib-controller",
      namespace,
      labels: { [COMPONENT]: "controller" },
      port: "metrics",
    }),
    hardened({
      platform,
      replicas: { "katib-controller": replicas },
      resources: {
        "katib-controller": { cpu: "100m", memory: "256Mi", ...resources },
        "katib-db-manager": { cpu: "50m", memory: "128Mi" },
        "katib-mysql": { cpu: "250m", memory: "1Gi", ...database?.resources },
        "katib-ui": { cpu: "50m", memory: "256Mi" },
      },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  return { sources: [source], facts: platform, namespace, adjust };
}

function installOf({ platform = {}, console }: KatibArgs): string {
  if (console !== undefined) return "katib-with-kubeflow";
  return platform.certManager === true ? "katib-cert-manager" : "katib-standalone";
}

const withoutUi: Adjustment = dropped(
  "Deployment/katib-ui",
  "Service/katib-ui",
  "ServiceAccount/katib-ui",
  "ClusterRole/katib-ui",
  "ClusterRoleBinding/katib-ui",
  // Samples, which the web UI alone shows.
  "ConfigMap/trial-templates",
);

function own({ database }: KatibArgs, namespace: string): Adjustment {
  const mysql = {
    workload: "katib-mysql",
    kind: "Deployment",
    claim: "katib-mysql",
    volumeSize: "10Gi",
    image: IMAGES.mysql,
    port: 3306,
    namespace,
    clients: [{ [COMPONENT]: "db-manager" }],
  } as const;
  return ownDatabase({ ...mysql, clients: [...mysql.clients] }, database);
}

function elsewhere(database: ExternalDatabase): Adjustment {
  const { host, port = 3306, credentialsSecret, usernameKey = "username", passwordKey = "password" } = database;
  return inTurn(
    dropped("Deployment/katib-mysql", "Service/katib-mysql", "PersistentVolumeClaim/katib-mysql"),
    edited("Deployment", "katib-db-manager", (manager) => {
      const [container] = podOf(manager).containers;
      setEnvironment(container!, {
        DB_USER: fromSecret(credentialsSecret, usernameKey),
        DB_PASSWORD: fromSecret(credentialsSecret, passwordKey),
        KATIB_MYSQL_DB_HOST: host,
        KATIB_MYSQL_DB_PORT: String(port),
        KATIB_MYSQL_DB_DATABASE: "katib",
      });
    }),
  );
}

/** Rights to elect a leader, of which upstream's other installs have none; kept to leases. */
const leaderElection: KubernetesObject[] = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "katib-leader-election" },
    rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update", "patch"] }],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "katib-leader-election" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "katib-leader-election" },
    subjects: [{ kind: "ServiceAccount", name: "katib-controller", namespace: KUBEFLOW_NAMESPACE }],
  },
];
