import { childAt, isUnknown, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { chartValue, chartNamed } from "../installed-chart";

/**
 * DATA-01, TLS: MinIO serves https.
 *
 * MinIO's own chart and Bitnami's leave it off; an operator's Tenant has it unless it is switched off without a
 * certificate of one's own.
 *
 * @see https://github.com/minio/minio/blob/RELEASE.2025-10-15T17-29-55Z/helm/minio/values.yaml "tls", chart 5.4.0
 * @see https://github.com/minio/operator/blob/v7.1.1/docs/tenant_crd.adoc "requestAutoCert"
 */
export const minioTls: ResourceRule = {
  id: "DATA-01",
  title: "MinIO serves https",
  why: "Over plain http whoever is on the way reads data sets and models, and whose signatures they come with.",
  remediation: "Set `tls.enabled` and `tls.certSecret`, with a certificate from cert-manager for example.",
  url: "https://docs.min.io/community/minio-object-store/operations/network-encryption.html",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { tls: { enabled: false } }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { tls: { enabled: true, certSecret: minio-tls } }
`,
  },
  *judge(subject) {
    if (subject.is("minio.min.io/Tenant")) yield* judgeTenant(childAt(subject.tree, "spec"));
    const chart = chartNamed(subject, "minio");
    if (chart === undefined) return;
    const path = "values.tls.enabled";
    const enabled = chartValue(chart, "tls.enabled", false);
    if (isUnknown(enabled)) yield undecided(path);
    if (enabled !== false) return;
    if (isUnknown(chart.name)) yield undecided("chart");
    else {
      yield {
        path,
        observed: "false, or absent, which means the same",
        allowed: "true",
        remedy: "Set it to true, and name the Secret of the certificate in tls.certSecret.",
      };
    }
  },
};

function* judgeTenant(spec: Tree): Iterable<Judgement> {
  const path = "spec.requestAutoCert";
  const automatic = childAt(spec, "requestAutoCert");
  const own = childAt(spec, "externalCertSecret");
  const hasOwn = Array.isArray(own) && own.length > 0;
  if (hasOwn || (automatic !== false && !isUnknown(automatic))) return;
  if (isUnknown(automatic) || isUnknown(own)) yield undecided(path);
  else {
    yield {
      path,
      observed: "false, without a certificate in externalCertSecret",
      allowed: "true or absent, or a certificate of your own",
      remedy: "Remove it.",
    };
  }
}
