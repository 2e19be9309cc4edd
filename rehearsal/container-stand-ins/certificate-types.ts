import type { V1CustomResourceDefinition, V1JSONSchemaProps, V1ObjectMeta } from "@kubernetes/client-node";
import type { CertificateRequest } from "../cluster/certificate";

/** Group of cert-manager's resource types. */
export const GROUP = "cert-manager.io";
/** Their version. */
export const VERSION = "v1";

interface CertificateCondition {
  type: string;
  status: string;
  message?: string;
  observedGeneration?: number;
}

/** A Certificate, as far as it is read here. */
export interface Certificate {
  metadata: V1ObjectMeta;
  spec: {
    secretName: string;
    issuerRef: { name: string; kind?: string };
    commonName?: string;
    dnsNames?: string[];
    ipAddresses?: string[];
    isCA?: boolean;
  };
  status?: { conditions?: CertificateCondition[] };
}

/** An Issuer, as far as it is read here. */
export interface Issuer {
  metadata: V1ObjectMeta;
  spec: { selfSigned?: object; ca?: { secretName: string } };
}

/** What the certificate of a Certificate is to say. */
export function requestOf({ metadata, spec }: Certificate): CertificateRequest {
  const { commonName = metadata.name ?? "", dnsNames, ipAddresses, isCA } = spec;
  return {
    name: `CN=${commonName}`,
    ...(dnsNames === undefined ? {} : { hosts: dnsNames }),
    ...(ipAddresses === undefined ? {} : { addresses: ipAddresses }),
    ...(isCA === undefined ? {} : { isAuthority: isCA }),
  };
}

/** The resource types that are played, without a schema of their fields. */
export function certificateTypes(): V1CustomResourceDefinition[] {
  return [typeOf("Certificate"), typeOf("Issuer")];
}

function typeOf(kind: string): V1CustomResourceDefinition {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const anything: V1JSONSchemaProps = { type: "object", x_kubernetes_preserve_unknown_fields: true };
  const openAPIV3Schema = { type: "object", properties: { spec: anything, status: anything } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: { kind, singular, plural },
      scope: "Namespaced",
      versions: [
        { name: VERSION, served: true, storage: true, schema: { openAPIV3Schema }, subresources: { status: {} } },
      ],
    },
  };
}
