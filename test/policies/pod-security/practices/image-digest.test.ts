import { describe, expect, it } from "vitest";
import { levelIn, PROFILES } from "../../../../policies/engine/rule";
import { imageDigest } from "../../../../policies/pod-security/practices/image-digest";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { said, waiting } from "./said";

const FIELD = "spec.template.spec.containers[0].image";
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

function message(observed: string, object = "Job ml/mnist", path = FIELD): string {
  return (
    `advisory [POD-23] ${object}: ${path} is "${observed}", which has no digest; allowed: an image with a digest. ` +
    "Add the digest of the version that was tested."
  );
}

describe("POD-23 images by digest", () => {
  it("is mandatory in production alone", () => {
    expect(PROFILES.map((profile) => levelIn(imageDigest, profile))).toEqual([
      "advisory",
      "advisory",
      "advisory",
      "mandatory",
    ]);
  });

  it.each([
    ["a digest", `mnist@${DIGEST}`],
    ["a tag and a digest", `registry.example:5000/mnist:1.4@${DIGEST}`],
    ["an image that is null", null],
  ])("accepts %s", (_case, image) => {
    expect(said(imageDigest, job({ image }))).toEqual([]);
  });

  it.each([
    ["a tag", "registry.example/mnist:1.4", "registry.example/mnist:1.4"],
    ["a name alone", "busybox", "busybox"],
    ["a broken digest", "mnist@sha256:beef", "mnist@sha256:beef"],
    [
      "a tag, not quoting what stands before the host",
      "user:pass@registry.example/mnist:1.4",
      "registry.example/mnist:1.4",
    ],
  ])("refuses %s", (_case, image, observed) => {
    expect(said(imageDigest, job({ image }))).toEqual([message(observed)]);
  });

  it("reaches the image of a Spark application, where it is written", () => {
    const application = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl }
spec: { image: "registry.example/etl:1.4", driver: { cores: 1 } }
`;

    expect(said(imageDigest, application)).toEqual([
      message("registry.example/etl:1.4", "SparkApplication etl", "spec.image"),
    ]);
  });

  it("lets pass the images of its list", () => {
    const images = ["docker.io/library/busybox"];

    expect(said(imageDigest, job({ image: "busybox:1.36" }), { images })).toEqual([]);
    expect(said(imageDigest, job({ image: "team/busybox:1.36" }), { images })).toEqual([message("team/busybox:1.36")]);
  });

  it("waits for the image", () => {
    expect(said(imageDigest, job({ image: UNKNOWN_STRING }))).toEqual([waiting(imageDigest, "Job ml/mnist", FIELD)]);
  });
});
