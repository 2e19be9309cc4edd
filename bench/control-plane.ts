import { join } from "node:path";
import { runSteps, type Step } from "../cli/progress";
import { ControlPlane } from "../rehearsal/cluster/control-plane";
import { clusterLayout } from "../rehearsal/cluster/layout";
import { binaryOf, ensure } from "../rehearsal/toolchain/resolve";
import { TOOLS } from "../rehearsal/toolchain/tools";
import { type Benchmark, secondsOf } from "./benchmark";

/** Measures the start of the embedded control plane, and the memory of its processes once they are ready. */
export async function measureControlPlane(benchmark: Benchmark): Promise<void> {
  const { title, typicalMinutes } = TOOLS.controlplane;
  let binary = "";
  const tool: Step = {
    title,
    typical: `${typicalMinutes} min to build, once per version`,
    run: async (tell) => {
      const found = await ensure("controlplane", tell);
      binary = binaryOf(found, "controlplane");
      return found.version;
    },
  };
  const runs = Array.from({ length: benchmark.runs }, (_, index) => ({
    title: `Run ${index + 1} of ${benchmark.runs}: control plane`,
    typical: "15 s",
    run: (tell: (doing: string) => void) => measureOnce(benchmark, binary, tell),
  }));
  await runSteps([tool, ...runs]);
}

async function measureOnce(
  { scratch, results }: Benchmark,
  binary: string,
  tell: (doing: string) => void,
): Promise<undefined> {
  const controlPlane = new ControlPlane(binary, clusterLayout(join(scratch, "control-plane")));
  for (const subject of ["new state", "restart"]) {
    tell(subject);
    results.record("start until ready", subject, await secondsOf(() => controlPlane.start()), "s");
    const processes = await controlPlane.status();
    for (const { name, memoryMib = 0 } of processes) results.record(`memory of ${name}`, subject, memoryMib, "MiB");
    const total = processes.reduce((sum, { memoryMib = 0 }) => sum + memoryMib, 0);
    results.record("memory of all", subject, total, "MiB");
    await controlPlane.stop();
  }
  await controlPlane.remove();
  return undefined;
}
