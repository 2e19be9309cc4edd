import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completeModule } from "../../../rehearsal/toolchain/completed-module";
import type { GoRunner } from "../../../rehearsal/toolchain/go-runner";
import { scratchFolder } from "../../support/scratch";

/** A module with one package of two files, and one file to add to it. */
async function modules() {
  const work = await scratchFolder();
  const upstream = join(work, "upstream");
  const additions = join(work, "additions");
  await mkdir(join(upstream, "pkg", "wire"), { recursive: true });
  await mkdir(additions);
  for (const name of ["wire.go", "types.go"]) await writeFile(join(upstream, "pkg", "wire", name), "package wire");
  await writeFile(join(additions, "wire.go"), "package wire // ours");
  const asked: string[][] = [];
  const go: GoRunner = (args) => {
    asked.push(args);
    return Promise.resolve(JSON.stringify({ Dir: upstream }));
  };
  const completed = join(work, "completed");
  return { sources: join(work, "sources"), go, asked, completed, wire: join(completed, "pkg", "wire"), upstream };
}

const addition = { module: "example.com/wire", additions: "own/additions", target: "pkg/wire" };

test("files are added to a copy of a module, which the build takes in its place", async () => {
  const { sources, go, asked, completed, wire, upstream } = await modules();
  await completeModule(sources, addition, go);
  expect((await readdir(wire)).sort()).toEqual(["types.go", "wire.go"]);
  expect(await readFile(join(wire, "wire.go"), "utf8")).toBe("package wire // ours");
  expect(await readFile(join(upstream, "pkg", "wire", "wire.go"), "utf8")).toBe("package wire");
  expect(asked.at(-1)).toEqual(["mod", "edit", `-replace=example.com/wire=${completed}`]);
});

test("files take the place of a package that does not build", async () => {
  const { sources, go, wire } = await modules();
  await completeModule(sources, { ...addition, isReplaced: true }, go);
  expect(await readdir(wire)).toEqual(["wire.go"]);
});
