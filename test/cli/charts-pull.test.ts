import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pullCharts } from "../../cli/commands/charts-pull";
import type { PinnedChart } from "../../components/model/versions";
import { chartFiles, chartRepository, packed, sha256 } from "../rehearsal/charts/publishers";
import { scratchFolder } from "../support/scratch";

let output: string;
let progress: string;
beforeEach(() => {
  [output, progress] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text.toString();
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    progress += text.toString();
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Charts that there are, a folder for the mirror, and a lock file, which is not there yet. */
async function setUp(names: string[]) {
  const charts = await Promise.all(
    names.map(async (name) => ({ name, version: "1.2.3", bytes: await packed(chartFiles(name, "1.2.3")) })),
  );
  const repository = `http://${(await chartRepository(charts)).host}/charts`;
  const sourceOf = (name: string): [string, { chart: PinnedChart }] => [
    name,
    { chart: { chart: name, repository, version: "1.2.3" } },
  ];
  const folder = await scratchFolder();
  const digests = Object.fromEntries(charts.map(({ name, bytes }) => [name, sha256(bytes)]));
  const sources = (...all: string[]) => new Map(all.map(sourceOf));
  return { repository, digests, sources, mirror: join(folder, "mirror"), lock: join(folder, "charts.lock.json") };
}

const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8")) as unknown;

describe("mlstack charts pull", () => {
  it("fills a mirror, notes what it saw for the first time, and says how to use it", async () => {
    const { sources, mirror, lock, digests, repository } = await setUp(["widgets", "gadgets"]);
    const to = relative(process.cwd(), mirror);
    expect(await pullCharts({ to, only: [], lock }, sources("widgets", "gadgets"))).toBe(0);
    expect((await readdir(mirror)).sort()).toEqual(["gadgets-1.2.3", "widgets-1.2.3"]);
    expect(await readJson(lock)).toEqual({
      gadgets: { version: "1.2.3", digest: digests["gadgets"] },
      widgets: { version: "1.2.3", digest: digests["widgets"] },
    });
    expect(progress).toBe("widgets 1.2.3: first seen\ngadgets 1.2.3: first seen\n");
    const row = ["widgets", "1.2.3", repository, digests["widgets"]!.slice(0, 12), "first seen"];
    expect(output.split("\n")[1]?.split(/ {2,}/)).toEqual(row);
    expect(output).toMatch(
      /\n2 seen for the first time: commit \S+charts\.lock\.json\.\nSet chartMirror to \S+mirror to use them\.\n$/,
    );
  });

  it("pulls again what it knows, and asks for no commit", async () => {
    const { sources, mirror, lock } = await setUp(["widgets"]);
    await pullCharts({ to: mirror, only: [], lock }, sources("widgets"));
    output = "";
    await pullCharts({ to: `${mirror}-2`, only: [], lock }, sources("widgets"));
    expect(output).toContain("locked");
    expect(output).not.toContain("commit");
  });

  it("leaves the lock file alone where all is there already", async () => {
    const { sources, mirror, lock } = await setUp(["widgets"]);
    await pullCharts({ to: mirror, only: [], lock }, sources("widgets"));
    const other = `${lock}.other`;
    await pullCharts({ to: mirror, only: [], lock: other }, sources("widgets"));
    expect(existsSync(other)).toBe(false);
    expect(progress).toContain("widgets 1.2.3: there already\n");
  });

  it("pulls only what was asked for", async () => {
    const { sources, mirror, lock } = await setUp(["widgets", "gadgets"]);
    await pullCharts({ to: mirror, only: ["gadgets"], lock }, sources("widgets", "gadgets"));
    expect(await readdir(mirror)).toEqual(["gadgets-1.2.3"]);
  });

  it("remembers what came before something that cannot be had", async () => {
    const { sources, mirror, lock, digests } = await setUp(["widgets"]);
    await expect(pullCharts({ to: mirror, only: [], lock }, sources("widgets", "gadgets"))).rejects.toThrow(
      / has no chart gadgets 1\.2\.3$/,
    );
    expect(await readJson(lock)).toEqual({ widgets: { version: "1.2.3", digest: digests["widgets"] } });
  });

  it("keeps what the lock file has of other charts, and refuses what it knows otherwise", async () => {
    const { sources, mirror, lock, digests } = await setUp(["widgets", "gadgets"]);
    const known = { widgets: { version: "1.2.3", digest: "0" }, gears: { version: "3.0.0", digest: "1" } };
    await writeFile(lock, JSON.stringify(known));
    await expect(pullCharts({ to: mirror, only: [], lock }, sources("gadgets", "widgets"))).rejects.toThrow(
      `widgets 1.2.3 has the digest ${digests["widgets"]}, and 0 is in the lock file`,
    );
    expect(await readJson(lock)).toEqual({ ...known, gadgets: { version: "1.2.3", digest: digests["gadgets"] } });
  });

  it("names what there is where it is asked for something else", async () => {
    const { mirror, lock } = await setUp([]);
    await expect(pullCharts({ to: mirror, only: ["kueu"], lock })).rejects.toMatchObject({
      message: "there is no chart kueu",
      remedy: expect.stringMatching(/^Name some of karpenter, karpenter-crd, .*, kueue, .*, hub\.$/) as string,
    });
    expect([existsSync(mirror), existsSync(lock)]).toEqual([false, false]);
  });
});
