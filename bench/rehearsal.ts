import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { runSteps, type Step } from "../cli/progress";
import { checkoutRoot } from "../rehearsal/checkout";
import { ControlPlane } from "../rehearsal/cluster/control-plane";
import { clusterLayout } from "../rehearsal/cluster/layout";
import { ensurePodPrograms } from "../rehearsal/operators/pod-programs";
import { binaryOf, ensure } from "../rehearsal/toolchain/resolve";
import { TOOLS } from "../rehearsal/toolchain/tools";
import type { Benchmark } from "./benchmark";
import { GpuFleet } from "./rehearsal/gpu-fleet";
import { peakMemories } from "./rehearsal/peak-memory";

const BARE = "KWOK and the scheduler";
const QUEUED = "with Kueue";

/** Parts of the platform that the queue needs. */
const PARTS = ["jobSet", "kueue", "queues"];

/**
 * Measures how long many pods take from the creation of their Jobs until all of them run, on many nodes with eight GPUs each:
 * on a cluster with nothing else, and through a queue of the local stack with the real Kueue.
 */
export async function measureRehearsal({ runs, scratch, results, scale }: Benchmark): Promise<void> {
  const { title, typicalMinutes } = TOOLS.controlplane;
  let binary = "";
  const tools: Step = {
    title: `${title}, Kueue and JobSet`,
    typical: `${typicalMinutes + 10} min to build, once per version`,
    run: async (tell) => {
      const found = await ensure("controlplane", tell);
      binary = binaryOf(found, "controlplane");
      await ensurePodPrograms(PARTS, tell);
      return undefined;
    },
  };
  const measured = async (controlPlane: ControlPlane, subject: string, hasQueue: boolean, tell: Tell) => {
    const fleet = new GpuFleet(controlPlane.layout.kubeconfig, scale);
    tell("nodes");
    results.record(`${scale.nodes} nodes until ready`, subject, await fleet.createNodes(), "s");
    tell("pods");
    const seconds = await fleet.runJobs(hasQueue);
    results.record(`${scale.pods} pods until all run`, subject, seconds, "s");
    results.record("per pod", subject, (1000 * seconds) / scale.pods, "ms");
    for (const [name, mebibytes] of await peakMemories(controlPlane)) {
      results.record(`most memory of ${name}`, subject, mebibytes, "MiB");
    }
  };
  const rounds = Array.from({ length: runs }, (_, index): Step[] => [
    {
      title: `Run ${index + 1} of ${runs}: ${BARE}`,
      typical: "3 min",
      run: async (tell) => {
        const controlPlane = new ControlPlane(binary, clusterLayout(join(scratch, "bare")));
        await controlPlane.start();
        await measured(controlPlane, BARE, false, tell);
        await controlPlane.remove();
        return undefined;
      },
    },
    {
      title: `Run ${index + 1} of ${runs}: ${QUEUED}`,
      typical: "6 min",
      run: async (tell) => {
        tell("the stack");
        await stack(scratch, "up", "--config", await configurationIn(scratch));
        await measured(new ControlPlane(binary, clusterLayout(scratch)), QUEUED, true, tell);
        await stack(scratch, "down", "--force");
        return undefined;
      },
    },
  ]).flat();
  await runSteps([tools, ...rounds]);
}

type Tell = (doing: string) => void;

/** The local stack with a queue alone, in which controllers run. */
async function configurationIn(folder: string): Promise<string> {
  const document = parseDocument(await readFile(join(checkoutRoot(), "stacks", "Pulumi.local.yaml"), "utf8"));
  document.setIn(["config", "mlstack:cluster", "controllers"], "processes");
  document.setIn(["config", "mlstack:scenarios"], []);
  document.setIn(
    ["config", "mlstack:platform"],
    document.createNode({ parts: Object.fromEntries(PARTS.map((part) => [part, {}])) }),
  );
  const file = join(folder, "rehearsal.yaml");
  await writeFile(file, document.toString());
  return file;
}

/** Runs a command of `mlstack` on the stack in a folder. @throws Error with what it printed where it fails. */
async function stack(folder: string, ...args: string[]): Promise<void> {
  const bootstrap = join(checkoutRoot(), "cli", "bootstrap.js");
  const child = spawn(process.execPath, [bootstrap, "mlstack", ...args], {
    env: { ...process.env, MLSTACK_STATE: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(output);
}
