import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Interrupted, withScratchState } from "../../../cli/rehearse/scratch";

test("what was under way when a rehearsal was interrupted leaves nothing behind either", async () => {
  let folder = "";
  const before = process.env["MLSTACK_STATE"];
  const rehearsal = withScratchState(false, async (own) => {
    folder = own;
    process.emit("SIGHUP");
    await vi.waitUntil(() => !existsSync(own), 10_000);
    await mkdir(join(own, "cluster"), { recursive: true });
  });
  await expect(rehearsal).rejects.toThrow(Interrupted);
  expect(existsSync(folder)).toBe(false);
  expect(process.env["MLSTACK_STATE"]).toBe(before);
});

test("a state folder that is kept stays as it is", async () => {
  const folder = await withScratchState(true, (own) => Promise.resolve(own));
  expect(existsSync(folder)).toBe(true);
  await rm(folder, { recursive: true });
});
