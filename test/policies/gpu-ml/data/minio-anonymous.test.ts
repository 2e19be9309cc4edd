import { describe, expect, it } from "vitest";
import { minioAnonymous } from "../../../../policies/gpu-ml/data/minio-anonymous";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { notKnown, release } from "../helm/charts";

function minio(buckets: unknown, name: unknown = "minio"): TestResource {
  return release({ chart: name, version: "5.4.0", values: { buckets } });
}

const UNDECIDED = notKnown("Buckets of MinIO are closed to anonymous users");
const WAY_OUT = "allowed: buckets without anonymous access. Close the bucket, and give each program a user of its own.";
const AT = "Job ml/mnist: spec.template.spec.containers[0]";

describe("DATA-01 anonymous access to MinIO", () => {
  it.each([
    ["closed buckets", minio([{ name: "a", policy: "none" }, { name: "b" }, { name: "c", policy: 5 }, "d"])],
    ["no buckets", minio(undefined)],
    ["buckets of another type", minio("a:public")],
    ["another chart", minio([{ policy: "public" }], "seaweedfs")],
    ["a resource that installs no chart", { type: "aws:s3/bucket:Bucket", props: {} }],
    ["a command that closes a bucket", job({ args: ["mc", "anonymous", "set", "none", "store/a"] })],
    ["a command that shows who may do what", job({ args: ["mc", "anonymous", "get", "store/a"] })],
    ["words that only look like it", job({ args: ["--policy", "public", "set", "policy settings public"] })],
    ["another command with a word that is not known", job({ args: ["mc", "mb", UNKNOWN_STRING] })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([minioAnonymous], resource)).toEqual([]);
  });

  it.each(["download", "upload", "public", "readonly", "writeonly", "readwrite"])(
    "refuses a bucket for %s",
    (policy) => {
      expect(lines(analyze([minioAnonymous], minio([{ name: "a" }, { name: "b", policy }])))).toEqual([
        `mandatory [DATA-01] Release it: values.buckets[1].policy is ${policy}; ${WAY_OUT}`,
      ]);
    },
  );

  it.each([
    ["arguments", { args: ["mc", "anonymous", "set", "public", "store/a"] }, "args"],
    [
      "a script",
      { command: ["sh", "-c", "mc alias set s http://a k hunter2 && mc policy  set download s/a"] },
      "command",
    ],
    ["a command with arguments", { command: ["mc"], args: ["anonymous", "set", "upload", UNKNOWN_STRING] }, "args"],
    ["a word among unknown ones", { command: ["mc", UNKNOWN_STRING, "anonymous", "set", "readwrite"] }, "command"],
  ])("refuses %s that open a bucket, and does not show them", (_case, container, field) => {
    expect(lines(analyze([minioAnonymous], job(container)))).toEqual([
      `mandatory [DATA-01] ${AT}.${field} is a command that opens a bucket; ${WAY_OUT}`,
    ]);
  });

  it.each([
    ["the chart", minio([{ policy: "public" }], UNKNOWN_STRING), "Release it: chart"],
    ["the buckets", minio(UNKNOWN_STRING), "Release it: values.buckets"],
    ["a bucket", minio([UNKNOWN_STRING]), "Release it: values.buckets[0].policy"],
    ["who may use a bucket", minio([{ policy: UNKNOWN_STRING }]), "Release it: values.buckets[0].policy"],
    ["how a bucket is opened", job({ args: ["mc", "anonymous", "set", UNKNOWN_STRING, "a"] }), `${AT}.args`],
    ["what is done with a bucket", job({ command: ["mc", "policy", UNKNOWN_STRING] }), `${AT}.command`],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    expect(lines(analyze([minioAnonymous], resource))).toEqual([`advisory [DATA-01] ${where} ${UNDECIDED}`]);
  });

  it("needs not wait for the chart where every bucket is closed", () => {
    expect(analyze([minioAnonymous], minio([{ policy: "none" }], UNKNOWN_STRING))).toEqual([]);
  });
});
