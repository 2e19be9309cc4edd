import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Environment } from "../cli/environment";
import { runSteps, type Step } from "../cli/progress";
import { checkoutRoot } from "../rehearsal/checkout";
import type { Benchmark } from "./benchmark";
import { MeasuredPulumi } from "./measured-pulumi";
import { renderOnce } from "./workload-mix/render-once";

/** One way to write the same workloads. */
interface Subject {
  name: string;
  pulumi: MeasuredPulumi;
  /** Arguments that name the program's project and stack. */
  projectArguments: string[];
}

/** The programs that are compared, the baseline first. */
const PROGRAMS = [
  { name: "@pulumi/kubernetes alone", id: "raw-program" },
  { name: "mlstack's components", id: "components-program" },
];

/**
 * Measures a preview of a thousand workloads against one of the same objects without components, and what the components
 * do by themselves. The local stack is brought up before, so that the cluster has the operators' types.
 */
export async function measureWorkloads(benchmark: Benchmark): Promise<void> {
  const { runs, scratch } = benchmark;
  const environment = await Environment.open({ stack: "local" });
  const manifests = join(scratch, "workloads.json");
  let subjects: Subject[] = [];
  const prepare: Step = {
    title: "Workloads and the local stack's platform",
    typical: "2 min",
    run: async (tell) => {
      await renderOnce(manifests);
      tell("bringing up the local stack");
      await environment.pulumi.quietly(["up", "--yes", "--skip-preview", ...environment.stackArguments]);
      tell("unmeasured previews");
      subjects = await Promise.all(PROGRAMS.map((program) => subjectOf(program, environment, scratch, manifests)));
      // They fill the caches.
      for (const { pulumi, projectArguments } of subjects) await pulumi.quietly(["preview", ...projectArguments]);
      return undefined;
    },
  };
  const steps = Array.from({ length: runs }, (_, index) => ({
    title: `Run ${index + 1} of ${runs}: workloads`,
    typical: "1 min",
    run: (tell: (doing: string) => void) => measureOnce(benchmark, subjects, manifests, tell),
  }));
  const destroy: Step = {
    title: "Destroying the local stack",
    typical: "30 s",
    run: async () => {
      await environment.pulumi.quietly(["destroy", "--yes", "--skip-preview", ...environment.stackArguments]);
      return undefined;
    },
  };
  await runSteps([...environment.steps(), prepare, ...steps, destroy]);
}

async function measureOnce(
  { results }: Benchmark,
  subjects: Subject[],
  manifests: string,
  tell: (doing: string) => void,
): Promise<undefined> {
  for (const { name, pulumi, projectArguments } of subjects) {
    tell(name);
    const { seconds, memoryMib } = await pulumi.measure(["preview", ...projectArguments]);
    results.record("preview of 1000 workloads", name, seconds, "s");
    results.record("preview of 1000 workloads: memory", name, memoryMib, "MiB");
  }
  tell("without an engine");
  const times = await renderOnce(manifests);
  results.record("1000 workloads without an engine", "checks", times.checks, "ms");
  results.record("1000 workloads without an engine", "manifests", times.manifests, "ms");
  return undefined;
}

/** Makes the project of a program, with the run options of this project, and its stack. */
async function subjectOf(
  { name, id }: (typeof PROGRAMS)[number],
  { pulumi, controlPlane }: Environment,
  scratch: string,
  manifests: string,
): Promise<Subject> {
  const root = checkoutRoot();
  const folder = join(scratch, id);
  await mkdir(folder);
  const { runtime } = parse(await readFile(join(root, "Pulumi.yaml"), "utf8")) as { runtime: object };
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: id, runtime }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: id, version: "0.0.0", main: "index.ts" }));
  await writeFile(join(folder, "tsconfig.json"), await readFile(join(root, "stacks", "tsconfig.json")));
  await writeFile(join(folder, "index.ts"), `import ${JSON.stringify(join(root, "bench", "workload-mix", id))};\n`);
  const variables = {
    MLSTACK_BENCH_KUBECONFIG: controlPlane.layout.kubeconfig,
    MLSTACK_BENCH_MANIFESTS: manifests,
  };
  const measured = new MeasuredPulumi(pulumi, scratch, id, variables);
  await measured.quietly(["stack", "init", "bench", "--cwd", folder]);
  return { name, pulumi: measured, projectArguments: ["--stack", "bench", "--cwd", folder] };
}
