import { describe, expect, it } from "vitest";
import { minioTls } from "../../../../policies/gpu-ml/data/minio-tls";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { notKnown, release } from "../helm/charts";

function minio(values: unknown, more: object = {}): TestResource {
  return release({ chart: "minio", version: "5.4.0", values, ...more });
}

function tenant(spec: unknown, kind = "Tenant"): TestResource {
  const props = { apiVersion: "minio.min.io/v2", kind, metadata: { name: "store", namespace: "ml" }, spec };
  return { type: `kubernetes:minio.min.io/v2:${kind}`, name: "store", props };
}

const UNDECIDED = notKnown("MinIO serves https");
const OFF =
  "mandatory [DATA-01] Release it: values.tls.enabled is false, or absent, which means the same; allowed: true. " +
  "Set it to true, and name the Secret of the certificate in tls.certSecret.";

describe("DATA-01 TLS of MinIO", () => {
  it.each([
    ["TLS", minio({ tls: { enabled: true, certSecret: "minio-tls" } })],
    ["values in other files", minio({}, { valueYamlFiles: [{}] })],
    ["another chart", release({ chart: "seaweedfs", values: { tls: { enabled: false } } })],
    ["a resource that installs no chart", { type: "aws:s3/bucket:Bucket", props: {} }],
    ["a tenant as it comes", tenant({})],
    ["a tenant that asks for certificates", tenant({ requestAutoCert: true })],
    [
      "a tenant with certificates of its own",
      tenant({ requestAutoCert: false, externalCertSecret: [{ name: "tls" }] }),
    ],
    ["another kind of MinIO's", tenant({ requestAutoCert: false }, "PolicyBinding")],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([minioTls], resource)).toEqual([]);
  });

  it.each([
    ["false", { tls: { enabled: false } }],
    ["absence", {}],
    ["null", { tls: { enabled: null } }],
    ["no values", undefined],
  ])("refuses %s", (_case, values) => {
    expect(lines(analyze([minioTls], minio(values)))).toEqual([OFF]);
  });

  it.each([
    ["without certificates", { requestAutoCert: false }],
    ["with an empty list of them", { requestAutoCert: false, externalCertSecret: [] }],
    ["with something else", { requestAutoCert: false, externalCertSecret: "tls" }],
  ])("refuses a tenant %s", (_case, spec) => {
    expect(lines(analyze([minioTls], tenant(spec)))).toEqual([
      "mandatory [DATA-01] Tenant ml/store: spec.requestAutoCert is false, without a certificate in externalCertSecret; " +
        "allowed: true or absent, or a certificate of your own. Remove it.",
    ]);
  });

  it.each([
    ["the switch", minio({ tls: { enabled: UNKNOWN_STRING } }), "Release it: values.tls.enabled"],
    ["the values", minio(UNKNOWN_STRING), "Release it: values.tls.enabled"],
    ["the chart", release({ chart: UNKNOWN_STRING, values: {} }), "Release it: chart"],
    ["the tenant", tenant(UNKNOWN_STRING), "Tenant ml/store: spec.requestAutoCert"],
    ["its switch", tenant({ requestAutoCert: UNKNOWN_STRING }), "Tenant ml/store: spec.requestAutoCert"],
    [
      "its certificates",
      tenant({ requestAutoCert: false, externalCertSecret: UNKNOWN_STRING }),
      "Tenant ml/store: spec.requestAutoCert",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    expect(lines(analyze([minioTls], resource))).toEqual([`advisory [DATA-01] ${where} ${UNDECIDED}`]);
  });

  it.each([
    ["the chart where TLS is on", release({ chart: UNKNOWN_STRING, values: { tls: { enabled: true } } })],
    [
      "a tenant's certificates where it asks for some",
      tenant({ requestAutoCert: true, externalCertSecret: UNKNOWN_STRING }),
    ],
    [
      "a tenant's switch where it has certificates",
      tenant({ requestAutoCert: UNKNOWN_STRING, externalCertSecret: [{}] }),
    ],
  ])("needs not wait for %s", (_case, resource) => {
    expect(analyze([minioTls], resource)).toEqual([]);
  });
});
