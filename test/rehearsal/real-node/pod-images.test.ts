import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { imageOf, POD_IMAGES } from "../../../rehearsal/real-node/pod-images";
import { podTool, programImageOf } from "../../../rehearsal/real-node/program-images";
import { PYTHON_IMAGES } from "../../../rehearsal/real-node/python-images";
import { moduleFolder } from "../../../rehearsal/toolchain/cache";
import { PINS } from "../../../rehearsal/toolchain/pins";
import { atLeast } from "../../../rehearsal/toolchain/version";

const goMod = (folder: string) => readFile(join(moduleFolder(folder), "go.mod"), "utf8");

const escaped = (text: string) => text.replaceAll(".", "\\.");

describe.each(POD_IMAGES)("the image of $title", (image) => {
  const { folder, module, version, package: path, image: reference, target, name } = image;

  test("has the version that its module pins, in its tag too", async () => {
    expect(await goMod(folder)).toMatch(
      new RegExp(`^(require |\t)${escaped(module)} ${escaped(version)}( // indirect)?$`, "m"),
    );
    expect(reference).toMatch(new RegExp(`:${escaped(version)}$`));
  });

  test("has a program that its module builds", async () => {
    const built = path === "." ? "^module mlstack\\.internal/" : `^(tool |\t)${escaped(path)}$`;
    expect(await goMod(folder)).toMatch(new RegExp(built, "m"));
  });

  test("asks for a Go that is not newer than it says", async () => {
    const wanted = /^go (\S+)$/m.exec(await goMod(folder))?.[1] ?? "";
    expect(atLeast(image.go ?? PINS.go, wanted)).toBe(true);
  });

  test("is made of the program alone", () => {
    expect(programImageOf(image, "/cache")).toMatchObject({
      name: reference,
      files: [{ source: `/cache/${name}`, target, mode: 0o755 }],
    });
  });
});

test("a program whose module is completed is known by the files that are added, too", () => {
  const argoexec = POD_IMAGES.find(({ name }) => name === "argoexec")!;
  expect(podTool(argoexec).modules).toEqual(["operators/workflows", "real-node/argo-executor"]);
});

describe("imageOf", () => {
  it("names an image", () => {
    expect(imageOf("coredns")).toBe("registry.k8s.io/coredns/coredns:v1.15.0");
  });

  it("knows no other", () => {
    expect(() => imageOf("bind")).toThrow("there is no program bind among those of pods");
  });
});

describe.each(PYTHON_IMAGES)("the image $image", ({ folder, registry, version, image }) => {
  test("has the name that its declaration has", async () => {
    const { name } = parse(await readFile(join(folder, "image.yaml"), "utf8")) as { name: string };
    expect(`${registry}/${name}:${version}`).toBe(image);
  });
});

describe.each(PYTHON_IMAGES.filter(({ neededBy }) => neededBy === "kserve"))(
  "the image $image",
  ({ folder, version }) => {
    test("has KServe's package of the version that the platform installs", async () => {
      expect(await readFile(join(folder, "requirements.txt"), "utf8")).toMatch(
        new RegExp(`^kserve(-storage)?==${escaped(version.replace(/^v/, ""))}$`, "m"),
      );
    });
  },
);
