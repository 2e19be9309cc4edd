import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

/** Life of every certificate; the cluster is thrown away with `down` long before. */
const VALID_DAYS = 3650;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Who a certificate is for. */
interface Subject {
  file: string;
  /** Distinguished name; `O` is the Kubernetes group, `CN` the user. */
  name: string;
  authority: "ca" | "front-proxy-ca";
  hosts?: string[];
  addresses?: string[];
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
  for (const subject of subjects(serviceAddress))
    await makeCertificate(folder, subject, authorities[subject.authority]);
  const { privateKey, publicKey } = await makeKeys();
  await writePrivateKey(join(folder, PKI_FILES.serviceAccountKey), privateKey);
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

interface Authority {
  certificate: x509.X509Certificate;
  key: webcrypto.CryptoKey;
}

async function makeAuthority(folder: string, name: Subject["authority"]): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeFile(join(folder, `${name}.crt`), `${certificate.toString("pem")}\n`);
  await writePrivateKey(join(folder, `${name}.key`), keys.privateKey);
  return { certificate, key: keys.privateKey };
}

async function makeCertificate(folder: string, subject: Subject, authority: Authority): Promise<void> {
  const keys = await makeKeys();
  const alternatives = [
    ...(subject.hosts ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(subject.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subject.name,
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      ...(alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ],
  });
  await writeFile(join(folder, `${subject.file}.crt`), `${certificate.toString("pem")}\n`);
  await writePrivateKey(join(folder, `${subject.file}.key`), keys.privateKey);
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function writePrivateKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  const bytes = await webcrypto.subtle.exportKey("pkcs8", key);
  await writeFile(file, pem(bytes, "PRIVATE KEY"), { mode: 0o600 });
}

function pem(bytes: ArrayBuffer, label: string): string {
  return `${x509.PemConverter.encode(bytes, label)}\n`;
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const day = 24 * 3600 * 1000;
  // A day back, for machines whose clocks are set while the cluster starts.
  return { notBefore: new Date(now - day), notAfter: new Date(now + VALID_DAYS * day) };
}
