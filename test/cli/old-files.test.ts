import { existsSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeOldFiles } from "../../cli/old-files";
import { scratchFolder } from "../support/scratch";

const DAY = 24 * 60 * 60 * 1000;

test("files that were written longer ago go, at any depth, and younger ones and folders stay", async () => {
  const folder = await scratchFolder();
  const nested = join(folder, "digest");
  await mkdir(nested);
  const [old, young] = [join(nested, "old.js"), join(nested, "young.js")];
  for (const [file, days] of [[old, 31] as const, [young, 29] as const]) {
    await writeFile(file, "");
    const written = new Date(Date.now() - days * DAY);
    await utimes(file, written, written);
  }
  const longAgo = new Date(0);
  await utimes(nested, longAgo, longAgo);
  await removeOldFiles(folder, 30);
  expect([old, young, nested].map((path) => existsSync(path))).toEqual([false, true, true]);
});

test("a folder that is not there has none", async () => {
  await expect(removeOldFiles(join(await scratchFolder(), "nowhere"), 30)).resolves.toBeUndefined();
});
