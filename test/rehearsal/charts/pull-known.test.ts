import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Lock } from "../../../rehearsal/charts/lock-file";
import { scratchFolder } from "../../support/scratch";
import { ofRepository, oneChart, published, pulling, VERSION } from "./pulling";

describe("what is known of a chart", () => {
  const wrong = "f".repeat(64);

  it("is its pinned digest", async () => {
    const { digest, repository } = await published();
    const { pulled } = await pulling({ sources: oneChart(ofRepository(repository, { digest })) });
    expect(pulled).toMatchObject([{ known: "pinned" }]);
  });

  it("is what the lock file has of the same version", async () => {
    const { digest, repository } = await published();
    const lock: Lock = { widgets: { version: VERSION, digest } };
    expect((await pulling({ sources: oneChart(ofRepository(repository)), lock })).pulled).toMatchObject([
      { known: "locked" },
    ]);
  });

  it("is nothing where the lock file has another version, which the new one then replaces", async () => {
    const { digest, repository } = await published();
    const lock: Lock = { widgets: { version: "1.0.0", digest: wrong }, others: { version: "1.0.0", digest: wrong } };
    expect((await pulling({ sources: oneChart(ofRepository(repository)), lock })).pulled).toMatchObject([
      { known: "first seen" },
    ]);
    expect(lock).toEqual({ widgets: { version: VERSION, digest }, others: { version: "1.0.0", digest: wrong } });
  });

  it("is not what the index tells where that is known to be wrong", async () => {
    const { digest, repository } = await published({ digest: wrong });
    const { pulled } = await pulling({ sources: oneChart(ofRepository(repository, { wrongIndex: true })) });
    expect(pulled).toMatchObject([{ known: "first seen", digest }]);
  });

  it.each([
    ["is pinned", { pinned: wrong }],
    ["is in the lock file", { locked: wrong }],
    ["is told by its publisher", { told: wrong }],
  ])(
    "keeps another one out of the mirror where its digest %s",
    async (where, known: { pinned?: string; locked?: string; told?: string }) => {
      const { digest, repository } = await published(known.told === undefined ? {} : { digest: known.told });
      const lock: Lock = known.locked === undefined ? {} : { widgets: { version: VERSION, digest: known.locked } };
      const before = structuredClone(lock);
      const chart = ofRepository(repository, known.pinned === undefined ? {} : { digest: known.pinned });
      const { problem, mirror } = await pulling({ sources: oneChart(chart), lock });
      expect(problem).toMatchObject({
        message: `widgets ${VERSION} has the digest ${digest}, and ${wrong} ${where}`,
        remedy: "Do not use it before you know why: a released version does not change.",
      });
      expect([await readdir(mirror), lock]).toEqual([[], before]);
    },
  );
});

describe("a mirror", () => {
  it("keeps what it has, without asking anybody", async () => {
    const { digest, repository } = await published();
    const sources = oneChart(ofRepository(repository));
    const { mirror, lock } = await pulling({ sources });
    repository.asked.length = 0;
    const { pulled } = await pulling({ sources, mirror, lock });
    expect(pulled).toEqual([{ name: "widgets", version: VERSION, from: "mirror", digest, known: "there already" }]);
    expect(repository.asked).toEqual([]);
  });

  it("is filled over what a pull that was cut off has left", async () => {
    const { repository } = await published();
    const mirror = await scratchFolder();
    await mkdir(join(mirror, ".partial-widgets-1.2.3", "widgets"), { recursive: true });
    await pulling({ sources: oneChart(ofRepository(repository)), mirror });
    expect(await readdir(mirror)).toEqual(["widgets-1.2.3"]);
  });

  it("keeps what came before something that cannot be had, and the lock knows it", async () => {
    const { repository } = await published();
    const sources = new Map([
      ["widgets", { chart: ofRepository(repository) }],
      ["gadgets", { chart: ofRepository(repository, { chart: "gadgets" }) }],
    ]);
    const { mirror, lock, problem } = await pulling({ sources });
    expect(problem?.message).toMatch(/ has no chart gadgets 1\.2\.3$/);
    expect([await readdir(mirror), Object.keys(lock)]).toEqual([["widgets-1.2.3"], ["widgets"]]);
  });

  it("has only what was asked for, and names what there is where that is unknown", async () => {
    const { repository } = await published();
    const sources = new Map(
      ["widgets", "gadgets"].map((name) => [name, { chart: ofRepository(repository, { chart: name }) }]),
    );
    expect((await pulling({ sources, only: ["widgets"] })).pulled.map(({ name }) => name)).toEqual(["widgets"]);
    expect((await pulling({ sources, only: ["gears", "widgets", "cogs"] })).problem).toMatchObject({
      message: "there is no chart gears, cogs",
      remedy: "Name some of widgets, gadgets.",
    });
  });
});
