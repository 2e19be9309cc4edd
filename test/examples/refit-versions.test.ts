import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXAMPLE } from "./refit-run";

const read = (...path: string[]) => readFileSync(join(EXAMPLE, ...path), "utf8");

describe("versions that two steps must share", () => {
  const pinned = (step: string, name: string) =>
    new RegExp(`^${name}==(.+)$`, "m").exec(read(step, "requirements.txt"))![1]!;

  it("are those of Spark in its image and in its requirements", () => {
    expect(read("transform", "Dockerfile")).toContain(`FROM apache/spark:${pinned("transform", "pyspark")}-`);
  });

  it("are those of H2O that trains and of the library that predicts", () => {
    const version = /<artifactId>h2o-genmodel<\/artifactId>[^]*?<version>(.+)<\/version>/.exec(
      read("scoring-library", "pom.xml"),
    );
    expect(version?.[1]).toBe(pinned("train", "h2o"));
  });
});

it("every image has the user of Spark's, as whom the story runs all of them", () => {
  const steps = ["analyse", "generate", "publish", "scoring-library", "select", "train", "transform"];
  expect(steps.filter((step) => !read(step, "Dockerfile").includes("\nUSER 185:185\n"))).toEqual([]);
});
