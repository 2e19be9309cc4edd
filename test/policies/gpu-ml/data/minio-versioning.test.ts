import { describe, expect, it } from "vitest";
import { minioVersioning } from "../../../../policies/gpu-ml/data/minio-versioning";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown, release } from "../helm/charts";

function minio(buckets: unknown, name: unknown = "minio"): TestResource {
  return release({ chart: name, version: "5.4.0", values: { buckets } });
}

const WAY_OUT = "allowed: true. Set it to true, and let a lifecycle rule remove old versions.";

describe("DATA-01 versions in MinIO", () => {
  it.each([
    ["versions", minio([{ name: "a", versioning: true }])],
    ["no buckets", minio([])],
    ["buckets of another type", minio("a")],
    ["a bucket of another type", minio(["a"])],
    ["another chart", minio([{ name: "a" }], "seaweedfs")],
    ["a resource that installs no chart", { type: "aws:s3/bucket:Bucket", props: {} }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([minioVersioning], resource)).toEqual([]);
  });

  it.each([
    [false, "false"],
    [undefined, "not set, which means off"],
    [null, "not set, which means off"],
  ])("finds a bucket with %s", (versioning, observed) => {
    expect(lines(analyze([minioVersioning], minio([{ versioning: true }, { versioning }])))).toEqual([
      `advisory [DATA-01] Release it: values.buckets[1].versioning is ${observed}; ${WAY_OUT}`,
    ]);
  });

  it("judges rendered charts too", () => {
    expect(analyze([minioVersioning], chart({ chart: "minio", values: { buckets: [{}] } }))).toHaveLength(1);
  });

  it.each([
    ["the chart", minio([{ versioning: false }], UNKNOWN_STRING), "chart"],
    ["the buckets", minio(UNKNOWN_STRING), "values.buckets"],
    ["the switch", minio([{ versioning: UNKNOWN_STRING }]), "values.buckets[0].versioning"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([minioVersioning], resource))).toEqual([
      `advisory [DATA-01] Release it: ${path} ${notKnown("Buckets of MinIO keep versions")}`,
    ]);
  });
});
