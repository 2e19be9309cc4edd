import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ControllerProcess } from "../../../rehearsal/operators/controller-process";
import { trainingControllers } from "../../../rehearsal/operators/training-controllers";

describe("a controller that can not work", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-controller-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const start = async (binary: string) => {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, "apiVersion: v1\nkind: Config\n");
    return ControllerProcess.start("jobset", { binary, kubeconfig, certificates: folder, logs: join(folder, "logs") });
  };

  it("is told by the last lines of its log", { timeout: 1_200_000 }, async () => {
    await expect(start(await trainingControllers())).rejects.toThrow(
      /^jobset ended before it was ready: .*no configuration has been provided/s,
    );
  });

  it("is told where there is no such program", async () => {
    await expect(start(join(folder, "absent"))).rejects.toThrow(/^jobset could not be started: spawn .* ENOENT/);
  });
});
