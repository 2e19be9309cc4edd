import { join } from "node:path";
import { build } from "../toolchain/build";
import type { BuildProgress } from "../toolchain/go-runner";
import type { Tool } from "../toolchain/tools";

/** What lets time pass on a cluster. */
export const CLOCK: Tool = {
  name: "clock",
  title: "Clock of the cluster",
  version: "1.0.0",
  modules: ["clock"],
  builds: [
    {
      binary: "clock",
      package: ".",
      stamps: { "main.version": "1.0.0" },
      versionArguments: ["version"],
      versionText: "clock 1.0.0",
    },
  ],
  instead: "; only rehearsals in which hours pass need it",
  typicalMinutes: 2,
};

/**
 * Path of the program; it is built on first use.
 *
 * @throws {Problem} when it has to be built and cannot be.
 */
export async function ensureClock(progress?: BuildProgress): Promise<string> {
  return join(await build(CLOCK, progress), "clock");
}
