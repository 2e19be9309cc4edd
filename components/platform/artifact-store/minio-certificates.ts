import type { KubernetesObject } from "../../rendering";
import type { MinioArgs } from "./minio-args";
import { hasTls, MINIO, MINIO_PEERS, minioHost, minioLabels, TLS_SECRET } from "./minio-manifests";

/** Name of the store's own authority. */
const AUTHORITY = "minio-authority";

/** Names that the servers are reached by. */
function serverNames(namespace: string): string[] {
  const suffix = `${namespace}.svc`;
  return [
    MINIO,
    `${MINIO}.${suffix}`,
    minioHost(namespace),
    `*.${MINIO_PEERS}.${suffix}`,
    `*.${MINIO_PEERS}.${suffix}.cluster.local`,
  ];
}

/**
 * What cert-manager is asked for: the server's certificate, and without a ClusterIssuer an authority of the store's own.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/ "Bootstrapping CA Issuers" (1.21)
 */
export function minioCertificates(namespace: string, args: MinioArgs): KubernetesObject[] {
  if (!hasTls(args)) return [];
  const { clusterIssuer } = args;
  const object = (kind: string, name: string, spec: object): KubernetesObject => ({
    apiVersion: "cert-manager.io/v1",
    kind,
    metadata: { name, namespace, labels: minioLabels },
    spec,
  });
  const issuerRef =
    clusterIssuer === undefined
      ? { kind: "Issuer", name: AUTHORITY, group: "cert-manager.io" }
      : { kind: "ClusterIssuer", name: clusterIssuer, group: "cert-manager.io" };
  const server = object("Certificate", TLS_SECRET, {
    secretName: TLS_SECRET,
    dnsNames: serverNames(namespace),
    usages: ["server auth", "client auth"],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef,
  });
  if (clusterIssuer !== undefined) return [server];
  const root = `${AUTHORITY}-root`;
  return [
    object("Issuer", root, { selfSigned: {} }),
    object("Certificate", AUTHORITY, {
      isCA: true,
      commonName: AUTHORITY,
      secretName: AUTHORITY,
      duration: "87600h",
      privateKey: { algorithm: "ECDSA", size: 256 },
      issuerRef: { kind: "Issuer", name: root, group: "cert-manager.io" },
    }),
    object("Issuer", AUTHORITY, { ca: { secretName: AUTHORITY } }),
    server,
  ];
}
