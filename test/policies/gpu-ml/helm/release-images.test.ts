import { describe, expect, it } from "vitest";
import { releaseImages } from "../../../../policies/gpu-ml/helm/release-images";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown, release } from "./charts";

function withValues(values: unknown): TestResource {
  return release({ chart: "cert-manager", version: "v1.21.1", values });
}

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const FOUND =
  "is a tag without a digest; allowed: an image with its digest. Add the digest of the image that was tested.";

describe("HELM-03 images that a Release names", () => {
  it.each([
    ["a digest beside the tag", withValues({ image: { tag: "v1", digest: DIGEST } })],
    ["a sum beside the tag", withValues({ image: { tag: "v1", sha: "beef" } })],
    ["a digest alone", withValues({ image: { digest: DIGEST } })],
    ["a digest behind the tag", withValues({ image: { tag: `v1@${DIGEST}` } })],
    ["a digest known beside a tag that is not", withValues({ image: { tag: UNKNOWN_STRING, digest: DIGEST } })],
    ["no tag", withValues({ image: { repository: "quay.io/cert-manager" } })],
    ["an empty tag", withValues({ image: { tag: "" } })],
    ["a tag that is no text", withValues({ image: { tag: 5 } })],
    ["a whole image by digest", withValues({ image: `busybox:1.36@${DIGEST}` })],
    ["a whole image without tag", withValues({ image: "registry.example:5000/busybox" })],
    ["an image of nothing", withValues({ image: null, sidecarImage: 5 })],
    ["a tag of something else", withValues({ release: { tag: "v1" }, images: "a:b" })],
    ["a rendered chart, whose pods are judged", chart({ chart: "cert-manager", values: { image: { tag: "v1" } } })],
    ["a Release without values", release({ chart: "cert-manager" })],
    ["a Release without chart", release({ values: { image: { tag: "v1" } } })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([releaseImages], resource)).toEqual([]);
  });

  it.each([
    ["a tag alone", { image: { tag: "v1" } }, "values.image.tag"],
    ["an empty digest", { image: { tag: "v1", digest: "", sha: "" } }, "values.image.tag"],
    ["an image inside others", { a: { webhookImage: { tag: "v1" } } }, "values.a.webhookImage.tag"],
    ["an image in a list", { parts: [{}, { image: { tag: "v1" } }] }, "values.parts[1].image.tag"],
    ["an image below an odd key", { "a.b": { image: { tag: "v1" } } }, `values["a.b"].image.tag`],
    ["a whole image by tag", { image: "busybox:1.36" }, "values.image"],
    ["a whole image of a registry with a port", { image: "registry.example:5000/busybox:1" }, "values.image"],
  ])("finds %s", (_case, values, path) => {
    expect(lines(analyze([releaseImages], withValues(values)))).toEqual([
      `advisory [HELM-03] Release it: ${path} ${FOUND}`,
    ]);
  });

  it.each([
    ["the values", UNKNOWN_STRING, "values"],
    ["the image", { image: UNKNOWN_STRING }, "values.image"],
    ["the tag", { image: { tag: UNKNOWN_STRING } }, "values.image.tag"],
    ["the digest", { image: { tag: "v1", digest: UNKNOWN_STRING } }, "values.image.digest"],
  ])("leaves it to the update while %s is not known", (_case, values, path) => {
    expect(lines(analyze([releaseImages], withValues(values)))).toEqual([
      `advisory [HELM-03] Release it: ${path} ${notKnown("The images that a Release names are pinned by digest")}`,
    ]);
  });
});
