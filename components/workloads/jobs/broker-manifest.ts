import * as pulumi from "@pulumi/pulumi";
import { compact, isPlain } from "../../internal";
import { IMAGES } from "../../model/images";
import { tryParseQuantity } from "../../model";
import { JOB_LABEL, objectMetadata, ROLE_LABEL, workloadMetadata, type WorkloadMetadata } from "../object";
import { podTemplate } from "../pods";
import type { BrokerArgs } from "./broker-args";
import type { SecretManifest, ServiceManifest, StatefulSetManifest } from "../object/built-in-manifests";
import type { Variable } from "../pods/first-variables";
import type { MasterWorkerJobArgs } from "./master-worker-job-args";

const DEFAULT_MEMORY = "256Mi";
const DEFAULT_VOLUME_SIZE = "1Gi";
const PORT = 6379;
const PASSWORD_KEY = "password";

/** User of the image. @see https://github.com/redis/docker-library-redis/blob/release/8.2/debian/Dockerfile */
const REDIS_USER = 999;

/** What the names of the broker's objects end with. */
export const BROKER_SUFFIX = "-broker";

const ROLE = "broker";

/** Variables of master and workers by which they reach their broker. */
export interface BrokerVariables {
  /** What the others refer to. */
  first: Variable[];
  /** The others. */
  env: Record<string, string>;
}

/** Whether a workload has a Redis of its own. */
export function hasOwnBroker({ broker }: MasterWorkerJobArgs): boolean {
  return broker?.existingUrl === undefined;
}

/** How master and workers reach the broker. Celery takes its address from a variable of that name by itself. */
export function brokerVariables(name: string, args: MasterWorkerJobArgs): BrokerVariables {
  const existing = args.broker?.existingUrl;
  if (existing !== undefined) {
    const url = { name: "BROKER_URL", valueFrom: { secretKeyRef: existing } };
    return { first: [url], env: { CELERY_BROKER_URL: "$(BROKER_URL)" } };
  }
  const { objectName } = brokerMetadata(name, args);
  const password = { name: "BROKER_PASSWORD", valueFrom: { secretKeyRef: { name: objectName, key: PASSWORD_KEY } } };
  const url = `redis://:$(BROKER_PASSWORD)@${objectName}:${PORT}/0`;
  return { first: [password], env: { BROKER_URL: url, CELERY_BROKER_URL: url, REDIS_URL: url } };
}

/** The Secret with the broker's password: letters and digits, which neither addresses nor command lines must escape. */
export function brokerSecretManifest(
  name: string,
  args: MasterWorkerJobArgs,
  password: pulumi.Input<string>,
): SecretManifest {
  const encoded = isPlain(password) ? base64(password) : pulumi.output(password).apply(base64);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: objectMetadata(brokerObject(args), brokerMetadata(name, args)),
    type: "Opaque",
    data: { [PASSWORD_KEY]: encoded },
  };
}

/** The Service under which the broker is known. */
export function brokerServiceManifest(name: string, args: MasterWorkerJobArgs): ServiceManifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: objectMetadata(brokerObject(args), brokerMetadata(name, args)),
    spec: { selector: selectorOf(brokerMetadata(name, args)), ports: [{ name: "redis", port: PORT }] },
  };
}

/** The one pod of the broker, with a volume on which each task is written before it is acknowledged. */
export function brokerManifest(name: string, args: MasterWorkerJobArgs): StatefulSetManifest {
  const { broker = {} } = args;
  const metadata = brokerMetadata(name, args);
  const { objectName } = metadata;
  const matchLabels = selectorOf(metadata);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: objectMetadata(brokerObject(args), metadata),
    spec: {
      serviceName: objectName,
      replicas: 1,
      selector: { matchLabels },
      template: brokerTemplate(metadata, broker),
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: compact({
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: broker.volumeSize ?? DEFAULT_VOLUME_SIZE } },
            storageClassName: broker.storageClassName,
          }),
        },
      ],
    },
  };
}

function brokerTemplate(metadata: WorkloadMetadata, broker: BrokerArgs) {
  const memory = broker.memory ?? DEFAULT_MEMORY;
  const pod = {
    image: broker.image ?? IMAGES.redis,
    args: redisArguments(memory),
    secretEnv: { REDIS_PASSWORD: { name: metadata.objectName, key: PASSWORD_KEY } },
    cpu: "100m",
    memory,
    runAsUser: REDIS_USER,
  };
  return podTemplate(pod, {
    ...metadata,
    // Master and workers have no proxy of the mesh, so that the broker must not insist on one.
    labels: { ...metadata.labels, "sidecar.istio.io/inject": "false" },
    role: ROLE,
    pools: undefined,
    defaultGpus: 0,
    pods: 1,
    container: {
      ports: [{ name: "redis", containerPort: PORT }],
      readinessProbe: { tcpSocket: { port: "redis" }, periodSeconds: 5 },
      volumeMounts: [{ name: "data", mountPath: "/data" }],
    },
  });
}

/**
 * A full Redis refuses tasks instead of dropping some; a restarted one has them all.
 *
 * @see https://github.com/redis/redis/blob/8.2.0/redis.conf "APPEND ONLY MODE", "MEMORY MANAGEMENT"
 */
function redisArguments(memory: string): string[] {
  const bytes = (tryParseQuantity(memory) ?? 0n) / 1_000_000_000n;
  const persistent = ["--dir", "/data", "--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const bounded = ["--maxmemory", String((bytes * 3n) / 4n), "--maxmemory-policy", "noeviction"];
  return ["redis-server", "--requirepass", "$(REDIS_PASSWORD)", ...persistent, ...bounded];
}

/** The broker stays while trainings come and go, and so carries the lineage of none. */
function brokerObject({ namespace, labels }: MasterWorkerJobArgs) {
  return compact({ namespace, labels });
}

function brokerMetadata(name: string, args: MasterWorkerJobArgs): WorkloadMetadata {
  return workloadMetadata(`${args.objectName ?? name}${BROKER_SUFFIX}`, brokerObject(args));
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function selectorOf({ objectName }: WorkloadMetadata): Record<string, string> {
  return { [JOB_LABEL]: objectName, [ROLE_LABEL]: ROLE };
}
