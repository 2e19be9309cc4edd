import { compact } from "../../internal";
import { IMAGES } from "../../model/images";
import { bareVersion } from "../../model";
import { MANIFESTS } from "../../model/versions";
import { type Adjustment, inTurn, type KubernetesObject, type Rendering } from "../../rendering";
import { behindConsole, gatewayNamespace, openToProxyless } from "./kubeflow-console";
import { type DatabaseArgs, type ExternalDatabase, ownDatabase } from "./database";
import { hardened } from "./hardening";
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
import { DatabaseEngine, type ModelRegistryArgs } from "./model-registry-args";
import { inNamespace, withTexts } from "./relocation";

/** Secret of the part's own database. */
const REGISTRY_SECRET = "model-registry-db-secrets";

/** How upstream's manifests speak of each kind of database. */
const engines = {
  [DatabaseEngine.mysql]: {
    folder: "overlays/db",
    claim: "metadata-mysql",
    image: IMAGES.mysql,
    port: 3306,
    username: "MYSQL_USER_NAME",
    password: "MYSQL_ROOT_PASSWORD",
    own: "root",
    // Variables that the kubelet puts into the argument.
    address: (port: number, tls: boolean) =>
      `$(MYSQL_USER_NAME):$(MYSQL_ROOT_PASSWORD)@tcp($(DATABASE_HOST):${port})/$(MYSQL_DATABASE)?charset=utf8mb4${tls ? "&tls=true" : ""}`,
  },
  [DatabaseEngine.postgres]: {
    folder: "overlays/postgres",
    claim: "metadata-postgres",
    image: IMAGES.postgres,
    port: 5432,
    username: "POSTGRES_USER",
    password: "POSTGRES_PASSWORD",
    own: "registry",
    address: (port: number, tls: boolean) =>
      `postgresql://$(POSTGRES_USER):$(POSTGRES_PASSWORD)@$(DATABASE_HOST):${port}/$(POSTGRES_DB)?sslmode=${tls ? "verify-full" : "disable"}`,
  },
} as const;

/** Keys of the Secret of the part's own database, and the name of its user. */
export function registrySecret(engine: DatabaseEngine = DatabaseEngine.mysql) {
  const { username, password, own } = engines[engine];
  return { secretName: REGISTRY_SECRET, generated: [password], plain: { [username]: own } };
}

/**
 * What a registry consists of, beside its namespace and the Secret of its database.
 *
 * @see https://github.com/kubeflow/hub/tree/v0.3.8/manifests/kustomize
 */
export function modelRegistryRendering(args: ModelRegistryArgs): Rendering {
  const { namespace = KUBEFLOW_NAMESPACE, platform = {}, version, replicas = 1, resources, database, console } = args;
  const engine = engines[args.databaseEngine ?? DatabaseEngine.mysql];
  const folders = [
    engine.folder,
    ...(console === undefined ? [] : ["options/istio", "options/ui/overlays/istio"]),
    ...(args.inferenceController === true ? ["options/controller/overlays/base"] : []),
    ...(args.storageInitializer === true ? ["options/csi"] : []),
  ];
  const adjust = inTurn(
    dropped(`Secret/${REGISTRY_SECRET}`),
    withTexts((text) =>
      text.replace(
        /^(ghcr\.io\/kubeflow\/model-registry\/.*):latest$/,
        `$1:v${bareVersion(version ?? MANIFESTS.hub.version)}`,
      ),
    ),
    withoutEmptyPasswords,
    console === undefined ? withoutProxy : behindConsole(console),
    database?.external === undefined ? own(engine, database, namespace) : elsewhere(engine, database.external),
    inNamespace(namespace),
    added(
      callersPolicy(args, namespace),
      ...(console === undefined ? [] : [openToProxyless("model-registry", namespace, SERVER, [8080])]),
    ),
    hardened({
      platform,
      replicas: { "model-registry-deployment": replicas, "model-registry-ui": replicas },
      resources: {
        "rest-container": { cpu: "100m", memory: "512Mi", ...resources },
        "db-container": { cpu: "250m", memory: "1Gi", ...database?.resources },
        "model-registry-ui": { cpu: "100m", memory: "512Mi" },
        manager: { cpu: "20m", memory: "128Mi" },
      },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  const sources = folders.map((folder) => compact({ manifests: MANIFESTS.hub, folder, version }));
  return { sources, facts: platform, namespace, adjust };
}

const withoutEmptyPasswords: Adjustment = edited("ConfigMap", "model-registry-db-parameters", (config) => {
  delete (config["data"] as Record<string, string>)["MYSQL_ALLOW_EMPTY_PASSWORD"];
});

/** Label of the registry's own pods. */
const SERVER = { component: "model-registry-server" };

/** Upstream asks for Istio's proxy whether there is a mesh or not; without a console nobody needs to be told who asks. */
const withoutProxy: Adjustment = edited("Deployment", "model-registry-deployment", (registry) => {
  const { template } = registry["spec"] as { template: { metadata: { labels?: Record<string, string> } } };
  template.metadata.labels = { ...template.metadata.labels, "sidecar.istio.io/inject": "false" };
});

type Engine = (typeof engines)[DatabaseEngine];

function own(engine: Engine, database: DatabaseArgs | undefined, namespace: string): Adjustment {
  const { claim, image, port } = engine;
  const workload = {
    workload: "model-registry-db",
    kind: "Deployment",
    volumeSize: "10Gi",
    clients: [SERVER],
  } as const;
  return ownDatabase({ ...workload, clients: [...workload.clients], claim, image, port, namespace }, database);
}

function elsewhere(engine: Engine, database: ExternalDatabase): Adjustment {
  const { host, port = engine.port, credentialsSecret, tls = false } = database;
  const { usernameKey = "username", passwordKey = "password" } = database;
  return inTurn(
    dropped("Deployment/model-registry-db", "Service/model-registry-db", `PersistentVolumeClaim/${engine.claim}`),
    edited("Deployment", "model-registry-deployment", (registry) => {
      const [server] = podOf(registry).containers;
      server!.envFrom = (server!.envFrom ?? []).filter(({ secretRef }) => secretRef === undefined);
      server!.args = (server!.args ?? []).map((argument) =>
        argument.startsWith("--embedmd-database-dsn=")
          ? `--embedmd-database-dsn=${engine.address(port, tls)}`
          : argument,
      );
      setEnvironment(server!, {
        DATABASE_HOST: host,
        [engine.username]: fromSecret(credentialsSecret, usernameKey),
        [engine.password]: fromSecret(credentialsSecret, passwordKey),
      });
    }),
  );
}

/** Lets only the part's own namespace and named ones call the registry. */
function callersPolicy({ clientNamespaces = [], console }: ModelRegistryArgs, namespace: string): KubernetesObject {
  const gateway = console === undefined ? [] : [gatewayNamespace(console)];
  const callers = [...new Set([...clientNamespaces, ...gateway])].sort();
  const from = callers.map((name) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "model-registry-callers", namespace },
    spec: {
      podSelector: { matchLabels: SERVER },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: {} }, ...from] }],
    },
  };
}
