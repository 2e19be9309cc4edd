import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

/** Life of every certificate; the cluster is thrown away with `down` long before. */
const VALID_DAYS = 3650;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** What a certificate is to say. */
export interface CertificateRequest {
  /** Distinguished name; to the API server `O` is a group and `CN` the user. */
  name: string;
  hosts?: string[];
  addresses?: string[];
  /** Whether others may be signed with it; false by default. */
  isAuthority?: boolean;
}

/** A certificate and its private key, both as PEM with a line feed at the end. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/**
 * Makes a key and a certificate for it.
 *
 * @param authority What signs it; the new key itself by default.
 */
export async function issueCertificate(request: CertificateRequest, authority?: KeyPair): Promise<KeyPair> {
  const { publicKey, privateKey } = await makeKeys();
  const issuer = authority && new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: request.name,
    issuer: issuer?.subject ?? request.name,
    publicKey,
    signingKey: authority === undefined ? privateKey : await readPrivateKey(authority.key),
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      ...(request.isAuthority === true ? authorityExtensions() : serverExtensions()),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? publicKey),
      ...alternatives(request),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privatePem(privateKey) };
}

/** Makes a pair of keys. */
export function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** A private key as PEM. */
export async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return pem(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** Bytes as PEM. */
export function pem(bytes: ArrayBuffer, label: string): string {
  return `${x509.PemConverter.encode(bytes, label)}\n`;
}

async function readPrivateKey(text: string): Promise<webcrypto.CryptoKey> {
  const [bytes] = x509.PemConverter.decode(text);
  return webcrypto.subtle.importKey("pkcs8", bytes!, ALGORITHM, false, ["sign"]);
}

function authorityExtensions(): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
  ];
}

function serverExtensions(): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
  ];
}

function alternatives({ hosts = [], addresses = [] }: CertificateRequest): x509.Extension[] {
  const names = [
    ...hosts.map((value) => ({ type: "dns" as const, value })),
    ...addresses.map((value) => ({ type: "ip" as const, value })),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const day = 24 * 3600 * 1000;
  // A day back, for machines whose clocks are set while the cluster starts.
  return { notBefore: new Date(now - day), notAfter: new Date(now + VALID_DAYS * day) };
}
