import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clusterLayout } from "../../../rehearsal/cluster/layout";
import { readRealNodes, type RealNodes, writeRealNodes } from "../../../rehearsal/real-node/real-nodes";
import { REAL_NODE_TOOL } from "../../../rehearsal/real-node/tool";
import { toolFolder } from "../../../rehearsal/toolchain/cache";
import { leftovers } from "../../../rehearsal/toolchain/leftovers";
import { scratchFolder, setForTest } from "../../support/scratch";
import { writeFile } from "node:fs/promises";

const nodes: RealNodes = { binary: "/tools/real-node", count: 1, gpus: 4, cpus: 16, namespaces: ["ml"], images: [] };
const image = { name: "train:1", digest: "sha256:0", archive: "/train.tar" };

describe("the real nodes of a cluster", () => {
  const written = async (before: RealNodes, after: RealNodes | undefined) => {
    const layout = clusterLayout(await scratchFolder());
    await mkdir(layout.folder);
    await writeRealNodes(layout, before);
    return { isOther: await writeRealNodes(layout, after), noted: await readRealNodes(layout) };
  };

  it.each([
    ["another program", { binary: "/tools/other" }],
    ["more of them", { count: 2 }],
    ["other GPUs", { gpus: 2 }],
    ["other processors", { cpus: 8 }],
  ])("are others with %s", async (_, change) => {
    const after = { ...nodes, ...change };
    expect(await written(nodes, after)).toEqual({ isOther: true, noted: after });
  });

  it("are others where there are none any more", async () => {
    expect(await written(nodes, undefined)).toEqual({ isOther: true, noted: undefined });
  });

  it.each([
    ["images", { images: [image] }],
    ["namespaces", { namespaces: [] }],
  ])("are the same with other %s, which they are given while they run", async (_, change) => {
    const after = { ...nodes, ...change };
    expect(await written(nodes, after)).toEqual({ isOther: false, noted: after });
  });
});

it("the program that makes real nodes is kept when the tool cache is pruned", async () => {
  setForTest("XDG_CACHE_HOME", await scratchFolder());
  const folder = toolFolder(REAL_NODE_TOOL);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "real-node"), "program");
  expect(await leftovers()).toEqual([]);
});
