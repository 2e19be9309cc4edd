import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { build, isInstalled } from "../../../rehearsal/toolchain/build";
import { toolFolder } from "../../../rehearsal/toolchain/cache";
import { leftovers, prune } from "../../../rehearsal/toolchain/leftovers";
import type { Tool } from "../../../rehearsal/toolchain/tools";
import { eventually } from "../../support/cluster";
import { scratchFolder, setForTest } from "../../support/scratch";

/** Go's build cache is shared by these tests, so that only the first compiles Go's runtime. */
let goBuildCache = "";
beforeAll(async () => {
  goBuildCache = await mkdtemp(join(tmpdir(), "mlstack-go-build-"));
});
afterAll(() => rm(goBuildCache, { recursive: true, force: true }));

/** A tool whose Go module is made here; its program prints its version and imports nothing, so that it builds fast. */
async function smallTool(source = `func main() { println("small 1.2.3") }`, version = "1.2.3"): Promise<Tool> {
  const module = join(await scratchFolder(), "small");
  await mkdir(module);
  await writeFile(join(module, "go.mod"), "module small.test\n\ngo 1.21\n");
  await writeFile(join(module, "main.go"), `package main\n\n${source}\n`);
  const cache = await scratchFolder();
  setForTest("XDG_CACHE_HOME", cache);
  await mkdir(join(cache, "mlstack"));
  await symlink(goBuildCache, join(cache, "mlstack", "go-build"));
  return {
    name: "controlplane",
    title: "Small tool",
    version,
    modules: [module],
    builds: [{ binary: "small", package: ".", stamps: {}, versionArguments: [], versionText: `small ${version}` }],
    instead: ", or do without",
    typicalMinutes: 1,
  };
}

async function rejection(promise: Promise<unknown>): Promise<{ message: string; remedy: string }> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error as { message: string; remedy: string },
  );
}

describe("building a tool", { timeout: 120_000 }, () => {
  it("puts a verified binary into the tool cache, once", async () => {
    const tool = await smallTool();
    const folder = await build(tool);
    expect(folder).toBe(toolFolder(tool));
    expect(await isInstalled(tool, folder)).toBe(true);
    const doing: string[] = [];
    expect(await build(tool, (now) => doing.push(now))).toBe(folder);
    expect(doing).toEqual([]);
  });

  it("lets two builds at the same time end with one tool and no remains", async () => {
    const tool = await smallTool();
    const folders = await Promise.all([build(tool), build(tool)]);
    expect(new Set(folders)).toEqual(new Set([toolFolder(tool)]));
    expect(await readdir(join(toolFolder(tool), ".."))).toEqual([toolFolder(tool).split("/").at(-1)]);
  });

  it("reports a failed build with its log and leaves nothing that could be taken for a tool", async () => {
    const tool = await smallTool("func main() { undefined() }");
    const { message, remedy } = await rejection(build(tool));
    expect(message).toContain("go build failed:");
    expect(message).toContain("undefined: undefined");
    expect(remedy).toMatch(/^The whole log is \S+\/logs\/controlplane\.log\. /);
    expect(await isInstalled(tool, toolFolder(tool))).toBe(false);
  });

  it("builds again after a failure was mended, over what the failed build left", async () => {
    const tool = await smallTool("func main() { undefined() }");
    await rejection(build(tool));
    await writeFile(join(tool.modules[0]!, "main.go"), 'package main\n\nfunc main() { println("small 1.2.3") }\n');
    expect(await isInstalled(tool, await build(tool))).toBe(true);
  });

  it("is taken up by the next run when it is killed, and never half installed", async () => {
    const tool = await smallTool();
    const script = join(checkoutRoot(), "bin", "rehearsal", "toolchain", "build.js");
    const killed = spawn(process.execPath, ["-e", `require(${JSON.stringify(script)}).build(${JSON.stringify(tool)})`]);
    const partial = join(toolFolder(tool), "..", `.partial-${basename(toolFolder(tool))}`);
    await eventually("the build has begun", () => Promise.resolve(existsSync(partial)));
    killed.kill("SIGKILL");
    expect(existsSync(toolFolder(tool))).toBe(false);

    const doing: string[] = [];
    expect(await isInstalled(tool, await build(tool, (now) => doing.push(now)))).toBe(true);
    expect(doing[0]).toBe("another run is building; waiting for it");
    expect(existsSync(partial)).toBe(false);
  });

  it("refuses a binary that does not answer with its version", async () => {
    const tool = await smallTool(`func main() { println("small 9.9.9") }`);
    expect((await rejection(build(tool))).message).toBe(
      "Small tool: the build ended, but its binaries do not answer as version 1.2.3",
    );
    expect(await isInstalled(tool, toolFolder(tool))).toBe(false);
  });

  it("says that Go is missing, and where to get it", async () => {
    const tool = await smallTool();
    setForTest("PATH", await scratchFolder());
    expect(await rejection(build(tool))).toMatchObject({
      message: "Small tool has to be built, and there is no Go on PATH",
      remedy: "Install Go 1.26.0 or newer (https://go.dev/doc/install), or do without.",
    });
  });

  it("says that Go is too old", async () => {
    const tool = await smallTool();
    const folder = await scratchFolder();
    await writeFile(join(folder, "go"), "#!/bin/sh\necho go1.19.3\n");
    await chmod(join(folder, "go"), 0o755);
    setForTest("PATH", `${folder}:/bin:/usr/bin`);
    expect((await rejection(build(tool))).message).toBe(
      "Small tool has to be built, and Go 1.19.3 is older than 1.26.0",
    );
  });
});

describe("pruning the tool cache", { timeout: 120_000 }, () => {
  it("frees tools that no pin names, cut-off builds, logs and Go's build cache", async () => {
    const tool = await smallTool();
    const folder = await build(tool);
    const cutOff = join(folder, "..", ".partial-controlplane-0123456789ab");
    await mkdir(cutOff);
    await writeFile(join(cutOff, "half"), "half");
    const cache = process.env["XDG_CACHE_HOME"]!;
    const freed = await prune();
    expect(
      freed.map(({ path }) => path.replace(`${cache}/mlstack/`, "").replace(/-[0-9a-f]{12}$/, "-HASH")).sort(),
    ).toEqual(["go-build", "logs", "tools/.partial-controlplane-HASH", "tools/controlplane-HASH"]);
    expect(await leftovers()).toEqual([]);
  });
});
