import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KARPENTER_ON_KWOK } from "../../../components/model/local-autoscaling";
import { SOURCES } from "../../../components/model/module-sources";
import { CHARTS, MANIFESTS } from "../../../components/model/versions";
import { ensurePlatformSources, moduleSources, platformSourcesFolder } from "../../../rehearsal/charts/module-sources";
import { leftovers, prune } from "../../../rehearsal/toolchain/leftovers";
import { scratchFolder, setForTest } from "../../support/scratch";

/** What a stand-in for Go answers to `go mod download -json`. */
type Download = (reference: string) => { Dir: string; Sum: string } | { Error: string };

/**
 * Puts a stand-in for Go on PATH that answers for every module, with an empty tool cache. The real one would ask the network
 * for what this machine does not have.
 */
async function useStandIn(answer: Download): Promise<void> {
  const folder = await scratchFolder();
  const answers = moduleSources().map(({ module: { module, version } }) => {
    const reference = `${module}@${version}`;
    const said = answer(reference);
    return `  "${reference}") printf '%s' '${JSON.stringify(said, undefined, 1)}'; exit ${"Error" in said ? 1 : 0};;`;
  });
  const script = `#!/bin/sh\nif [ "$1" = env ]; then echo go1.26.8; exit; fi\ncase "$4" in\n${answers.join("\n")}\nesac\n`;
  await writeFile(join(folder, "go"), script);
  await chmod(join(folder, "go"), 0o755);
  setForTest("PATH", `${folder}:/usr/bin:/bin`);
  setForTest("XDG_CACHE_HOME", await scratchFolder());
}

/** A folder that has, read-only as Go keeps them, the charts and manifests of every module. */
async function moduleTree(): Promise<string> {
  const tree = await scratchFolder();
  for (const { target, module } of moduleSources()) {
    const folder = join(tree, module.folder);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "README.md"), target);
    if (module.types !== undefined) {
      await mkdir(join(tree, module.types), { recursive: true });
      await writeFile(join(tree, module.types, "types.yaml"), "of a folder of its own", { mode: 0o444 });
    }
    if (!target.includes("/")) continue;
    const dependencies = [{ name: "jobset", version: "0.1.0", repository: "oci://registry.example" }];
    await writeFile(
      join(folder, "Chart.yaml"),
      JSON.stringify({ apiVersion: "v2", name: "of-upstream", dependencies }),
    );
    await chmod(join(folder, "Chart.yaml"), 0o444);
  }
  return tree;
}

const sumOf = (reference: string) =>
  moduleSources().find(({ module }) => `${module.module}@${module.version}` === reference)!.module.sum;

async function problemOf(work: Promise<unknown>): Promise<{ message: string; remedy: string }> {
  return work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error as { message: string; remedy: string },
  );
}

describe("what Go modules carry", () => {
  it("is every source with a module, under the name and version that the components ask for", () => {
    const all = moduleSources().filter(({ name }) => name !== KARPENTER_ON_KWOK.chart);
    const withModule = Object.values(SOURCES).filter(({ module }) => module !== undefined);
    expect(all.map(({ name }) => name)).toEqual(withModule.map(({ name }) => name));
    expect(all.find(({ name }) => name === "kueue")).toEqual({
      name: "kueue",
      version: CHARTS.kueue.version,
      target: "kueue-0.19.2/kueue",
      module: { version: "v0.19.2", ...CHARTS.kueue.module },
    });
    expect(all.find(({ name }) => name === "katib")).toMatchObject({ target: `katib-${MANIFESTS.katib.version}` });
  });

  it("has a chart that nobody publishes: Karpenter with its KWOK provider", () => {
    const { chart: name, version, module } = KARPENTER_ON_KWOK;
    expect(moduleSources().at(-1)).toEqual({
      name,
      version,
      target: "karpenter-kwok-1.14.1/karpenter-kwok",
      module: { version: "v1.14.1", ...module },
    });
  });

  it("is pinned by a checksum and a version that Go understands", () => {
    for (const { name, module } of moduleSources()) {
      expect(module.sum, name).toMatch(/^h1:[A-Za-z0-9+/]{43}=$/);
      // A release, or a commit by its time and the begin of its hash.
      expect(module.version, name).toMatch(/^v\d+\.\d+\.\d+(-\d{14}-[0-9a-f]{12})?$/);
    }
  });

  it("is in a folder of the tool cache whose name changes with any pin", () => {
    expect(platformSourcesFolder()).toMatch(/\/mlstack\/tools\/platform-sources-[0-9a-f]{12}$/);
    expect(platformSourcesFolder()).toBe(platformSourcesFolder());
  });
});

describe("filling the mirror of the local stack", () => {
  it("takes each folder out of its module, writable, once", async () => {
    const tree = await moduleTree();
    await useStandIn((reference) => ({ Dir: tree, Sum: sumOf(reference) }));
    const doing: string[] = [];
    const folder = await ensurePlatformSources((now) => doing.push(now));
    expect(folder).toBe(platformSourcesFolder());
    const all = moduleSources();
    expect(doing[0]).toBe(`${all[0]!.name} ${all[0]!.version} (1 of ${all.length})`);
    expect((await readdir(folder)).sort()).toEqual(all.map(({ name, version }) => `${name}-${version}`).sort());
    expect((await stat(join(folder, "kueue-0.19.2", "kueue", "Chart.yaml"))).mode & 0o200).toBe(0o200);
    expect(await ensurePlatformSources((now) => doing.push(now))).toBe(folder);
    expect(doing).toHaveLength(all.length);
  });

  it("names charts as they are asked for, and drops dependencies that do not come along", async () => {
    const tree = await moduleTree();
    await useStandIn((reference) => ({ Dir: tree, Sum: sumOf(reference) }));
    const folder = await ensurePlatformSources();
    const chart = await readFile(join(folder, "kubeflow-trainer-2.3.0", "kubeflow-trainer", "Chart.yaml"), "utf8");
    expect(parse(chart)).toEqual({ apiVersion: "v2", name: "kubeflow-trainer" });
  });

  it("adds resource types to a chart that does not bring them", async () => {
    const tree = await moduleTree();
    await useStandIn((reference) => ({ Dir: tree, Sum: sumOf(reference) }));
    const types = join(await ensurePlatformSources(), "karpenter-kwok-1.14.1", "karpenter-kwok", "crds", "types.yaml");
    expect(await readFile(types, "utf8")).toBe("of a folder of its own");
    expect((await stat(types)).mode & 0o200).toBe(0o200);
  });

  it("refuses a module with another checksum, and leaves nothing that could be taken for a mirror", async () => {
    const tree = await moduleTree();
    await useStandIn((reference) => ({
      Dir: tree,
      Sum: reference.startsWith("sigs.k8s.io/kueue@") ? "h1:other=" : sumOf(reference),
    }));
    expect(await problemOf(ensurePlatformSources())).toMatchObject({
      message:
        "the Go module sigs.k8s.io/kueue@v0.19.2 has the checksum h1:other=, and " +
        "h1:mPNzr37u0nwI7ikST5QQl5gg6EgtYOAvC9ZbTgywdN8= is pinned",
      remedy: "Do not use it before you know why; GOPROXY says where it came from.",
    });
    expect(existsSync(platformSourcesFolder())).toBe(false);
  });

  it("is begun anew after it was cut off", async () => {
    const tree = await moduleTree();
    await useStandIn((reference) => ({ Dir: tree, Sum: sumOf(reference) }));
    const partial = join(dirname(platformSourcesFolder()), `.partial-${basename(platformSourcesFolder())}`);
    await mkdir(join(partial, "stale"), { recursive: true });
    expect(await readdir(await ensurePlatformSources())).not.toContain("stale");
    expect(existsSync(partial)).toBe(false);
  });

  it("says what Go says where a module cannot be had", async () => {
    await useStandIn(() => ({ Error: 'Get "https://proxy.golang.org": no route to host' }));
    const { message, remedy } = await problemOf(ensurePlatformSources());
    expect(message).toMatch(
      /^the Go module \S+@v\S+ cannot be had: Get "https:\/\/proxy\.golang\.org": no route to host$/,
    );
    expect(remedy).toBe("Check the network and GOPROXY.");
  });

  it("says what the real Go says without a network", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    setForTest("GOMODCACHE", await scratchFolder());
    setForTest("GOPROXY", "off");
    const { module, version } = moduleSources()[0]!.module;
    expect(await problemOf(ensurePlatformSources())).toMatchObject({
      message: `the Go module ${module}@${version} cannot be had: ${module}@${version}: module lookup disabled by GOPROXY=off`,
      remedy: "Check the network and GOPROXY.",
    });
  });

  it("needs Go, or a mirror that has everything", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    setForTest("PATH", await scratchFolder());
    expect(await problemOf(ensurePlatformSources())).toMatchObject({
      message: "charts of the platform come out of Go modules, and there is no Go on PATH",
      remedy: "Install Go (https://go.dev/doc/install), or name a mirror that has them with `chartMirror`.",
    });
  });
});

describe("pruning the tool cache", () => {
  it("keeps the sources of the current pins, and frees older ones and those that were cut off", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    const current = platformSourcesFolder();
    const tools = dirname(current);
    const names = [basename(current), "platform-sources-0123456789ab", `.partial-${basename(current)}`];
    for (const name of names) {
      await mkdir(join(tools, name), { recursive: true });
      await writeFile(join(tools, name, "file"), "content");
    }
    const freed = (await prune()).map(({ path, bytes }) => [basename(path), bytes]);
    expect(freed.sort()).toEqual([
      [`.partial-${basename(current)}`, 7],
      ["platform-sources-0123456789ab", 7],
    ]);
    expect(await leftovers()).toEqual([]);
    expect((await leftovers(true)).map(({ path }) => path)).toEqual([current]);
  });
});
