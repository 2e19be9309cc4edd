import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHARTS, MANIFESTS } from "../../../components/model/versions";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { TRAINING_CONTROLLERS } from "../../../rehearsal/operators/training-controllers";
import { PINS } from "../../../rehearsal/toolchain/pins";
import { atLeast } from "../../../rehearsal/toolchain/version";

const goMod = readFile(join(checkoutRoot(), "rehearsal", "operators", "training", "go.mod"), "utf8");

describe("the controllers that are built", () => {
  it.each([CHARTS.jobSet, CHARTS.trainer, MANIFESTS.trainingOperator, MANIFESTS.mpiOperator])(
    "are those that the platform installs: $module.module $version",
    async ({ module, version }) => {
      expect(await goMod).toContain(`\t${module.module} v${version}\n`);
    },
  );

  it("ask for a Go that is not newer than that of the other tools", async () => {
    expect(atLeast(PINS.go, /^go (\S+)$/m.exec(await goMod)?.[1] ?? "")).toBe(true);
  });

  it("are told by the versions that the program prints", () => {
    expect(TRAINING_CONTROLLERS.builds.map(({ versionText }) => versionText)).toEqual([
      '{"jobset":"v0.12.0","mpi-operator":"v0.8.2","trainer":"v2.3.0","training-operator":"v1.9.4"}',
    ]);
  });
});
