import { join } from "node:path";
import { Environment } from "../cli/environment";
import { policyArguments } from "../cli/policy-packs";
import { runSteps, type Step } from "../cli/progress";
import type { Benchmark } from "./benchmark";
import { writeDefaultModeProject } from "./default-mode";
import { MeasuredPulumi } from "./measured-pulumi";

/** One way to run the program of the local stack. */
interface Variant {
  name: string;
  pulumi: MeasuredPulumi;
  stackArguments: string[];
  /** Arguments of previews and updates alone. */
  policyArguments: string[];
}

/** One measured command. */
interface Phase {
  measure: string;
  command: string[];
  /** What is done before, unmeasured. */
  before?: "empty the caches" | "destroy the stack";
}

/** Each phase finds what the one before it left; the first finds no stack. */
const PHASES: Phase[] = [
  { measure: "preview, cold", command: ["preview"], before: "empty the caches" },
  { measure: "preview, warm", command: ["preview"] },
  { measure: "up, cold", command: ["up", "--yes"], before: "empty the caches" },
  { measure: "up, warm", command: ["up", "--yes"], before: "destroy the stack" },
  { measure: "up, warm, nothing to change", command: ["up", "--yes"] },
];

/** Measures previews and updates of the local stack against the same program in Pulumi's default TypeScript mode. */
export async function measureProgram(benchmark: Benchmark): Promise<void> {
  const environment = await Environment.open({ stack: "local" });
  const project = join(benchmark.scratch, "default-mode");
  await runSteps([
    ...environment.steps(),
    {
      title: "The same program for Pulumi's default mode",
      run: () => writeDefaultModeProject(project).then(() => undefined),
    },
  ]);
  const variants = variantsOf(environment, benchmark.scratch, project);
  const runs = Array.from({ length: benchmark.runs }, (_, index) => index + 1);
  // Variant after variant in every run: what disturbs the machine meanwhile disturbs them alike.
  await runSteps(runs.flatMap((run) => variants.map((variant) => step(benchmark, variant, run))));
}

function variantsOf({ pulumi, stackArguments }: Environment, scratch: string, project: string): Variant[] {
  const variant = (name: string, id: string, args: string[], policies: string[], variables = {}): Variant => ({
    name,
    pulumi: new MeasuredPulumi(pulumi, scratch, id, variables),
    stackArguments: args,
    policyArguments: policies,
  });
  return [
    variant("Pulumi's default mode", "default", ["--cwd", project, ...stackArguments], [], {
      NODE_DISABLE_COMPILE_CACHE: "1",
    }),
    variant("mlstack", "mlstack", stackArguments, []),
    variant("mlstack with policy packs", "mlstack-policies", stackArguments, policyArguments([])),
  ];
}

function step({ runs, results }: Benchmark, variant: Variant, run: number): Step {
  const { name, pulumi, stackArguments } = variant;
  const destroy = () => pulumi.quietly(["destroy", "--yes", "--skip-preview", ...stackArguments]);
  return {
    title: `Run ${run} of ${runs}: ${name}`,
    typical: "1 min",
    run: async (tell) => {
      for (const { measure, command, before } of PHASES) {
        if (before !== undefined) tell(before);
        if (before === "empty the caches") await pulumi.emptyCaches();
        if (before === "destroy the stack") await destroy();
        tell(measure);
        const measured = await pulumi.measure([...command, ...stackArguments, ...variant.policyArguments]);
        results.record(measure, name, measured.seconds, "s");
        results.record(`${measure}: memory`, name, measured.memoryMib, "MiB");
      }
      tell("destroy the stack");
      await destroy();
      return undefined;
    },
  };
}
