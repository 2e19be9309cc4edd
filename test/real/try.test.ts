import { expect, it } from "vitest";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { ensureRealNodes } from "../../rehearsal/real-node/tool";
import { toolPath } from "../support/toolchain";

it("starts", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mlstack-real-"));
  console.log(folder);
  const real = await ensureRealNodes({ count: 1 });
  const plane = new ControlPlane(await toolPath("controlplane"), clusterLayout(folder), undefined, real);
  for (const what of ["cold", "again"]) {
    const began = Date.now();
    await plane.start((doing) => console.log(Date.now() - began, doing));
    console.log(what, Date.now() - began);
  }
  expect(true).toBe(true);
}, 300_000);
