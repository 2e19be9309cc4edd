import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { runSteps, type Step } from "../cli/progress";
import { AREAS, specifierOf } from "../packaging/areas";
import { writePackage } from "../packaging/package-folder";
import type { Benchmark } from "./benchmark";
import { Results } from "./results";

const exec = promisify(execFile);

/** Areas of the package as programs import them, with what any Pulumi program about Kubernetes imports as the baseline. */
const SUBJECTS = ["@pulumi/kubernetes", ...(Object.keys(AREAS) as (keyof typeof AREAS)[]).map(specifierOf)];

/** Imports what it is told to, and tells how many milliseconds that took and how much memory the process has then. */
const PROGRAM = `const started = performance.now();
require(process.argv[1]);
const milliseconds = performance.now() - started;
console.log(JSON.stringify({ milliseconds, memoryMib: process.memoryUsage().rss / 2 ** 20 }));`;

/** What one import took. */
interface Import {
  milliseconds: number;
  memoryMib: number;
}

/** Measures what importing each area of the package takes, each in a process of its own. */
export async function measureImports({ runs, scratch, results }: Benchmark): Promise<void> {
  const folder = join(scratch, "package");
  const cache = join(scratch, "caches", "imports");
  const build: Step = {
    title: "Writing the package",
    typical: "15 s",
    run: async () => {
      await writePackage(folder);
      return undefined;
    },
  };
  const round = (title: string, into: Results): Step => ({
    title,
    typical: "10 s",
    run: async (tell) => {
      for (const subject of SUBJECTS) {
        tell(subject);
        await measureOnce(into, folder, subject, cache);
      }
      return undefined;
    },
  });
  await runSteps([
    build,
    // It fills the compile cache, and the disk cache of the operating system.
    round("Unmeasured round", new Results()),
    ...Array.from({ length: runs }, (_, index) => round(`Run ${index + 1} of ${runs}: imports`, results)),
  ]);
}

async function measureOnce(results: Results, folder: string, subject: string, cache: string): Promise<void> {
  const cold = await imported(folder, subject, { NODE_DISABLE_COMPILE_CACHE: "1" });
  const warm = await imported(folder, subject, { NODE_COMPILE_CACHE: cache });
  results.record("import, cold", subject, cold.milliseconds, "ms");
  results.record("import, warm", subject, warm.milliseconds, "ms");
  results.record("memory after the import", subject, warm.memoryMib, "MiB");
}

/** Imports a subject in a process of its own, whose folder is that of the package: there, its name leads to itself. */
async function imported(folder: string, subject: string, variables: Record<string, string>): Promise<Import> {
  const env = { ...process.env, ...variables };
  const { stdout } = await exec(process.execPath, ["-e", PROGRAM, subject], { cwd: folder, env });
  return JSON.parse(stdout) as Import;
}
