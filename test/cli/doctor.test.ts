import { mkdir } from "node:fs/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { doctor } from "../../cli/commands/doctor";
import { platformSourcesFolder } from "../../rehearsal/charts/module-sources";
import { scratchFolder, setForTest } from "../support/scratch";

it("doctor tells whether charts and manifests of the platform are there", async () => {
  setForTest("XDG_CACHE_HOME", await scratchFolder());
  let output = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text.toString();
    return true;
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  const row = async () => {
    output = "";
    await doctor();
    return output.split("\n").find((line) => line.startsWith("charts and manifests of the platform"));
  };
  expect((await row())?.split(/ {2,}/)).toEqual([
    "charts and manifests of the platform",
    "to be taken from Go modules (once)",
  ]);
  await mkdir(platformSourcesFolder(), { recursive: true });
  expect((await row())?.split(/ {2,}/).slice(1)).toEqual(["tool cache", platformSourcesFolder()]);
});
