import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHARTS } from "../../../../components/model/versions";
import { mirrorFolder } from "../../../../components/rendering/source";

const { version } = CHARTS.karpenter;
const MODULE = `github.com/aws/karpenter-provider-aws@v${version}`;

/** A mirror with Karpenter's charts, or why they are not to be had on this machine. */
export type KarpenterCharts = { mirror: string } | { missing: string };

/** Makes a mirror of the charts of the pinned Karpenter from Go's module cache, which Go fills where it can. */
export function karpenterCharts(): KarpenterCharts {
  try {
    const env = { ...process.env, GOTOOLCHAIN: "local" };
    const answer = execFileSync("go", ["mod", "download", "-json", MODULE], { env, encoding: "utf8", stdio: "pipe" });
    const { Dir: directory } = JSON.parse(answer) as { Dir: string };
    const mirror = mkdtempSync(join(tmpdir(), "mlstack-karpenter-"));
    process.once("exit", () => {
      rmSync(mirror, { recursive: true, force: true });
    });
    for (const chart of ["karpenter", "karpenter-crd"]) {
      const folder = mirrorFolder(mirror, chart, version);
      mkdirSync(folder);
      symlinkSync(join(directory, "charts", chart), join(folder, chart));
    }
    return { mirror };
  } catch (error) {
    return { missing: `Go cannot provide ${MODULE}: ${(error as Error).message.split("\n")[0]}` };
  }
}
