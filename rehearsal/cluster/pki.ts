import { webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CertificateRequest, issueCertificate, type KeyPair, makeKeys, pem, privatePem } from "./certificate";

/** Who a certificate is for. */
interface Subject extends CertificateRequest {
  file: string;
  authority: "ca" | "front-proxy-ca";
}

/** File names, inside the PKI folder, that other parts refer to. */
export const PKI_FILES = {
  authority: "ca.crt",
  authorityKey: "ca.key",
  frontProxyAuthority: "front-proxy-ca.crt",
  serviceAccountKey: "service-account.key",
  serviceAccountPublicKey: "service-account.pub",
} as const;

/** Name of the files of the certificate that the API server shows to kubelets. */
export const KUBELET_CLIENT = "kubelet-client";

/** A node whose kubelet has certificates. */
export interface CertifiedNode {
  name: string;
  address: string;
}

/**
 * Makes the certificates and keys of a cluster, but for those that are there already.
 *
 * @param folder Created with access for its owner only.
 * @param serviceAddress First address of the service network, under which pods know the API server.
 * @param nodes Nodes with kubelets; none by default.
 */
export async function ensurePki(
  folder: string,
  serviceAddress: string,
  nodes: readonly CertifiedNode[] = [],
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authorities = {
    ca: await ensurePair(folder, "ca", { name: "CN=ca", isAuthority: true }),
    "front-proxy-ca": await ensurePair(folder, "front-proxy-ca", { name: "CN=front-proxy-ca", isAuthority: true }),
  };
  for (const subject of [...subjects(serviceAddress), ...nodeSubjects(nodes)]) {
    await ensurePair(folder, subject.file, subject, authorities[subject.authority]);
  }
  const publicFile = join(folder, PKI_FILES.serviceAccountPublicKey);
  if (existsSync(publicFile)) return;
  const { privateKey, publicKey } = await makeKeys();
  await writePrivate(join(folder, PKI_FILES.serviceAccountKey), await privatePem(privateKey));
  const publicBytes = await webcrypto.subtle.exportKey("spki", publicKey);
  await writeFile(publicFile, pem(publicBytes, "PUBLIC KEY"));
}

function subjects(serviceAddress: string): Subject[] {
  const names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];
  return [
    {
      file: "api-server",
      name: "CN=kube-apiserver",
      authority: "ca",
      hosts: [...names, "localhost"],
      addresses: ["127.0.0.1", serviceAddress],
    },
    { file: "etcd", name: "CN=etcd", authority: "ca", hosts: ["localhost"], addresses: ["127.0.0.1"] },
    { file: "admin", name: "O=system:masters, CN=admin", authority: "ca" },
    { file: "controller-manager", name: "CN=system:kube-controller-manager", authority: "ca" },
    { file: "scheduler", name: "CN=system:kube-scheduler", authority: "ca" },
    { file: "front-proxy-client", name: "CN=front-proxy-client", authority: "front-proxy-ca" },
    { file: KUBELET_CLIENT, name: "O=system:masters, CN=kube-apiserver-kubelet-client", authority: "ca" },
  ];
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/node/ (1.36) for the names of users */
function nodeSubjects(nodes: readonly CertifiedNode[]): Subject[] {
  if (nodes.length === 0) return [];
  const kubelets = nodes.flatMap(({ name, address }): Subject[] => [
    { file: name, name: `O=system:nodes, CN=system:node:${name}`, authority: "ca" },
    {
      file: `${name}-serving`,
      name: `O=system:nodes, CN=system:node:${name}`,
      authority: "ca",
      hosts: [name],
      addresses: [address, "127.0.0.1"],
    },
  ]);
  return [...kubelets, { file: "kube-proxy", name: "CN=system:kube-proxy", authority: "ca" }];
}

/** A certificate and its key, from its files where they are there. */
async function ensurePair(
  folder: string,
  name: string,
  request: CertificateRequest,
  authority?: KeyPair,
): Promise<KeyPair> {
  const [certificateFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  if (existsSync(certificateFile)) {
    return { certificate: await readFile(certificateFile, "utf8"), key: await readFile(keyFile, "utf8") };
  }
  const pair = await issueCertificate(request, authority);
  // The certificate tells that both are there.
  await writePrivate(keyFile, pair.key);
  await writeFile(certificateFile, pair.certificate);
  return pair;
}

async function writePrivate(file: string, key: string): Promise<void> {
  await writeFile(file, key, { mode: 0o600 });
}
