import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONTROLLERS } from "../../../rehearsal/operators/controllers";
import { NO_PROGRAMS, programFor } from "../../../rehearsal/operators/program-file";
import { moduleFolder } from "../../../rehearsal/toolchain/cache";

const goMod = (folder: string) => readFile(join(moduleFolder(folder), "go.mod"), "utf8");

const escaped = (text: string) => text.replaceAll(".", "\\.");

describe.each(CONTROLLERS)("the program of $title", ({ folder, module, version, package: path, part, image }) => {
  test("is of the version that the platform installs", async () => {
    expect(await goMod(folder)).toMatch(new RegExp(`^\t${escaped(module)} ${escaped(version)}( // indirect)?$`, "m"));
  });

  test("is one that its module builds", async () => {
    // Its own packages a module builds anyway.
    expect(await goMod(folder)).toMatch(
      path.startsWith("mlstack.internal/")
        ? new RegExp(`^module ${escaped(path.replace(/\/[^/]+$/, ""))}$`, "m")
        : new RegExp(`^(tool |\t)${escaped(path)}$`, "m"),
    );
  });

  test("runs in place of its image, whatever its tag, and of no other", () => {
    const programs = { sandbox: "", images: { [image]: { binary: part, entry: "/manager" } } };
    expect(programFor(programs, `${image}:v1.2.3`)?.binary).toBe(part);
    expect(programFor(programs, `${image}:v1@sha256:0123`)?.binary).toBe(part);
    expect(programFor(programs, image)?.binary).toBe(part);
    expect(programFor(programs, `${image}-agent:v1.2.3`)).toBeUndefined();
    expect(programFor(NO_PROGRAMS, image)).toBeUndefined();
  });
});

test("every Go module of controllers builds one", async () => {
  const folders = (await readdir(moduleFolder("operators"))).map((name) => `operators/${name}`);
  expect([...new Set(CONTROLLERS.map(({ folder }) => folder))].sort()).toEqual(folders.sort());
});
