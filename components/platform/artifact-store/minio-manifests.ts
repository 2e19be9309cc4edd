import { compact } from "../../internal";
import { partResources, systemNodes } from "../part/part-args";
import { S3_PORTS } from "./artifact-store";
import type { MinioArgs } from "./minio-args";
import { prometheusPods, storeClients } from "./store-grants";

/** Namespace of MinIO where nothing else is asked for. */
export const MINIO_NAMESPACE = "artifacts";
/** Name of MinIO's objects. */
export const MINIO = "minio";
/** Service by whose names the servers find each other. */
export const MINIO_PEERS = "minio-peers";
/** Secret with the keys of the administrator, `user` and `password`. */
export const ROOT_SECRET = "minio-root";
/** Secret with the server's certificate. */
export const TLS_SECRET = "minio-tls";

const CONSOLE_PORT = 9001;
const USER = 1000;

/** Labels of everything of MinIO's. */
export const minioLabels = { "app.kubernetes.io/name": MINIO, "app.kubernetes.io/managed-by": "mlstack" };
/** Labels by which servers are selected. */
const serverLabels = { "app.kubernetes.io/name": MINIO, "app.kubernetes.io/component": "server" };
/** Label of the Service of clients. */
const clientLabel = { "app.kubernetes.io/component": "client" };
/** Labels of the pods of the Job that sets MinIO up. */
export const setupLabels = { "app.kubernetes.io/name": MINIO, "app.kubernetes.io/component": "setup" };

/** What pods of the restricted level declare. */
export const minioPodSecurity = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};
/** What containers of the restricted level declare. */
export const minioContainerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Whether the server has a certificate. */
export function hasTls({ tls, platform }: MinioArgs): boolean {
  return tls ?? platform?.certManager ?? false;
}

/** Number of servers. */
function serverCount({ replicas = 4 }: MinioArgs): number {
  return replicas;
}

/** Host of the S3 API within the cluster. */
export function minioHost(namespace: string): string {
  return `${MINIO}.${namespace}.svc.cluster.local`;
}

function volumeNames({ volumesPerServer = 1 }: MinioArgs): string[] {
  return Array.from({ length: volumesPerServer }, (_, index) => `data-${index}`);
}

/** What the servers store on: with several of them, every disk of all, in MinIO's own notation. */
function drives(namespace: string, args: MinioArgs): string {
  const servers = serverCount(args);
  const last = volumeNames(args).length - 1;
  const disks = last === 0 ? "/data-0" : `/data-{0...${last}}`;
  if (servers === 1) return disks;
  const scheme = hasTls(args) ? "https" : "http";
  const host = `${MINIO}-{0...${servers - 1}}.${MINIO_PEERS}.${namespace}.svc.cluster.local`;
  return `${scheme}://${host}:${S3_PORTS.minio}${disks}`;
}

/** The servers. */
export function minioStatefulSet(namespace: string, args: MinioArgs) {
  const names = volumeNames(args);
  const { size = "100Gi", storageClass } = args.volume ?? {};
  const tls = hasTls(args);
  return {
    metadata: { name: MINIO, namespace, labels: { ...minioLabels, ...serverLabels } },
    spec: {
      replicas: serverCount(args),
      serviceName: MINIO_PEERS,
      // The servers of a store answer only once most of them are there.
      podManagementPolicy: "Parallel",
      selector: { matchLabels: serverLabels },
      template: {
        metadata: { labels: { ...minioLabels, ...serverLabels } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          nodeSelector: systemNodes(args.platform),
          securityContext: minioPodSecurity,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: serverLabels },
            },
          ],
          containers: [serverContainer(namespace, args, names)],
          volumes: [{ name: "scratch", emptyDir: {} }, ...(tls ? [certificateVolume] : [])],
        },
      },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: names.map((name) => ({
        metadata: { name },
        spec: compact({
          accessModes: ["ReadWriteOnce"],
          storageClassName: storageClass,
          resources: { requests: { storage: size } },
        }),
      })),
    },
  };
}

/** The certificate, in files as MinIO names them; public authorities leave their own out. */
const certificateVolume = {
  name: "tls",
  projected: {
    sources: [
      {
        secret: {
          name: TLS_SECRET,
          items: [
            { key: "tls.crt", path: "public.crt" },
            { key: "tls.key", path: "private.key" },
          ],
        },
      },
      { secret: { name: TLS_SECRET, items: [{ key: "ca.crt", path: "CAs/ca.crt" }], optional: true } },
      // The server insists on the folder, which it could not make here; what is no certificate in it, it passes over.
      { downwardAPI: { items: [{ path: "CAs/namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
    ],
  },
};

function serverContainer(namespace: string, args: MinioArgs, names: string[]) {
  const { console = false, serverCommand = "minio", platform = {} } = args;
  const tls = hasTls(args);
  const scheme = tls ? "HTTPS" : "HTTP";
  const fromRoot = (key: string) => ({ secretKeyRef: { name: ROOT_SECRET, key } });
  const probe = (path: string) => ({ httpGet: { path: `/minio/health/${path}`, port: "s3", scheme } });
  return {
    name: "server",
    image: args.image,
    command: [serverCommand, "server"],
    args: [
      // Without certificates too, it makes folders there.
      `--certs-dir=${tls ? "/certs" : "/tmp/certs"}`,
      `--address=:${S3_PORTS.minio}`,
      ...(console ? [`--console-address=:${CONSOLE_PORT}`] : []),
      drives(namespace, args),
    ],
    env: [
      { name: "MINIO_ROOT_USER", valueFrom: fromRoot("user") },
      { name: "MINIO_ROOT_PASSWORD", valueFrom: fromRoot("password") },
      { name: "MINIO_BROWSER", value: console ? "on" : "off" },
      // Upstream counts installations and looks for updates that are published no more.
      { name: "MINIO_UPDATE", value: "off" },
      // Only who passes the NetworkPolicy reads them.
      ...(platform.prometheus === true ? [{ name: "MINIO_PROMETHEUS_AUTH_TYPE", value: "public" }] : []),
    ],
    ports: [
      { name: "s3", containerPort: S3_PORTS.minio },
      ...(console ? [{ name: "console", containerPort: CONSOLE_PORT }] : []),
    ],
    resources: partResources(args.resources, { cpu: "500m", memory: "2Gi" }),
    readinessProbe: { ...probe("ready"), periodSeconds: 10 },
    livenessProbe: { ...probe("live"), initialDelaySeconds: 30, periodSeconds: 20 },
    securityContext: minioContainerSecurity,
    volumeMounts: [
      { name: "scratch", mountPath: "/tmp" },
      ...(tls ? [{ name: "tls", mountPath: "/certs", readOnly: true }] : []),
      ...names.map((name) => ({ name, mountPath: `/${name}` })),
    ],
  };
}

/** Services: that of clients, that of the servers among themselves, and that of the console where it is on. */
export function minioServices(namespace: string, { console = false, platform = {} }: MinioArgs) {
  const service = (
    name: string,
    port: string,
    number: number,
    more: object = {},
    waits = platform.simulated !== true,
  ) => ({
    metadata: compact({
      name,
      namespace,
      labels: minioLabels,
      annotations: waits ? undefined : { "pulumi.com/skipAwait": "true" },
    }),
    spec: { selector: serverLabels, ports: [{ name: port, port: number, targetPort: port }], ...more },
  });
  // The servers come after the Service by which they find each other, so that it has no endpoints to wait for.
  const peers = { clusterIP: "None", publishNotReadyAddresses: true };
  return {
    client: withClientLabel(service(MINIO, "s3", S3_PORTS.minio)),
    peers: service(MINIO_PEERS, "s3", S3_PORTS.minio, peers, false),
    console: console ? service(`${MINIO}-console`, "console", CONSOLE_PORT) : undefined,
  };
}

/** Tells the Service of clients from that of the servers, which has the same pods behind it. */
function withClientLabel<T extends { metadata: { labels: object } }>(service: T) {
  const { metadata } = service;
  return { ...service, metadata: { ...metadata, labels: { ...metadata.labels, ...clientLabel } } };
}

/** Lets in other servers, the Job, pods of namespaces that were granted access, and Prometheus; the console by Pod only. */
export function minioNetworkPolicy(namespace: string, args: MinioArgs) {
  const own = [{ podSelector: { matchLabels: { "app.kubernetes.io/name": MINIO } } }];
  const clients = storeClients(args).map((client) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": client } },
  }));
  // Numbers are on the port of the API.
  const scrapers = args.platform?.prometheus === true ? [prometheusPods] : [];
  const open = (from: object[], port: number) => ({ from, ports: [{ protocol: "TCP", port }] });
  return {
    metadata: { name: MINIO, namespace, labels: minioLabels },
    spec: {
      podSelector: { matchLabels: serverLabels },
      policyTypes: ["Ingress"],
      ingress: [
        open([...own, ...clients, ...scrapers], S3_PORTS.minio),
        ...(args.console === true && clients.length > 0 ? [open(clients, CONSOLE_PORT)] : []),
      ],
    },
  };
}

/** Lets a drain take one server at a time: with two, writes would stop. */
export function minioDisruptionBudget(namespace: string, args: MinioArgs) {
  if (serverCount(args) === 1) return undefined;
  return {
    metadata: { name: MINIO, namespace, labels: minioLabels },
    spec: { maxUnavailable: 1, selector: { matchLabels: serverLabels } },
  };
}

/** The certificate of the store's own authority; others are trusted by whoever trusts their issuer. */
function ownAuthority({ clusterIssuer }: MinioArgs) {
  return clusterIssuer === undefined ? { secret: { name: TLS_SECRET, key: "ca.crt" } } : undefined;
}

/** Scrapes the servers, whose metrics are open to whom the NetworkPolicy lets in. */
export function minioMonitor(namespace: string, args: MinioArgs) {
  const tls = hasTls(args);
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: MINIO, namespace, labels: minioLabels },
    spec: {
      selector: { matchLabels: { ...minioLabels, ...clientLabel } },
      endpoints: [
        compact({
          port: "s3",
          path: "/minio/v2/metrics/cluster",
          scheme: tls ? "https" : "http",
          tlsConfig: tls ? compact({ serverName: minioHost(namespace), ca: ownAuthority(args) }) : undefined,
        }),
      ],
    },
  };
}
