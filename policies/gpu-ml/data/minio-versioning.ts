import { childAt, isTreeObject, isUnknown } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";
import { chartValue, chartNamed } from "../installed-chart";

/**
 * DATA-01, versioning: buckets of MinIO keep what is overwritten or deleted.
 *
 * @see https://github.com/minio/minio/blob/RELEASE.2025-10-15T17-29-55Z/helm/minio/values.yaml "buckets", chart 5.4.0
 */
export const minioVersioning: ResourceRule = {
  id: "DATA-01",
  title: "Buckets of MinIO keep versions",
  why: "Without versions a wrong run overwrites data sets and models for good, and so does who gets hold of a key.",
  remediation: "Set `versioning: true` for each bucket, with a lifecycle rule for old versions.",
  url: "https://docs.min.io/community/minio-object-store/administration/object-management/object-versioning.html",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { buckets: [{ name: models, policy: none }] }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { buckets: [{ name: models, policy: none, versioning: true }] }
`,
  },
  *judge(subject) {
    const chart = chartNamed(subject, "minio");
    if (chart === undefined) return;
    const buckets = chartValue(chart, "buckets", []);
    if (isUnknown(buckets)) yield undecided("values.buckets");
    for (const [index, bucket] of Array.isArray(buckets) ? buckets.entries() : []) {
      const path = `values.buckets[${index}].versioning`;
      const versioning = childAt(bucket, "versioning");
      if (isUnknown(versioning)) yield undecided(path);
      if (isUnknown(versioning) || versioning === true || !isTreeObject(bucket)) continue;
      const violation = {
        path,
        observed: versioning === false ? "false" : "not set, which means off",
        allowed: "true",
        remedy: "Set it to true, and let a lifecycle rule remove old versions.",
      };
      yield isUnknown(chart.name) ? undecided("chart") : violation;
    }
  },
};
