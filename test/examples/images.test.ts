import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { version } from "../../package.json";
import { files, read, root } from "../support/pages";

const dockerfiles = files.filter((path) => /^examples\/.*Dockerfile$/.test(path)).sort();

/** How the first line of a Dockerfile says that it is built. */
function buildOf(path: string) {
  const [, name = "", file = "", context = ""] =
    /^# docker build -t (\S+) (?:-f (\S+) )?(\S+)\n/.exec(read(path)) ?? [];
  return { name, file: file === "" ? join(context, "Dockerfile") : file, context };
}

describe.each(dockerfiles)("%s", (path) => {
  const lines = read(path).replaceAll("\\\n", " ").split("\n");
  const wordsOf = (instruction: string) =>
    lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.split(/\s+/).slice(1));

  it("says in its first line how it is built, by the name of its folders", () => {
    const { name, file } = buildOf(path);
    expect({ name, file }).toEqual({ name: dirname(path).split("/").slice(1).join("-"), file: path });
  });

  it("builds on a release, and runs as a user other than root", () => {
    const stages = wordsOf("FROM");
    expect(stages.length).toBeGreaterThan(0);
    const named = stages.map(([, as, name]) => (as?.toUpperCase() === "AS" ? name : undefined));
    const unpinned = stages.filter(([image = ""]) => !named.includes(image) && !/:(?!latest$)\S*\d/.test(image));
    expect(unpinned).toEqual([]);
    expect(wordsOf("USER").at(-1)?.[0]).toMatch(/^[1-9]\d*(:\d+)?$/);
  });

  it("copies only what is there", () => {
    const { context } = buildOf(path);
    const sources = wordsOf("COPY")
      .filter((words) => !words.some((word) => word.startsWith("--from=")))
      .flatMap((words) => words.filter((word) => !word.startsWith("--")).slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(root, context, source)))).toEqual([]);
  });
});

describe("examples/build-images.sh", () => {
  const folder = mkdtempSync(join(tmpdir(), "mlstack-images-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("builds and pushes every image, by the version of the package", () => {
    // No daemon runs here: what it would be told is what is looked at.
    const docker = join(folder, "docker");
    writeFileSync(docker, `#!/bin/sh\necho "$@" >> ${join(folder, "calls")}\n`);
    chmodSync(docker, 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` };
    const script = join(root, "examples", "build-images.sh");
    const told = execFileSync(script, ["ghcr.io/acme/mlstack", "--push"], { env, encoding: "utf8" });

    const builds = dockerfiles.map(buildOf);
    const images = builds.map(({ name }) => `ghcr.io/acme/mlstack/${name}:${version}`);
    expect(told.trim().split("\n").sort()).toEqual(images.toSorted());
    const calls = execFileSync("cat", [join(folder, "calls")], { encoding: "utf8" })
      .trim()
      .split("\n");
    const built = builds.map(({ context }, index) => {
      const path = dockerfiles[index]!;
      const where = path === join(context, "Dockerfile") ? context : `-f ${path} ${context}`;
      return `build --quiet -t ${images[index]!} ${where}`;
    });
    expect(calls.sort()).toEqual([...built, ...images.map((image) => `push --quiet ${image}`)].sort());
  });
});
