import { compact } from "../../internal";
import { bareVersion } from "../../model";
import { IMAGES } from "../../model/images";
import { partResources, systemNodes } from "../part/part-args";
import { CLUSTER_REGION, S3_PORTS } from "./artifact-store";
import { declarationHash } from "./store-credentials";
import { declarationOf, storeBuckets, storeClients } from "./store-grants";
import { ACL_KEY, POLICY_CONFIG, POLICY_KEY, USERS_SECRET, versityGatewayPolicy } from "./versity-gateway-access";
import type { VersityGatewayArgs } from "./versity-gateway-args";

/** Namespace of the gateway where nothing else is asked for. */
export const VERSITY_GATEWAY_NAMESPACE = "artifacts";
/** Name of the gateway's objects. */
export const VERSITY_GATEWAY = "versitygw";
/** Secret with the keys of the administrator, `user` and `password`. */
export const ROOT_SECRET = "versitygw-root";

const USER = 1000;
/** Buckets have names of three characters and more, so that none is hidden behind this path. */
const HEALTH_PATH = "/_/health";

/** Folders of the gateway: buckets with objects, what is noted of both, and users. */
const FOLDERS = { buckets: "/data", notes: "/metadata", users: "/users" } as const;

/** Labels of everything of the gateway's. */
const labels = { "app.kubernetes.io/name": VERSITY_GATEWAY, "app.kubernetes.io/managed-by": "mlstack" };
/** Labels by which its pod is selected. */
const podLabels = { "app.kubernetes.io/name": VERSITY_GATEWAY, "app.kubernetes.io/component": "server" };

/** Host of the S3 API within the cluster. */
export function versityGatewayHost(namespace: string): string {
  return `${VERSITY_GATEWAY}.${namespace}.svc.cluster.local`;
}

/** The disk. Its class may wait for the pod, which comes after it. */
export function versityGatewayClaim(namespace: string, { volume = {} }: VersityGatewayArgs) {
  const { size = "100Gi", storageClass } = volume;
  return {
    metadata: { name: VERSITY_GATEWAY, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: compact({
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass,
      resources: { requests: { storage: size } },
    }),
  };
}

/**
 * The gateway. It reads buckets, users and policies from folders, so that all of them are mounted and no Job has to make them.
 *
 * @see https://github.com/versity/versitygw/blob/v1.8.0/chart/templates/deployment.yaml
 */
export function versityGatewayDeployment(namespace: string, args: VersityGatewayArgs) {
  const policy = versityGatewayPolicy(args);
  return {
    metadata: { name: VERSITY_GATEWAY, namespace, labels: { ...labels, ...podLabels } },
    spec: {
      replicas: 1,
      // The disk goes from the old pod to the new one.
      strategy: { type: "Recreate" },
      selector: { matchLabels: podLabels },
      template: {
        metadata: {
          labels: { ...labels, ...podLabels },
          // A mounted file stays as it was when the pod began, and users are remembered for minutes.
          annotations: { "mlstack.dev/declaration": declarationHash({ ...declarationOf(args), policy }) },
        },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          nodeSelector: systemNodes(args.platform),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [serverContainer(args, policy !== undefined)],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: VERSITY_GATEWAY } },
            { name: "users", secret: { secretName: USERS_SECRET } },
            ...(policy === undefined ? [] : [{ name: "policy", configMap: { name: POLICY_CONFIG } }]),
          ],
        },
      },
    },
  };
}

function serverContainer(args: VersityGatewayArgs, hasPolicy: boolean) {
  const { image, version } = args;
  const fromRoot = (key: string) => ({ secretKeyRef: { name: ROOT_SECRET, key } });
  const probe = { httpGet: { path: HEALTH_PATH, port: "s3" } };
  const published =
    version === undefined ? IMAGES.versityGateway : `ghcr.io/versity/versitygw:v${bareVersion(version)}`;
  return {
    name: "server",
    image: image ?? published,
    // What upstream's image starts by itself is a script that ends in the same.
    command: ["/usr/local/bin/versitygw"],
    args: [
      `--port=:${S3_PORTS.versitygw}`,
      `--region=${CLUSTER_REGION}`,
      `--health=${HEALTH_PATH}`,
      `--iam-dir=${FOLDERS.users}`,
      // Without it, every request is told on standard output, probes too.
      "--quiet",
      "posix",
      // Extended attributes, in which it would note things otherwise, are not to be had on every volume.
      `--sidecar=${FOLDERS.notes}`,
      // Files by which several gateways on one volume keep out of each other's way, in a folder beside the buckets; this is alone.
      "--disable-object-lock-file",
      FOLDERS.buckets,
    ],
    env: [
      { name: "ROOT_ACCESS_KEY_ID", valueFrom: fromRoot("user") },
      { name: "ROOT_SECRET_ACCESS_KEY", valueFrom: fromRoot("password") },
    ],
    ports: [{ name: "s3", containerPort: S3_PORTS.versitygw }],
    resources: partResources(args.resources, { cpu: "100m", memory: "512Mi" }),
    readinessProbe: { ...probe, periodSeconds: 5 },
    livenessProbe: { ...probe, initialDelaySeconds: 10, periodSeconds: 20 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      ...storeBuckets(args).flatMap(bucketMounts),
      { name: "users", mountPath: FOLDERS.users, readOnly: true },
      ...(hasPolicy ? policyMounts(args) : []),
    ],
  };
}

/** A folder is a bucket. The kubelet makes those of the disk that are not there yet, for the user of the pod. */
function bucketMounts(bucket: string) {
  return [FOLDERS.buckets, FOLDERS.notes].map((folder) => ({
    name: "data",
    mountPath: `${folder}/${bucket}`,
    subPath: `${folder.slice(1)}/${bucket}`,
  }));
}

/** Policy and list are files among the notes of their bucket, whose folder would be root's if it were made for them alone. */
function policyMounts(args: VersityGatewayArgs) {
  const [bucket = ""] = storeBuckets(args);
  const folder = `${FOLDERS.notes}/${bucket}/meta`;
  return [
    { name: "data", mountPath: folder, subPath: folder.slice(1) },
    ...[POLICY_KEY, ACL_KEY].map((key) => ({
      name: "policy",
      mountPath: `${folder}/${key}`,
      subPath: key,
      readOnly: true,
    })),
  ];
}

/** The Service of the S3 API. */
export function versityGatewayService(namespace: string, { platform = {} }: VersityGatewayArgs) {
  return {
    metadata: compact({
      name: VERSITY_GATEWAY,
      namespace,
      labels,
      annotations: platform.simulated === true ? { "pulumi.com/skipAwait": "true" } : undefined,
    }),
    spec: { selector: podLabels, ports: [{ name: "s3", port: S3_PORTS.versitygw, targetPort: "s3" }] },
  };
}

/** Lets in pods of namespaces that were granted access, and nobody else. */
export function versityGatewayNetworkPolicy(namespace: string, args: VersityGatewayArgs) {
  const from = storeClients(args).map((client) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": client } },
  }));
  return {
    metadata: { name: VERSITY_GATEWAY, namespace, labels },
    spec: {
      podSelector: { matchLabels: podLabels },
      policyTypes: ["Ingress"],
      // A rule that names nobody would let in everybody.
      ingress: from.length === 0 ? [] : [{ from, ports: [{ protocol: "TCP", port: S3_PORTS.versitygw }] }],
    },
  };
}
