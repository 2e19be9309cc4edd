import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { Environment } from "../cli/environment";
import { runSteps, type Step } from "../cli/progress";
import { writePackage } from "../packaging/package-folder";
import type { Benchmark } from "./benchmark";
import { packageProgram, rawProgram } from "./consumer/programs";
import { MeasuredPulumi } from "./measured-pulumi";
import { ProgramVariable } from "./workload-mix/program";

/** The programs that are compared, the baseline first. */
const PROGRAMS = [
  { name: "@pulumi/kubernetes alone", id: "raw-consumer", source: rawProgram },
  { name: "the package", id: "package-consumer", source: packageProgram },
];

/** One of the programs in a project of its own. */
interface Subject {
  name: string;
  pulumi: MeasuredPulumi;
  preview: string[];
}

/**
 * Measures previews of a new user's project, in Pulumi's default mode, that has the package installed, against one that declares
 * the same objects without it.
 */
export async function measureConsumer({ runs, scratch, results }: Benchmark): Promise<void> {
  const environment = await Environment.open({ stack: "local" });
  const modules = join(scratch, "consumer", "node_modules");
  let subjects: Subject[] = [];
  const prepare: Step = {
    title: "Projects with and without the package",
    typical: "30 s",
    run: async () => {
      await writePackage(join(modules, "mlstack"));
      subjects = await Promise.all(PROGRAMS.map((program) => subjectOf(program, environment, scratch)));
      // The disk cache of the operating system is to be as full for the first as for the last.
      for (const { pulumi, preview } of subjects) await pulumi.quietly(preview);
      return undefined;
    },
  };
  const rounds = Array.from({ length: runs }, (_, index): Step => ({
    title: `Run ${index + 1} of ${runs}: a program that imports the package`,
    typical: "1 min",
    run: async (tell) => {
      for (const { name, pulumi, preview } of subjects) {
        tell(name);
        await pulumi.emptyCaches();
        const cold = await pulumi.measure(preview);
        const warm = await pulumi.measure(preview);
        results.record("preview, cold", name, cold.seconds, "s");
        results.record("preview, warm", name, warm.seconds, "s");
        results.record("preview, warm: memory", name, warm.memoryMib, "MiB");
      }
      return undefined;
    },
  }));
  await runSteps([...environment.steps(), prepare, ...rounds]);
}

/** Makes the project of a program beside the installed package, and its stack. */
async function subjectOf(
  { name, id, source }: (typeof PROGRAMS)[number],
  { pulumi, controlPlane }: Environment,
  scratch: string,
): Promise<Subject> {
  const folder = join(scratch, "consumer", id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: id, runtime: "nodejs" }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: id, main: "index.ts" }));
  const compilerOptions = { strict: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext" };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await writeFile(join(folder, "index.ts"), source());
  const variables = { [ProgramVariable.kubeconfig]: controlPlane.layout.kubeconfig };
  const measured = new MeasuredPulumi(pulumi, scratch, id, variables);
  const projectArguments = ["--stack", "bench", "--cwd", folder];
  await measured.quietly(["stack", "init", "bench", "--cwd", folder]);
  return { name, pulumi: measured, preview: ["preview", ...projectArguments] };
}
