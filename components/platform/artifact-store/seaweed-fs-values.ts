import { CHARTS } from "../../model/versions";
import { type ChartValues, withValues } from "../../rendering";
import { type PartResources, partResources, systemNodes } from "../part/part-args";
import { S3_PORTS } from "./artifact-store";
import { type SeaweedFsArgs, SeaweedFsMode } from "./seaweed-fs-args";
import { declarationHash } from "./store-credentials";
import { declarationOf, prometheusPods, storeClients, type StoreVolume } from "./store-grants";

/** Namespace of SeaweedFS where nothing else is asked for. */
export const SEAWEED_FS_NAMESPACE = "artifacts";
/** Release and name of everything in the namespace. */
export const SEAWEED_FS_RELEASE = "seaweedfs";
/** Secret with the identities that the S3 gateway knows. */
export const IDENTITIES_SECRET = "seaweedfs-identities";
/** Key of the identities in their Secret, as the chart wants it. */
export const IDENTITIES_KEY = "seaweedfs_s3_config";
/** Secret with the key by which volume servers know that a write was allowed. */
export const SIGNING_SECRET = "seaweedfs-signing";
/** Key in the Secret of what signs writes. */
export const SIGNING_KEY = "key";

/** User and group of the image. @see https://github.com/seaweedfs/seaweedfs/blob/4.44/docker/Dockerfile.go_build */
const USER = 1000;

/** The image of a version of the chart: its version is that of the server with a zero behind it. */
export function seaweedFsImage({ version = CHARTS.seaweedFs.version }: SeaweedFsArgs): string {
  return `chrislusf/seaweedfs:${version.split(".").slice(0, 2).join(".")}`;
}

/** What pods of the restricted level declare. */
export const restrictedPod = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};
/** What containers of the restricted level declare. */
export const restrictedContainer = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/**
 * Values of SeaweedFS' chart.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/4.44/k8s/charts/seaweedfs/values.yaml
 */
export function seaweedFsValues(args: SeaweedFsArgs): ChartValues {
  const { platform = {}, mode = SeaweedFsMode.distributed } = args;
  const own = {
    image: { tag: seaweedFsImage(args).split(":")[1] },
    global: {
      seaweedfs: {
        // A leftover of a migration: the right to create and delete pods everywhere. Nothing uses it.
        createClusterRole: false,
        automountServiceAccountToken: false,
        monitoring: { enabled: platform.prometheus ?? false },
        // The chart would make its own at random, another one with each rendering.
        extraEnvironmentVars: { WEED_JWT_SIGNING_KEY: { secretKeyRef: { name: SIGNING_SECRET, key: SIGNING_KEY } } },
      },
    },
    networkPolicy: networkPolicy(args, mode),
    ...(mode === SeaweedFsMode.single ? singleValues(args) : distributedValues(args)),
  };
  return withValues(own, args.values);
}

/** Port on which servers of every kind tell their numbers. */
const METRICS_PORT = 9327;

/**
 * Only pods of the release talk to each other; the S3 API alone is open, to namespaces that were granted access, and the
 * numbers to Prometheus.
 */
function networkPolicy(args: SeaweedFsArgs, mode: SeaweedFsMode) {
  const clients = storeClients(args);
  const from = clients.map((namespace) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  }));
  const component = mode === SeaweedFsMode.single ? "seaweedfs-all-in-one" : "s3";
  const rule = { from, ports: [{ protocol: "TCP", port: S3_PORTS.seaweedfs }] };
  const scrape = { from: [prometheusPods], ports: [{ protocol: "TCP", port: METRICS_PORT }] };
  return {
    enabled: true,
    extraIngress: args.platform?.prometheus === true ? [scrape] : [],
    components: { [component]: { extraIngress: clients.length === 0 ? [] : [rule] } },
  };
}

const s3Auth = { enabled: true, enableAuth: true, existingConfigSecret: IDENTITIES_SECRET };

function singleValues(args: SeaweedFsArgs): ChartValues {
  const off = { enabled: false };
  return {
    master: off,
    volume: { ...off, resizeHook: off },
    filer: off,
    s3: off,
    allInOne: {
      enabled: true,
      s3: s3Auth,
      data: claim(args, args.dataVolume, "100Gi"),
      ...podValues(args, "all-in-one", args.serverResources, { cpu: "500m", memory: "2Gi" }),
    },
  };
}

function distributedValues(args: SeaweedFsArgs): ChartValues {
  const { masters = 3, volumeServers = 3, replicas = 2, resources } = args;
  const extraCopies = args.extraCopies ?? Math.min(1, volumeServers - 1);
  // Copies on other servers of the same rack: without racks, on any other server.
  const replication = `00${extraCopies}`;
  return {
    master: {
      replicas: masters,
      defaultReplication: replication,
      data: claim(args, undefined, "5Gi"),
      logs: toStandardError,
      ...podValues(args, "master", undefined, { cpu: "100m", memory: "256Mi" }),
    },
    volume: {
      replicas: volumeServers,
      resizeHook: { enabled: false },
      dataDirs: [{ name: "data", ...claim(args, args.dataVolume, "100Gi"), maxVolumes: 0 }],
      ...podValues(args, "volume", args.serverResources, { cpu: "500m", memory: "2Gi" }),
    },
    filer: {
      // Filers with stores of their own agree with each other only after a while, and S3 promises more.
      replicas: 1,
      defaultReplicaPlacement: replication,
      data: claim(args, args.metadataVolume, "25Gi"),
      logs: toStandardError,
      s3: { enabled: false },
      ...podValues(args, "filer", undefined, { cpu: "250m", memory: "1Gi" }),
    },
    s3: {
      ...s3Auth,
      replicas,
      logs: toStandardError,
      ...podValues(args, "s3", resources, { cpu: "250m", memory: "512Mi" }),
    },
  };
}

/** Neither of the kinds that the chart knows, so that logs go where `kubectl logs` finds them. */
const toStandardError = { type: "none" };

function claim(args: SeaweedFsArgs, volume: StoreVolume = {}, defaultSize: string) {
  const { size = defaultSize, storageClass = args.storageClass } = volume;
  return { type: "persistentVolumeClaim", size, ...(storageClass === undefined ? {} : { storageClass }) };
}

/** Whatever the chart renders as a template must be text; JSON is YAML too. */
function podValues(
  args: SeaweedFsArgs,
  component: string,
  resources: PartResources | undefined,
  defaults: Required<PartResources>,
) {
  const labelOf = component === "all-in-one" ? "seaweedfs-all-in-one" : component;
  const spread = {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { "app.kubernetes.io/component": labelOf } },
  };
  return {
    serviceAccountName: SEAWEED_FS_RELEASE,
    ...(component === "s3" ? {} : { affinity: "" }),
    topologySpreadConstraints: JSON.stringify([spread]),
    nodeSelector: JSON.stringify(systemNodes(args.platform)),
    resources: partResources(resources, defaults),
    podSecurityContext: { enabled: true, ...restrictedPod },
    containerSecurityContext: { enabled: true, ...restrictedContainer },
    // Identities are read at the start only: pods follow when the declaration changes.
    ...(["s3", "all-in-one"].includes(component)
      ? { podAnnotations: { "mlstack.dev/identities": declarationHash(declarationOf(args)) } }
      : {}),
  };
}
