import { expect, it } from "vitest";
import { imageReference, ociPurl } from "../../../cli/sbom/image-reference";

const DIGEST = "0123456789abcdef".repeat(4);

it.each([
  ["redis", { repository: "docker.io/library/redis" }, "pkg:oci/redis?repository_url=docker.io%2Flibrary%2Fredis"],
  [
    "acme/app:1.0",
    { repository: "docker.io/acme/app", tag: "1.0" },
    "pkg:oci/app?repository_url=docker.io%2Facme%2Fapp&tag=1.0",
  ],
  [
    `registry.example:5000/a/B:v1@sha256:${DIGEST}`,
    { repository: "registry.example:5000/a/B", tag: "v1", digest: DIGEST },
    `pkg:oci/b@sha256%3A${DIGEST}?repository_url=registry.example%3A5000%2Fa%2FB&tag=v1`,
  ],
  [
    `localhost/app@sha256:${DIGEST}`,
    { repository: "localhost/app", digest: DIGEST },
    `pkg:oci/app@sha256%3A${DIGEST}?repository_url=localhost%2Fapp`,
  ],
])("the reference %s is taken apart, and has a name for package managers", (reference, parts, purl) => {
  expect(imageReference(reference)).toEqual(parts);
  expect(ociPurl(imageReference(reference))).toBe(purl);
});
