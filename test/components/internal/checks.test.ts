import { describe, expect, it } from "vitest";
import { checkExactImage } from "../../../components/internal";

const digest = `sha256:${"0a".repeat(32)}`;

describe("An image is one release", () => {
  it.each([
    ["with a tag", "train:1.2.3"],
    ["with a tag, from a registry with a port", "registry.example.com:5000/team/train:1.2.3"],
    ["with a tag that starts as latest does", "train:latest-2026"],
    ["with a digest", `registry.example.com/train@${digest}`],
    ["with a digest beside whatever tag", `train:latest@${digest}`],
  ])("%s", (_, image) => {
    expect(checkExactImage("image", image)).toEqual([]);
  });

  it("where nothing is said, as there is a default", () => {
    expect(checkExactImage("image", undefined)).toEqual([]);
  });
});

describe("An image may be another one tomorrow", () => {
  it.each([
    ["without tag and digest", "train"],
    ["with the tag latest", "registry.example.com/train:latest"],
    ["with a port and no tag", "registry.example.com:5000/train"],
    ["with part of a digest", `train@${digest.slice(0, -1)}`],
    ["with a digest of another kind", "train@md5:0123456789abcdef"],
    ["with an empty tag", "train:"],
    ["with a tag alone", ":1.2.3"],
  ])("%s", (_, image) => {
    expect(checkExactImage("image", image).map(({ reason }) => reason)).toEqual([
      `image is "${image}"; allowed: an image with a tag other than latest, or a digest. Name the release.`,
    ]);
  });
});
