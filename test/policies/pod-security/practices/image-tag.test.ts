import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageTag } from "../../../../policies/pod-security/practices/image-tag";
import { analyze, job, lines, UNKNOWN_STRING } from "../../analyzer";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("POD-22 image tags", () => {
  it.each([
    "busybox:1.36",
    "registry.example/team/mnist:v1",
    "registry.example:5000/mnist:v1",
    `mnist@${DIGEST}`,
    `mnist:latest@${DIGEST}`,
    "mnist:latest-cuda",
  ])("accepts %s", (image) => {
    expect(analyze([imageTag], job({ image }))).toEqual([]);
  });

  it.each([
    ["busybox", "which has no tag"],
    ["registry.example/team/mnist", "which has no tag"],
    ["registry.example:5000/mnist", "which has no tag"],
    ["mnist:", "which has no tag"],
    ["mnist@sha256:beef", "which has no tag"],
    ["", "which has no tag"],
    ["mnist:latest", "which moves with every release"],
    ["registry.example:5000/mnist:latest", "which moves with every release"],
  ])("refuses %j, %s", (image, why) => {
    expect(lines(analyze([imageTag], job({ image })))).toEqual([
      `mandatory [POD-22] Job ml/mnist: spec.template.spec.containers[0].image is "${image}", ${why}; ` +
        "allowed: an image with a version tag or a digest. Name the version that was tested, for example by its digest.",
    ]);
  });

  it.each([
    ["user:hunter2@registry.example/mnist", "registry.example/mnist"],
    ["user:hunter2@registry.example:5000/mnist:latest", "registry.example:5000/mnist:latest"],
    ["https://user:hunter2@registry.example/mnist", "registry.example/mnist"],
    ["user:hun@ter2@registry.example/mnist", "registry.example/mnist"],
    ["user:hunter2@sha256:5000/mnist", "sha256:5000/mnist"],
    ["user:hunter2@mnist", "mnist"],
    ["user:hunter2@registry.example/mnist@sha256:beef", "registry.example/mnist@sha256:beef"],
    ["mnist@sha256:not-hex", "mnist@sha256:not-hex"],
  ])("shows %s without what stands before its host", (image, shown) => {
    const [message, ...others] = lines(analyze([imageTag], job({ image })));

    expect(message).toContain(`spec.template.spec.containers[0].image is "${shown}", which `);
    expect(message).not.toContain("hunter2");
    expect(others).toEqual([]);
  });

  it("never shows a password that stands before the host", () => {
    const credentials = fc.stringMatching(/^user:hunter2[a-z0-9:/@.]{0,8}$/);
    const image = fc.constantFrom("registry.example/mnist", "registry.example/mnist:latest", "mnist@sha256:beef");

    fc.assert(
      fc.property(credentials, image, (before, rest) => {
        const text = lines(analyze([imageTag], job({ image: `${before}@${rest}` }))).join();
        return text !== "" && !text.includes("hunter2");
      }),
    );
  });

  it("says nothing of a container without image, which the API server refuses by itself", () => {
    expect(analyze([imageTag], job({ image: undefined }))).toEqual([]);
  });

  it("names every image that is not known yet in one advisory", () => {
    const pod = job({ image: UNKNOWN_STRING }, { initContainers: [{ image: UNKNOWN_STRING }] });

    expect(lines(analyze([imageTag], pod))).toEqual([
      "advisory [POD-22] Job ml/mnist: spec.template.spec.initContainers[0].image, " +
        "spec.template.spec.containers[0].image is not known yet; allowed: a value that keeps " +
        `"Images carry a tag other than latest, or a digest". It is judged at update, before the object is created.`,
    ]);
  });
});
