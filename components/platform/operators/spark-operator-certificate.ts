import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Adjustment, edit, inTurn, type KubernetesObject } from "../../rendering";

/** Name of the issuer and the certificate. */
const CERTIFICATE = "spark-operator-webhook";
/** Secret that the webhook reads its certificate from, as the chart names it. */
const SECRET = "spark-operator-webhook-certs";
/** Service of the webhook, as the chart names it. */
const SERVICE = "spark-operator-webhook-svc";

/**
 * Asks cert-manager for the certificate of the webhook, which must be there before the webhook starts: it looks for the
 * certificate for half a minute and then ends.
 */
export function sparkCertificate(
  name: string,
  namespace: pulumi.Input<string>,
  dnsNamespace: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  const issuer = new k8s.apiextensions.CustomResource(
    `${name}-issuer`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Issuer",
      metadata: { name: CERTIFICATE, namespace },
      spec: { selfSigned: {} },
    },
    opts,
  );
  const host = `${SERVICE}.${dnsNamespace}.svc`;
  const certificate = new k8s.apiextensions.CustomResource(
    `${name}-certificate`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: {
        name: CERTIFICATE,
        namespace,
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: {
        secretName: SECRET,
        issuerRef: { group: "cert-manager.io", kind: "Issuer", name: CERTIFICATE },
        commonName: host,
        dnsNames: [host, `${host}.cluster.local`],
        usages: ["server auth", "client auth"],
      },
    },
    { ...opts, dependsOn: [issuer] },
  );
  return [issuer, certificate];
}

/** Has the webhook use the certificate, and cert-manager tell the API server whom to trust. */
export function withCertManager(namespace: string): Adjustment {
  const trust = ({ metadata }: KubernetesObject) => {
    metadata.annotations = {
      ...metadata.annotations,
      "cert-manager.io/inject-ca-from": `${namespace}/${CERTIFICATE}`,
    };
  };
  return inTurn(
    edit("MutatingWebhookConfiguration", undefined, trust),
    edit("ValidatingWebhookConfiguration", undefined, trust),
    edit("Deployment", "spark-operator-webhook", ({ spec }) => {
      const { containers } = (spec as { template: { spec: { containers: { args: string[] }[] } } }).template.spec;
      containers[0]!.args.push("--enable-cert-manager=true");
    }),
  );
}
