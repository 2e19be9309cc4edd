import { describe, expect, it } from "vitest";
import { levelIn, PROFILES } from "../../../../policies/engine/rule";
import { imageRegistry } from "../../../../policies/pod-security/practices/image-registry";
import { analyze, job, UNKNOWN_STRING } from "../../analyzer";
import { said, waiting } from "./said";

const FIELD = "spec.template.spec.containers[0].image";

function message(observed: string, allowed: string): string {
  return (
    `mandatory [POD-24] Job ml/mnist: ${FIELD} is "${observed}" by its full name; allowed: ${allowed}. ` +
    "Copy the image into one of these registries, or have its registry listed."
  );
}

describe("POD-24 registries", () => {
  it("is off until it gets a level", () => {
    expect(PROFILES.map((profile) => levelIn(imageRegistry, profile))).toEqual(PROFILES.map(() => "disabled"));
    expect(analyze([imageRegistry], job())).toEqual([]);
  });

  it.each([
    "busybox:1.36",
    "team/app:1",
    "docker.io/app:1",
    "index.docker.io/team/app:1",
    "ghcr.io/a/b@sha256:00",
    "quay.io/a/b",
  ])("accepts %s, which is from where the parts of the platform come from", (image) => {
    expect(said(imageRegistry, job({ image }))).toEqual([]);
  });

  it.each([
    ["another host", "registry.example/mnist:1.4", "registry.example/mnist"],
    ["a host with a port", "ghcr.io:5000/mnist:1.4", "ghcr.io:5000/mnist"],
    ["this machine", "localhost/mnist:1.4", "localhost/mnist"],
    ["a host in a host", "evil.ghcr.io/mnist", "evil.ghcr.io/mnist"],
    ["a host with a longer name", "ghcr.io.evil.example/mnist", "ghcr.io.evil.example/mnist"],
    ["a host after a password", "user:pass@evil.example/mnist:1.4", "evil.example/mnist"],
  ])("refuses %s", (_case, image, name) => {
    const allowed = "images from docker.io, ghcr.io, nvcr.io, public.ecr.aws, quay.io, registry.k8s.io";

    expect(said(imageRegistry, job({ image }))).toEqual([message(name, allowed)]);
  });

  it.each([
    ["ghcr.io/acme", "ghcr.io/acme/app:1", true],
    ["ghcr.io/acme/", "ghcr.io/acme/team/app:1", true],
    ["ghcr.io/acme", "ghcr.io/acme-impostor/app:1", false],
    ["ghcr.io/acme", "ghcr.io/app:1", false],
    ["ghcr.io/acme/app", "ghcr.io/acme/app:1", true],
    ["*.dkr.ecr.*.amazonaws.com", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1", true],
    ["*.dkr.ecr.*.amazonaws.com", "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example/app:1", false],
    ["*.dkr.ecr.*.amazonaws.com", "dkr.ecr.eu-central-1.amazonaws.com/app:1", false],
    ["docker.io/library", "busybox:1.36", true],
    ["docker.io/library", "docker.io/busybox:1.36", true],
    ["docker.io/library", "index.docker.io/busybox:1.36", true],
    ["docker.io/library", "team/busybox:1.36", false],
    ["docker.io/library", "docker.io/team/busybox:1.36", false],
  ])("with %s listed, takes %s: %s", (registry, image, isTaken) => {
    expect(said(imageRegistry, job({ image }), { registries: ["other.example", registry] })).toHaveLength(
      isTaken ? 0 : 1,
    );
  });

  it("takes nothing where the list is empty", () => {
    expect(said(imageRegistry, job({ image: "busybox" }), { registries: [] })).toEqual([
      message("docker.io/library/busybox", "nothing, as no registry is listed"),
    ]);
  });

  it.each([
    ["", ""],
    ["null", null],
    ["a number", 4],
  ])("leaves an image that is %s to others", (_case, image) => {
    expect(said(imageRegistry, job({ image }), { registries: ["ghcr.io"] })).toEqual([]);
  });

  it("reaches the predictor of an InferenceService, and waits for its image", () => {
    const predictor = (image: string) => `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn }
spec: { predictor: { containers: [{ name: kserve-container, image: "${image}" }] } }
`;

    expect(said(imageRegistry, predictor("registry.example/churn:1"))).toHaveLength(1);
    expect(said(imageRegistry, predictor(UNKNOWN_STRING))).toEqual([
      waiting(imageRegistry, "InferenceService churn", "spec.predictor.containers[0].image"),
    ]);
  });
});
