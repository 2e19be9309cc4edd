import { Argument, Command, InvalidArgumentError } from "commander";
import { Problem } from "../rehearsal/problem";
import type { Benchmark } from "./benchmark";
import { measureConsumer } from "./consumer";
import { measureControlPlane } from "./control-plane";
import { measureImports } from "./imports";
import { describeMachine, loadWarning } from "./machine";
import { measureManifestCheck } from "./manifest-check";
import { measurePlacement } from "./placement";
import { measurePolicyPacks } from "./policy-packs";
import { measurePolicyStack } from "./policy-stack";
import { measureProgram } from "./pulumi-program";
import { measureRehearsal } from "./rehearsal";
import { Results } from "./results";
import { makeScratch } from "./scratch";
import { measureWorkloads } from "./workloads";

/** One part of the benchmark, with a table of its own. */
interface Part {
  title: string;
  measure: (benchmark: Benchmark) => Promise<void>;
}

/** Every part by the name that chooses it, quickest last. */
const PARTS: Record<string, Part> = {
  preview: { title: "Preview and update of the local stack", measure: measureProgram },
  workloads: { title: "A thousand workloads", measure: measureWorkloads },
  "control-plane": { title: "Embedded control plane", measure: measureControlPlane },
  consumer: { title: "A program that imports the package", measure: measureConsumer },
  imports: { title: "Imports of the package", measure: measureImports },
  packs: { title: "Policy packs", measure: measurePolicyPacks },
  stack: { title: "A stack under the policy packs", measure: measurePolicyStack },
  check: { title: "A thousand manifests checked", measure: measureManifestCheck },
  placement: { title: "Placement proofs and packing", measure: measurePlacement },
  rehearsal: { title: "A large cluster with Kueue", measure: measureRehearsal },
};

/** `npm run bench`: measures and prints tables; it judges nothing. */
export async function main(): Promise<void> {
  const names = Object.keys(PARTS);
  const command = new Command("bench")
    .description(
      "Measure previews, updates, workloads, the control plane, the package and programs that import it, the policy packs, placement and a large cluster. " +
        "All parts take about an hour.",
    )
    .addArgument(new Argument("[parts...]", "what to measure").choices(names).default(names, "everything"))
    .option("-r, --runs <number>", "how often each measurement is repeated", positiveInteger, 5)
    .option("--nodes <number>", "GPU nodes of the rehearsal", positiveInteger, 1000)
    .option("--pods <number>", "pods of the rehearsal, one GPU each", positiveInteger, 5000)
    .action(bench);
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof Problem) process.stderr.write(`${error.remedy}\n`);
  }
}

async function bench(chosen: string[], { runs, ...scale }: { runs: number } & Benchmark["scale"]): Promise<void> {
  const machine = describeMachine();
  const warning = loadWarning();
  const introduction = [machine, ...(warning === undefined ? [] : [warning])].join("\n");
  process.stdout.write(`${introduction}\n\n`);
  const scratch = await makeScratch();
  const tables: string[] = [];
  for (const [name, { title, measure }] of Object.entries(PARTS)) {
    if (!chosen.includes(name)) continue;
    const results = new Results();
    await measure({ runs, scratch, results, scale });
    tables.push(`${title}\n\n${results.toString()}\n`);
  }
  process.stdout.write(
    `\n${introduction}\nRuns: ${runs}. Ratios are to the first row of each measure.\n\n${tables.join("\n")}`,
  );
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}
