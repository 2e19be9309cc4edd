import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPulled, lockPath, readLock, writeLock } from "../../../rehearsal/charts/lock-file";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { scratchFolder } from "../../support/scratch";

const [right, wrong] = ["a".repeat(64), "b".repeat(64)];
const pulled = { version: "1.2.3", digest: right };
const none = { pinned: undefined, told: undefined, locked: undefined };
const locked = (version: string, digest: string) => ({ version, digest });

describe("a lock file", () => {
  it("is beside the configuration of the stacks, where Git keeps it", () => {
    expect(lockPath()).toBe(join(checkoutRoot(), "stacks", "charts.lock.json"));
  });

  it("is empty where there is none", async () => {
    expect(await readLock(join(await scratchFolder(), "charts.lock.json"))).toEqual({});
  });

  it("reads as it was written, in order, whatever order it was made in", async () => {
    const path = join(await scratchFolder(), "charts.lock.json");
    const lock = { kueue: locked("0.19.2", right), "cert-manager": locked("v1.21.1", wrong) };
    await writeLock(path, lock);
    expect(await readLock(path)).toEqual(lock);
    expect(await readFile(path, "utf8")).toBe(
      `{
  "cert-manager": {
    "version": "v1.21.1",
    "digest": "${wrong}"
  },
  "kueue": {
    "version": "0.19.2",
    "digest": "${right}"
  }
}
`,
    );
  });
});

describe("what was pulled", () => {
  it.each([
    ["pinned", { ...none, pinned: right }],
    ["pinned", { pinned: right, told: right, locked: locked("1.2.3", right) }],
    ["locked", { ...none, locked: locked("1.2.3", right) }],
    ["locked", { ...none, told: right, locked: locked("1.2.3", right) }],
    ["first seen", none],
    ["first seen", { ...none, told: right }],
    ["first seen", { ...none, locked: locked("1.2.2", wrong) }],
  ])("is %s where what is known is %j", (known, expectations) => {
    expect(checkPulled("kueue", pulled, expectations)).toBe(known);
  });

  it.each([
    ["is pinned", { ...none, pinned: wrong }],
    ["is told by its publisher", { ...none, told: wrong }],
    ["is in the lock file", { ...none, locked: locked("1.2.3", wrong) }],
    ["is in the lock file", { pinned: right, told: right, locked: locked("1.2.3", wrong) }],
    ["is told by its publisher", { pinned: wrong, told: wrong, locked: undefined }],
  ])("is refused where another digest %s", (where, expectations) => {
    expect(() => checkPulled("kueue", pulled, expectations)).toThrow(
      expect.objectContaining({
        message: `kueue 1.2.3 has the digest ${right}, and ${wrong} ${where}`,
        remedy: "Do not use it before you know why: a released version does not change.",
      }),
    );
  });
});
