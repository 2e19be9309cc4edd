import { webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
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

/**
 * Makes the certificates and keys of a cluster, unless they are there already.
 *
 * @param folder Created with access for its owner only.
 * @param serviceAddress First address of the service network, under which pods know the API server.
 */
export async function ensurePki(folder: string, serviceAddress: string): Promise<void> {
  const complete = join(folder, ".complete");
  if (existsSync(complete)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authorities = {
    ca: await makeAuthority(folder, "ca"),
    "front-proxy-ca": await makeAuthority(folder, "front-proxy-ca"),
  };
  for (const subject of subjects(serviceAddress)) {
    await writePair(folder, subject.file, await issueCertificate(subject, authorities[subject.authority]));
  }
  const { privateKey, publicKey } = await makeKeys();
  await writePrivate(join(folder, PKI_FILES.serviceAccountKey), await privatePem(privateKey));
  const publicBytes = await webcrypto.subtle.exportKey("spki", publicKey);
  await writeFile(join(folder, PKI_FILES.serviceAccountPublicKey), pem(publicBytes, "PUBLIC KEY"));
  await writeFile(complete, "");
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
  ];
}

async function makeAuthority(folder: string, name: Subject["authority"]): Promise<KeyPair> {
  const pair = await issueCertificate({ name: `CN=${name}`, isAuthority: true });
  await writePair(folder, name, pair);
  return pair;
}

async function writePair(folder: string, name: string, { certificate, key }: KeyPair): Promise<void> {
  await writeFile(join(folder, `${name}.crt`), certificate);
  await writePrivate(join(folder, `${name}.key`), key);
}

async function writePrivate(file: string, key: string): Promise<void> {
  await writeFile(file, key, { mode: 0o600 });
}
